"""Statements, deductions and clearings on screen: drafted by a clerk, approved by a supervisor, paid by finance."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from claims.models import Claim
from clearing.models import AuditDeduction, ProviderStatement, StatementState, YearClearing
from desk.worklist import waiting_for
from members.models import Member
from providers.models import Provider
from providers.services.details import set_payee
from tests import builder
from tests.builder.clearing import ACCOUNT, billed
from tests.builder.office import REASON, Office
from tests.builder.screens import press, sentences, text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture(name="hospital")
def another_hospital(office: Office) -> Provider:
    """One of Zaozhuang with a retiree's bill of March, 1,000.00 yuan, posted that month."""
    hospital = builder.a_provider(office.here)
    member = Member.objects.get(pk=office.members[1].pk)
    billed(hospital, "1000.00", date(2024, 3, 18), member=member, today=date(2024, 3, 18))
    return set_payee(hospital, bank="工商银行枣庄分行", account=ACCOUNT, reason=REASON)


def drafted(office: Office, hospital: Provider) -> ProviderStatement:
    sent = {"region": office.here.pk, "month": "2024-03", "provider": hospital.pk}
    response = visitor(office.staff["clerk"]).post(reverse("admin:clearing_providerstatement_add"), sent)
    statement = ProviderStatement.objects.get(provider=hospital)
    assert response["Location"] == reverse("admin:clearing_providerstatement_change", args=[statement.pk])
    return statement


def test_a_statement_goes_from_the_clerk_to_the_bank(office: Office, hospital: Provider) -> None:
    statement = drafted(office, hospital)
    clerk, supervisor, finance = (office.staff[role] for role in ("clerk", "supervisor", "finance"))
    assert sentences(press(visitor(clerk), "redraft", statement))[-1] == "The statement is drafted anew."
    press(visitor(clerk), "submit", statement)
    assert statement in [each.obj for each in waiting_for(supervisor)]
    assert statement not in [each.obj for each in waiting_for(clerk)]
    press(visitor(supervisor), "send_back", statement, reason=REASON)
    press(visitor(clerk), "submit", statement)
    press(visitor(supervisor), "approve", statement)
    assert statement in [each.obj for each in waiting_for(finance)]
    paid = {"paid_on": f"{localdate()}", "bank_reference": "ICBC7"}
    assert sentences(press(visitor(finance), "pay", statement, **paid))[-1] == "The payment is recorded."
    statement.refresh_from_db()
    assert (statement.state, statement.paid_by, statement.bank_reference) == (StatementState.PAID, finance, "ICBC7")
    page = text_of(office.staff["auditor"], statement)
    assert "6222*" in page
    assert "ICBC7" in page
    assert ACCOUNT not in page


def test_the_page_shows_its_lines_and_the_file_holds_them(office: Office, hospital: Provider) -> None:
    statement = drafted(office, hospital)
    entry = statement.entries.get().entry
    claim = Claim.objects.get(provider=hospital)
    page = text_of(office.staff["auditor"], statement)
    for words in ("March 2024", "March 18, 2024", "1,000.00", f"{entry.amount:,.2f}"):
        assert words in page
    address = reverse("admin:clearing_providerstatement_lines_csv", args=[statement.pk])
    response = visitor(office.staff["auditor"]).get(address)
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Entry,Posted on,Claim,Settlement,Served on,Bill,Kind,Amount"
    number = entry.cause.split(":")[1]
    cells = (entry.pk, "2024-03-18", claim, number, "2024-03-18", "1000.00", "pooled payment", entry.amount)
    assert lines[1:] == [",".join(map(str, cells))]
    assert visitor(office.staff["clerk_away"]).get(address).status_code == 404


def test_the_paper_bears_capitals_and_three_signatures(office: Office, hospital: Provider) -> None:
    statement = drafted(office, hospital)
    page = text_of(office.staff["clerk"], statement, "paper")
    assert "人民币" in page
    assert "Not approved yet" in page
    for label in ("Handled by", "Checked by", "Provider (seal)"):
        assert label in page
    ProviderStatement.objects.filter(pk=statement.pk).update(
        pooled=0, retained=0, account=0, spent=0, carried=0, payable=0
    )
    assert "人民币" not in text_of(office.staff["clerk"], statement, "paper")


def test_a_regions_month_is_drafted_at_once(office: Office, hospital: Provider) -> None:
    response = visitor(office.staff["clerk"]).post(
        reverse("admin:clearing_providerstatement_add"), {"region": office.here.pk, "month": "2024-03"}
    )
    assert sentences(response)[-1] == "1 statement is drafted."
    assert ProviderStatement.objects.get(provider=hospital).state == StatementState.DRAFT
    chosen = visitor(office.staff["clerk"]).get(
        reverse("admin:clearing_providerstatement_changelist"), {"month": "2024-03"}
    )
    assert [row.provider for row in chosen.context["cl"].result_list] == [hospital]


def test_a_provider_of_another_region_is_refused(office: Office) -> None:
    sent = {"region": office.here.pk, "month": "2024-03", "provider": office.objs["provider_dazhou"].pk}
    form = visitor(office.staff["root"]).post(reverse("admin:clearing_providerstatement_add"), sent).context["form"]
    assert "provider" in form.errors


def test_a_month_that_is_not_over_is_refused_beside_its_field(office: Office, hospital: Provider) -> None:
    sent = {"region": office.here.pk, "month": f"{localdate():%Y-%m}", "provider": hospital.pk}
    form = visitor(office.staff["clerk"]).post(reverse("admin:clearing_providerstatement_add"), sent).context["form"]
    assert form.non_field_errors() == ["This month is not over yet."]


def test_a_deduction_is_noted_and_withdrawn(office: Office, hospital: Provider) -> None:
    clerk = visitor(office.staff["clerk"])
    sent = {
        "provider": hospital.pk,
        "kind": "inspection",
        "amount": "12.00",
        "finding": "重复收费",
        "found_on": "2024-03-20",
    }
    clerk.post(reverse("admin:clearing_auditdeduction_add"), sent)
    deduction = AuditDeduction.objects.get(provider=hospital)
    assert "waits for the next statement" in text_of(office.staff["clerk"], deduction)
    assert str(drafted(office, hospital).deducted) == "12.00"
    assert sentences(press(clerk, "withdraw", deduction, reason=REASON))[-1] == "The deduction is withdrawn."
    assert str(ProviderStatement.objects.get(provider=hospital).deducted) == "0.00"


def test_a_years_clearing_goes_from_the_clerk_to_the_supervisor(office: Office) -> None:
    clearing = office.objs["clearing"]
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    form = press(clerk, "change_retention", clearing, kept="1.00", assessment="88分").context["form"]
    # Nothing was retained of this hospital's year.
    assert form.non_field_errors() == ["The fund keeps at most the 0.00 yuan that were retained."]
    assert (
        sentences(press(clerk, "change_retention", clearing, kept="0", assessment="95分"))[-1]
        == "The clearing is changed."
    )
    press(clerk, "submit", clearing)
    press(supervisor, "send_back", clearing, reason=REASON)
    press(clerk, "submit", clearing)
    assert sentences(press(supervisor, "approve", clearing))[-1] == "The clearing is approved."
    assert YearClearing.objects.get().state == StatementState.APPROVED
    assert "95分" in text_of(office.staff["finance"], clearing)
    assert "Nothing is paid" in text_of(office.staff["finance"], clearing, "paper")


def test_a_clearing_is_drafted_of_a_year_with_statements(office: Office, hospital: Provider) -> None:
    sent = {"provider": hospital.pk, "year": "2024", "kept": "0", "assessment": ""}
    form = visitor(office.staff["clerk"]).post(reverse("admin:clearing_yearclearing_add"), sent).context["form"]
    assert form.non_field_errors() == ["The provider has no statement of this year."]
