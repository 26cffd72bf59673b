"""Packs that leave something undecided, or decide it twice: as in `wrong_packs`."""

FLEXIBLE = 'status = "active"\nemployment = "flexible"'
LOWEST_TIER = 'key = "lowest_tier", value = "secondary"'

UNDECIDED = {
    "periods overlap by a day": (
        "zaozhuang",
        "until = 2022-12-31",
        "until = 2023-01-01",
        "version 2023-01.since: overlaps version 2022-12",
    ),
    "an open period is followed by another": (
        "kaifeng",
        "until = 2022-12-31",
        'until = "open"',
        "version 2023-01.since: overlaps version 2022-07",
    ),
    "a period ends before it starts": (
        "pingliang",
        "until = 2027-12-31",
        "until = 2022-12-31",
        "version 2023-01.until: lies before since",
    ),
    "a tier is not decided": (
        "pingliang",
        '["tertiary_a"]',
        '["tertiary_b"]',
        "version 2023-01: rate.general_outpatient.tertiary_a.active: no row",
    ),
    "a tier is decided twice": (
        "pingliang",
        '["tertiary_a"]',
        '["tertiary_b"]',
        "version 2023-01: rate.general_outpatient.tertiary_b.active: 2 rows",
    ),
    "a kind of member has no credit": (
        "pingliang",
        FLEXIBLE,
        FLEXIBLE.replace("active", "retired"),
        "version 2023-01: credit.personal.active.flexible.combined.yes.from 0: no row",
    ),
    "a kind of member has two credits": (
        "pingliang",
        FLEXIBLE,
        FLEXIBLE.replace("active", "retired"),
        "version 2023-01: credit.personal.retired.flexible.combined.yes.from 0: 2 rows",
    ),
    "an age has no credit": (
        "zaozhuang",
        "age_from = 70",
        "age_from = 71",
        "version 2023-01: credit.personal.retired.flexible.combined.yes.from 70: no row",
    ),
    "a purpose is not decided": (
        "pingliang",
        '["check_up"], beneficiary = "own"',
        '["check_up"], beneficiary = "family"',
        "version 2023-01: account_use.check_up.own: no row",
    ),
    "a reason to refuse is not decided": (
        "kaifeng",
        'reason = "arrears"',
        'reason = "hospital_stay"',
        "version 2022-07: refusal.arrears: no row",
    ),
    "whether a pharmacy has to be dual channel is not decided": (
        "baoshan",
        'reason = "not_dual_channel"',
        'reason = "hospital_stay"',
        "version 2023-01: refusal.not_dual_channel: no row",
    ),
    "an unknown way to conduct": (
        "kaifeng",
        'value = "prescriber"',
        'value = "nearest"',
        "version 2022-07: conduct.pharmacy_terms: nearest is none",
    ),
    "a number of diseases is decided twice": (
        "baoshan",
        "diseases_from = 2",
        "diseases_from = 1",
        "version 2023-01: ceiling.chronic_disease.year.active.combined.1: 2 rows",
    ),
    "a benefit does not say whether a disease is registered": (
        "baoshan",
        '"chronic_disease", key = "registration"',
        '"chronic_disease", key = "condition"',
        "version 2023-01: conduct.registration.chronic_disease: no row",
    ),
    "a way of one benefit is given for all": (
        "baoshan",
        '"negotiated_drug", key = "lowest_tier"',
        '"all", key = "lowest_tier"',
        "version 2023-01: conduct.lowest_tier.all: it is a way of one benefit",
    ),
    "a way of the region is given for one benefit": (
        "baoshan",
        '"all", key = "senior_from"',
        '"inpatient", key = "senior_from"',
        "version 2023-01: conduct.senior_from.inpatient: it is a way of all benefits",
    ),
    "a value of another way": (
        "baoshan",
        LOWEST_TIER,
        LOWEST_TIER.replace("secondary", "required"),
        "version 2023-01: conduct.lowest_tier: required is none",
    ),
    "a benefit counts nowhere": (
        "baoshan",
        '{ benefit = "day_surgery", scope = "inpatient"',
        '{ benefit = "emergency_rescue", scope = "inpatient"',
        "version 2023-01: ceiling_scope.day_surgery: no row",
    ),
    "a benefit borrows figures that are not there": (
        "zaozhuang",
        'rate_of = "special_disease"',
        'rate_of = "day_surgery"',
        "version 2022-12: rate.day_surgery.primary.active: no row",
    ),
    "a benefit counts twice in a scope": (
        "baoshan",
        '{ benefit = "day_surgery", scope = "inpatient"',
        '{ benefit = "inpatient", scope = "inpatient"',
        "version 2023-01: ceiling_scope.inpatient.inpatient: 2 rows",
    ),
    "an age has two factors": (
        "baoshan",
        '{ benefit = "special_disease", age_from = 70',
        '{ benefit = "chronic_disease", age_from = 70',
        "version 2023-01: deductible_factor.chronic_disease.70: 2 rows",
    ),
    "a disease is exempt twice": (
        "baoshan",
        '"M02105", "M02106"]',
        '"M02106", "M02106"]',
        "version 2023-01: deductible_exemption.special_disease.M02106: 2 rows",
    ),
    "a year has two filing deadlines": (
        "baoshan",
        "filing_deadline = [",
        'filing_deadline = [\n  { month = 4, day = 30, article = "第二十五条", phrase = "次年", reading = "0025" },',
        "version 2023-01: filing_deadline: 2 rows",
    ),
    "a reason to close is not decided": (
        "pingliang",
        '["death"]',
        '["emigration"]',
        "version 2023-01: closing.death: no row",
    ),
    "a reason to close is decided twice": (
        "pingliang",
        '["death"]',
        '["death", "emigration"]',
        "version 2023-01: closing.emigration: 2 rows",
    ),
    "a share without a rate": (
        "pingliang",
        "rate = 0.02\n",
        'rate = "none"\n',
        "version 2023-01: credit.personal.share_of_base: a rate",
    ),
}
