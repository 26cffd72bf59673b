"""Why nothing is paid: the first reason in the fixed order (docs/interpretations/0008)."""

from datetime import date

from policies.engine import vocabulary as v
from policies.engine.errors import MissingFact, MissingLaw
from policies.engine.facts import Circumstances, ContributionState, Person, Visit
from policies.engine.outcome import Refusal
from policies.engine.policy import BenefitRules, Policy

R = v.RefusalReason
# Each named once (see `vocabulary`).
_GENERAL, _PHARMACY = v.Benefit.GENERAL_OUTPATIENT, v.Tier.PHARMACY
_UNPAID, _OWN_TERMS = (ContributionState.MISSING, ContributionState.LATE), v.PharmacyTerms.OWN
# From the lowest up; a pharmacy is none of them and stands below.
_TIERS = (
    v.Tier.PHARMACY,
    v.Tier.PRIMARY,
    v.Tier.SECONDARY,
    v.Tier.TERTIARY_C,
    v.Tier.TERTIARY_B,
    v.Tier.TERTIARY_A,
)


def refusal_of(policy: Policy, person: Person, visit: Visit, circumstances: Circumstances) -> Refusal | None:
    """The first reason that holds before any figure is looked at; None if the claim may be calculated.

    Dazhou 10, 11, 15; Zaozhuang 11, 18; Kaifeng 7, 10, 13, 19, 22; Baoshan 10, 14, 25, 29.
    """
    refused = _entitlement(policy, person)
    if refused is None and (circumstances.in_hospital or circumstances.in_special_nursing):
        refused = _stay(policy, visit, circumstances)
    if refused is not None:
        return refused
    rules = policy.benefits[visit.benefit]
    return (
        _place(policy, rules, visit, circumstances)
        or _filing(policy, visit, circumstances)
        or _disease(rules, circumstances)
    )


def _stay(policy: Policy, visit: Visit, circumstances: Circumstances) -> Refusal | None:
    """Stays that keep out general outpatient benefits, and a benefit's own condition."""
    if visit.benefit == _GENERAL:
        if circumstances.in_hospital and (refused := _refuses(policy, R.HOSPITAL_STAY)):
            return refused
        if circumstances.in_special_nursing and (refused := _refuses(policy, R.SPECIAL_NURSING)):
            return refused
    return None


def _place(policy: Policy, rules: BenefitRules, visit: Visit, circumstances: Circumstances) -> Refusal | None:
    """Where the visit was: designated, of a tier that the benefit is for, registered when outside the region.

    A pharmacy sells negotiated drugs only as a dual-channel one (Baoshan 29; interpretation 0059).
    """
    lowest = rules.lowest_tier
    if lowest is not None and _TIERS.index(effective_tier(policy, visit)) < _TIERS.index(v.Tier(lowest.value)):
        return Refusal(R.NOT_DESIGNATED, lowest.citation)
    if not circumstances.designated and (refused := _refuses(policy, R.NOT_DESIGNATED)):
        return refused
    sells_negotiated = visit.tier == _PHARMACY and visit.benefit == v.Benefit.NEGOTIATED_DRUG
    if sells_negotiated and not circumstances.dual_channel and (refused := _refuses(policy, R.NOT_DUAL_CHANNEL)):
        return refused
    return None if visit.out_of_area is None else _absence(policy, visit.out_of_area, circumstances)


def _absence(policy: Policy, kind: v.OutOfAreaKind, circumstances: Circumstances) -> Refusal | None:
    """Outside the region: of a kind that the benefit is for, and registered (Kaifeng 22, Baoshan 25)."""
    opening = policy.openings.get(kind)
    if opening is not None and not opening.opens:
        return Refusal(R.OUT_OF_AREA_UNREGISTERED, opening.citation)
    return None if circumstances.out_of_area_registered else _refuses(policy, R.OUT_OF_AREA_UNREGISTERED)


def _filing(policy: Policy, visit: Visit, circumstances: Circumstances) -> Refusal | None:
    """Filed too late and no supervisor accepted it, or an invoice that was paid."""
    deadline = policy.deadline
    if visit.filed_on is not None and deadline is not None and not circumstances.late_filing_accepted:
        # Of care elsewhere alone: by the region's last day in the year after service.
        last_day = date(visit.served_on.year + 1, deadline.month, deadline.day)
        if visit.out_of_area is not None and visit.filed_on > last_day:
            return Refusal(R.LATE_FILING, deadline.citation)
    return Refusal(R.DUPLICATE_INVOICE, None) if circumstances.duplicate_invoice else None


def _disease(rules: BenefitRules, circumstances: Circumstances) -> Refusal | None:
    """A disease that must be registered and is not, or that another benefit already covers (Dazhou 11)."""
    required = rules.registration
    if required and required.value == v.Registration.REQUIRED and rules.benefit not in circumstances.registered_in:
        return Refusal(R.DISEASE_UNREGISTERED, required.citation)
    if rules.never_with and rules.never_with.value in circumstances.registered_in:
        return Refusal(R.DOUBLE_BENEFIT, rules.never_with.citation)
    return None


def effective_tier(policy: Policy, visit: Visit) -> v.Tier:
    """The tier whose terms the visit has: the provider's, or for a pharmacy the one its region names.

    Pingliang 12, Dazhou 10, Zaozhuang 13, Kaifeng 23, Baoshan 29. MissingFact without the prescriber's tier.
    """
    if visit.tier != _PHARMACY or policy.pharmacy_terms == _OWN_TERMS:
        return visit.tier
    if policy.pharmacy_terms == v.PharmacyTerms.PRIMARY:
        return v.Tier.PRIMARY
    if visit.prescribing_tier is None:
        raise MissingFact("prescribing_tier")
    return visit.prescribing_tier


def warnings_of(policy: Policy, circumstances: Circumstances) -> tuple[v.RefusalReason, ...]:
    """Circumstances that the region does not refuse but a person should look at."""
    held = [R.HOSPITAL_STAY] if circumstances.in_hospital else []
    if circumstances.in_special_nursing:
        held.append(R.SPECIAL_NURSING)
    if not held:
        return ()
    return tuple(reason for reason in held if policy.effects[reason].effect == v.Effect.WARN)


def _refuses(policy: Policy, reason: v.RefusalReason) -> Refusal | None:
    term = policy.effects.get(reason)
    if term is None:
        raise MissingLaw(f"{policy.region}: refusal.{reason}")
    return Refusal(reason, term.citation) if term.effect == v.Effect.REFUSE else None


def _entitlement(policy: Policy, person: Person) -> Refusal | None:
    """Enrolled and, while active, with the month's contribution; a region may refuse arrears even once paid."""
    if person.status is None or person.scheme is None:
        return Refusal(R.NOT_ENTITLED, policy.in_force)
    if person.contribution in _UNPAID:
        if refused := _refuses(policy, R.ARREARS):
            return refused
        if person.contribution == ContributionState.MISSING:
            return Refusal(R.NOT_ENTITLED, policy.effects[R.ARREARS].citation)
    return None
