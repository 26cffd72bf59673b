"""The words of the five regulations, as the engine, the packs, the tables and the imports spell them.

One term of the regulations, one member. Labels in both languages and national platform codes hang on them in
`policies.labels`; nothing else in the house spells these values again.

The engine keeps those that every visit asks for under a name of its module: Python 3.11 finds a member of an
enumeration by a call, which takes as long as three sums.
"""

from enum import StrEnum

from policies.engine.vocabulary.accounts import (
    Beneficiary,
    ClosingReason,
    ConversionFrom,
    CreditComponent,
    CreditFund,
    CreditMethod,
    CreditSchedule,
    Purpose,
    SeniorFrom,
    UseRule,
)
from policies.engine.vocabulary.people import (
    LONG_TERM,
    AccountScheme,
    Employment,
    InsuredStatus,
    OutOfAreaKind,
    RegistrationPlace,
    Relationship,
)
from policies.engine.vocabulary.visits import (
    Benefit,
    CatalogCategory,
    CeilingBasis,
    CeilingCounts,
    CeilingPeriod,
    CeilingScope,
    Condition,
    DeductibleAccumulates,
    DeductibleBasis,
    Effect,
    Exclusion,
    ItemKind,
    PharmacyTerms,
    RateGround,
    RefusalReason,
    Registration,
    Tier,
)

__all__ = [
    "ALL",
    "LONG_TERM",
    "AccountScheme",
    "ArticleClass",
    "Beneficiary",
    "Benefit",
    "CatalogCategory",
    "CeilingBasis",
    "CeilingCounts",
    "CeilingPeriod",
    "CeilingScope",
    "ClosingReason",
    "Condition",
    "ConversionFrom",
    "CreditComponent",
    "CreditFund",
    "CreditMethod",
    "CreditSchedule",
    "DeductibleAccumulates",
    "DeductibleBasis",
    "Effect",
    "Employment",
    "Exclusion",
    "InsuredStatus",
    "ItemKind",
    "OutOfAreaKind",
    "PharmacyTerms",
    "Purpose",
    "RateGround",
    "RefusalReason",
    "Registration",
    "RegistrationPlace",
    "Relationship",
    "SeniorFrom",
    "Tier",
    "UseRule",
]

ALL = "all"  # In a rule's scheme, status or employment: the rule holds for every value.


class ArticleClass(StrEnum):
    """What the software makes of an article: it calculates by it, its screens follow it, or it is left to people."""

    RULE = "rule"
    PROCEDURE = "procedure"
    NOT_IMPLEMENTED = "not_implemented"
