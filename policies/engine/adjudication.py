"""From a bill to what the pooled fund pays, step by step (docs/adjudication.md)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from policies.engine import vocabulary as v
from policies.engine.bill import FigureUnset, split_bill
from policies.engine.deductibles import deductible_by_drug, deductible_due, deductible_key, drug_key
from policies.engine.errors import MissingFact, MissingLaw, OtherBenefit
from policies.engine.facts import Circumstances, Person, Usage, Visit
from policies.engine.money import ZERO, to_fen
from policies.engine.outcome import Outcome, Refusal, Step, StepCode, UsageChange
from policies.engine.policy import CeilingTerm, Policy, Terms
from policies.engine.refusals import effective_tier, refusal_of, warnings_of

_UNSET = v.RefusalReason.TERMS_UNSET
_YEAR = v.CeilingPeriod.YEAR


def adjudicate(
    policy: Policy,
    person: Person,
    visit: Visit,
    circumstances: Circumstances,
    usage: Usage,
    *,
    explain: bool = True,
) -> Outcome | Refusal:
    """What the funds pay for one visit, and what is left to the patient.

    policy: in force on the service date. usage: everything settled before for this person, in settlement order.
    explain: with steps, each citing its article; the amounts are the same without. Returns an Outcome whose parts add
    up to the bill, or the first Refusal that holds. Raises MissingFact where a pharmacy needs the prescriber's tier,
    MissingLaw where the version does not decide.

    Pingliang 5-8; Dazhou 9-10; Zaozhuang 5-6, 11, 13; Kaifeng 9-13; Baoshan 9, 28-29.
    """
    refused = refusal_of(policy, person, visit, circumstances)
    if refused is not None:
        return refused
    if person.status is None or person.scheme is None:
        raise MissingFact("enrollment")
    _check_condition(policy, visit, circumstances)
    terms = policy.terms(visit.benefit, effective_tier(policy, visit), person.status, person.scheme)
    try:
        return _calculate(policy, person, visit, circumstances, usage, terms, explain)
    except FigureUnset as missing:
        return Refusal(_UNSET, missing.citation)


def _check_condition(policy: Policy, visit: Visit, circumstances: Circumstances) -> None:
    """What makes the visit another benefit than the one it was claimed for; OtherBenefit says which article."""
    rules = policy.benefits[visit.benefit]
    if rules.stay_limit and visit.hours is not None and visit.hours > rules.stay_limit.hours:
        raise OtherBenefit(v.Benefit.INPATIENT, rules.stay_limit.citation)
    if rules.condition and rules.condition.value == v.Condition.DEATH and not circumstances.died:
        raise OtherBenefit(v.Benefit.GENERAL_OUTPATIENT, rules.condition.citation)


def _calculate(
    policy: Policy,
    person: Person,
    visit: Visit,
    circumstances: Circumstances,
    usage: Usage,
    terms: Terms,
    explain: bool,
) -> Outcome:
    bill = split_bill(policy, terms, visit.lines, explain)
    steps = bill.steps
    covered = bill.total - bill.self_paid - bill.over_limit - bill.upfront
    out_of_area = _out_of_area_share(policy, visit, circumstances, covered, steps, explain)
    base = covered - out_of_area
    drugs = deductible_by_drug(terms, person, visit, usage, bill.drugs)
    deductible = deductible_due(terms, person, visit, usage, base, drugs, steps if explain else None)
    above = base - deductible
    pooled, counted, rest = _pooled(terms, circumstances, usage, above, steps, explain)
    beyond = _beyond(terms, circumstances, usage, rest, steps, explain) if terms.beyond and rest > 0 else ZERO
    patient = bill.total - pooled - beyond
    if explain:
        steps.append(Step(StepCode.PATIENT_SHARE, bill.total, None, patient, None))
    return Outcome(
        total=bill.total,
        self_paid=bill.self_paid,
        over_limit=bill.over_limit,
        upfront_share=bill.upfront,
        covered=covered,
        out_of_area_share=out_of_area,
        deductible=deductible,
        pooled=pooled,
        pooled_inpatient=beyond,
        patient_share=patient,
        steps=tuple(steps),
        usage=_usage_changes(visit, terms, deductible, drugs, base, pooled, counted, beyond),
        warnings=warnings_of(policy, circumstances),
    )


def _out_of_area_share(
    policy: Policy, visit: Visit, circumstances: Circumstances, covered: Decimal, steps: list[Step], explain: bool
) -> Decimal:
    """What is borne first outside the region; whoever is not registered counts as temporarily away (Zaozhuang 6)."""
    if visit.out_of_area is None:
        return ZERO
    kind = visit.out_of_area if circumstances.out_of_area_registered else v.OutOfAreaKind.TEMPORARY
    figure = policy.out_of_area[kind]
    if figure.value is None:
        raise FigureUnset(figure.citation)
    share = to_fen(covered * figure.value)
    if explain:
        steps.append(Step(StepCode.OUT_OF_AREA_SHARE, covered, figure.value, share, figure.citation, kind))
    return share


def _pooled(
    terms: Terms, circumstances: Circumstances, usage: Usage, above: Decimal, steps: list[Step], explain: bool
) -> tuple[Decimal, Decimal, Decimal]:
    """The first fund line: payment, the expense it stands for, and the expense that found no room (unrounded)."""
    rate, citation = terms.rate
    if rate is None:
        raise FigureUnset(citation)
    room, binding = _room(terms, circumstances, usage)
    exact = above * rate
    if explain:
        steps.append(Step(StepCode.REIMBURSEMENT, above, rate, to_fen(exact), citation))
    limit = room * rate if terms.rules.ceiling_basis == v.CeilingBasis.EXPENSE else room
    if exact <= limit:
        paid, counted, rest = to_fen(exact), above, ZERO
    else:
        paid = to_fen(limit)
        counted = limit / rate
        rest = above - counted
        if explain:
            steps.append(Step(StepCode.CEILING, to_fen(exact), binding.amount, paid, binding.citation, binding.period))
    if explain:
        steps.append(Step(StepCode.POOLED_PAYMENT, above, None, paid, citation))
    return paid, to_fen(counted), rest


def _room(terms: Terms, circumstances: Circumstances, usage: Usage) -> tuple[Decimal, CeilingTerm]:
    """What is left under the tightest ceiling.

    A benefit whose every ceiling is unset is not calculated (docs/interpretations/0027).
    """
    on_payment = terms.rules.ceiling_basis == v.CeilingBasis.PAYMENT
    year, month = (usage.paid_year, usage.paid_month) if on_payment else (usage.counted_year, usage.counted_month)
    tightest: tuple[Decimal, CeilingTerm] | None = None
    for term in _holding(terms.ceilings, circumstances.diseases):
        if term.amount is None:
            continue
        used = (year if term.period == _YEAR else month).get(term.scope, ZERO)
        left = max(ZERO, term.amount - used)
        if tightest is None or left < tightest[0]:
            tightest = (left, term)
    if tightest is None:
        if not terms.ceilings:
            raise MissingLaw(f"{terms.rules.benefit}: no ceiling")
        raise FigureUnset(terms.ceilings[0].citation)
    return tightest


def _holding(ceilings: tuple[CeilingTerm, ...], diseases: int) -> Iterable[CeilingTerm]:
    """Of the ceilings of one scope and period the one for the most diseases that the person reaches (Baoshan 10)."""
    if not any(term.diseases_from for term in ceilings):
        return ceilings
    holding: dict[tuple[str, str], CeilingTerm] = {}
    for term in ceilings:
        held = holding.get((term.scope, term.period))
        if term.diseases_from <= max(diseases, 1) and (held is None or held.diseases_from < term.diseases_from):
            holding[term.scope, term.period] = term
    return holding.values()


def _beyond(
    terms: Terms, circumstances: Circumstances, usage: Usage, rest: Decimal, steps: list[Step], explain: bool
) -> Decimal:
    """The second fund line: the expense beyond the ceiling, on the terms that the region names for it (Baoshan 9).

    While those terms are unset the line is nil and reported, not refused (docs/interpretations/0026).
    """
    beyond = terms.beyond
    if beyond is None:
        return ZERO
    rate = beyond.rate.value
    if rate is None or all(term.amount is None for term in beyond.ceilings):
        if explain:
            steps.append(Step(StepCode.BEYOND_CEILING_UNSET, to_fen(rest), None, ZERO, beyond.rate.citation))
        return ZERO
    room, _binding = _room(beyond, circumstances, usage)
    paid = min(to_fen(rest * rate), room)
    if explain:
        steps.append(Step(StepCode.BEYOND_CEILING, to_fen(rest), rate, paid, beyond.rate.citation))
    return paid


def _usage_changes(
    visit: Visit,
    terms: Terms,
    deductible: Decimal,
    drugs: Mapping[str, Decimal],
    base: Decimal,
    pooled: Decimal,
    counted: Decimal,
    beyond: Decimal,
) -> tuple[UsageChange, ...]:
    """What the settlement adds to the accumulators of its benefit, its ceilings and its deductible."""
    own = str(visit.benefit)
    counts = own in terms.rules.scopes
    changes = [UsageChange(own, "", deductible, base, pooled if counts else ZERO, counted if counts else ZERO)]
    changes += [UsageChange(s, "", ZERO, ZERO, pooled, counted) for s in terms.rules.scopes if s != own]
    if terms.beyond is not None and beyond:
        changes += [UsageChange(s, "", ZERO, ZERO, beyond, ZERO) for s in terms.beyond.rules.scopes]
    if key := deductible_key(terms.rules, visit):
        changes.append(UsageChange(own, key, deductible, ZERO, ZERO, ZERO))
    changes += [UsageChange(own, drug_key(drug), due, ZERO, ZERO, ZERO) for drug, due in drugs.items()]
    return tuple(changes)
