"""Steps that move a personal account."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import AccountClosing, CreditDifference, CreditRun, EvidenceKind, LedgerEntry
from accounts.models.differences import OPEN_DIFFERENCES
from accounts.selectors.closings import paid_after_closings
from accounts.services import spending
from accounts.services.closing import approve_closing, submit_closing
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, last_day_of_month, submit_run
from accounts.services.family import RelationshipNotAllowed, approve_authorization, submit_authorization
from policies.engine.vocabulary import Purpose, Tier
from providers.models import Provider, ProviderKind
from scenarios.format import accounts as f
from scenarios.people import REASON
from scenarios.places import provider_of
from scenarios.story import Story

ZERO = Decimal("0.00")


def credit(story: Story, step: f.CreditStep) -> dict[str, Any]:
    """Run the region's month on the step's day, submitted and approved by two people."""
    today = step.on or last_day_of_month(step.month)
    run = draft_run(story.region, month=step.month, as_of=today, today=today, actor=story.maker)
    check_run(run, actor=story.maker)
    submit_run(run, actor=story.maker)
    approve_run(run, actor=story.checker)
    for chunk in waiting_chunks(run):
        post_chunk(chunk)
    entries = LedgerEntry.objects.filter(credit__member=story.member, key__startswith=f"credit:{run.pk}:")
    return {
        "credited": sum((entry.amount for entry in entries), ZERO),
        "entries": sorted((entry.month, entry.component, entry.amount) for entry in entries),
        "listed": sorted(_listed(story, run)),
        **paid_out_by(paid_after_closings(run).filter(account__member=story.member)),
    }


def _listed(story: Story, run: CreditRun) -> Iterator[tuple[date, str, str, Decimal]]:
    """What is listed of the member after the run: month, component, reason, yuan."""
    for lacking in run.exceptions.filter(member=story.member):
        yield run.month, lacking.component, lacking.reason, ZERO
    for above in CreditDifference.objects.filter(member=story.member, state__in=OPEN_DIFFERENCES):
        yield above.month, above.component, "above_entitlement", above.excess


def authorize(story: Story, step: f.AuthorizeStep) -> dict[str, Any]:
    """Let the holder's account pay for somebody, submitted and approved by two people."""
    try:
        authorization = submit_authorization(
            story.person(step.holder),
            story.person(step.relative),
            relationship=step.relationship,
            evidence_kind=EvidenceKind.OTHER,
            evidence=REASON,
            since=step.since,
            actor=story.maker,
            reason=REASON,
        )
    except RelationshipNotAllowed:
        return {"refused": "relationship_not_allowed"}
    approve_authorization(authorization, actor=story.checker)
    return {}


def spend(story: Story, step: f.SpendStep) -> dict[str, Any]:
    relative = None if step.beneficiary == "own" else story.relatives[step.beneficiary]
    key = f"{step.on}:{step.purpose}:{LedgerEntry.objects.filter(region=story.region).count()}"
    try:
        paid = spending.spend(
            story.member,
            amount=step.amount,
            purpose=step.purpose,
            on=step.on,
            key=key,
            relative=relative,
            provider=_place(story, step.purpose),
            actor=story.maker,
        )
    except spending.SpendingRefused as refused:
        return {"refused": refused.reason}
    return {"account": paid.entry.amount}


def _place(story: Story, purpose: Purpose) -> Provider | None:
    """Where a story's account pays for a purpose: the default provider of its kind, none for a premium."""
    if purpose in spending.PREMIUMS:
        return None
    at_pharmacy = spending.PLACES.get(purpose) == ProviderKind.RETAIL_PHARMACY
    tier = Tier.PHARMACY if at_pharmacy else Tier.PRIMARY
    return provider_of(story, str(tier), tier)


def close(story: Story, step: f.CloseStep) -> dict[str, Any]:
    """Close the account, submitted and approved by two people."""
    story.member.refresh_from_db()
    closing = submit_closing(story.member, closing_reason=step.reason, on=step.on, actor=story.maker, reason=REASON)
    approve_closing(closing, today=step.on, actor=story.checker)
    return paid_out_by([closing])


def paid_out_by(closings: Iterable[AccountClosing]) -> dict[str, Any]:
    """What they paid out and what they recovered first, in all."""
    rows = AccountClosing.objects.filter(pk__in=[each.pk for each in closings])
    return {
        "paid_out": sum((each.amount or ZERO for each in rows), ZERO),
        "recovered": sum((each.taken or ZERO for row in rows for each in row.set_off.all()), ZERO),
    }


STEPS = {"credit": credit, "spend": spend, "authorize": authorize, "close": close}
