"""Claims for benefits of their own, made by the same services as in the office."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from agency.models import PoolingRegion, Role, User
from claims.models import Claim, DocumentKind, Settlement
from claims.services.new_claims import NewClaim
from claims.services.registration import register_claim
from claims.services.settlement import settle_claim
from members.models import Member
from members.services.diseases import approve_disease_registration, submit_disease_registration
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import Disease, FigureKind
from policies.services.figures import approve_local_figure, propose_local_figure
from reimbursements.models import Reimbursement
from reimbursements.services import reimbursements
from tests import house

DAY = date(2023, 6, 15)
HYPERTENSION, DIABETES = "M03900", "M01600"
CHRONIC, SPECIAL = Benefit.CHRONIC_DISEASE, Benefit.SPECIAL_DISEASE
_numbers = count(1)


def retiree(slug: str = "baoshan", born: date = date(1960, 5, 1)) -> Member:
    return house.insured(house.region(slug), status=InsuredStatus.RETIRED, birth_date=born)


def disease(
    member: Member, maker: User, checker: User, code: str = HYPERTENSION, benefit: Benefit = CHRONIC, **days: date
) -> None:
    registration = submit_disease_registration(
        member, code=code, benefit=benefit, actor=maker, reason=house.REASON, **({"since": date(2023, 3, 1)} | days)
    )
    approve_disease_registration(registration, actor=checker)


def figures(maker: User, checker: User, slug: str, benefit: str, **values: str) -> None:
    """Local figures of a benefit, from 2023 on."""
    for kind, value in values.items():
        figure = propose_local_figure(
            house.region(slug),
            kind=FigureKind(kind),
            benefit=benefit,
            value=Decimal(value),
            first_day=date(2023, 1, 1),
            document_number="本地文件1号",
            article="第二条",
            phrase="本地标准",
            actor=maker,
            reason=house.REASON,
        )
        approve_local_figure(figure, actor=checker)


def a_claim(member: Member, amount: str = "1000.00", **overrides: Any) -> Claim:
    """A registered claim of one drug. overrides: facts of `NewClaim`, the disease also by its code."""
    tier = overrides.pop("tier", Tier.SECONDARY)
    facts: dict[str, Any] = {
        "provider": overrides.pop("provider", None) or house.a_provider(member.region, tier),
        "claim_number": f"B{next(_numbers)}",
        "served_on": DAY,
        "today": date(2025, 12, 31),
        "lines": [house.a_line(amount)],
        "reason": house.REASON,
    } | overrides
    if facts.get("filed_on"):
        facts.setdefault("invoice_number", f"I{facts['claim_number']}")
    if isinstance(code := facts.get("disease"), str):
        facts["disease"] = Disease.objects.get(region=member.region, code=code) if code else None
    how = {name: facts.pop(name) for name in ("today", "actor", "reason") if name in facts}
    return register_claim(NewClaim(member=member, **facts), **how)


def pair(region: PoolingRegion) -> tuple[User, User]:
    """A clerk and a supervisor of the region."""
    return tuple(  # type: ignore[return-value]
        User.objects.filter(username=f"{role.value}-{region.slug}").first()
        or house.staff(f"{role.value}-{region.slug}", role, region=region)
        for role in (Role.CLERK, Role.SUPERVISOR)
    )


def submitted(claim: Claim) -> Reimbursement:
    """The reimbursement of a manual claim, with its papers complete on the day of filing, submitted by the clerk."""
    clerk, _supervisor = pair(claim.member.region)
    assert claim.filed_on is not None
    opened = reimbursements.register_reimbursement(
        claim, payee_name="本人", payee_bank="工商银行", payee_account="6200123456789", actor=clerk, reason=house.REASON
    )
    reimbursements.complete_papers(
        opened, on=claim.filed_on, today=claim.filed_on, accepted_without=house.REASON, actor=clerk, reason=house.REASON
    )
    return reimbursements.submit_reimbursement(opened, actor=clerk)


def told_and_submitted(claim: Claim, clerk: User) -> Reimbursement:
    """The reimbursement of a manual claim whose member was told of a missing invoice and brought it the same day."""
    assert claim.filed_on is not None
    by_clerk: dict[str, Any] = {"actor": clerk, "reason": house.REASON}
    payee: dict[str, Any] = {"payee_name": "张伟", "payee_bank": "工商银行", "payee_account": "6200123456789"}
    opened = reimbursements.register_reimbursement(claim, **payee, **by_clerk)
    invoice = [DocumentKind.INVOICE]
    reimbursements.tell_missing_papers(
        opened, kinds=invoice, note="原件", on=claim.filed_on, today=claim.filed_on, actor=clerk
    )
    reimbursements.complete_papers(
        opened, on=claim.filed_on, today=claim.filed_on, accepted_without=house.REASON, **by_clerk
    )
    return reimbursements.submit_reimbursement(opened, **by_clerk)


def outcome_of(claim: Claim, today: date = date(2025, 12, 31)) -> Settlement | Refusal:
    """Settle a direct claim; a manual one goes from the clerk to the supervisor."""
    if claim.filed_on is None:
        return settle_claim(claim, today=today)
    _clerk, supervisor = pair(claim.member.region)
    return reimbursements.decide_by_the_rules(submitted(claim), today=today, actor=supervisor, reason=house.REASON)


def settled(member: Member, amount: str = "1000.00", **overrides: Any) -> Settlement:
    outcome = outcome_of(a_claim(member, amount, **overrides))
    assert isinstance(outcome, Settlement), outcome
    return outcome


def refused(member: Member, amount: str = "1000.00", **overrides: Any) -> Refusal:
    outcome = outcome_of(a_claim(member, amount, **overrides))
    assert isinstance(outcome, Refusal), outcome
    return outcome
