"""From a bill to what the pooled fund pays, step by step (docs/adjudication.md)."""

from collections.abc import Mapping
from decimal import Decimal

from policies.engine import vocabulary as v
from policies.engine.bill import FigureUnset, split_bill
from policies.engine.deductibles import deductible_by_drug, deductible_due, deductible_key, drug_key
from policies.engine.errors import MissingFact, OtherBenefit
from policies.engine.facts import Circumstances, Person, Usage, Visit, age_on, tier_key
from policies.engine.money import ZERO, to_fen
from policies.engine.outcome import Outcome, Refusal, Step, StepCode, UsageChange
from policies.engine.payment import payment_beyond, pooled_payment, raises_of
from policies.engine.policy import BenefitRules, Policy, Terms
from policies.engine.refusals import effective_tier, refusal_of, warnings_of

_UNSET = v.RefusalReason.TERMS_UNSET
# Each named once (see `vocabulary`).
_PATIENT_SHARE, _DEATH, _PHARMACY = StepCode.PATIENT_SHARE, v.Condition.DEATH, v.Tier.PHARMACY


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
    rules = policy.benefits[visit.benefit]
    if rules.stay_limit or rules.condition:
        _check_condition(rules, visit, circumstances)
    terms = terms_of(policy, person, visit)
    try:
        return _calculate(policy, person, visit, circumstances, usage, terms, explain)
    except FigureUnset as missing:
        return Refusal(_UNSET, missing.citation)


def terms_of(policy: Policy, person: Person, visit: Visit) -> Terms:
    """The figures for this person's visit. MissingFact for somebody who is not enrolled."""
    if person.status is None or person.scheme is None:
        raise MissingFact("enrollment")
    tier = visit.tier if visit.tier != _PHARMACY else effective_tier(policy, visit)
    if not (policy.by_employment or policy.ages):
        return policy.terms(visit.benefit, tier, person.status, person.scheme)
    employment, age = _kind_of_member(policy, person, visit)
    return policy.terms(visit.benefit, tier, person.status, person.scheme, employment, age)


def _kind_of_member(policy: Policy, person: Person, visit: Visit) -> tuple[str, int]:
    """The employment and the highest of the policy's ages that the person has reached, where some figure asks."""
    employment: str = v.ALL
    if policy.by_employment:
        if person.employment is None:
            raise MissingFact("employment")
        employment = person.employment
    if not policy.ages:
        return employment, 0
    reached = age_on(person.birth_date, visit.served_on)
    return employment, max((age for age in policy.ages if age <= reached), default=0)


def _check_condition(rules: BenefitRules, visit: Visit, circumstances: Circumstances) -> None:
    """What makes the visit another benefit than the one it was claimed for; OtherBenefit says which article."""
    if rules.stay_limit and visit.hours is not None and visit.hours > rules.stay_limit.hours:
        raise OtherBenefit(v.Benefit.INPATIENT, rules.stay_limit.citation)
    if rules.condition and rules.condition.value == _DEATH and not circumstances.died:
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
    away = visit.out_of_area
    out_of_area = _out_of_area_share(policy, away, circumstances, covered, steps, explain) if away else ZERO
    base = covered - out_of_area
    drugs = deductible_by_drug(terms, person, visit, usage, bill.drugs) if bill.drugs else {}
    deductible = deductible_due(terms, person, visit, usage, base, drugs, steps if explain else None)
    above = base - deductible
    raised = raises_of(terms, circumstances, bill.chinese, covered) if terms.additions else ()
    pooled, counted, rest = pooled_payment(terms, circumstances, usage, base, above, raised, steps, explain)
    beyond = ZERO
    if terms.beyond is not None and rest > ZERO:
        beyond = payment_beyond(terms.beyond, circumstances, usage, base, rest, steps, explain)
    patient = bill.total - pooled - beyond
    if explain:
        steps.append(Step(_PATIENT_SHARE, bill.total, None, patient, None))
    # In the order of its fields: by their names it would take as long again as all the sums above.
    return Outcome(
        bill.total,
        bill.self_paid,
        bill.over_limit,
        bill.upfront,
        covered,
        out_of_area,
        deductible,
        pooled,
        beyond,
        patient,
        tuple(steps),
        _usage_changes(visit, terms, deductible, drugs, base, pooled, counted, beyond),
        warnings_of(policy, circumstances) if circumstances.in_hospital or circumstances.in_special_nursing else (),
    )


def _out_of_area_share(
    policy: Policy,
    away: v.OutOfAreaKind,
    circumstances: Circumstances,
    covered: Decimal,
    steps: list[Step],
    explain: bool,
) -> Decimal:
    """What is borne first outside the region; whoever is not registered counts as temporarily away (Zaozhuang 6)."""
    kind = away if circumstances.out_of_area_registered else v.OutOfAreaKind.TEMPORARY
    figure = policy.out_of_area[kind]
    if figure.value is None:
        raise FigureUnset(figure.citation)
    share = to_fen(covered * figure.value)
    if explain:
        steps.append(Step(StepCode.OUT_OF_AREA_SHARE, covered, figure.value, share, figure.citation, kind))
    return share


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
    own = terms.own
    paid = (pooled, counted) if terms.counts_own else (ZERO, ZERO)
    changes = [UsageChange(own, "", deductible, base, *paid)]
    for scope in terms.other_scopes:
        changes.append(UsageChange(scope, "", ZERO, ZERO, pooled, counted))
    if terms.beyond is not None and beyond:
        changes += [UsageChange(s, "", ZERO, ZERO, beyond, ZERO) for s in terms.beyond.rules.scopes]
    if terms.by_tier:
        changes += [UsageChange(s, tier_key(terms.tier), ZERO, ZERO, pooled, counted) for s in terms.by_tier]
    if key := deductible_key(terms.rules, visit):
        changes.append(UsageChange(own, key, deductible, ZERO, ZERO, ZERO))
    if drugs:
        changes += [UsageChange(own, drug_key(drug), due, ZERO, ZERO, ZERO) for drug, due in drugs.items()]
    return tuple(changes)
