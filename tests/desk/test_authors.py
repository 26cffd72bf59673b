"""Whoever wrote any part of what is decided does not decide it, whoever pressed "submit": one process after another."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from accounts.services.credit_checks import check_run
from accounts.services.credit_runs import draft_run
from agency.exceptions import SamePersonDecides
from agency.models import FourEyes, User
from claims.models import DocumentKind
from claims.services.documents import attach_document
from claims.services.new_claims import bill_of
from clearing.models import DeductionKind
from clearing.services import clearings, statements
from clearing.services.deductions import note_deduction
from policies.models import Deductible, PolicyVersion
from policies.services.rule_changes import change_rule
from policies.services.versions import draft_version
from providers.services.details import set_payee
from reimbursements.models import ReimbursementKind
from reimbursements.services import reimbursements
from reimbursements.services.bills import correct_bill
from tests import builder
from tests.builder import clearing as stated
from tests.builder import retiree
from tests.builder.claims import a_claim
from tests.builder.credit_runs import MARCH, MARCH_END
from tests.builder.moves import make
from tests.builder.papers import pdf
from tests.builder.reimbursements import FILED, PAYEE, drafted, waiting

pytestmark = pytest.mark.django_db

# Who writes a part, who submits, and who has written nothing.
AUTHOR, SUBMITTER, OTHER = "author", "submitter", "other"


def _version(author: User, submitter: User, *, edits: bool) -> FourEyes:
    source = PolicyVersion.objects.get(region=builder.region("pingliang"))
    drafter = submitter if edits else author
    version = draft_version(
        source, label="new", first_day=date(2026, 1, 1), last_day=None, actor=drafter, reason=builder.REASON
    )
    if edits:
        row = Deductible.objects.filter(version=version, amount__isnull=False).first()
        assert row is not None
        change_rule(row, {"amount": Decimal("201.00")}, actor=author, reason=builder.REASON)
    return version


def _run(author: User, submitter: User) -> FourEyes:
    return check_run(
        draft_run(builder.region("pingliang"), month=MARCH, as_of=MARCH_END, actor=author), actor=submitter
    )


def _batch(author: User, submitter: User) -> FourEyes:
    return drafted(waiting(), by=author)


def _statement(author: User, submitter: User, part: str) -> FourEyes:
    provider = stated.a_provider(with_account=part != "payee")
    stated.billed(provider)
    by = {name: author if name == part else submitter for name in ("payee", "deduction", "draft", "redraft")}
    if part == "payee":
        set_payee(provider, bank="工商银行", account=stated.ACCOUNT, actor=by["payee"], reason=builder.REASON)
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
    draft = statements.draft_statement(provider, month=stated.MARCH, today=stated.LATER, actor=by["draft"])
    if part == "redraft":
        statements.redraft_statement(draft, actor=by["redraft"])
    return draft


def _clearing(author: User, submitter: User, *, changes: bool) -> FourEyes:
    provider = stated.a_provider()
    stated.billed(provider)
    stated.approved(provider)
    terms: dict[str, Any] = {"kept": Decimal("1.00"), "assessment": "考核扣款"}
    clearing = clearings.draft_clearing(
        provider, year=2023, today=date(2024, 1, 5), actor=submitter if changes else author, **terms
    )
    if changes:
        clearings.change_clearing(clearing, actor=author, **terms | {"kept": Decimal("2.00")})
    return clearing


def _reimbursement(author: User, submitter: User, part: str) -> FourEyes:
    by = {
        name: author if name == part else submitter
        for name in ("claim", "papers", "payee", "bill", "told", "complete", "registered")
    }
    claim = a_claim(retiree(), "300.00", filed_on=FILED, actor=by["claim"])
    found = reimbursements.register_reimbursement(claim, **PAYEE, actor=by["registered"], reason=builder.REASON)
    attach_document(claim, kind=DocumentKind.INVOICE, content=BytesIO(pdf()), name="发票.pdf", actor=by["papers"])
    reimbursements.describe_reimbursement(
        found, kind=ReimbursementKind.NO_CARD, **PAYEE, actor=by["payee"], reason=builder.REASON
    )
    correct_bill(
        found,
        replace(bill_of(claim), lines=[builder.a_line("310.00")]),
        today=FILED,
        actor=by["bill"],
        reason=builder.REASON,
    )
    days: dict[str, Any] = {"on": FILED, "today": FILED}
    reimbursements.tell_missing_papers(found, kinds=[DocumentKind.RECORD], **days, actor=by["told"])
    reimbursements.complete_papers(
        found, **days, accepted_without=builder.REASON, actor=by["complete"], reason=builder.REASON
    )
    return found


CASES: dict[str, Callable[[User, User], FourEyes]] = {
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


@pytest.mark.parametrize("decision", ["approve", "return"])
@pytest.mark.parametrize("part", CASES)
def test_whoever_does_not_decide_it(part: str, decision: str) -> None:
    author, submitter, other = (builder.staff(name) for name in (AUTHOR, SUBMITTER, OTHER))
    obj = CASES[part](author, submitter)
    make(obj, "submit", submitter)
    name = "publish" if decision == "approve" and "publish" in obj.process.moves else decision
    for writer in (author, submitter):
        with pytest.raises(SamePersonDecides):
            make(obj, name, writer)
    make(obj, name, other)
    assert obj.decided_by == other
