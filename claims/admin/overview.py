"""What a member's page opens with of their claims: whether one would be paid, and what of the year is used."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from agency.admin.formats import listed, month
from agency.admin.overview import Card, Meter
from agency.admin.permissions import may
from claims.models import Claim, ClaimState
from claims.selectors.standing import Standing, standing_on
from members.models import Member
from policies.engine.errors import EngineError
from policies.engine.facts import ContributionState
from policies.engine.standing import Used
from policies.engine.vocabulary import Benefit, CeilingPeriod, RefusalReason
from policies.labels import LABELS, label


def standing_cards(request: HttpRequest, member: Member, on: date) -> Iterable[Card]:
    """The answer to "may they claim?", then a card with the meters of each benefit that concerns them."""
    if not may(request.user, "claims.view_benefitusage", member):
        return
    try:
        standing = standing_on(member, on)
    except EngineError as undecided:
        yield Card(_("May they claim?"), _("The rules do not say"), (str(undecided),), "attention", place=20)
        return
    yield _answer(standing, on)
    for benefit, used in standing.used.items():
        if used:
            yield Card(LABELS[benefit], meters=[_meter(each, benefit) for each in used], address="#dataset-usage")


def claim_cards(request: HttpRequest, member: Member, on: date) -> Iterable[Card]:
    """Claims that nobody has finished, whatever the day."""
    if not may(request.user, "claims.view_claim", member):
        return
    open_claims = Claim.objects.filter(member=member, state=ClaimState.REGISTERED).count()
    if open_claims:
        facts = [_("not settled yet: %(count)s") % {"count": open_claims}]
        yield Card(_("Claims"), "", facts, "attention", "#dataset-claims")


def _answer(standing: Standing, on: date) -> Card:
    title, place = _("May they claim?"), 20
    if standing.policy is None:
        return Card(title, _("No"), [_("No rules are published for this day.")], "bad", place=place)
    if standing.refusal is None:
        facts = [_("At a designated institution of the region, for general outpatient care.")]
        return Card(title, _("Yes"), facts, "good", place=place)
    facts = [label(standing.refusal.reason, RefusalReason)]
    person = standing.situation.person
    if person.status is not None and person.contribution == ContributionState.MISSING:
        facts.append(_("No contribution for %(month)s has been received.") % {"month": month(on)})
    if standing.refusal.citation is not None:
        facts.append(f"{standing.refusal.citation.instrument} {standing.refusal.citation.article}")
    return Card(title, _("No"), facts, "bad", "#dataset-contributions", place=place)


def _meter(used: Used, benefit: Benefit) -> Meter:
    parts = [_("Deductible") if used.scope is None else _("Paid by the fund")]
    if used.scope is not None and used.scope.value != benefit.value:
        parts.append(str(LABELS[used.scope]))
    if used.period == CeilingPeriod.MONTH:
        parts.append(_("this month"))
    if used.tiers:
        parts.append(listed(LABELS[tier] for tier in used.tiers))
    note = ""
    if used.limit is None:
        note = _("no limit") if used.is_open else _("the region has not set this figure")
    return Meter(" · ".join(map(str, parts)), used.used, used.limit, note)
