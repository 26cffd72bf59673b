"""The law in tables: instruments, dated policy versions, their rules, average pensions."""

from policies.models.benefits import (
    BenefitTerms,
    BenefitUpfrontShare,
    Ceiling,
    CeilingScopeRow,
    Deductible,
    DeductibleExemption,
    DeductibleFactor,
    RateAddition,
    ReimbursementRate,
    StayLimit,
)
from policies.models.changes import LawChange, LawChangeCause
from policies.models.conduct import (
    Conduct,
    ExclusionRow,
    FilingDeadline,
    OutOfAreaBenefit,
    OutOfAreaShare,
    RefusalRule,
    UpfrontShare,
)
from policies.models.credits import AccountUse, ClosingRule, CreditRule
from policies.models.diseases import Disease
from policies.models.figures import FigureKind, FigureState, LocalFigure
from policies.models.instruments import Article, Instrument
from policies.models.pensions import UNUSUAL_CHANGE, AveragePension, PensionState
from policies.models.rows import RuleRow
from policies.models.versions import PolicyVersion, VersionState

# Every kind of rule row, in the order in which screens and copies go through them: that of the modules above.
RULE_MODELS: tuple[type[RuleRow], ...] = tuple(RuleRow.__subclasses__())

__all__ = [
    "RULE_MODELS",
    "UNUSUAL_CHANGE",
    "AccountUse",
    "Article",
    "AveragePension",
    "BenefitTerms",
    "BenefitUpfrontShare",
    "Ceiling",
    "CeilingScopeRow",
    "ClosingRule",
    "Conduct",
    "CreditRule",
    "Deductible",
    "DeductibleExemption",
    "DeductibleFactor",
    "Disease",
    "ExclusionRow",
    "FigureKind",
    "FigureState",
    "FilingDeadline",
    "Instrument",
    "LawChange",
    "LawChangeCause",
    "LocalFigure",
    "OutOfAreaBenefit",
    "OutOfAreaShare",
    "PensionState",
    "PolicyVersion",
    "RateAddition",
    "RefusalRule",
    "ReimbursementRate",
    "RuleRow",
    "StayLimit",
    "UpfrontShare",
    "VersionState",
]
