"""The simulated hospital: it loses answers and its books agree all the same."""

from datetime import date
from io import StringIO
from random import Random

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.models import Settlement
from demo.hospital.counter import Counter
from demo.office import Office, live
from demo.population import Calendar
from demo.staff import prepare_staff
from interface.models import Message, MessageState, ProviderCredential, Reconciliation, ReconciliationRow
from tests.builder import a_provider, region, retiree
from tests.builder.damage import differing
from tests.builder.interface import NOON, a_hospital

pytestmark = pytest.mark.django_db


def test_with_a_third_of_everything_lost_both_books_agree_in_the_evening() -> None:
    members = [retiree() for _ in range(3)]
    counter = Counter(a_hospital(), [each.member_number for each in members], Random(7), 0.33)
    for _visit in range(15):
        counter.serve()
    assert counter.close(NOON.date())
    assert Message.objects.filter(state=MessageState.REPEATED).exists()
    assert Settlement.objects.filter(reverses__isnull=False).exists()
    assert counter.books.count == Settlement.objects.filter(reverses__isnull=True, reversed_by__isnull=True).count()
    assert differing(members[0].region) == {}


def test_the_command_plays_a_hospital(settings: LazySettings) -> None:
    settings.DEBUG = True
    member = retiree("dazhou")
    provider = a_provider(region("dazhou"))
    said = StringIO()
    call_command("simulate_hospital", provider=provider.code, visits=3, pace=0, faults=0.2, stdout=said)
    lines = said.getvalue().splitlines()
    assert len(lines) == 5
    assert all(line.startswith(member.member_number) for line in lines[:3])
    assert lines[-1] == "Both books agree."


def test_a_hospital_that_is_not_there_is_named(settings: LazySettings) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="no such hospital"):
        call_command("simulate_hospital", provider="X")


def test_nobody_plays_where_the_office_is_real() -> None:
    with pytest.raises(CommandError, match="only with DEBUG on"):
        call_command("simulate_hospital")


def test_the_office_has_live_settlements_and_books_that_do_not_agree(settings: LazySettings) -> None:
    """Done again, it adds nothing."""
    settings.DEBUG = True
    office = Office(prepare_staff(), Calendar.on(date(2026, 11, 30)), {live.SETTLED_IN: region(live.SETTLED_IN)})
    a_provider(office.regions[live.SETTLED_IN])
    for _member in range(3):
        retiree()
    for _time in range(2):
        live.settle_at_the_counter(office)
    assert Settlement.objects.filter(settled_on=office.today).exists()
    assert ProviderCredential.objects.count() == 2
    assert {each.agrees for each in Reconciliation.objects.all()} == {True, False}
    assert {bool(row.finding) for row in ReconciliationRow.objects.all()} == {True, False}
