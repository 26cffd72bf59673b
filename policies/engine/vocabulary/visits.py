"""What decides a visit: where it was, what it was for, its bill, and why nothing is paid."""

from enum import StrEnum


class Tier(StrEnum):
    """Level of a provider (级别); `primary` includes unrated, community and village institutions."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY_C = "tertiary_c"
    TERTIARY_B = "tertiary_b"
    TERTIARY_A = "tertiary_a"
    PHARMACY = "pharmacy"


class Benefit(StrEnum):
    """Kind of benefit (待遇类别). Only `inpatient` is never claimed here: others borrow its terms."""

    GENERAL_OUTPATIENT = "general_outpatient"
    CHRONIC_DISEASE = "chronic_disease"
    SPECIAL_DISEASE = "special_disease"
    HYPERTENSION_DIABETES = "hypertension_diabetes"
    EMERGENCY_RESCUE = "emergency_rescue"
    NEGOTIATED_DRUG = "negotiated_drug"
    DAY_SURGERY = "day_surgery"
    INPATIENT = "inpatient"


class CeilingScope(StrEnum):
    """What a ceiling adds up: the payments of one benefit, of inpatient care, or of the whole basic insurance."""

    GENERAL_OUTPATIENT = "general_outpatient"
    CHRONIC_DISEASE = "chronic_disease"
    SPECIAL_DISEASE = "special_disease"
    HYPERTENSION_DIABETES = "hypertension_diabetes"
    INPATIENT = "inpatient"
    ANNUAL_MAXIMUM = "annual_maximum"


class CeilingPeriod(StrEnum):
    """A ceiling starts afresh every calendar month or every calendar year."""

    MONTH = "month"
    YEAR = "year"


class CeilingBasis(StrEnum):
    """A ceiling limits what the fund pays, or the expense that counts."""

    PAYMENT = "payment"
    EXPENSE = "expense"


class CeilingCounts(StrEnum):
    """What the ceiling of a tier counts: all that its scope paid, or what it paid at the tiers it names."""

    ALL_TIERS = "all_tiers"
    OWN_TIER = "own_tier"


class RateGround(StrEnum):
    """For what a few points are added to a rate.

    `family_doctor`: the member has signed a family doctor (家庭医生签约), whoever is visited. `family_doctor_there`:
    with the institution that is visited. `chinese_medicine`: the part of the bill that is Chinese medicine (中医药).
    """

    FAMILY_DOCTOR = "family_doctor"
    FAMILY_DOCTOR_THERE = "family_doctor_there"
    CHINESE_MEDICINE = "chinese_medicine"


class DeductibleBasis(StrEnum):
    """How often a deductible is due.

    `per_visit`: at every settlement. `per_day`: once per person, provider and calendar day. `annual`: once a calendar
    year; where tiers have different standards only the difference is due (累计补差). `per_drug`: once per drug and
    calendar year. `per_month`: once a calendar month, otherwise as `annual`. `none`: never.
    """

    NONE = "none"
    PER_VISIT = "per_visit"
    PER_DAY = "per_day"
    ANNUAL = "annual"
    PER_DRUG = "per_drug"
    PER_MONTH = "per_month"


class DeductibleAccumulates(StrEnum):
    """What counts toward a deductible: what was borne of it, or all covered spending."""

    BORNE = "borne"
    ALL_COVERED = "all_covered"


class CatalogCategory(StrEnum):
    """Category A (甲类), B (乙类) or C (丙类, self-paid)."""

    A = "A"
    B = "B"
    C = "C"


class ItemKind(StrEnum):
    """Kind of a claim line."""

    DRUG = "drug"
    TREATMENT = "item"
    CONSUMABLE = "consumable"


class Exclusion(StrEnum):
    """Marks of a line that a region's general outpatient benefit may leave out."""

    NEGOTIATED = "negotiated"
    PRENATAL = "prenatal"


class RefusalReason(StrEnum):
    """Why nothing is paid. Where several hold, the first in this order is given."""

    NOT_IN_FORCE = "not_in_force"
    NOT_ENTITLED = "not_entitled"
    ARREARS = "arrears"
    HOSPITAL_STAY = "hospital_stay"
    SPECIAL_NURSING = "special_nursing"
    NOT_DESIGNATED = "not_designated"
    NOT_DUAL_CHANNEL = "not_dual_channel"
    OUT_OF_AREA_UNREGISTERED = "out_of_area_unregistered"
    LATE_FILING = "late_filing"
    DUPLICATE_INVOICE = "duplicate_invoice"
    DISEASE_UNREGISTERED = "disease_unregistered"
    DOUBLE_BENEFIT = "double_benefit"
    TERMS_UNSET = "terms_unset"


class Effect(StrEnum):
    """What a region makes of a circumstance: nothing is paid, the claim carries a warning, or it does not matter."""

    REFUSE = "refuse"
    WARN = "warn"
    IGNORE = "ignore"


class PharmacyTerms(StrEnum):
    """Whose terms a pharmacy filling a prescription has: its own row, the prescriber's, or those of a primary one."""

    OWN = "own"
    PRESCRIBER = "prescriber"
    PRIMARY = "primary"


class Registration(StrEnum):
    """Whether a benefit is had only with a registration of the disease that is treated."""

    REQUIRED = "required"
    NOT_REQUIRED = "not_required"


class Condition(StrEnum):
    """What a benefit is tied to besides its kind: nothing, or that the patient died in the rescue."""

    NONE = "none"
    DEATH = "death"
