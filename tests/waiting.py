"""What waits in the furnished office for somebody: credit runs, and requests that another person decides."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accounts.models import CreditDifference
from accounts.services import credit_checks, credit_runs
from accounts.services.account_requests import submit_transfer_in
from accounts.services.closing import submit_closing
from accounts.services.family import submit_authorization
from accounts.services.interest import submit_interest
from agency.models import Role
from agency.services.jobs import fail_job, queue_job, start_job
from agency.services.regions import switch_account_interest
from agency.services.roles import give_role
from members.services.diseases import submit_disease_registration
from policies.engine.vocabulary import Benefit, ClosingReason
from policies.models import FigureKind
from policies.services.figures import propose_local_figure
from policies.services.pensions import submit_average_pension
from tests.accounts.runs import posted

if TYPE_CHECKING:
    from tests.office import Office

REASON = "for the tests"
MONTH = date(2024, 3, 1)
TODAY = date(2024, 4, 10)


def run_credits(office: "Office") -> None:
    """February posted, with a difference; March drafted; a job that failed."""
    finance, supervisor = office.staff["finance"], office.staff["supervisor"]
    office.objs["run"] = posted(office.here, date(2024, 2, 1), TODAY, finance, supervisor)
    open_run = credit_runs.draft_run(office.here, month=MONTH, as_of=TODAY, actor=finance)
    office.objs["open_run"] = credit_checks.check_run(open_run, actor=finance)
    office.objs["difference"] = CreditDifference.objects.create(
        run=office.objs["run"],
        member=office.members[0],
        month=date(2024, 2, 1),
        component="personal",
        credited=Decimal("120.00"),
        entitled=Decimal("100.00"),
        cause="contribution",
    )
    office.objs["run_away"] = credit_runs.draft_run(office.away, month=MONTH, as_of=TODAY, actor=None)
    broken = queue_job("credit_run", region=office.here, actor=finance, subject="2024-01")
    start_job(broken, total=4)
    fail_job(broken, "The database was restarted.")
    broken.refresh_from_db()
    office.objs["job"] = broken


def ask_for_decisions(office: "Office") -> None:
    """What was submitted and waits for another person."""
    clerk = office.staff["clerk"]
    asked: dict[str, Any] = {"actor": clerk, "reason": REASON}
    active, retired, _lacking = office.members
    since = date(2024, 1, 1)
    office.objs["registration"] = submit_disease_registration(
        active, code="M03900", benefit=Benefit.SPECIAL_DISEASE, since=since, actor=clerk, reason=REASON
    )
    office.objs["authorization"] = submit_authorization(
        active, retired, relationship="parent", evidence_kind="other", evidence="户口簿", since=since, **asked
    )
    office.objs["closing"] = submit_closing(
        active, closing_reason=ClosingReason.EMIGRATION, on=TODAY, actor=clerk, reason=REASON
    )
    office.objs["account_request"] = submit_transfer_in(
        active, amount=Decimal("321.00"), other_agency="济宁市医保局", on=TODAY, document="转〔2024〕15号", **asked
    )
    office.objs["role_request"] = give_role(
        office.staff["nobody"], Role.CLERK, office.here, actor=office.staff["system_administrator"], reason=REASON
    )
    officer = office.staff["policy_officer"]
    switch_account_interest(office.here, pays=True, actor=officer, reason=REASON)
    office.objs["interest"] = submit_interest(
        office.here,
        year=2022,
        rate=Decimal("0.0035"),
        source="枣医保发〔2023〕5号",
        today=TODAY,
        actor=office.staff["finance"],
        reason=REASON,
    )
    # What asks for the switch begins with it off, as everywhere.
    switch_account_interest(office.here, pays=False, actor=officer, reason=REASON)
    office.objs["figure"] = propose_local_figure(
        office.here,
        kind=FigureKind.DEDUCTIBLE,
        benefit="special_disease",
        value=Decimal("500.00"),
        first_day=since,
        document_number="枣医保发〔2024〕9号",
        article="第三条",
        phrase="起付标准500元",
        actor=office.staff["policy_officer"],
        reason=REASON,
    )
    office.objs["pension"] = submit_average_pension(
        office.here,
        year=2022,
        monthly=Decimal("3210.00"),
        is_final=True,
        source="公报",
        today=TODAY,
        actor=office.staff["policy_officer"],
        reason=REASON,
    )
