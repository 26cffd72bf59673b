"""One member's monthly credit, explained by the engine."""

from calendar import monthrange
from datetime import date

from members.models import CivilServantBasis, Contribution, Enrollment, Member
from members.models.contributions import PENSION_KINDS
from members.selectors import enrollment_on
from policies.engine.credits import Credit, CreditFacts, monthly_credits
from policies.engine.policy import Policy
from policies.engine.vocabulary import (
    AccountScheme,
    ConversionFrom,
    CreditComponent,
    CreditMethod,
    Employment,
    InsuredStatus,
)
from policies.selectors.pensions import pensions_of
from policies.selectors.versions import policy_in_force


def explain_credits(member: Member, month: date, as_of: date) -> tuple[Credit, ...]:
    """What the member is due for a month (its first day) on the facts known by as_of; nothing where not insured.

    PolicyNotInForce where the region has no rules on the month's last day.
    """
    last_day = month.replace(day=monthrange(month.year, month.month)[1])
    policy = policy_in_force(member.region, last_day)
    facts = _facts(member, policy, month, last_day, as_of)
    return () if facts is None else monthly_credits(policy, facts, month, pensions_of(member.region))


def has_account_by_law(member: Member, on: date) -> bool:
    """Whether the region credits a personal account to somebody insured as the member is in that month, however much.

    PolicyNotInForce as of `explain_credits`.
    """
    return any(
        credit.term.component == CreditComponent.PERSONAL and credit.term.method != CreditMethod.NONE
        for credit in explain_credits(member, on.replace(day=1), on)
    )


def _facts(member: Member, policy: Policy, month: date, last_day: date, as_of: date) -> CreditFacts | None:
    enrollment = _deciding_enrollment(member, policy, month, last_day)
    if enrollment is None:
        return None
    contribution = Contribution.objects.filter(member=member, month=month, received_on__lte=as_of).first()
    status = InsuredStatus(enrollment.status)
    bases = list(CivilServantBasis.objects.filter(member=member, since__lte=month).order_by("-since"))
    fitting = [basis.amount for basis in bases if (basis.kind in PENSION_KINDS) == (status == InsuredStatus.RETIRED)]
    return CreditFacts(
        birth_date=member.birth_date,
        status=status,
        employment=Employment(enrollment.employment),
        scheme=AccountScheme(enrollment.scheme),
        had_account_before=enrollment.had_account_before,
        base=contribution.base if contribution else None,
        old_retiree_credit=member.old_retiree_credit,
        contribution_months=member.contribution_months,
        civil_servant_basis=fitting[0] if fitting else None,
        lacks_civil_servant_basis=bool(bases) and not fitting,
    )


def _deciding_enrollment(member: Member, policy: Policy, month: date, last_day: date) -> Enrollment | None:
    """The enrollment on the month's last day or the day of death; where conversion counts from the next month, the one
    that the month began with (docs/interpretations/0030).
    """
    if member.died_on is not None and member.died_on < month:
        return None
    ending = enrollment_on(member, min(last_day, member.died_on or last_day))
    if ending is None or policy.conversion_from == ConversionFrom.SAME_MONTH:
        return ending
    return enrollment_on(member, month) or ending
