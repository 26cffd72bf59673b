"""What is done in the furnished office, and what waits there for somebody: claims, flags, statements, credit runs, and
requests that another person decides.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.models import CreditDifference
from accounts.services import credit_checks, credit_runs
from accounts.services.account_requests import submit_transfer_in
from accounts.services.closing import submit_closing
from accounts.services.family import submit_authorization
from accounts.services.interest import submit_interest
from agency.exporting.sheet import Heading, Sheet
from agency.models import Role
from agency.services.exports import Wanted, export_at_once
from agency.services.history import tracked_save
from agency.services.jobs import fail_job, queue_job, start_job
from agency.services.regions import switch_account_interest
from agency.services.roles import give_role
from audit.models import Act
from audit.services.accesses import Where, record_access
from claims.models import BatchState, BatchYear, ResettlementBatch, Settlement, YearState
from claims.selectors.resettlements import planned
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from clearing.models import DeductionKind
from clearing.services.clearings import draft_clearing
from clearing.services.deductions import note_deduction
from clearing.services.statements import approve_statement, draft_statement, submit_statement
from files.services.file_imports import bring_file
from files.services.import_runs import preview
from interface.models import Message, ProviderCredential, Reconciliation, ReconciliationRow
from members.models import Sex
from members.services.diseases import submit_disease_registration
from monitoring.models import ReviewFlag
from monitoring.services.flags import raise_flags
from monitoring.services.standards import Limits, set_standard
from notes.services.notes import write_note
from policies.engine.vocabulary import Benefit, ClosingReason, InsuredStatus
from policies.models import FigureKind
from policies.services.figures import propose_local_figure
from policies.services.pensions import submit_average_pension
from providers.services.details import set_payee
from scenarios.people import invented_identity_number
from tests.builder import reimbursements
from tests.builder.clearing import ACCOUNT
from tests.builder.credit_runs import posted
from tests.builder.interface import a_hospital
from tests.builder.office import MONTH, REASON, TODAY, Office, visit
from tests.builder.settled_files import row, settle, written
from tests.builder.simulations import asked, done, raised
from tests.builder.worked_cases import a_case


def settle_claims(office: Office) -> None:
    """Claims settled, refused and open; one whose reversal was asked for and one reversed; two filed by hand."""
    active, retired, lacking = office.members
    clerk, supervisor, finance = (office.staff[role] for role in ("clerk", "supervisor", "finance"))
    clinic = office.objs["provider_zaozhuang"]
    assert office.stranger is not None
    office.objs["claim"] = visit(active, clinic, "C0001", date(2024, 3, 5), invoice_number="F001")
    office.objs["settlement"] = settlement = settle_claim(office.objs["claim"], today=TODAY, actor=clerk)
    office.objs["refused"] = visit(lacking, clinic, "C0002", date(2024, 3, 6))
    settle_claim(office.objs["refused"], today=TODAY, actor=clerk)
    office.objs["open_claim"] = visit(active, clinic, "C0003", date(2024, 3, 20))
    office.objs["claim_away"] = visit(office.stranger, office.objs["provider_dazhou"], "C0001", date(2024, 3, 5))
    assert isinstance(settlement, Settlement)
    office.objs["reversal"] = request_reversal(settlement, actor=clerk, reason="entered twice")
    twice = settle_claim(visit(retired, clinic, "C0005", date(2024, 3, 6)), today=TODAY, actor=clerk)
    assert isinstance(twice, Settlement)
    taken_back = request_reversal(twice, actor=clerk, reason="entered twice")
    approve_reversal(taken_back, actor=supervisor, today=TODAY)
    office.objs["resettlement"] = taken_back.resettlements.get()
    office.objs["resettlement_batch"], office.objs["batch_year"] = _given_up(office, settlement)
    by_hand = visit(retired, clinic, "C0009", date(2024, 3, 7), filed_on=TODAY)
    waiting = visit(active, clinic, "C0010", date(2024, 3, 21), filed_on=TODAY)
    office.objs["reimbursement"] = reimbursements.submitted(waiting, clerk, told=True, payee_name=active.name)
    approved = reimbursements.approved(by_hand, clerk, supervisor, payee_name=retired.name)
    office.objs["payment_batch"] = reimbursements.drafted(approved, by=finance)


def _given_up(office: Office, settlement: Settlement) -> tuple[ResettlementBatch, BatchYear]:
    """A batch of one member's year that was discarded; written here, since no version of the office is retroactive."""
    facts: dict[str, Any] = {"region": office.here, "version": office.objs["version"], "reason": REASON}
    batch = ResettlementBatch(**facts, concerned=1, state=BatchState.DISCARDED)
    tracked_save(batch, office.staff["clerk"], REASON)
    plan = {"lines": [planned(settlement, settlement)], "after_closings": []}
    year = BatchYear.objects.create(
        batch=batch, member=settlement.member, year=2024, state=YearState.OTHERWISE, plan=plan
    )
    return batch, year


def raise_a_flag(office: Office) -> None:
    """An open flag: the first member's claims of two days in a row, where the office looks from the second on."""
    office.objs["monitoring_standard"] = set_standard(
        office.here,
        Limits(
            minutes=60,
            kilometres=50,
            consecutive_days=1,
            visits_a_day=2,
            payments=5,
            payment_days=7,
            payments_yuan=Decimal("1000.00"),
        ),
        actor=office.staff["supervisor"],
        reason=REASON,
    )
    raise_flags(office.here, month=date(2024, 3, 1), today=TODAY, actor=office.staff["supervisor"])
    office.objs["review_flag"] = ReviewFlag.objects.get(region=office.here)


def write_a_note(office: Office) -> None:
    """The clerk asks the supervisor about the first member."""
    text = "参保人来电询问二月划账金额，请@supervisor 核对后回复。"
    office.objs["note"] = write_note(office.members[0], text=text, author=office.staff["clerk"])
    office.objs["task"] = office.objs["note"].tasks.get()


def open_a_member(office: Office) -> None:
    """The clerk has looked at the first member."""
    where = Where("members_member_change", "10.0.0.7", uuid4())
    member = office.members[0]
    office.objs["access"] = record_access(
        Act.OPENED, office.staff["clerk"], where, rows=[member], object_id=str(member.pk)
    )


def preview_a_file(office: Office) -> None:
    """A file of members of which one row is new and one is wrong."""
    number = invented_identity_number(office.here, date(1991, 2, 3), Sex.MALE, 71)
    rows = [f"P0901,钱一,{number},M,1991-02-03", f"P0902,钱二,{number},?,1991-02-03"]
    content = "\n".join(["member_number,name,identity_number,sex,birth_date", *rows]).encode()
    brought = bring_file("members", content, region=office.here, actor=office.staff["clerk"], name="members.csv")
    preview(brought, TODAY)
    office.objs["file_import"] = brought


def export_a_list(office: Office) -> None:
    """The second supervisor took the list of regions out."""
    wanted = Wanted("agency.poolingregion", "", "csv", "", "", office.here)
    sheet = Sheet("regions", [Heading("Name")], [[office.here.name]])
    export, file = export_at_once(wanted, sheet, actor=office.staff["second_supervisor"])
    file.close()
    office.objs["export"] = export


def settle_with_providers(office: Office) -> None:
    """The hospital's statement of April, approved, with a deduction; the draft of the year's clearing."""
    provider = office.objs["provider_zaozhuang"]
    clerk, supervisor = office.staff["clerk"], office.staff["supervisor"]
    set_payee(provider, bank="工商银行枣庄分行", account=ACCOUNT, actor=clerk, reason=REASON)
    office.objs["audit_deduction"] = note_deduction(
        provider,
        kind=DeductionKind.INSPECTION,
        amount=Decimal("5.00"),
        finding="超标准收费",
        found_on=date(2024, 4, 12),
        today=date(2024, 4, 12),
        actor=office.staff["auditor"],
    )
    draft = draft_statement(provider, month=date(2024, 4, 1), today=date(2024, 5, 6), actor=clerk)
    statement = submit_statement(draft, actor=clerk)
    office.objs["statement"] = approve_statement(statement, today=date(2024, 5, 7), actor=supervisor)
    office.objs["clearing"] = draft_clearing(
        provider, year=2024, kept=Decimal("0.00"), assessment="", today=date(2025, 1, 10), actor=clerk
    )


def take_settled_records(office: Office) -> None:
    """A file of the clerk: a payment reported for a bill that stays below our deductible, and a row that is wrong."""
    clinic, retired = office.objs["provider_zaozhuang"], office.members[1]
    reported = {"fee_ocur_time": "2023-02-06 09:15:00", "hifp_pay": "70", "psn_cash_pay": "230"}
    text = written(row("S0001", retired, clinic, **reported), row("S0002", "nobody", clinic, **reported))
    file = settle(office.here, text, name="二月结算.csv", actor=office.staff["clerk"], today=TODAY)
    office.objs["settled_file"] = file
    office.objs["settled_record"] = file.records.get(claim_number="S0001")


def run_credits(office: Office) -> None:
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


def ask_for_decisions(office: Office) -> None:
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


def simulate_the_draft(office: Office) -> None:
    """What five points more for those at work would have cost in March."""
    draft = office.objs["draft"]
    raised(draft, office.staff["policy_officer"], "0.05", InsuredStatus.ACTIVE)
    asked_for = asked(draft, office.staff["policy_officer"], first_month=date(2024, 3, 1), last_month=date(2024, 3, 1))
    office.objs["simulation"] = done(asked_for)


def write_a_case(office: Office) -> None:
    """What no draft of rates changes: in hospital, nothing is paid (Zaozhuang 11)."""
    office.objs["worked_case"] = a_case(
        office.here,
        office.staff["policy_officer"],
        patient={"age": 45, "status": "active", "in_hospital": True},
        expect={"refused": "hospital_stay"},
        article="第十一条",
    )


def answer_a_hospital(office: Office) -> None:
    """The hospital's system has a key, asks who somebody is, and has a settlement in its books that we do not have."""
    member = office.members[1]
    hospital = a_hospital(provider=office.objs["provider_zaozhuang"])
    hospital.ask("1101", {"data": {"psn_name": member.name, "certno": member.identity_number}})
    row = {"setl_id": "987654321", "mdtrt_id": "1", "medfee_sumamt": 100, "fund_pay_sumamt": 50, "acct_pay": 0}
    days = {"stmt_begndate": "2023-03-14", "stmt_enddate": "2023-03-14"}
    hospital.ask("3202", {"data": days, "detail": [row]})
    office.objs["credential"] = ProviderCredential.objects.get()
    office.objs["message"] = Message.objects.get(infno="1101")
    office.objs["reconciliation"] = Reconciliation.objects.get()
    office.objs["reconciliation_row"] = ReconciliationRow.objects.get()
