"""The office in the middle of its day: one run, and whatever anybody would look for in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from accounts.models import CreditRun, EntryKind, LedgerEntry, RunState
from accounts.selectors.pension_effects import pension_effects
from agency.content import ContentType
from agency.models import FourEyes, Job, JobState, PoolingRegion, Role, User
from claims.models import Claim, ClaimDocument, ClaimState, DocumentKind, Resettlement
from clearing.models import ProviderStatement, SettledRecord, StatementState
from demo.files import write_files
from demo.office import Office
from demo.office.summary import finds
from demo.office.year import work_until_now
from demo.papers.picture import png_of
from demo.papers.sheet import Sheet
from demo.population import Invented, invent
from demo.staff import prepare_staff
from demo.worker import Worker
from desk.selectors import VERIFICATION
from desk.worklist import waiting_for
from members.models import Contribution
from monitoring.models import FlagKind, ReviewFlag
from policies.models import AveragePension, PensionState, PolicyVersion, ReimbursementRate, VersionState
from policies.selectors.pensions import pensions_of
from reimbursements.models import ItemState, PaymentItem, Reimbursement, ReimbursementState
from reimbursements.selectors.reimbursements import UNDECIDED
from tests.database import Baseline
from tests.demo.invented import CALENDAR
from tests.processes import environment

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db]

CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass
class Day:
    """The office, and what goes into it and its worker; `run` has the day done, also a second time."""

    office: Office
    invented: dict[str, Invented]
    files: Any
    worker: Worker

    def run(self) -> None:
        work_until_now(self.office, self.invented, self.files, self.worker)


@pytest.fixture(scope="module")
def day(
    django_db_setup: Baseline, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Day]:
    """A day that was done once; the worker is another process, so it is committed, and gone after the module."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock():
        try:
            invented = invent(1, CALENDAR)
            regions = {region.slug: region for region in PoolingRegion.objects.all()}
            with Worker(folder / "worker.log", environment(), is_awaited=False) as worker:
                found = Day(
                    Office(prepare_staff(), CALENDAR, regions),
                    invented,
                    write_files(folder / "files", invented, CALENDAR),
                    worker,
                )
                found.run()
                with django_db_blocker.block():
                    yield found
        finally:
            django_db_setup.restore()


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_every_list_has_rows(day: Day) -> None:
    empty = [model._meta.label for model in admin.site._registry if not model._default_manager.exists()]
    assert empty == []


def test_every_role_finds_work_but_the_one_that_only_reads(day: Day) -> None:
    without = {role for role, colleagues in day.office.staff.items() if not waiting_for(colleagues[0].user)}
    assert without == {Role.AUDITOR}


def test_somebody_tells_everybody_what_to_look_at(day: Day) -> None:
    for colleagues in day.office.staff.values():
        for colleague in colleagues:
            assert finds(colleague)
            assert finds(colleague) != "nothing that waits"


def test_the_books_of_every_region_agree(day: Day) -> None:
    verified = Job.objects.filter(kind=VERIFICATION)
    assert set(verified.values_list("region__slug", "state")) == {(slug, JobState.DONE) for slug in day.office.regions}


def test_done_a_second_time_it_finds_its_work_done(day: Day) -> None:
    before = counts()
    day.run()
    assert counts() == before


def test_there_is_a_reimbursement_in_every_state_and_some_are_late(day: Day) -> None:
    found = set(Reimbursement.objects.values_list("state", flat=True))
    assert found == set(ReimbursementState.values)
    assert Reimbursement.objects.filter(state__in=UNDECIDED, due_on__lt=CALENDAR.today).count() == 2
    assert Reimbursement.objects.filter(missing_papers__isnull=False).exists()
    assert PaymentItem.objects.filter(state=ItemState.FAILED).count() == 2


def test_papers_look_like_papers(day: Day) -> None:
    kinds = set(ClaimDocument.objects.values_list("kind", flat=True))
    assert kinds == set(DocumentKind.values) - {DocumentKind.OTHER.value}
    types = set(ClaimDocument.objects.values_list("content_type", flat=True))
    drawn = {ContentType.PDF.value, ContentType.PNG.value} if png_of(Sheet()) else {ContentType.PDF.value}
    assert types == drawn
    invoice = ClaimDocument.objects.filter(kind=DocumentKind.INVOICE).select_related("claim__member")[0]
    content = invoice.file.read()
    assert invoice.claim.member.name.encode("utf-16-be").hex().encode() in content
    assert invoice.claim.invoice_number.encode("utf-16-be").hex().encode() in content


def test_flags_of_every_pattern_are_there_and_some_are_decided(day: Day) -> None:
    assert set(ReviewFlag.objects.values_list("kind", flat=True)) == set(FlagKind.values)
    assert set(ReviewFlag.objects.values_list("state", flat=True)) == {"open", "confirmed", "dismissed"}
    assert Claim.objects.filter(served_at__isnull=False, lines__is_examination=True).exists()


def test_everybody_has_a_year_behind_them(day: Day) -> None:
    for region in day.office.regions.values():
        contributed = Contribution.objects.filter(member__region=region).values_list("month", flat=True).distinct()
        assert set(contributed) == set(CALENDAR.months)
        runs = CreditRun.objects.filter(region=region, state=RunState.POSTED).values_list("month", flat=True)
        assert set(CALENDAR.months[:-1]) <= set(runs)
    credited = LedgerEntry.objects.filter(kind=EntryKind.MONTHLY_CREDIT).values("credit")
    assert credited.annotate(months=Count("month", distinct=True)).filter(months=12).exists()


def test_the_last_months_run_waits_with_exceptions_and_for_a_second_person(day: Day) -> None:
    waiting = {run.state: run for run in CreditRun.objects.exclude(state=RunState.POSTED)}
    assert set(waiting) == {RunState.CHECKED, RunState.SUBMITTED}
    assert waiting[RunState.CHECKED].summary["exceptions"]


def test_a_draft_with_other_rates_waits(day: Day) -> None:
    draft = PolicyVersion.objects.get(state=VersionState.SUBMITTED)
    assert draft.copied_from is not None

    def rates(version: PolicyVersion) -> list[Any]:
        return list(ReimbursementRate.objects.filter(version=version).order_by("pk").values_list("rate", flat=True))

    assert rates(draft) != rates(draft.copied_from)


def test_average_pensions_hold_and_a_corrected_one_waits_that_moves_something(day: Day) -> None:
    for region in day.office.regions.values():
        assert set(pensions_of(region)) == set(range(2021, day.office.today.year))
    waiting = AveragePension.objects.get(state=PensionState.SUBMITTED)
    effects = pension_effects(waiting, day.office.today)
    assert effects
    assert all(each.retirees and each.new > each.now for each in effects)
    assert waiting_for(day.office.first(Role.POLICY_OFFICER))


def test_providers_are_settled_with_for_two_months_and_their_differences_wait(day: Day) -> None:
    assert set(ProviderStatement.objects.values_list("month", flat=True)) == set(CALENDAR.served)
    states = {StatementState.DRAFT, StatementState.SUBMITTED, StatementState.APPROVED, StatementState.PAID}
    assert set(ProviderStatement.objects.values_list("state", flat=True)) == states
    differing = SettledRecord.objects.filter(differs=True)
    assert differing.filter(reviewed_by__isnull=True).exists()
    assert differing.exclude(finding="").exists()
    assert Resettlement.objects.exists()


def test_a_job_failed_and_was_mended(day: Day) -> None:
    failed = Job.objects.get(state=JobState.FAILED)
    assert failed.log
    assert Job.objects.filter(kind=failed.kind, region=failed.region, state=JobState.DONE, pk__gt=failed.pk).exists()


def test_decisions_have_reasons_that_a_clerk_would_write(day: Day) -> None:
    decided = [model for model in apps.get_models() if issubclass(model, FourEyes)]
    reasons = [
        reason
        for model in decided
        for reason in model._default_manager.exclude(decision_reason="").values_list("decision_reason", flat=True)
    ]
    assert len(reasons) > 30
    assert all(CHINESE.search(reason) for reason in reasons)


def test_nobody_of_the_machine_decided_anything(day: Day) -> None:
    people = set(User.objects.values_list("pk", flat=True))
    assert Reimbursement.objects.filter(decided_by__isnull=False).exists()
    assert set(Reimbursement.objects.exclude(decided_by=None).values_list("decided_by", flat=True)) <= people
    assert Claim.objects.filter(state=ClaimState.REGISTERED, filed_on=None).count() == 3 * len(day.office.regions)
