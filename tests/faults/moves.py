"""What people at the desk do in these tests, each in a process that has only the house's database and broker."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from celery import current_app
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from accounts.models import CreditRun
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, submit_run
from agency.exceptions import DomainError
from agency.models import PoolingRegion, Role, User
from members.models import Contribution, Enrollment, Member, Sex
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from tests import builder
from tests.faults.expectations import FEBRUARY, LARGE, MARCH, SMALL, Town
from tests.faults.simulating import report, simulate, simulate_undisturbed

SINCE = date(2022, 1, 1)
FEBRUARY_END, MARCH_END = date(2023, 2, 28), date(2023, 3, 31)


def prepare() -> str:
    """Two regions with their people and a submitted run of March each; the large one has February in its books."""
    for role in (Role.FINANCE, Role.SUPERVISOR):
        builder.staff(role.value, role)
    for town in (LARGE, SMALL):
        region = builder.region(town.slug)
        settle(region, town)
        if town.has_february:
            february = submitted(region, FEBRUARY, FEBRUARY_END)
            approve_run(february, actor=colleague(Role.SUPERVISOR))
            for chunk in waiting_chunks(february):
                post_chunk(chunk)
        submitted(region, MARCH, MARCH_END)
    return "prepared"


def settle(region: PoolingRegion, town: Town) -> None:
    """The town's people as rows, all at once: there is nothing to decide in them."""
    members = Member.objects.bulk_create(
        Member(
            region=region,
            member_number=f"F{number:05d}",
            name="测试",
            identity_hash=f"{region.pk}-{number}",
            sex=Sex.FEMALE,
            birth_date=date(1955, 5, 1),
        )
        for number in range(town.members)
    )
    active, retired = members[town.retired :], members[: town.retired]
    Enrollment.objects.bulk_create(
        Enrollment(
            member=member,
            period=DateRange(SINCE, None),
            scheme=AccountScheme.COMBINED,
            employment=Employment.EMPLOYEE,
            status=status,
        )
        for people, status in ((active, InsuredStatus.ACTIVE), (retired, InsuredStatus.RETIRED))
        for member in people
    )
    Contribution.objects.bulk_create(
        Contribution(member=member, month=month, base=Decimal(town.base), received_on=month)
        for member in active
        for month in (FEBRUARY, MARCH)
    )


def submitted(region: PoolingRegion, month: date, as_of: date) -> CreditRun:
    """A run that waits for another person's approval."""
    finance = colleague(Role.FINANCE)
    run = draft_run(region, month=month, as_of=as_of, actor=finance)
    check_run(run, actor=finance)
    return submit_run(run, actor=finance)


def colleague(role: Role) -> User:
    """Who has the role here."""
    return User.objects.get(username=role.value)


def approve(run_id: str) -> str:
    """The supervisor approves; the run's state then, or the name of the refusal."""
    try:
        return str(approve_run(CreditRun.objects.get(pk=run_id), actor=colleague(Role.SUPERVISOR)).state)
    except DomainError as error:
        return type(error).__name__


def press_approve(run_id: str) -> str:
    """The supervisor presses the button in a browser; the status of the answer."""
    client = Client()
    client.force_login(colleague(Role.SUPERVISOR), backend="agency.backends.RoleBackend")
    address = reverse("admin:accounts_creditrun_approve", args=[run_id])
    return str(client.post(address, {"reason": "as checked"}, headers={"host": "localhost"}).status_code)


def start(run_id: str) -> str:
    """Have the run posted, whoever else has asked for it."""
    current_app.send_task("accounts.tasks.post_credit_run", args=[int(run_id)])
    return "sent"


MOVES: dict[str, Callable[..., str]] = {
    move.__name__: move for move in (prepare, approve, press_approve, start, simulate, simulate_undisturbed, report)
}
