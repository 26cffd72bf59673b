"""What a personal account is credited, what it pays, and why it is closed."""

from enum import StrEnum


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
