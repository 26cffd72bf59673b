"""Deductibles (起付标准): which one a visit shares, and what of it is due now."""

from collections.abc import Mapping
from decimal import Decimal

from policies.engine import vocabulary as v
from policies.engine.bill import FigureUnset
from policies.engine.citation import Citation
from policies.engine.facts import Person, Usage, Visit, age_on
from policies.engine.money import ZERO, to_fen
from policies.engine.outcome import Step, StepCode
from policies.engine.policy import BenefitRules, Terms

_DRUG = "drug "
# Each named once (see `vocabulary`).
_ANNUAL, _PER_DAY = v.DeductibleBasis.ANNUAL, v.DeductibleBasis.PER_DAY
_PER_MONTH, _PER_DRUG = v.DeductibleBasis.PER_MONTH, v.DeductibleBasis.PER_DRUG
_BORNE = v.DeductibleAccumulates.BORNE
_DEDUCTIBLE = StepCode.DEDUCTIBLE


def deductible_key(rules: BenefitRules, visit: Visit) -> str | None:
    """Which deductible the visit shares with others: the year's (""), the month's, a provider's day, or none (None)."""
    basis = rules.deductible_basis
    if basis == _ANNUAL:
        return ""
    if basis == _PER_DAY:
        return f"{visit.served_on.isoformat()} {visit.provider}"
    return f"{visit.served_on:%Y-%m}" if basis == _PER_MONTH else None


def drug_key(drug: str) -> str:
    """The key of one drug's deductible among a member's accumulators."""
    return _DRUG + drug


def drug_of(key: str) -> str | None:
    """The drug that a key stands for, None for another kind of key."""
    return key.removeprefix(_DRUG) if key.startswith(_DRUG) else None


def deductible_by_drug(
    terms: Terms, person: Person, visit: Visit, usage: Usage, covered: Mapping[str, Decimal]
) -> Mapping[str, Decimal]:
    """What each drug's own deductible takes now, yuan, where it is due once a drug and year (Baoshan 14); else nothing.

    covered: the covered amount by drug.
    """
    if terms.rules.deductible_basis != _PER_DRUG:
        return {}
    standard, _citation = standard_of(terms, person, visit)
    return {
        drug: min(amount, max(ZERO, standard - usage.drug_deductibles.get(drug, ZERO)))
        for drug, amount in covered.items()
    }


def deductible_due(
    terms: Terms,
    person: Person,
    visit: Visit,
    usage: Usage,
    base: Decimal,
    drugs: Mapping[str, Decimal],
    steps: list[Step] | None,
) -> Decimal:
    """The part of the covered amount that the deductible takes now.

    base: yuan ≥ 0, after upfront and out-of-area shares. drugs: what the drugs' own deductibles take.
    Returns yuan between 0 and base: what is left of the standard that the visit shares, 0 where it was met.

    Pingliang 7; Dazhou 10; Zaozhuang 5 (the difference to the tier's standard); Kaifeng 9; Baoshan 9-15.
    """
    if terms.deductible is None:
        return ZERO
    standard, citation = standard_of(terms, person, visit)
    rules = terms.rules
    if rules.deductible_basis == _PER_DRUG:
        due = min(base, sum(drugs.values(), ZERO))
    else:
        if rules.deductible_accumulates == _BORNE:
            met = usage.deductible_borne
        else:
            met = usage.covered_month if rules.deductible_basis == _PER_MONTH else usage.covered
        left = standard - met
        due = ZERO if left <= ZERO else left if left < base else base
    if steps is not None:
        steps.append(Step(_DEDUCTIBLE, base, standard, due, citation))
    return due


def standard_of(terms: Terms, person: Person, visit: Visit) -> tuple[Decimal, Citation]:
    """The standard for this person: none for an exempt disease, reduced from an age on; FigureUnset while unset."""
    exempt = terms.rules.exempt.get(visit.disease) if visit.disease else None
    if exempt is not None:
        return ZERO, exempt
    if terms.deductible is None:
        return ZERO, terms.rules.citation
    standard, citation = terms.deductible
    if standard is None:
        raise FigureUnset(citation)
    if terms.rules.age_factors:
        age = age_on(person.birth_date, visit.served_on)
        for factor in terms.rules.age_factors:
            if age >= factor.age_from:
                standard, citation = to_fen(standard * factor.factor), factor.citation
    return standard, citation
