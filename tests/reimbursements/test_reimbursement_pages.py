"""The screens of a manual reimbursement: worklist, calculation, buttons, the slip, the home page."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from claims.models import Claim, Settlement
from desk.worklist import waiting_for
from reimbursements.models import Reimbursement, ReimbursementKind, ReimbursementState
from reimbursements.services import reimbursements
from tests.builder.damage import rewrite
from tests.builder.office import REASON, TODAY, Office, claim_form, visit
from tests.builder.screens import offered, press, sentences, text_of, visitor

pytestmark = pytest.mark.django_db

PAGE = "reimbursements_reimbursement_change"


def test_the_page_shows_calculation_articles_lines_papers_and_the_time_limit(office: Office) -> None:
    found = office.objs["reimbursement"]
    text = text_of(office.staff["supervisor"], found)
    # TODAY is Wednesday 10 April 2024; ten working days end on the 24th. Twenty end on 10 May: Sunday 28 April and
    # Saturday 11 May are worked, 1 to 5 May are free.
    assert (found.due_on, found.latest_on) == (date(2024, 4, 24), date(2024, 5, 10))
    for shown in ("overdue", "Step by step", "Pooled payment", "阿莫西林胶囊", "invoice", "As submitted on", "第"):
        assert shown in text, shown
    assert "6200123456789" not in text
    assert (
        "C0010"
        in visitor(office.staff["clerk"]).get(reverse("admin:reimbursements_reimbursement_changelist")).content.decode()
    )


def test_the_slip_names_what_is_missing_and_the_time_limit(office: Office) -> None:
    found = office.objs["reimbursement"]
    address = reverse("admin:reimbursements_reimbursement_missing", args=[found.pk])
    text = visitor(office.staff["clerk"]).get(address).content.decode()
    for shown in ("invoice", "原件", "within 10 working days, at most 20", "C0010"):
        assert shown in text, shown
    assert visitor(office.staff["clerk_away"]).get(address).status_code in (302, 404)


def test_a_manual_claim_goes_from_the_counter_to_the_approval_on_the_screens(office: Office) -> None:
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    provider = office.objs["provider_zaozhuang"]
    bill = {"claim_number": "C9100", "invoice_number": "f 9100"}
    data = claim_form(office.members[0], provider, **bill, served_on="2024-03-22", filed_on="2024-04-08")
    clerk.post(reverse("admin:claims_claim_add"), data)
    claim = Claim.objects.get(claim_number="C9100")
    found = Reimbursement.objects.get(claim=claim)
    assert "settle" not in offered(clerk, claim)
    assert offered(clerk, found) == {"describe", "correct_bill", "tell_missing", "complete", "withdraw", "examine"}
    assert "Trial calculation" in text_of(office.staff["clerk"], found)
    payee = {"payee_name": "张伟", "payee_bank": "工商银行", "payee_account": "6200123456789"}
    press(clerk, "describe", found, kind="no_card", reason=REASON, **payee)
    press(clerk, "tell_missing", found, kinds=["invoice", "record"], note="", on="2024-04-08")
    assert offered(clerk, found) == {"describe", "correct_bill", "complete", "print_missing", "withdraw", "examine"}
    response = press(clerk, "complete", found, on="2024-04-09", reason=REASON)
    # Nothing was uploaded.
    assert "These papers are missing: identity" in response.context["form"].non_field_errors()[0]
    response = press(clerk, "complete", found, on="2024-04-09", accepted_without="originals seen", reason=REASON)
    # Tuesday 9 April 2024; ten working days later is Tuesday the 23rd.
    assert "April 23, 2024" in sentences(response)[0]
    press(clerk, "submit", found)
    assert offered(supervisor, found) == {"approve", "return_to_clerk", "refuse", "print_missing", "examine"}
    assert offered(clerk, found) == {"print_missing", "examine"}
    assert "The clerk says why: originals seen" in text_of(office.staff["supervisor"], found)
    press(supervisor, "return_to_clerk", found, reason="invoice unreadable")
    press(clerk, "submit", found)
    for page in ("change", "side_by_side"):
        shown = text_of(office.staff["supervisor"], found, page)
        assert "Returned by supervisor on" in shown
        assert "invoice unreadable" in shown
    assert press(clerk, "approve", found).status_code == 403
    questioned = press(supervisor, "approve", found)
    assert "Say why you approve it all the same" in questioned.context["form"].non_field_errors()[0]
    press(supervisor, "approve", found, reason="the originals are in the file")
    found.refresh_from_db()
    assert (found.state, found.kind) == (ReimbursementState.APPROVED, "no_card")
    assert Settlement.objects.filter(claim=claim).count() == 1
    assert offered(supervisor, found) == {"print_missing", "examine"}


def decision_address(client: Any, page: str, found: Reimbursement, name: str = "approve") -> str:
    """Where the page's button leads."""
    shown = client.get(reverse(f"admin:{page}", args=[found.pk]))
    buttons = shown.context.get("decisions") or shown.context["actions_detail"]
    addresses = [button.get("url") or button["path"] for button in buttons]
    (found_one,) = [address for address in addresses if f"/{name}/" in address]
    return str(found_one)


@pytest.mark.parametrize("page", [PAGE, "reimbursements_reimbursement_side_by_side"])
@pytest.mark.parametrize("decision", ["approve", "return_to_clerk", "refuse"])
def test_a_decision_is_on_what_the_page_showed(office: Office, page: str, decision: str) -> None:
    """The page stays open while the reimbursement is returned, gets another payee and is submitted again."""
    found, clerk = office.objs["reimbursement"], office.staff["clerk"]
    supervisor = visitor(office.staff["supervisor"])
    address = decision_address(supervisor, page, found, decision)
    reimbursements.return_reimbursement(found, actor=office.staff["second_supervisor"], reason=REASON)
    payee = {"payee_name": "他人", "payee_bank": "农业银行", "payee_account": "6228000000000001"}
    reimbursements.describe_reimbursement(found, kind=ReimbursementKind.GENERAL, **payee, actor=clerk, reason=REASON)
    reimbursements.submit_reimbursement(found, actor=clerk)

    def sent(address: str) -> Any:
        form = supervisor.get(address).context["form"]
        return supervisor.post(address, {"reason": REASON, "seen": form["seen"].value()})

    refused = sent(address)
    assert "submitted anew after you opened its page" in refused.context["form"].non_field_errors()[0]
    found.refresh_from_db()
    assert found.state == ReimbursementState.SUBMITTED
    assert sent(decision_address(visitor(office.staff["supervisor"]), page, found, decision)).status_code == 302
    found.refresh_from_db()
    assert found.decided_by == office.staff["supervisor"]


@pytest.mark.parametrize("day", ["2099-01-01", "9999-12-31"])
def test_a_day_to_come_is_refused_with_a_sentence(office: Office, day: str) -> None:
    clerk = visitor(office.staff["clerk"])
    provider = office.objs["provider_zaozhuang"]
    visit(office.members[0], provider, "C9103", date(2024, 3, 20), filed_on=TODAY)
    claim = Claim.objects.get(claim_number="C9103")
    found = reimbursements.register_reimbursement(claim, actor=office.staff["clerk"], reason=REASON)
    for button, data in (
        ("complete", {"accepted_without": "seen", "reason": REASON}),
        ("tell_missing", {"kinds": ["invoice"], "note": ""}),
    ):
        refused = press(clerk, button, found, on=day, **data)
        assert "lies in the future" in refused.context["form"].non_field_errors()[0]
    data = claim_form(office.members[0], provider, claim_number="C9104", served_on="2024-03-22", filed_on=day)
    refused = clerk.post(reverse("admin:claims_claim_add"), data)
    assert "day of filing lies in the future" in refused.context["form"].non_field_errors()[0]


def test_a_refused_one_is_corrected_and_submitted_again_on_the_screens(office: Office) -> None:
    found = office.objs["reimbursement"]
    clerk, supervisor = visitor(office.staff["clerk"]), visitor(office.staff["supervisor"])
    press(supervisor, "refuse", found, reason="the payee is not the member")
    assert {"describe", "correct_bill", "submit"} <= offered(clerk, found)
    payee = {"payee_name": "张伟", "payee_bank": "农业银行", "payee_account": "6228000000000001"}
    press(clerk, "describe", found, kind="general", reason=REASON, **payee)
    refused = press(clerk, "submit", found)
    assert "Say what has changed" in refused.context["form"].non_field_errors()[0]
    press(clerk, "submit", found, reason="the account is the member's own")
    shown = text_of(office.staff["supervisor"], found)
    for words in ("Refused by supervisor on", "the payee is not the member", "Submitted again by clerk on"):
        assert words in shown, words
    assert "the account is the member&#x27;s own" in shown


def test_the_side_by_side_page_shows_where_the_money_goes(office: Office) -> None:
    found = office.objs["reimbursement"]
    text = text_of(office.staff["supervisor"], found, "side_by_side")
    for shown in ("张伟", "工商银行", "6200*****6789"):
        assert shown in text, shown
    assert "6200123456789" not in text


def test_a_manual_claim_without_a_reimbursement_gets_one(office: Office) -> None:
    clerk = visitor(office.staff["clerk"])
    claim = visit(office.members[0], office.objs["provider_zaozhuang"], "C9101", date(2024, 3, 20), filed_on=TODAY)
    assert "begin_reimbursement" in offered(clerk, claim)
    clerk.post(reverse("admin:claims_claim_begin_reimbursement", args=[claim.pk]), {"reason": REASON})
    found = Reimbursement.objects.get(claim=claim)
    page = clerk.get(reverse("admin:claims_claim_change", args=[claim.pk])).content.decode()
    assert reverse(f"admin:{PAGE}", args=[found.pk]) in page
    fresh = visitor(office.staff["clerk"])
    assert "begin_reimbursement" not in offered(fresh, claim)
    assert "begin_reimbursement" not in offered(fresh, office.objs["open_claim"])


def test_what_keeps_a_claim_from_being_calculated_is_said_on_the_page(office: Office) -> None:
    found = office.objs["reimbursement"]
    Reimbursement.objects.filter(pk=found.pk).update(state=ReimbursementState.RETURNED)
    Claim.objects.filter(pk=found.claim_id).update(benefit="inpatient")
    assert "Inpatient care is not claimed here." in text_of(office.staff["clerk"], found)


def test_a_refusal_by_the_rules_and_late_filing_show_on_the_page(office: Office) -> None:
    found = office.objs["reimbursement"]
    calculation = {"refused": "late_filing", "citation": ["枣政发〔2022〕1号", "第十九条", "三个月内", ""]}
    rewrite(Reimbursement.objects.filter(pk=found.pk), calculation=calculation)
    text = text_of(office.staff["supervisor"], found)
    assert "The rules refuse it:" in text
    assert "三个月内" in text
    supervisor = visitor(office.staff["supervisor"])
    assert "accept_late" in offered(supervisor, found)
    press(supervisor, "accept_late", found, reason="flood in the village")
    text = text_of(office.staff["clerk"], found)
    assert "Filed late; accepted by supervisor: flood in the village" in text
    found.refresh_from_db()
    assert found.state == ReimbursementState.RETURNED


@override("en")
def test_each_reimbursement_waits_for_the_role_that_goes_on_with_it(office: Office) -> None:
    found = office.objs["reimbursement"]
    clerk, supervisor, finance = (office.staff[role] for role in ("clerk", "supervisor", "finance"))

    def seen_by(user: Any) -> list[Any]:
        return [each for each in waiting_for(user) if each.obj == found]

    # Submitted and past its day: first of all that the supervisor decides, and only once.
    first = waiting_for(supervisor)[0]
    assert first.obj == found
    assert "due on April 24, 2024" in first.state
    assert len(seen_by(supervisor)) == 1
    reimbursements.return_reimbursement(found, actor=supervisor, reason=REASON)
    rows = Reimbursement.objects.filter(pk=found.pk)
    rows.update(due_on=date(2099, 1, 1), latest_on=date(2099, 1, 2))
    assert [each.state for each in seen_by(clerk)] == ['<span class="desk-badge desk-badge-warning">returned</span>']
    reimbursements.submit_reimbursement(found, actor=clerk)
    assert [each.state for each in seen_by(supervisor)] == ["for your decision"]
    reimbursements.approve_reimbursement(found, today=TODAY, actor=supervisor, reason=REASON)
    assert (seen_by(clerk), [each.state for each in seen_by(finance)]) == ([], ["waits for a payment batch"])
    rows.update(payee_account="")
    assert (len(seen_by(clerk)), seen_by(finance)) == (1, [])
    rewrite(rows, state=ReimbursementState.PAYMENT_FAILED, payee_account="6200123456789")
    assert (len(seen_by(clerk)), seen_by(finance)) == (1, [])


def test_the_home_page_lists_what_waits_and_what_is_overdue(office: Office) -> None:
    found = office.objs["reimbursement"]
    address = reverse(f"admin:{PAGE}", args=[found.pk])
    home = reverse("admin:index")
    clerk = visitor(office.staff["clerk"]).get(home).content.decode()
    assert address in clerk
    assert "due on April 24, 2024" in clerk
    assert address in visitor(office.staff["supervisor"]).get(home).content.decode()
    assert address not in visitor(office.staff["auditor"]).get(home).content.decode()


@pytest.mark.parametrize("view", ["change", "side_by_side"])
def test_what_was_withdrawn_before_it_was_submitted_has_a_page_without_a_calculation(office: Office, view: str) -> None:
    clerk = office.staff["clerk"]
    data = claim_form(
        office.members[0],
        office.objs["provider_zaozhuang"],
        claim_number="C9200",
        invoice_number="f 9200",
        served_on="2024-03-22",
        filed_on="2024-04-08",
    )
    visitor(clerk).post(reverse("admin:claims_claim_add"), data)
    received = Reimbursement.objects.get(claim__claim_number="C9200")
    reimbursements.withdraw_reimbursement(received, actor=clerk, reason="the member is another")
    page = visitor(clerk).get(reverse(f"admin:reimbursements_reimbursement_{view}", args=[received.pk]))
    assert page.status_code == 200
    assert "Step by step" not in page.content.decode()
