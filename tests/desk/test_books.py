"""Verifying the books: as a job of a region, in one moment, by the command, by the clock."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.translation import override

from accounts.models import CreditRun, LedgerAccount, LedgerEntry
from accounts.selectors.books import BooksCheck, Finding, find_differences
from accounts.services.spending import spend
from agency.models import Job, JobState, PoolingRegion, Role
from agency.services.jobs import finish_job, start_job
from config.celery import app
from desk.selectors import VERIFICATION
from desk.services import books
from desk.services.books import LOST_AFTER, checks, perform_verification, queue_verification, verify_books
from policies.engine.vocabulary import Purpose
from policies.services.packs import copy_region
from scenarios.format import Scenario, read_scenarios
from scenarios.replay import run
from scenarios.story import Story
from tests import builder
from tests.builder.books import MAY, KeptBooks
from tests.builder.damage import differing, raise_balance, rewrite
from tests.builder.threads import together
from tests.database import Furnished
from tests.processes import wait_for, worker

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"
CASES = [scenario for path in sorted(FOLDER.glob("*.toml")) for scenario in read_scenarios(path)]
committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(furnished_books: Furnished, transactional_db: None) -> KeptBooks:
    """Books that other connections see, too."""
    found: KeptBooks = furnished_books.put()
    return found


def an_account_without_entries(region: PoolingRegion) -> LedgerAccount:
    return LedgerAccount.objects.create(
        region=region, kind="personal", member=builder.insured(region), balance=Decimal("5.00")
    )


def found_by(job: Job) -> dict[str, list[int]]:
    """The checks that found something, with the ids they name."""
    return {found["name"]: found["examples"] for found in job.result["checks"] if found["differing"]}


# --- The job ---


def test_books_that_agree_make_a_job_that_is_done(kept: KeptBooks) -> None:
    job = verify_books(kept.region, kept.checker)
    assert (job.state, job.kind, job.region, job.requested_by) == (
        JobState.DONE,
        VERIFICATION,
        kept.region,
        kept.checker,
    )
    assert (job.done, job.total, job.log) == (len(checks()), len(checks()), "")
    looked_at = {found["name"]: found["looked_at"] for found in job.result["checks"]}
    assert list(looked_at) == [check.name for check in checks()]
    assert (looked_at["entries"], looked_at["credit_runs"], looked_at["settlements"]) == (30, 2, 7)
    assert (job.result["looked_at"], job.result["differences"]) == (sum(looked_at.values()), 0)


def test_damage_makes_a_job_that_failed_and_names_rows_by_their_ids_alone(kept: KeptBooks) -> None:
    account = kept.account(kept.holder)
    raise_balance(account, "1.00")
    rewrite(CreditRun.objects.filter(pk=kept.march.pk), amount=Decimal("1.00"))
    with override("en"):
        job = verify_books(kept.region)
    assert (job.state, job.result["differences"]) == (JobState.FAILED, 4)
    assert found_by(job) == {
        "balances": [account.pk],
        "zero_sum": [kept.region.pk],
        "credit_runs": [kept.march.pk],
        "histories": [kept.march.pk],
    }
    decided = {found["name"]: found["looked_at"] for found in job.result["checks"]}["histories"]
    assert job.log.splitlines() == [
        f"Not so: every balance equals its entries. 1 of 4 differ; ids in accounts_ledgeraccount: {account.pk}",
        f"Not so: all accounts sum to zero. 1 of 1 differ; ids in agency_poolingregion: {kept.region.pk}",
        "Not so: every posted credit run equals its chunks and its entries. 1 of 2 differ; ids in "
        f"accounts_creditrun: {kept.march.pk}",
        f"Not so: every decided row is what its history says. 1 of {decided} differ.",
        f"accounts_creditrun #{kept.march.pk} is not what its history says.",
        "The books do not agree: 4 differences. Have their cause found before anything more is posted.",
    ]
    for person in (kept.holder, kept.corrected, kept.late, kept.leaver, kept.relative):
        for secret in (person.name, person.member_number, person.identity_number):
            assert secret not in f"{job.log} {job.result}"


@committed
def test_one_regions_damage_is_not_anothers() -> None:
    damaged, sound = builder.region("dazhou"), builder.region("kaifeng")
    account = an_account_without_entries(damaged)
    assert verify_books(sound).state == JobState.DONE
    assert found_by(verify_books(damaged)) == {"balances": [account.pk], "zero_sum": [damaged.pk]}


def test_all_checks_see_the_books_of_one_moment(kept: KeptBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody pays from an account after the first check and before those that count entries."""

    def pay() -> Decimal:
        place = builder.pharmacy(kept.late.region)
        facts: dict[str, Any] = {"purpose": Purpose.PHARMACY_DRUG, "on": MAY, "key": "between", "provider": place}
        return spend(kept.late, amount=Decimal("1.00"), **facts).balance

    def interrupted(region: PoolingRegion, checks: Iterable[BooksCheck]) -> Iterator[Finding]:
        for number, finding in enumerate(find_differences(region, checks)):
            if number == 0:
                # Of 120.00 for March, 120.00 for April, 300.00 brought along and 3.22 of interest.
                assert together(pay) == [Decimal("542.22")]
            yield finding

    monkeypatch.setattr(books, "find_differences", interrupted)
    job = verify_books(kept.region)
    assert job.state == JobState.DONE
    assert [found["looked_at"] for found in job.result["checks"] if found["name"] == "entries"] == [30]
    assert LedgerEntry.objects.filter(region=kept.region).count() == 31


@committed
def test_inside_a_transaction_there_is_no_moment_of_its_own() -> None:
    from django.db import transaction

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        verify_books(builder.region("kaifeng"))


@committed
def test_a_fault_of_the_program_fails_the_job_and_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = BooksCheck("faulty", checks()[0].label, "nothing", "SELECT no_such_column AS id, true AS differs")
    monkeypatch.setattr(books, "checks", lambda: [faulty])
    with override("en"), pytest.raises(Exception, match="no_such_column"):
        verify_books(builder.region("kaifeng"))
    job = Job.objects.get()
    assert (job.state, job.result) == (JobState.FAILED, {})
    assert job.log == "The verification broke off because of a fault in the program. Start it again.\n"


# --- Asking for it ---


@pytest.mark.django_db
def test_asking_again_is_answered_with_the_verification_that_has_not_ended() -> None:
    region, actor = builder.region("kaifeng"), builder.staff("auditor", Role.AUDITOR)
    job = queue_verification(region, actor=actor)
    assert (job.state, job.requested_by, job.kind) == (JobState.QUEUED, actor, VERIFICATION)
    assert queue_verification(region, actor=None) == job
    assert queue_verification(builder.region("dazhou"), actor=None) != job
    start_job(job)
    assert queue_verification(region, actor=None) == job
    finish_job(job)
    assert queue_verification(region, actor=None) != job


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "lost"), [(-1, False), (1, True)])
def test_a_verification_that_never_ends_is_lost_after_a_while(minutes: int, lost: bool) -> None:
    region = builder.region("kaifeng")
    job = queue_verification(region, actor=None)
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - LOST_AFTER - timedelta(minutes=minutes))
    assert (queue_verification(region, actor=None) != job) is lost


@committed
def test_a_message_delivered_twice_verifies_once() -> None:
    job = verify_books(builder.region("kaifeng"))
    an_account_without_entries(builder.region("kaifeng"))
    assert perform_verification(job) == job
    job.refresh_from_db()
    assert (job.state, job.result["differences"]) == (JobState.DONE, 0)


@committed
@pytest.mark.concurrency
def test_the_clock_has_every_regions_books_verified_by_a_worker() -> None:
    """By the name that the schedule gives the task."""
    # What earlier tests sent is about rows that are gone.
    app.control.purge()
    damaged = builder.region("dazhou")
    an_account_without_entries(damaged)
    with worker():
        app.send_task(app.conf.beat_schedule["verify the books"]["task"])
        wait_for(lambda: ended() == PoolingRegion.objects.count(), "The books of a region are not verified.")
    states = {job.region: job.state for job in Job.objects.filter(kind=VERIFICATION).select_related("region")}
    assert states == {
        region: JobState.FAILED if region == damaged else JobState.DONE for region in PoolingRegion.objects.all()
    }


def ended() -> int:
    return Job.objects.filter(kind=VERIFICATION, state__in=(JobState.DONE, JobState.FAILED)).count()


# --- The command ---


def verified(*words: str) -> str:
    out = StringIO()
    call_command("verify_books", *words, stdout=out)
    return out.getvalue()


@committed
def test_the_command_prints_each_regions_checks_and_what_they_looked_at() -> None:
    lines = verified().splitlines()
    regions = list(PoolingRegion.objects.all())
    assert len(lines) == len(regions) * (1 + len(checks()))
    jobs = {job.region: job for job in Job.objects.filter(kind=VERIFICATION)}
    for number, region in enumerate(regions):
        block = lines[number * (1 + len(checks())) :][: 1 + len(checks())]
        assert block[0] == f"{region.name} {region.name_en}: agrees (job {jobs[region].pk})"
        assert [line.split()[:2] for line in block[1:3]] == [["0", "0"], ["1", "0"]]
        assert block[1].endswith("  every balance equals its entries")


@committed
def test_the_command_exits_with_one_where_something_differs_and_names_a_few_ids() -> None:
    region = builder.region("dazhou")
    accounts = [an_account_without_entries(region).pk for _each in range(7)]
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify_books", "--region", "dazhou", "kaifeng", stdout=out)
    assert left.value.code == 1
    text = out.getvalue()
    assert "达州市 Dazhou: 8 differences" in text
    assert "开封市 Kaifeng: agrees" in text
    # Seven accounts, of which five are named.
    named = ", ".join(map(str, accounts[:5]))
    assert f"{7:>14,} {7:>9,}  every balance equals its entries\n{'':>26}ids {named}, …\n" in text
    assert verified("--region", "kaifeng").startswith("开封市 Kaifeng: agrees")


@pytest.mark.django_db
def test_the_command_knows_its_regions() -> None:
    with pytest.raises(CommandError, match=r"There is no region atlantis\. Known are: baoshan, dazhou, "):
        verified("--region", "atlantis", "dazhou")
    assert not Job.objects.exists()


# --- What the services leave behind ---


@pytest.mark.django_db
@pytest.mark.parametrize("scenario", CASES, ids=[scenario.id for scenario in CASES])
def test_a_worked_case_leaves_books_that_agree(scenario: Scenario) -> None:
    region = copy_region(builder.region(scenario.region), f"{scenario.region}-books")
    assert run(Story(scenario, region)) == []
    assert differing(region) == {}
