"""How a member stands on a day: whether a claim of that day would be paid, and what of the year is used."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from claims.models import Claim, SettlementUsage
from claims.selectors.facts import usage_of
from members.models import Member
from members.selectors.insured import Situation, situations
from policies.engine import vocabulary as v
from policies.engine.deductibles import deductible_key
from policies.engine.facts import Circumstances, Usage, Visit
from policies.engine.outcome import Refusal
from policies.engine.policy import Policy
from policies.engine.refusals import refusal_of
from policies.engine.standing import Used, used_of
from policies.selectors.versions import policies_in_force

# Where members go; a pharmacy has the terms of one of these.
_TIERS = tuple(tier for tier in v.Tier if tier != v.Tier.PHARMACY)


@dataclass(frozen=True, slots=True)
class Standing:
    """A member on a day. `policy`: None where no rules are in force. `refusal`: why general outpatient care at a
    designated institution of the region would not be paid. `used`: by benefit, general care first, then what the
    member has a disease registered for or has used this year; empty for whoever is not insured.
    """

    situation: Situation
    policy: Policy | None
    refusal: Refusal | None
    used: dict[v.Benefit, list[Used]] = field(default_factory=dict)


def standing_on(member: Member, day: date) -> Standing:
    """On any day, with what was settled until then. MissingLaw where the version does not decide. Four queries."""
    (situation,) = situations([(member, day)])
    policy = policies_in_force(member.region, [day]).get(day)
    if policy is None:
        return Standing(situation, None, None)
    visit = Visit(day, "", v.Tier.PRIMARY, v.Benefit.GENERAL_OUTPATIENT, ())
    circumstances = Circumstances(in_hospital=situation.in_hospital, in_special_nursing=situation.in_special_nursing)
    refusal = refusal_of(policy, situation.person, visit, circumstances)
    if situation.person.status is None:
        return Standing(situation, policy, refusal)
    return Standing(situation, policy, refusal, _used(member, day, policy, situation))


def _used(member: Member, day: date, policy: Policy, situation: Situation) -> dict[v.Benefit, list[Used]]:
    rows = list(
        SettlementUsage.objects.filter(
            settlement__member=member, year=day.year, settlement__served_on__lte=day
        ).order_by()
    )
    diseases: dict[str, int] = defaultdict(int)
    for benefit, _code in situation.registrations:
        diseases[benefit] += 1
    concerned = {v.Benefit.GENERAL_OUTPATIENT.value, *diseases, *(row.scope for row in rows if row.covered)}
    return {
        benefit: used_of(
            policy,
            situation.person,
            visit := Visit(day, "", v.Tier.PRIMARY, benefit, ()),
            Circumstances(diseases=diseases[benefit]),
            _usage(visit, policy, rows),
            _TIERS,
        )
        for benefit in v.Benefit
        if benefit.value in concerned and benefit in policy.benefits and benefit != v.Benefit.INPATIENT
    }


def _usage(visit: Visit, policy: Policy, rows: list[SettlementUsage]) -> Usage:
    claim = Claim(served_on=visit.served_on, benefit=visit.benefit.value)
    return usage_of(claim, rows, deductible_key(policy.benefits[visit.benefit], visit))
