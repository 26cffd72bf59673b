"""Whoever wrote any part of what is decided does not decide it, whoever pressed "submit": one process after another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

import pytest

from accounts.services.credit_checks import check_run
from accounts.services.credit_runs import approve_run, draft_run, return_run, submit_run
from agency.exceptions import SamePersonDecides
from agency.models import FourEyes, User
from claims.models import DocumentKind
from claims.services.documents import attach_document
from claims.services.new_claims import bill_of
from clearing.models import DeductionKind
from clearing.services import clearings, statements
from clearing.services.deductions import note_deduction
from policies.models import Deductible, PolicyVersion
from policies.services.versions import change_rule, draft_version, publish_version, return_version, submit_version
from providers.services.details import set_payee
from reimbursements.models import ReimbursementKind
from reimbursements.services import payment_drafts, payments, reimbursements
from reimbursements.services.bills import correct_bill
from tests import house
from tests.accounts.runs import MARCH, MARCH_END
from tests.claims.outpatient import a_claim, retiree
from tests.claims.papers import pdf
from tests.clearing import stated
from tests.reimbursements.reimbursed import FILED, waiting

pytestmark = pytest.mark.django_db

# Who writes a part, who submits, and who has written nothing.
AUTHOR, SUBMITTER, OTHER = "author", "submitter", "other"


class Case(NamedTuple):
    """What was submitted, and what may be done with it, by an actor."""

    obj: FourEyes
    approve: Callable[[Any, User], object]
    send_back: Callable[[Any, User], object]


def _version(author: User, submitter: User, *, edits: bool) -> Case:
    source = PolicyVersion.objects.get(region=house.region("pingliang"))
    drafter = submitter if edits else author
    version = draft_version(
        source, label="new", first_day=date(2026, 1, 1), last_day=None, actor=drafter, reason=house.REASON
    )
    if edits:
        row = Deductible.objects.filter(version=version, amount__isnull=False).first()
        assert row is not None
        change_rule(row, {"amount": Decimal("201.00")}, actor=author, reason=house.REASON)
    submit_version(version, actor=submitter)
    return Case(
        version,
        lambda obj, actor: publish_version(obj, actor=actor, today=date(2025, 12, 1)),
        lambda obj, actor: return_version(obj, actor=actor, reason=house.REASON),
    )


def _run(author: User, submitter: User) -> Case:
    run = draft_run(house.region("pingliang"), month=MARCH, as_of=MARCH_END, actor=author)
    check_run(run, actor=submitter)
    submit_run(run, actor=submitter)
    return Case(
        run,
        lambda obj, actor: approve_run(obj, actor=actor),
        lambda obj, actor: return_run(obj, actor=actor, reason=house.REASON),
    )


def _batch(author: User, submitter: User) -> Case:
    reimbursement = waiting()
    batch = payment_drafts.draft_batch(reimbursement.claim.region, reimbursements=[reimbursement], actor=author)
    assert batch is not None
    payments.submit_batch(batch, actor=submitter)
    return Case(
        batch,
        lambda obj, actor: payments.approve_batch(obj, actor=actor),
        lambda obj, actor: payments.return_batch(obj, actor=actor, reason=house.REASON),
    )


def _statement(author: User, submitter: User, part: str) -> Case:
    provider = stated.a_provider(with_account=part != "payee")
    stated.billed(provider)
    by = {name: author if name == part else submitter for name in ("payee", "deduction", "draft", "redraft")}
    if part == "payee":
        set_payee(provider, bank="工商银行", account=stated.ACCOUNT, actor=by["payee"], reason=house.REASON)
        provider.refresh_from_db()
    if part == "deduction":
        day = date(2023, 3, 20)
        note_deduction(
            provider,
            kind=DeductionKind.REVIEW,
            amount=Decimal("5.00"),
            finding="超标准收费",
            found_on=day,
            today=day,
            actor=by["deduction"],
        )
    drafted = statements.draft_statement(provider, month=stated.MARCH, today=stated.LATER, actor=by["draft"])
    if part == "redraft":
        statements.redraft_statement(drafted, actor=by["redraft"])
    return Case(
        statements.submit_statement(drafted, actor=submitter),
        lambda obj, actor: statements.approve_statement(obj, today=stated.LATER, actor=actor),
        lambda obj, actor: statements.return_statement(obj, actor=actor, reason=house.REASON),
    )


def _clearing(author: User, submitter: User, *, changes: bool) -> Case:
    provider = stated.a_provider()
    stated.billed(provider)
    stated.approved(provider)
    terms: dict[str, Any] = {"kept": Decimal("1.00"), "assessment": "考核扣款"}
    clearing = clearings.draft_clearing(
        provider, year=2023, today=date(2024, 1, 5), actor=submitter if changes else author, **terms
    )
    if changes:
        clearings.change_clearing(clearing, actor=author, **terms | {"kept": Decimal("2.00")})
    return Case(
        clearings.submit_clearing(clearing, actor=submitter),
        lambda obj, actor: clearings.approve_clearing(obj, today=date(2024, 1, 8), actor=actor),
        lambda obj, actor: clearings.return_clearing(obj, actor=actor, reason=house.REASON),
    )


def _reimbursement(author: User, submitter: User, part: str) -> Case:
    by = {
        name: author if name == part else submitter
        for name in ("claim", "papers", "payee", "bill", "told", "complete", "registered")
    }
    payee: dict[str, Any] = {"payee_name": "本人", "payee_bank": "工商银行", "payee_account": "6200123456789"}
    claim = a_claim(retiree(), "300.00", filed_on=FILED, actor=by["claim"])
    found = reimbursements.register_reimbursement(claim, **payee, actor=by["registered"], reason=house.REASON)
    attach_document(claim, kind=DocumentKind.INVOICE, content=BytesIO(pdf()), name="发票.pdf", actor=by["papers"])
    reimbursements.describe_reimbursement(
        found, kind=ReimbursementKind.NO_CARD, **payee, actor=by["payee"], reason=house.REASON
    )
    correct_bill(
        found,
        replace(bill_of(claim), lines=[house.a_line("310.00")]),
        today=FILED,
        actor=by["bill"],
        reason=house.REASON,
    )
    days: dict[str, Any] = {"on": FILED, "today": FILED}
    reimbursements.tell_missing_papers(found, kinds=[DocumentKind.RECORD], **days, actor=by["told"])
    reimbursements.complete_papers(
        found, **days, accepted_without=house.REASON, actor=by["complete"], reason=house.REASON
    )
    return Case(
        reimbursements.submit_reimbursement(found, actor=submitter),
        lambda obj, actor: reimbursements.approve_reimbursement(obj, today=FILED, actor=actor, reason=house.REASON),
        lambda obj, actor: reimbursements.return_reimbursement(obj, actor=actor, reason=house.REASON),
    )


CASES: dict[str, Callable[[User, User], Case]] = {
    "drafts a policy version": lambda author, submitter: _version(author, submitter, edits=False),
    "edits a figure of a policy version": lambda author, submitter: _version(author, submitter, edits=True),
    "drafts a credit run": _run,
    "drafts a payment batch": _batch,
    "drafts a statement": lambda author, submitter: _statement(author, submitter, "draft"),
    "drafts a statement anew": lambda author, submitter: _statement(author, submitter, "redraft"),
    "notes a deduction in a statement": lambda author, submitter: _statement(author, submitter, "deduction"),
    "enters the provider's bank account": lambda author, submitter: _statement(author, submitter, "payee"),
    "drafts a clearing": lambda author, submitter: _clearing(author, submitter, changes=False),
    "changes a clearing": lambda author, submitter: _clearing(author, submitter, changes=True),
    "registers the claim": lambda author, submitter: _reimbursement(author, submitter, "claim"),
    "registers the reimbursement": lambda author, submitter: _reimbursement(author, submitter, "registered"),
    "enters the payee": lambda author, submitter: _reimbursement(author, submitter, "payee"),
    "corrects the bill": lambda author, submitter: _reimbursement(author, submitter, "bill"),
    "attaches a paper": lambda author, submitter: _reimbursement(author, submitter, "papers"),
    "tells what is missing": lambda author, submitter: _reimbursement(author, submitter, "told"),
    "declares the papers complete": lambda author, submitter: _reimbursement(author, submitter, "complete"),
}


@pytest.mark.parametrize("move", ["approve", "send_back"])
@pytest.mark.parametrize("part", CASES)
def test_whoever_does_not_decide_it(part: str, move: str) -> None:
    author, submitter, other = (house.staff(name) for name in (AUTHOR, SUBMITTER, OTHER))
    case = CASES[part](author, submitter)
    for writer in (author, submitter):
        with pytest.raises(SamePersonDecides):
            getattr(case, move)(case.obj, writer)
    getattr(case, move)(case.obj, other)
    case.obj.refresh_from_db()
    assert case.obj.decided_by == other
