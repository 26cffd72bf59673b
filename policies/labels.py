"""Labels in the clerk's language, and national platform codes, for the engine's words.

Imports accept a code, a Chinese label or the identifier itself (`parse_term`).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from policies.engine import vocabulary as v
from policies.engine.facts import ContributionState

Term = TypeVar("Term", bound=StrEnum)
Value = TypeVar("Value")


class ByTerm(Generic[Value]):
    """A table with a row for each term.

    Terms of different kinds may be spelled alike ("primary" is a tier and a way of pharmacies) and are equal as text; a
    dict would keep one row for both.
    """

    def __init__(self, *rows: tuple[StrEnum, Value]) -> None:
        """The rows, each term once; ValueError for a term that comes twice."""
        self._rows = {(type(term), term.value): value for term, value in rows}
        if len(self._rows) != len(rows):
            raise ValueError("a term stands in the table twice")

    def __getitem__(self, term: StrEnum) -> Value:
        """The term's row; KeyError without one."""
        return self._rows[type(term), term.value]

    def get(self, term: StrEnum, default: Value) -> Value:
        """The term's row, or the default without one."""
        return self._rows.get((type(term), term.value), default)


LABELS: ByTerm[Promise] = ByTerm(
    (v.Tier.PRIMARY, _("primary and below")),
    (v.Tier.SECONDARY, _("secondary")),
    (v.Tier.TERTIARY_C, _("tertiary grade C")),
    (v.Tier.TERTIARY_B, _("tertiary grade B")),
    (v.Tier.TERTIARY_A, _("tertiary grade A")),
    (v.Tier.PHARMACY, _("retail pharmacy")),
    (v.Benefit.GENERAL_OUTPATIENT, _("general outpatient")),
    (v.Benefit.CHRONIC_DISEASE, _("outpatient chronic disease")),
    (v.Benefit.SPECIAL_DISEASE, _("outpatient special disease")),
    (v.Benefit.HYPERTENSION_DIABETES, _("hypertension and diabetes drugs")),
    (v.Benefit.EMERGENCY_RESCUE, _("emergency rescue")),
    (v.Benefit.NEGOTIATED_DRUG, _("negotiated drug")),
    (v.Benefit.DAY_SURGERY, _("day surgery")),
    (v.Benefit.INPATIENT, _("inpatient")),
    (v.CeilingScope.GENERAL_OUTPATIENT, _("general outpatient")),
    (v.CeilingScope.CHRONIC_DISEASE, _("outpatient chronic disease")),
    (v.CeilingScope.SPECIAL_DISEASE, _("outpatient special disease")),
    (v.CeilingScope.HYPERTENSION_DIABETES, _("hypertension and diabetes drugs")),
    (v.CeilingScope.INPATIENT, _("inpatient")),
    (v.CeilingScope.ANNUAL_MAXIMUM, _("annual maximum of the basic insurance")),
    (v.CeilingPeriod.MONTH, _("a month")),
    (v.CeilingPeriod.YEAR, _("a year")),
    (v.CeilingBasis.PAYMENT, _("on the payment")),
    (v.CeilingBasis.EXPENSE, _("on the expense")),
    (v.RateGround.FAMILY_DOCTOR, _("family doctor signed")),
    (v.RateGround.FAMILY_DOCTOR_THERE, _("family doctor signed with this institution")),
    (v.RateGround.CHINESE_MEDICINE, _("Chinese medicine")),
    (v.CeilingCounts.ALL_TIERS, _("every tier")),
    (v.CeilingCounts.OWN_TIER, _("this tier alone")),
    (v.DeductibleBasis.NONE, _("no deductible")),
    (v.DeductibleBasis.PER_VISIT, _("every settlement")),
    (v.DeductibleBasis.PER_DAY, _("once a day and provider")),
    (v.DeductibleBasis.ANNUAL, _("once a year")),
    (v.DeductibleBasis.PER_DRUG, _("once a drug and year")),
    (v.DeductibleBasis.PER_MONTH, _("once a month")),
    (v.DeductibleAccumulates.BORNE, _("deductible borne")),
    (v.DeductibleAccumulates.ALL_COVERED, _("all covered spending")),
    (v.InsuredStatus.ACTIVE, _("active")),
    (v.InsuredStatus.RETIRED, _("retired")),
    (v.AccountScheme.COMBINED, _("combined account")),
    (v.AccountScheme.POOLED_ONLY, _("pooled-only")),
    (v.Employment.EMPLOYEE, _("employee")),
    (v.Employment.FLEXIBLE, _("flexible worker")),
    (v.CatalogCategory.A, _("category A")),
    (v.CatalogCategory.B, _("category B")),
    (v.CatalogCategory.C, _("category C")),
    (v.ItemKind.DRUG, _("drug")),
    (v.ItemKind.TREATMENT, _("diagnostic and treatment item")),
    (v.ItemKind.CONSUMABLE, _("medical consumable")),
    (v.Exclusion.NEGOTIATED, _("negotiated drug")),
    (v.Exclusion.PRENATAL, _("prenatal examination")),
    (v.OutOfAreaKind.LONG_TERM_RESIDENT, _("long-term resident elsewhere")),
    (v.OutOfAreaKind.RELOCATED_RETIREE, _("relocated retiree")),
    (v.OutOfAreaKind.POSTED_WORKER, _("posted worker")),
    (v.OutOfAreaKind.REFERRAL, _("referral")),
    (v.OutOfAreaKind.TEMPORARY, _("temporarily away")),
    (v.RegistrationPlace.PROVINCE, _("the whole province")),
    (v.RegistrationPlace.CITY, _("the whole city")),
    (v.RegistrationPlace.COUNTY, _("the county alone")),
    (v.RefusalReason.NOT_IN_FORCE, _("no rules in force on the day of service")),
    (v.RefusalReason.NOT_ENTITLED, _("not in the entitlement period")),
    (v.RefusalReason.ARREARS, _("contribution not paid on time")),
    (v.RefusalReason.HOSPITAL_STAY, _("in hospital on the day of service")),
    (v.RefusalReason.SPECIAL_NURSING, _("in medical special nursing on the day of service")),
    (v.RefusalReason.NOT_DESIGNATED, _("provider not designated")),
    (v.RefusalReason.NOT_DUAL_CHANNEL, _("pharmacy not dual channel")),
    (v.RefusalReason.OUT_OF_AREA_UNREGISTERED, _("out-of-area care without registration")),
    (v.RefusalReason.LATE_FILING, _("filed too late")),
    (v.RefusalReason.DUPLICATE_INVOICE, _("invoice already paid")),
    (v.RefusalReason.DISEASE_UNREGISTERED, _("disease not registered")),
    (v.RefusalReason.DOUBLE_BENEFIT, _("already covered by another benefit")),
    (v.RefusalReason.TERMS_UNSET, _("a figure of the local document is not set")),
    (v.Effect.REFUSE, _("refuse")),
    (v.Effect.WARN, _("warn")),
    (v.Effect.IGNORE, _("no effect")),
    (v.PharmacyTerms.OWN, _("the pharmacy's own")),
    (v.PharmacyTerms.PRESCRIBER, _("those of the prescribing institution")),
    (v.PharmacyTerms.PRIMARY, _("those of a primary institution")),
    (v.Registration.REQUIRED, _("registration required")),
    (v.Registration.NOT_REQUIRED, _("no registration")),
    (ContributionState.NOT_DUE, _("none is due")),
    (ContributionState.ON_TIME, _("received on time")),
    (ContributionState.LATE, _("received later")),
    (ContributionState.MISSING, _("not received")),
    (v.Condition.NONE, _("no condition")),
    (v.Condition.DEATH, _("death in the rescue")),
    (v.SeniorFrom.BIRTHDAY_MONTH, _("from the month of the birthday")),
    (v.SeniorFrom.NEXT_MONTH, _("from the month after the birthday")),
    (v.ConversionFrom.SAME_MONTH, _("from the month that contains the day")),
    (v.ConversionFrom.NEXT_MONTH, _("from the next month")),
    (v.CreditComponent.PERSONAL, _("personal account")),
    (v.CreditComponent.CIVIL_SERVANT, _("civil servant subsidy")),
    (v.CreditFund.CONTRIBUTION_INCOME, _("contributions")),
    (v.CreditFund.POOLED_FUND, _("pooled fund")),
    (v.CreditFund.CIVIL_SERVANT_FUND, _("civil servant subsidy fund")),
    (v.CreditSchedule.MONTHLY, _("every month")),
    (v.CreditSchedule.YEAR_IN_ADVANCE, _("for the year in advance")),
    (v.CreditMethod.SHARE_OF_BASE, _("share of the contribution base")),
    (v.CreditMethod.FIXED_AMOUNT, _("fixed amount")),
    (v.CreditMethod.PROPORTIONAL_AMOUNT, _("fixed amount in proportion to contribution months")),
    (v.CreditMethod.SHARE_OF_AVERAGE_PENSION, _("share of the average basic pension")),
    (v.CreditMethod.OLD_STANDARD, _("member's old standard")),
    (v.CreditMethod.SHARE_OF_CIVIL_SERVANT_BASIS, _("share of the civil servant basis")),
    (v.CreditMethod.NONE, _("no credit")),
    (v.Purpose.MEDICAL_COST, _("patient's share at an institution")),
    (v.Purpose.PHARMACY_DRUG, _("drugs at a pharmacy")),
    (v.Purpose.PHARMACY_DEVICE, _("devices at a pharmacy")),
    (v.Purpose.PHARMACY_CONSUMABLE, _("consumables at a pharmacy")),
    (v.Purpose.RESIDENT_PREMIUM, _("resident insurance premium")),
    (v.Purpose.SUPPLEMENTARY_PREMIUM, _("supplementary insurance premium")),
    (v.Purpose.CRITICAL_ILLNESS_PREMIUM, _("critical illness insurance premium")),
    (v.Purpose.LONG_TERM_CARE_PREMIUM, _("long-term care insurance premium")),
    (v.Purpose.LARGE_EXPENSE_PREMIUM, _("large-expense supplement premium")),
    (v.Purpose.COMMERCIAL_PREMIUM, _("commercial health insurance premium")),
    (v.Purpose.PUBLIC_HEALTH, _("public health")),
    (v.Purpose.FITNESS, _("sports and fitness")),
    (v.Purpose.WELLNESS, _("wellness")),
    (v.Purpose.CHECK_UP, _("check-up")),
    (v.Beneficiary.OWN, _("the holder")),
    (v.Beneficiary.FAMILY, _("family")),
    (v.Relationship.SPOUSE, _("spouse")),
    (v.Relationship.PARENT, _("parent")),
    (v.Relationship.CHILD, _("child")),
    (v.ClosingReason.DEATH, _("death")),
    (v.ClosingReason.EMIGRATION, _("emigration")),
    (v.ClosingReason.TRANSFER_OUT, _("transfer to another region")),
    (v.ClosingReason.NO_ACCOUNT_AT_DESTINATION, _("no account at the destination")),
    (v.UseRule.ALLOWED, _("allowed")),
    (v.UseRule.FORBIDDEN, _("not allowed")),
    (v.UseRule.SWITCHED_OFF, _("not yet switched on")),
    (v.ArticleClass.RULE, _("rule")),
    (v.ArticleClass.PROCEDURE, _("procedure")),
    (v.ArticleClass.NOT_IMPLEMENTED, _("not implemented")),
)

# Codes of the national platform (医保信息平台). The first is the one that exports carry; imports accept each.
CODES: ByTerm[tuple[str, ...]] = ByTerm(
    (v.Tier.TERTIARY_A, ("02", "01")),
    (v.Tier.TERTIARY_B, ("03",)),
    (v.Tier.TERTIARY_C, ("04",)),
    (v.Tier.SECONDARY, ("05", "06", "07")),
    (v.Tier.PRIMARY, ("11", "08", "09", "10")),
    (v.Benefit.GENERAL_OUTPATIENT, ("11",)),
    (v.Benefit.EMERGENCY_RESCUE, ("13",)),
    (v.Benefit.CHRONIC_DISEASE, ("14",)),
    (v.Benefit.DAY_SURGERY, ("28",)),
    (v.Benefit.INPATIENT, ("21",)),
    (v.InsuredStatus.ACTIVE, ("11",)),
    (v.InsuredStatus.RETIRED, ("12",)),
    (v.AccountScheme.COMBINED, ("1",)),
    (v.AccountScheme.POOLED_ONLY, ("2",)),
    (v.CatalogCategory.A, ("01",)),
    (v.CatalogCategory.B, ("02",)),
    (v.CatalogCategory.C, ("03",)),
    (v.ItemKind.DRUG, ("1",)),
    (v.ItemKind.TREATMENT, ("2", "3")),
    (v.ItemKind.CONSUMABLE, ("4",)),
    (v.OutOfAreaKind.RELOCATED_RETIREE, ("02",)),
    (v.OutOfAreaKind.REFERRAL, ("06",)),
    (v.OutOfAreaKind.LONG_TERM_RESIDENT, ("07", "09")),
    (v.OutOfAreaKind.POSTED_WORKER, ("08",)),
    (v.OutOfAreaKind.TEMPORARY, ("10", "11")),
    (v.Employment.EMPLOYEE, ("0",)),
    (v.Employment.FLEXIBLE, ("1",)),
    (v.CreditComponent.PERSONAL, ("310200",)),
    (v.CreditComponent.CIVIL_SERVANT, ("320100",)),
    (v.CreditFund.POOLED_FUND, ("310100",)),
    (v.CreditFund.CIVIL_SERVANT_FUND, ("320100",)),
)


def national_code(term: StrEnum) -> str:
    """The code that exports carry for a term, "" where the platform has none."""
    codes = codes_of(term)
    return codes[0] if codes else ""


def codes_of(term: StrEnum) -> tuple[str, ...]:
    """Every code of a term that imports accept."""
    return CODES.get(term, ())


def choices(terms: type[StrEnum], *, with_all: bool = False) -> list[tuple[str, Promise]]:
    """The terms as a model field's choices; with_all adds the value that holds for every term."""
    listed = [(term.value, LABELS[term]) for term in terms]
    return [(v.ALL, _("all")), *listed] if with_all else listed


def label(term: StrEnum | str, terms: type[StrEnum]) -> str:
    """The label of a stored value in the active language."""
    return str(_("all")) if term == v.ALL else str(LABELS[terms(term)])


def parse_term(terms: type[Term], text: str) -> Term:
    """The term that an import spells as identifier, national code or label in either language.

    Raises ValueError that lists what would have been understood.
    """
    wanted, known = text.strip(), spellings(terms)
    if wanted not in known:
        raise ValueError(f"{wanted!r} ∉ {{{', '.join(_identifiers(terms))}}}")
    return known[wanted]


def spellings(terms: type[Term]) -> dict[str, Term]:
    """The terms by identifier, national code and label in either language."""
    identifiers: dict[str, Term] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            identifiers |= {str(LABELS[term]): term for term in terms}
    identifiers |= {code: term for term in terms for code in codes_of(term)}
    return identifiers | {term.value: term for term in terms}


def _identifiers(terms: type[StrEnum]) -> Sequence[str]:
    return [term.value for term in terms]
