"""The demonstration's parts: staff, files, a worker; what it refuses."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import CreditRun, RunState
from accounts.services.credit_runs import draft_run
from agency.models import PoolingRegion, Role, User
from demo.office import DemoFailed, Office
from demo.office.arrivals import bring_in
from demo.office.crediting import credit_month, post_by_worker
from demo.staff import prepare_staff
from demo.tables import aligned, summary_lines, width
from demo.worker import Worker, WorkerFailed
from desk.selectors import month_summary
from members.models import Enrollment, Member
from providers.models import Provider
from tests.demo.invented import CALENDAR, kaifeng, office
from tests.processes import environment

LAST = CALENDAR.last


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_approved_and_never_posted_is_carried_on(tmp_path: Path) -> None:
    found, files = kaifeng(tmp_path)
    at_work = office("kaifeng")
    region = at_work.regions["kaifeng"]
    bring_in(at_work, region, found, files)
    with pytest.raises(WorkerFailed, match="did not post"):
        # Approved while no worker is there; the message may be lost with the broker.
        post_by_worker(at_work, [region], _Gone(tmp_path / "gone.log"))
    with Worker(tmp_path / "worker.log", environment()) as worker:
        post_by_worker(at_work, [region], worker)
    assert CreditRun.objects.get().state == RunState.POSTED


class _Gone(Worker):
    """A worker that was never started."""

    def wait_for(self, done: object, otherwise: str, seconds: float) -> None:
        raise WorkerFailed(otherwise)


@pytest.mark.django_db
def test_a_fresh_region_refuses_a_wrong_file_and_brings_nobody_in(tmp_path: Path) -> None:
    found, files = kaifeng(tmp_path)
    at_work = office("kaifeng")
    region = at_work.regions["kaifeng"]
    files["providers"].write_bytes(files["providers"].read_bytes() + b"kaifeng,too few\r\n")
    with pytest.raises(DemoFailed, match="refused"):
        bring_in(at_work, region, found, files)
    assert not Provider.objects.exists()
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_people_come_once_and_what_was_changed_since_stays(tmp_path: Path) -> None:
    found, files = kaifeng(tmp_path)
    at_work = office("kaifeng")
    region = at_work.regions["kaifeng"]
    assert bring_in(at_work, region, found, files)
    member = Member.objects.earliest("pk")
    member.employer = "别处"
    member.save()
    assert not bring_in(at_work, region, found, files)
    assert Member.objects.count() == len(found.people)
    assert Member.objects.get(pk=member.pk).employer == "别处"
    assert {each.phone for each in Member.objects.all()} == {person.phone for person in found.people}


@pytest.mark.django_db
def test_another_seeds_people_are_not_mixed_with_those_who_are_there(tmp_path: Path) -> None:
    at_work = office("kaifeng")
    region = at_work.regions["kaifeng"]
    bring_in(at_work, region, *kaifeng(tmp_path))
    enrollments = Enrollment.objects.count()
    with pytest.raises(DemoFailed, match="--seed"):
        bring_in(at_work, region, *kaifeng(tmp_path, seed=4))
    assert Enrollment.objects.count() == enrollments


@pytest.mark.django_db
def test_somebody_elses_open_run_stops_the_demonstration() -> None:
    at_work = office("kaifeng")
    region = at_work.regions["kaifeng"]
    draft_run(region, month=CALENDAR.months[4], as_of=CALENDAR.today, actor=None, today=CALENDAR.today)
    with pytest.raises(DemoFailed, match="open"):
        credit_month(at_work, region, LAST)


@pytest.mark.django_db
def test_staff_get_a_fresh_password_and_one_role_each() -> None:
    first, second = prepare_staff(), prepare_staff()
    assert set(first) == set(Role)
    colleagues = [colleague for of_role in second.values() for colleague in of_role]
    assert User.objects.count() == len(colleagues)
    for colleague in colleagues:
        user = User.objects.get(pk=colleague.user.pk)
        assert user.check_password(colleague.password)
        assert not user.check_password(first[colleague.role][0].password)
        assert user.is_staff
        assert not user.is_superuser
        assert [each.role for each in user.role_assignments.all()] == [colleague.role]


@pytest.mark.django_db
def test_what_takes_long_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    at_work = Office({}, CALENDAR, {}, said.append)
    with at_work.progress("Months", 2) as step:
        step()
    assert said == []
    monkeypatch.setattr("demo.progress.TELL_AFTER_SECONDS", 0)
    with at_work.progress("Months", 2) as step:
        step()
    assert said == ["  Months: 1 of 2, 0 seconds"]


def test_a_worker_that_ends_is_reported_with_its_log(tmp_path: Path) -> None:
    broken = environment() | {"DJANGO_SETTINGS_MODULE": "no.such.settings"}
    with pytest.raises(WorkerFailed, match=r"(?s)ended with code.*no\.such|ended with code.*No module"):
        Worker(tmp_path / "worker.log", broken).__enter__()


def test_the_demonstration_runs_in_development_only(settings: object) -> None:
    settings.DEBUG = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo", once=True)


def test_chinese_is_two_columns_wide() -> None:
    assert (width("开封市"), width("Kaifeng"), width("（经办）")) == (6, 7, 8)
    lines = aligned([("region", "n"), ("开封市", "10"), ("平凉", "5")], figures=[1])
    assert lines == ["region   n", "开封市  10", "平凉     5"]


@pytest.mark.django_db
def test_the_summary_has_a_line_for_every_region() -> None:
    text = "\n".join(summary_lines(month_summary(LAST)))
    for region in PoolingRegion.objects.all():
        assert region.name in text
