"""Why nothing is paid: the first reason in the fixed order (docs/interpretations/0008)."""

from datetime import date

from policies.engine import vocabulary as v
from policies.engine.facts import Circumstances, ContributionState, Person, Visit
from policies.engine.outcome import Refusal
from policies.engine.policy import Policy

R = v.RefusalReason


def refusal_of(policy: Policy, person: Person, visit: Visit, around: Circumstances) -> Refusal | None:
    """The first reason that holds before any figure is looked at; None if the claim may be calculated.

    Dazhou 10, 15; Zaozhuang 11; Kaifeng 7, 10, 13, 19, 22; Baoshan 25.
    """
    if (reason := _entitlement(policy, person)) is not None:
        return reason
    if around.in_hospital and (refused := _refuses(policy, R.HOSPITAL_STAY)):
        return refused
    if around.in_special_nursing and (refused := _refuses(policy, R.SPECIAL_NURSING)):
        return refused
    if not around.designated and (refused := _refuses(policy, R.NOT_DESIGNATED)):
        return refused
    unregistered = visit.out_of_area is not None and not around.out_of_area_registered
    if unregistered and (refused := _refuses(policy, R.OUT_OF_AREA_UNREGISTERED)):
        return refused
    if _is_late(policy, visit) and not around.late_filing_accepted and policy.deadline:
        return Refusal(R.LATE_FILING, policy.deadline.citation)
    if around.duplicate_invoice:
        return Refusal(R.DUPLICATE_INVOICE, None)
    return None


def warnings_of(policy: Policy, around: Circumstances) -> tuple[v.RefusalReason, ...]:
    """Circumstances that the region does not refuse but a person should look at."""
    held = [R.HOSPITAL_STAY] if around.in_hospital else []
    if around.in_special_nursing:
        held.append(R.SPECIAL_NURSING)
    return tuple(reason for reason in held if policy.effects[reason].effect == v.Effect.WARN)


def _refuses(policy: Policy, reason: v.RefusalReason) -> Refusal | None:
    term = policy.effects[reason]
    return Refusal(reason, term.citation) if term.effect == v.Effect.REFUSE else None


def _entitlement(policy: Policy, person: Person) -> Refusal | None:
    """Enrolled and, while active, with the month's contribution; a region may refuse arrears even once paid."""
    if person.status is None or person.scheme is None:
        return Refusal(R.NOT_ENTITLED, policy.in_force)
    if person.contribution in (ContributionState.MISSING, ContributionState.LATE):
        if refused := _refuses(policy, R.ARREARS):
            return refused
        if person.contribution == ContributionState.MISSING:
            return Refusal(R.NOT_ENTITLED, policy.effects[R.ARREARS].citation)
    return None


def _is_late(policy: Policy, visit: Visit) -> bool:
    """An out-of-area claim filed after the region's last day in the year after service."""
    if policy.deadline is None or visit.filed_on is None or visit.out_of_area is None:
        return False
    return visit.filed_on > date(visit.served_on.year + 1, policy.deadline.month, policy.deadline.day)
