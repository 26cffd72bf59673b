"""How somebody is insured, where they are treated, and who belongs to whom."""

from enum import StrEnum


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


class Relationship(StrEnum):
    """Relatives whom an account may pay for once authorized."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
