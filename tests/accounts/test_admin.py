"""Credit runs and the ledger on screen."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import CreditRun, LedgerEntry, RunState
from accounts.services import credit_checks, credit_posting, credit_runs
from agency.models import Job
from tests.builder.office import MONTH, REASON, Office
from tests.builder.screens import button, text_of, visitor
from tests.builder.screens import offered as buttons_of

pytestmark = pytest.mark.django_db


def offered(client: Any, run: CreditRun) -> set[str]:
    """The buttons on the run's page, without the downloads."""
    return {name for name in buttons_of(client, run) if not name.startswith("download_")}


def test_a_run_goes_from_draft_to_posted_by_two_people(office: Office) -> None:
    finance, supervisor = visitor(office.staff["finance"]), visitor(office.staff["supervisor"])
    discarded = finance.post(button("discard", office.objs["open_run"]), {"reason": REASON})
    assert discarded.status_code == 302

    sent = {"region": office.here.pk, "month": "2024-03", "as_of": "2024-04-10"}
    response = finance.post(reverse("admin:accounts_creditrun_add"), sent)
    run = CreditRun.objects.get(region=office.here, month=MONTH, state=RunState.DRAFT)
    assert response["Location"] == reverse("admin:accounts_creditrun_change", args=[run.pk])
    assert offered(finance, run) == {"check_run", "discard"}
    assert offered(supervisor, run) == set()

    finance.post(button("check_run", run))
    assert offered(finance, run) == {"discard"}
    credit_checks.perform_check(run.pk)
    assert offered(finance, run) == {"check_run", "submit", "discard"}
    finance.post(button("submit", run))
    assert offered(finance, run) == set()
    assert offered(supervisor, run) == {"approve", "send_back"}

    supervisor.post(button("approve", run), {"reason": ""})
    run.refresh_from_db()
    assert run.state == RunState.POSTING
    for chunk in credit_posting.waiting_chunks(run):
        credit_posting.post_chunk(chunk)
    page = supervisor.get(reverse("admin:accounts_creditrun_change", args=[run.pk])).content.decode()
    assert "120.00" in page
    assert "posted" in page
    assert LedgerEntry.objects.filter(month=MONTH, region=office.here).count() == 1


def test_whoever_submitted_cannot_approve_even_by_address(office: Office) -> None:
    """Finance officers may approve, but not what they submitted."""
    run = office.objs["open_run"]
    finance = visitor(office.staff["finance"])
    finance.post(button("submit", run))
    response = finance.post(button("approve", run), {"reason": ""})
    assert "Another person" in response.context["form"].non_field_errors()[0]
    run.refresh_from_db()
    assert run.state == RunState.SUBMITTED


def test_a_returned_run_says_why(office: Office) -> None:
    run = office.objs["open_run"]
    visitor(office.staff["clerk"]).post(button("submit", run))
    supervisor = visitor(office.staff["supervisor"])
    assert list(supervisor.post(button("send_back", run), {"reason": ""}).context["form"].errors) == ["reason"]
    supervisor.post(button("send_back", run), {"reason": "李强 is missing"})
    page = supervisor.get(reverse("admin:accounts_creditrun_change", args=[run.pk])).content.decode()
    assert "李强 is missing" in page


def test_a_second_open_run_is_refused_in_words(office: Office) -> None:
    sent = {"region": office.here.pk, "month": "2024-04", "as_of": "2024-05-10"}
    response = visitor(office.staff["finance"]).post(reverse("admin:accounts_creditrun_add"), sent)
    assert "is still open" in response.context["form"].non_field_errors()[0]


@pytest.mark.parametrize("month", ["2024-13", "March", "2024-3", "0000-01"])
def test_a_month_that_is_none_is_refused(office: Office, month: str) -> None:
    sent = {"region": office.here.pk, "month": month, "as_of": "2024-05-10"}
    response = visitor(office.staff["finance"]).post(reverse("admin:accounts_creditrun_add"), sent)
    assert list(response.context["form"].errors) == ["month"]


def test_the_page_names_who_cannot_be_credited_and_why(office: Office) -> None:
    page = visitor(office.staff["auditor"]).get(
        reverse("admin:accounts_creditrun_change", args=[office.objs["open_run"].pk])
    )
    text = page.content.decode()
    assert "李强 P0003" in text
    assert "no contribution received" in text


def test_the_page_lists_what_was_credited_too_much(office: Office) -> None:
    text = text_of(office.staff["auditor"], office.objs["run"])
    assert "Too much" in text
    assert "20.00" in text


def test_the_progress_of_a_running_run_asks_for_news_and_ends_with_the_whole_page(office: Office) -> None:
    run = office.objs["open_run"]
    credit_runs.submit_run(run, actor=office.staff["finance"])
    credit_runs.approve_run(run, actor=office.staff["supervisor"])
    client = visitor(office.staff["auditor"])
    address = reverse("admin:accounts_creditrun_panel", args=[run.pk, "posting"])
    running = client.get(address)
    assert f'hx-get="{address}"' in running.content.decode()
    assert "HX-Refresh" not in running.headers
    for chunk in credit_posting.waiting_chunks(run):
        credit_posting.post_chunk(chunk)
    # The row is looked up again by every request.
    finished = client.get(address)
    assert finished.headers["HX-Refresh"] == "true"
    assert "hx-get" not in finished.content.decode()
    posted = CreditRun.objects.get(pk=run.pk)
    assert isinstance(posted.job, Job)
    assert posted.job.percent == 100


def test_an_account_shows_what_came_in_and_went_out(office: Office) -> None:
    account = office.members[0].account
    text = text_of(office.staff["auditor"], account)
    assert "120.00" in text
    assert "contribution income · Zaozhuang" in text


def test_a_ledger_entry_names_the_rule_it_rests_on(office: Office) -> None:
    entry = office.members[0].account.credits.get()
    text = text_of(office.staff["auditor"], entry)
    assert entry.rule is not None
    assert entry.rule.article in text
    assert entry.rule.phrase in text
    assert "6,000.00" in text


def test_what_the_check_found_can_be_taken_into_a_spreadsheet(office: Office) -> None:
    run, auditor = office.objs["open_run"], visitor(office.staff["auditor"])
    response = auditor.get(reverse("admin:accounts_creditrun_exceptions_csv", args=[run.pk]))
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Member number,Name,Component,Reason"
    assert "P0003,李强,personal account,no contribution received" in lines
    assert 'filename="not-creditable-zaozhuang-2024-03-1.csv"' in response["Content-Disposition"]
    response = auditor.get(reverse("admin:accounts_creditrun_credits_csv", args=[run.pk]))
    assert "120.00" in response.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("name", ["credits_csv", "exceptions_csv"])
def test_files_of_another_region_are_not_found(office: Office, name: str) -> None:
    address = reverse(f"admin:accounts_creditrun_{name}", args=[office.objs["run_away"].pk])
    assert visitor(office.staff["auditor"]).get(address).status_code == 404
