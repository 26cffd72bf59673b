"""The words of the five regulations, as the engine, the packs, the tables and the imports spell them.

One term of the regulations, one member. Labels in both languages and national platform codes hang on them in
`policies.labels`; nothing else in the house spells these values again.

The engine keeps those that every visit asks for under a name of its module: Python 3.11 finds a member of an
enumeration by a call, which takes as long as three sums.
"""

from enum import StrEnum

ALL = "all"  # In a rule's scheme, status or employment: the rule holds for every value.


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


class InsuredStatus(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


class AccountScheme(StrEnum):
    """Combined account (统账结合) or pooled-only (单建统筹)."""

    COMBINED = "combined"
    POOLED_ONLY = "pooled_only"


class Employment(StrEnum):
    """Employee of an employer (单位职工) or flexible worker (灵活就业)."""

    EMPLOYEE = "employee"
    FLEXIBLE = "flexible"


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


class OutOfAreaKind(StrEnum):
    """Why somebody is treated outside the region (异地就医)."""

    LONG_TERM_RESIDENT = "long_term_resident"
    RELOCATED_RETIREE = "relocated_retiree"
    POSTED_WORKER = "posted_worker"
    REFERRAL = "referral"
    TEMPORARY = "temporary"


# The long-term residents elsewhere (跨省异地长期居住人员); whoever else is away is so for a time (临时外出就医人员).
# 医保发〔2022〕22号; docs/interpretations/0063.
LONG_TERM = frozenset({OutOfAreaKind.LONG_TERM_RESIDENT, OutOfAreaKind.RELOCATED_RETIREE, OutOfAreaKind.POSTED_WORKER})


class RegistrationPlace(StrEnum):
    """How far an out-of-area registration reaches around the place it names: its province, its city or its county."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


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


class SeniorFrom(StrEnum):
    """From when an age counts in the monthly credit: the month of the birthday, or the month after."""

    BIRTHDAY_MONTH = "birthday_month"
    NEXT_MONTH = "next_month"


class ConversionFrom(StrEnum):
    """From when conversion to retired counts in the monthly credit: the month that contains the day, or the next."""

    SAME_MONTH = "same_month"
    NEXT_MONTH = "next_month"


class CreditComponent(StrEnum):
    """Part of a monthly credit: the personal account's own, or the civil-servant subsidy."""

    PERSONAL = "personal"
    CIVIL_SERVANT = "civil_servant"


class CreditFund(StrEnum):
    """Where a credit comes from: the member's own contribution, the pooled fund, the civil-servant fund."""

    CONTRIBUTION_INCOME = "contribution_income"
    POOLED_FUND = "pooled_fund"
    CIVIL_SERVANT_FUND = "civil_servant_fund"


class CreditSchedule(StrEnum):
    """When the credit of a month is posted: with that month's run, or with the year's first one for all its months."""

    MONTHLY = "monthly"
    YEAR_IN_ADVANCE = "year_in_advance"


class CreditMethod(StrEnum):
    """How a monthly credit is found.

    `share_of_base`: rate × the month's contribution base. `fixed_amount`: the rule's own amount. `proportional_amount`:
    that amount × the months the member contributed for, of the full number of months that the rule asks for.
    `share_of_average_pension`: rate × the region's average pension of a year. `old_standard`: the member's imported
    fixed amount. `share_of_civil_servant_basis`: rate × the member's own basis. `none`: nothing is credited.
    """

    SHARE_OF_BASE = "share_of_base"
    FIXED_AMOUNT = "fixed_amount"
    PROPORTIONAL_AMOUNT = "proportional_amount"
    SHARE_OF_AVERAGE_PENSION = "share_of_average_pension"
    OLD_STANDARD = "old_standard"
    SHARE_OF_CIVIL_SERVANT_BASIS = "share_of_civil_servant_basis"
    NONE = "none"


class Purpose(StrEnum):
    """What a personal account is asked to pay."""

    MEDICAL_COST = "medical_cost"
    PHARMACY_DRUG = "pharmacy_drug"
    PHARMACY_DEVICE = "pharmacy_device"
    PHARMACY_CONSUMABLE = "pharmacy_consumable"
    RESIDENT_PREMIUM = "resident_premium"
    SUPPLEMENTARY_PREMIUM = "supplementary_premium"
    CRITICAL_ILLNESS_PREMIUM = "critical_illness_premium"
    LONG_TERM_CARE_PREMIUM = "long_term_care_premium"
    LARGE_EXPENSE_PREMIUM = "large_expense_premium"
    COMMERCIAL_PREMIUM = "commercial_premium"
    PUBLIC_HEALTH = "public_health"
    FITNESS = "fitness"
    WELLNESS = "wellness"
    CHECK_UP = "check_up"


class Beneficiary(StrEnum):
    """For whom an account pays: the holder, or an authorized relative."""

    OWN = "own"
    FAMILY = "family"


class Relationship(StrEnum):
    """Relatives whom an account may pay for once authorized."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"


class ClosingReason(StrEnum):
    """Why a personal account is closed and its balance paid out or handed over."""

    DEATH = "death"
    EMIGRATION = "emigration"
    TRANSFER_OUT = "transfer_out"
    NO_ACCOUNT_AT_DESTINATION = "no_account_at_destination"


class UseRule(StrEnum):
    """Whether an account may pay a purpose: yes, no, or once the region switches it on (相关条件具备后)."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    SWITCHED_OFF = "switched_off"


class ArticleClass(StrEnum):
    """What the software makes of an article: it calculates by it, its screens follow it, or it is left to people."""

    RULE = "rule"
    PROCEDURE = "procedure"
    NOT_IMPLEMENTED = "not_implemented"
