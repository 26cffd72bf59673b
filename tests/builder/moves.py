"""Every process of the house, played: how a thing begins, how each of its moves is made, how it comes to each state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import CreditDifference, Remedy
from accounts.services import account_requests, closing, credit_checks, credit_runs, differences, family, interest
from agency.models import FourEyes, User
from agency.models.process import Move, Whose
from agency.services import roles
from agency.services.regions import switch_account_interest
from claims.models import DocumentKind, ResettlementBatch, YearState
from claims.services import resettlement_batches, reversal
from clearing.services import clearings, statements
from members.services import diseases
from policies.models import Deductible
from policies.services import figures, pensions, rule_changes, versions
from providers.services.details import set_payee
from reimbursements.models import ReimbursementKind
from reimbursements.services import bank_answers, payments, reimbursements
from tests.builder import clearing as stated
from tests.builder import former_law
from tests.builder.damage import rewrite
from tests.builder.law import explained
from tests.builder.office import REASON, TODAY, Office, visit

NEW_YEAR = date(2024, 1, 5)
PAYEE: dict[str, Any] = {"payee_name": "本人", "payee_bank": "工商银行", "payee_account": "6200123456789"}


@dataclass(frozen=True)
class Played:
    """A thing in the first state that somebody can bring it to, and a function for each move.

    `beyond` are states to which no person's move leads: from where, and what else the database asks of such a row.
    `leads` says where a move leads of which the table leaves that open.
    """

    begin: Callable[[Office, User], FourEyes]
    makes: Mapping[str, Callable[..., object]]
    beyond: Mapping[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class People:
    """Whose moves a process has, and `idle`, who may do nothing; who `made` it is named by what was submitted."""

    maker: User
    another: User
    third: User
    idle: User

    def of(self, move: Move) -> User:
        return {Whose.MAKER: self.maker, Whose.ANOTHER: self.another, Whose.THIRD: self.third}[move.whose]


def make(obj: FourEyes, move: str, actor: User, *, reason: str = REASON, seen: str = "") -> None:
    """One move of a thing by somebody."""
    is_decision = obj.process.moves[move].whose is Whose.ANOTHER
    PLAYED[obj._meta.label].makes[move](obj, actor=actor, reason=reason, **({"seen": seen} if is_decision else {}))
    obj.refresh_from_db()


def _way(obj: FourEyes, state: str) -> list[str]:
    """The shortest way of moves from the thing's state to another."""
    leads = PLAYED[obj._meta.label].leads
    ways: dict[str, list[str]] = {obj.state: []}
    for reached, way in ((found, ways[found]) for found in _growing(ways)):
        for name, move in obj.process.moves.items():
            if reached in move.begins:
                ways.setdefault(move.to or leads.get(name, reached), [*way, name])
    return ways[state]


def _growing(ways: dict[str, list[str]]) -> Any:
    done = 0
    while done < len(ways):
        yield list(ways)[done]
        done += 1


def brought_to(state: str, obj: FourEyes, people: People) -> None:
    """Bring a thing to a state by its moves, and where none leads there as a worker or the bank does."""
    start, values = PLAYED[obj._meta.label].beyond.get(state, (state, {}))
    for move in _way(obj, start):
        make(obj, move, people.of(obj.process.moves[move]))
    if start != state:
        rows: Any = type(obj)._default_manager
        rewrite(rows.filter(pk=obj.pk), state=state, **values)
        obj.refresh_from_db()


# --- How each begins ---


def _from_office(name: str) -> Callable[[Office, User], Any]:
    return lambda office, maker: office.objs[name]


def _interest(office: Office, maker: User) -> Any:
    switch_account_interest(office.here, pays=True, actor=maker, reason=REASON)
    return office.objs["interest"]


def _difference(office: Office, maker: User) -> CreditDifference:
    return CreditDifference.objects.get(pk=office.objs["difference"].pk)


def _reimbursement(office: Office, maker: User) -> Any:
    provider, member = office.objs["provider_zaozhuang"], office.members[0]
    claim = visit(member, provider, "C0777", date(2024, 3, 22), filed_on=TODAY)
    return reimbursements.register_reimbursement(claim, **PAYEE, actor=maker, reason=REASON)


def _statement(office: Office, maker: User) -> Any:
    provider = stated.a_provider()
    stated.billed(provider)
    return statements.draft_statement(provider, month=stated.MARCH, today=stated.LATER, actor=maker)


def _clearing(office: Office, maker: User) -> Any:
    provider = stated.a_provider()
    stated.billed(provider)
    stated.approved(provider)
    terms: dict[str, Any] = {"kept": Decimal("1.00"), "assessment": "考核扣款"}
    return clearings.draft_clearing(provider, year=2023, today=NEW_YEAR, actor=maker, **terms)


def _resettlement_batch(office: Office, maker: User) -> ResettlementBatch:
    return former_law.planned(former_law.concerning_a_visit(maker), maker)


def _leave_out(batch: ResettlementBatch, **how: Any) -> None:
    """Where a year cannot be calculated."""
    batch.years.update(state=YearState.FAULTY)
    resettlement_batches.leave_out(batch, **how)


def _edit_version(version: Any, **how: Any) -> None:
    row = Deductible.objects.filter(version=version, amount__isnull=False).first()
    assert row is not None
    rule_changes.change_rule(row, {"amount": Decimal("201.00")}, **how)


def _confirm(confirm: Callable[..., object]) -> Callable[..., object]:
    """Confirm the bank account that a clerk has entered a moment before."""

    def confirmed(obj: Any, **how: Any) -> None:
        account, clerk = "6217000000000000001", User.objects.get(username="clerk")
        set_payee(obj.provider, bank="建设银行", account=account, actor=clerk, reason=REASON)
        confirm(obj, account=account, **how)

    return confirmed


def _transfer(on: date) -> dict[str, Any]:
    return {"paid_on": on, "today": on, "bank_reference": "ICBC1"}


def _request(
    name: str, approve: Callable[..., object], refuse: Callable[..., object], begin: Any = None, **more: Any
) -> Played:
    return Played(begin or _from_office(name), {"approve": approve, "refuse": refuse, **more})


PLAYED: dict[str, Played] = {
    "agency.RoleRequest": _request("role_request", roles.approve_role_request, roles.refuse_role_request),
    "policies.PolicyVersion": Played(
        _from_office("draft"),
        {
            "edit": _edit_version,
            "submit": lambda it, reason, **how: versions.submit_version(it, reasons=explained(it), **how),
            "publish": lambda it, **how: versions.publish_version(it, today=TODAY, **how),
            "return": versions.return_version,
            "discard": versions.discard_version,
        },
    ),
    "policies.LocalFigure": _request(
        "figure",
        figures.approve_local_figure,
        figures.refuse_local_figure,
        end=lambda it, **how: figures.end_local_figure(it, last_day=TODAY, **how),
    ),
    "policies.AveragePension": Played(
        _from_office("pension"),
        {"approve": pensions.approve_average_pension, "refuse": pensions.refuse_average_pension},
        beyond={"superseded": ("approved", {})},
    ),
    "members.DiseaseRegistration": _request(
        "registration",
        diseases.approve_disease_registration,
        diseases.refuse_disease_registration,
        end=lambda it, **how: diseases.end_disease_registration(it, last_day=TODAY, **how),
    ),
    "accounts.FamilyUseAuthorization": _request(
        "authorization",
        family.approve_authorization,
        family.refuse_authorization,
        end=lambda it, **how: family.revoke_authorization(it, last_day=TODAY, **how),
    ),
    "accounts.AccountClosing": _request(
        "closing", lambda it, **how: closing.approve_closing(it, today=TODAY, **how), closing.refuse_closing
    ),
    "accounts.AccountRequest": _request(
        "account_request",
        lambda it, **how: account_requests.approve_account_request(it, today=TODAY, **how),
        account_requests.refuse_account_request,
    ),
    "accounts.YearlyInterest": Played(
        _interest,
        {"approve": interest.approve_interest, "refuse": interest.refuse_interest},
        beyond={"posted": ("posting", {})},
    ),
    "accounts.CreditDifference": Played(
        _difference,
        {
            "submit": lambda it, **how: differences.submit_remedy(it, remedy=Remedy.WAIVE, **how),
            "approve": lambda it, **how: differences.approve_remedy(it, on=TODAY, **how),
            "refuse": differences.refuse_remedy,
        },
        beyond={"lapsed": ("listed", {}), "recovered": ("waived", {"remedy": "recover", "taken": 1})},
        leads={"approve": "waived"},
    ),
    "accounts.CreditRun": Played(
        _from_office("run_away"),
        {
            "ask_for_check": lambda it, reason, **how: credit_checks.request_check(it, **how),
            "check": lambda it, reason, **how: credit_checks.check_run(it, **how),
            "submit": lambda it, reason, **how: credit_runs.submit_run(it, **how),
            "approve": credit_runs.approve_run,
            "return": credit_runs.return_run,
            "discard": credit_runs.discard_run,
        },
        beyond={"posted": ("posting", {})},
    ),
    "claims.Reversal": _request(
        "reversal", lambda it, **how: reversal.approve_reversal(it, today=TODAY, **how), reversal.refuse_reversal
    ),
    "claims.ResettlementBatch": Played(
        _resettlement_batch,
        {
            "plan_again": resettlement_batches.plan_again,
            "leave_out": _leave_out,
            "submit": lambda it, reason, **how: resettlement_batches.submit_batch(it, **how),
            "approve": resettlement_batches.approve_batch,
            "refuse": resettlement_batches.refuse_batch,
            "discard": resettlement_batches.discard_batch,
            "go_on": resettlement_batches.go_on,
        },
        beyond={"settled": ("settling", {})},
    ),
    "reimbursements.Reimbursement": Played(
        _reimbursement,
        {
            "edit": lambda it, **how: reimbursements.describe_reimbursement(
                it, kind=ReimbursementKind.NO_CARD, **PAYEE, **how
            ),
            "tell": lambda it, reason, **how: reimbursements.tell_missing_papers(
                it, kinds=[DocumentKind.INVOICE], on=TODAY, today=TODAY, **how
            ),
            "complete": lambda it, **how: reimbursements.complete_papers(
                it, on=TODAY, today=TODAY, accepted_without="seen", **how
            ),
            "submit": reimbursements.submit_reimbursement,
            "withdraw": reimbursements.withdraw_reimbursement,
            "approve": lambda it, **how: reimbursements.approve_reimbursement(it, today=TODAY, **how),
            "return": reimbursements.return_reimbursement,
            "refuse": reimbursements.refuse_reimbursement,
            "accept_late": reimbursements.accept_late_reimbursement,
        },
        beyond={state: ("approved", {}) for state in ("in_payment", "paid", "payment_failed", "reversed")},
    ),
    "reimbursements.PaymentBatch": Played(
        _from_office("payment_batch"),
        {
            "submit": lambda it, reason, **how: payments.submit_batch(it, **how),
            "approve": payments.approve_batch,
            "return": payments.return_batch,
            "discard": payments.discard_batch,
            "take_file": lambda it, reason, **how: payments.take_bank_file(it, **how),
            "read_answer": lambda it, reason, **how: bank_answers.apply_bank_answers(it, [], today=TODAY, **how),
        },
        beyond={"closed": ("approved", {})},
    ),
    "clearing.ProviderStatement": Played(
        _statement,
        {
            "edit": lambda it, reason, **how: statements.redraft_statement(it, **how),
            "submit": lambda it, reason, **how: statements.submit_statement(it, **how),
            "approve": lambda it, **how: statements.approve_statement(it, today=stated.LATER, **how),
            "return": statements.return_statement,
            "confirm_payee": _confirm(statements.confirm_statement_payee),
            "pay": lambda it, reason, **how: statements.pay_statement(it, **_transfer(stated.LATER), **how),
        },
    ),
    "clearing.YearClearing": Played(
        _clearing,
        {
            "edit": lambda it, reason, **how: clearings.change_clearing(it, kept=Decimal(0), assessment="", **how),
            "submit": lambda it, reason, **how: clearings.submit_clearing(it, **how),
            "approve": lambda it, **how: clearings.approve_clearing(it, today=NEW_YEAR, **how),
            "return": clearings.return_clearing,
            "confirm_payee": _confirm(clearings.confirm_clearing_payee),
            "pay": lambda it, reason, **how: clearings.pay_clearing(it, **_transfer(NEW_YEAR), **how),
        },
    ),
}
