"""The law in tables: instruments, dated policy versions, their rules, average pensions."""

from policies.models.benefits import (
    BenefitTerms,
    Ceiling,
    CeilingScopeRow,
    Deductible,
    DeductibleFactor,
    ExclusionRow,
    ReimbursementRate,
)
from policies.models.changes import LawChange, LawChangeCause
from policies.models.conduct import Conduct, FilingDeadline, OutOfAreaShare, RefusalRule, UpfrontShare
from policies.models.credits import AccountUse, CreditRule
from policies.models.instruments import Article, Instrument
from policies.models.pensions import AveragePension
from policies.models.rows import RuleRow
from policies.models.versions import PolicyVersion, VersionState

# Every kind of rule row, in the order in which screens and copies go through them.
RULE_MODELS: tuple[type[RuleRow], ...] = (
    BenefitTerms,
    Deductible,
    DeductibleFactor,
    ReimbursementRate,
    CeilingScopeRow,
    Ceiling,
    UpfrontShare,
    OutOfAreaShare,
    ExclusionRow,
    RefusalRule,
    FilingDeadline,
    Conduct,
    CreditRule,
    AccountUse,
)

__all__ = [
    "RULE_MODELS",
    "AccountUse",
    "Article",
    "AveragePension",
    "BenefitTerms",
    "Ceiling",
    "CeilingScopeRow",
    "Conduct",
    "CreditRule",
    "Deductible",
    "DeductibleFactor",
    "ExclusionRow",
    "FilingDeadline",
    "Instrument",
    "LawChange",
    "LawChangeCause",
    "OutOfAreaShare",
    "PolicyVersion",
    "RefusalRule",
    "ReimbursementRate",
    "RuleRow",
    "UpfrontShare",
    "VersionState",
]
