"""A pack with an error names its file and the key. Each wrong pack here is a real one with one edit."""

from pathlib import Path

import pytest

from policies.pack import PackError, read_pack
from policies.services.packs import PACK_DIRECTORY

PACKS = PACK_DIRECTORY

DEDUCTIBLE = 'status = "all", amount = 200.00'
FLEXIBLE = 'status = "active"\nemployment = "flexible"'
DAZHOU_MAXIMUM = 'diseases_from = 0, amount = "unset"'
LOWEST_TIER = 'key = "lowest_tier", value = "secondary"'

WRONG = {
    "a key is missing": (
        "pingliang",
        "needs_contribution = true\n",
        "",
        "rules.0.credit.0.needs_contribution: Field required",
    ),
    "a key of a line is missing": (
        "pingliang",
        DEDUCTIBLE,
        'status = "all"',
        "rules.0.deductible.0.amount: Field required",
    ),
    "a whole table is missing": ("pingliang", "[region]", "[city]", "region: Field required"),
    "a key is unknown": ("pingliang", "[region]", "[region]\npopulation = 5", "region.population: Extra"),
    "a key of a row is unknown": (
        "pingliang",
        DEDUCTIBLE,
        DEDUCTIBLE + ", since = 2023-01-01",
        "rules.0.deductible.0.since: Extra",
    ),
    "an integer where a rate belongs": (
        "pingliang",
        "rate = 0.65",
        "rate = 1",
        "rules.0.rate.0.rate: Value error, write a decimal number",
    ),
    "an integer where a credit's rate belongs": (
        "pingliang",
        "rate = 0.02\n",
        "rate = 2\n",
        "rules.0.credit.0.rate: Value error, write a decimal number",
    ),
    "a percentage where a rate belongs": (
        "pingliang",
        "rate = 0.65",
        "rate = 65.00",
        "rules.0.rate.0.rate: Value error, a rate lies between",
    ),
    "a rate in words": (
        "pingliang",
        "rate = 0.65",
        'rate = "65%"',
        "rules.0.rate.0.rate: Value error, write a decimal number",
    ),
    "a rate that is no number": ("pingliang", "rate = 0.65", "rate = nan", "rules.0.rate.0.rate: "),
    "an integer where an amount belongs": (
        "pingliang",
        DEDUCTIBLE,
        'status = "all", amount = 200',
        "rules.0.deductible.0.amount: Value error",
    ),
    "an amount with one decimal": (
        "pingliang",
        "amount = 2500.00",
        "amount = 2500.0",
        "rules.0.ceiling.0.amount: Value error, an amount",
    ),
    "a negative amount": (
        "pingliang",
        "amount = 90.00",
        "amount = -90.00",
        "rules.0.credit.2.amount: Value error, an amount",
    ),
    "a number in quotes": (
        "pingliang",
        "age_until = 200",
        'age_until = "200"',
        "rules.0.credit.0.age_until: ",
    ),
    "a yes in words": (
        "pingliang",
        "contribution = true",
        'contribution = "yes"',
        "rules.0.credit.0.needs_contribution: ",
    ),
    "a day in quotes": ("pingliang", "since = 2023-01-01", 'since = "2023-01-01"', "version.0.since: "),
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
    "a label is used twice": (
        "kaifeng",
        'label = "2023-01"',
        'label = "2022-07"',
        "version.label: used twice",
    ),
    "rows are for a version that does not exist": (
        "kaifeng",
        'versions = ["2022-07"]',
        'versions = ["2022-06"]',
        "rules.0.versions: there is no version 2022-06",
    ),
    "another word than unset": (
        "dazhou",
        DAZHOU_MAXIMUM,
        'diseases_from = 0, amount = "unknown"',
        "rules.0.ceiling.4.amount: Value error",
    ),
    "none where only unset may stand": (
        "dazhou",
        DAZHOU_MAXIMUM,
        'diseases_from = 0, amount = "none"',
        "rules.0.ceiling.4.amount: Value error",
    ),
    "unset for a year": (
        "dazhou",
        "pension_year = 2022",
        'pension_year = "unset"',
        "rules.0.credit.2.pension_year: ",
    ),
    "unset for a method": ("dazhou", 'method = "none"', 'method = "unset"', "rules.0.credit.3.method: "),
    "unset for a tier": ("pingliang", '["tertiary_a"]', '["unset"]', "rules.0.rate.4.tiers.0: "),
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
    "an unknown way to conduct": (
        "kaifeng",
        'value = "prescriber"',
        'value = "nearest"',
        "version 2022-07: conduct.pharmacy_terms: nearest is none",
    ),
    "a ceiling does not say from how many diseases": (
        "pingliang",
        "diseases_from = 0, ",
        "",
        "rules.0.ceiling.0.diseases_from: Field required",
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
    "a way without its benefit": (
        "pingliang",
        'benefit = "all", key = "senior_from"',
        'key = "senior_from"',
        "rules.0.conduct.1.benefit: Field required",
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
    "a stay without hours": ("baoshan", "hours = 48", "hours = 0", "rules.1.stay_limit.0.hours: "),
    "an exemption without a disease": (
        "baoshan",
        'diseases = ["M02101", "M02102", "M02103", "M02104", "M02105", "M02106"]',
        "diseases = []",
        "rules.1.deductible_exemption.0.diseases: List should have",
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
    "a cited article is not classed as a rule": (
        "pingliang",
        '"第七条", classification = "rule"',
        '"第七条", classification = "procedure"',
        "rules.0.deductible.0.article: 第七条 is not classed as a rule",
    ),
    "a cited article is not classed at all": (
        "pingliang",
        '{ number = "第七条"',
        '{ number = "第七十条"',
        "rules.0.rate.0.article: 第七条 is not classed",
    ),
    "an article is written in digits": (
        "pingliang",
        'article = "第十五条"',
        'article = "第15条"',
        "rules.0.conduct.1.article: String should match",
    ),
    "a reading is no number of a note": (
        "pingliang",
        'reading = "0048"',
        'reading = "48"',
        "rules.0.rate.0.reading: String should match",
    ),
    "a row without a phrase": (
        "pingliang",
        'phrase = "年度起付标准200元"',
        'phrase = ""',
        "rules.0.deductible.0.phrase: String should have",
    ),
    "it is not TOML": ("pingliang", "[region]", "[region", "Expected ']'"),
}


@pytest.mark.parametrize(("name", "old", "new", "problem"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_pack_names_file_and_key(tmp_path: Path, name: str, old: str, new: str, problem: str) -> None:
    right = (PACKS / f"{name}.toml").read_text(encoding="utf-8")
    assert old in right
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(right.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(wrong)
    assert caught.value.file == "wrong.toml"
    assert [found for found in caught.value.problems if found.startswith(problem)], caught.value.problems


def test_a_pack_in_another_encoding_names_its_file(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text((PACKS / "dazhou.toml").read_text(encoding="utf-8"), encoding="gb18030")
    with pytest.raises(PackError, match=r"^wrong\.toml: .*utf-8"):
        read_pack(wrong)
