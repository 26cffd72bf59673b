"""What a member's page opens with on this floor: how insured, and what is registered."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from agency.admin.formats import day
from agency.admin.overview import Card
from agency.admin.permissions import may
from members.models import Member, RegistrationState
from members.selectors.insured import situations
from policies.engine.facts import age_on
from policies.labels import LABELS


def insured_cards(request: HttpRequest, member: Member, on: date) -> Iterable[Card]:
    """Whether insured on the day, how, and since when."""
    if not may(request.user, "members.view_enrollment", member):
        return
    enrollment = member.enrollments.filter(period__contains=on).first()
    rows = "#dataset-enrollments"
    age = _("%(age)s years") % {"age": age_on(member.birth_date, on)}
    if member.died_on is not None and on > member.died_on:
        yield Card(
            _("Insurance"), _("Died on %(day)s") % {"day": day(member.died_on)}, tone="bad", address=rows, place=10
        )
    elif enrollment is None:
        yield Card(_("Insurance"), _("Not insured on this day"), (age,), "bad", rows, place=10)
    else:
        since = _("since %(day)s") % {"day": day(enrollment.period.lower)}
        facts = (enrollment.get_scheme_display(), f"{enrollment.get_employment_display()} · {since}")
        yield Card(_("Insurance"), f"{enrollment.get_status_display()} · {age}", facts, "good", rows, place=10)


def registration_cards(request: HttpRequest, member: Member, on: date) -> Iterable[Card]:
    """What is registered and in force on the day, and what waits for a decision."""
    if not may(request.user, "members.view_diseaseregistration", member):
        return
    facts: list[Any] = []
    waiting = 0
    for each in member.disease_registrations.select_related("disease"):
        if each.state == RegistrationState.APPROVED and on in each.period:
            facts.append(f"{each.get_benefit_display()}: {each.disease.name}")
        waiting += each.state == RegistrationState.SUBMITTED
    (situation,) = situations([(member, on)])
    facts += [f"{LABELS[away.kind]} {away.place}".strip() for away in sorted(situation.away)]
    if situation.family_doctors:
        facts.append(_("family doctor signed"))
    if situation.in_hospital:
        facts.append(_("in hospital"))
    if situation.in_special_nursing:
        facts.append(_("in special nursing"))
    if waiting:
        facts.append(_("waiting for a decision: %(count)s") % {"count": waiting})
    if facts:
        tone = "attention" if waiting else ""
        yield Card(_("Registrations"), "", facts, tone, "#dataset-diseases", place=60)
