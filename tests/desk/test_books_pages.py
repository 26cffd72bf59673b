"""The books on the home page, and the button and the page of what verifies them."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from agency.models import Job, JobState, PoolingRegion
from agency.services.jobs import fail_job, finish_job, queue_job, start_job
from desk.selectors import VERIFICATION
from desk.services.books import checks
from tests.builder.damage import differing
from tests.builder.office import Office
from tests.builder.screens import text_of, visitor

pytestmark = pytest.mark.django_db

READERS = ["auditor", "clerk", "finance", "policy_officer", "root", "supervisor"]
OTHERS = ["nobody", "system_administrator"]


def verified(region: PoolingRegion, differing: int = 0) -> Job:
    """A verification as a worker leaves it: the first check found something, if any did."""
    job = queue_job(VERIFICATION, region=region, actor=None)
    start_job(job, total=len(checks()))
    found = [{"name": check.name, "looked_at": 1000, "differing": 0, "examples": []} for check in checks()]
    found[0] |= {"differing": differing, "examples": [4711] * bool(differing)}
    result: dict[str, Any] = {"looked_at": 1000 * len(checks()), "differences": differing, "checks": found}
    if differing:
        fail_job(job, "The books do not agree.", result)
    else:
        finish_job(job, result)
    job.refresh_from_db()
    return job


def test_the_offices_books_agree(office: Office) -> None:
    assert (differing(office.here), differing(office.away)) == ({}, {})


def books_on_home(office: Office, who: str) -> list[list[str]] | None:
    """The rows of the table, less the instant."""
    table = visitor(office.staff[who]).get(reverse("admin:index")).context["books"]
    with override("en"):
        return table and [[str(cell) for cell in (row[0], *row[2:])] for row in table.rows]


@pytest.mark.parametrize("who", READERS)
def test_home_shows_the_last_verification_of_the_persons_regions(office: Office, who: str) -> None:
    verified(office.here, differing=3)
    job = verified(office.here)
    verified(office.away, differing=1)
    rows = books_on_home(office, who)
    assert rows is not None
    expected = PoolingRegion.objects.all() if who == "root" else [office.here]
    assert [row[0] for row in rows] == [region.name_en for region in expected]
    (mine,) = [row for row in rows if f"/job/{job.pk}/" in row[3]]
    assert f"{1000 * len(checks()):,}" in mine[1]
    assert ("the books agree" in mine[2], "success" in mine[2]) == (True, True)


@pytest.mark.parametrize("who", OTHERS)
def test_home_shows_no_books_to_whoever_reads_no_ledger(office: Office, who: str) -> None:
    verified(office.here)
    assert books_on_home(office, who) is None


def test_home_says_in_words_how_a_verification_stands(office: Office) -> None:
    def verdict() -> str:
        rows = books_on_home(office, "auditor")
        assert rows is not None
        return rows[0][2]

    assert "never verified" in verdict()
    waiting = queue_job(VERIFICATION, region=office.here, actor=None)
    assert "queued" in verdict()
    start_job(waiting)
    assert "running" in verdict()
    fail_job(waiting, "The verification broke off.")
    assert "broke off" in verdict()
    verified(office.here, differing=1234)
    assert "1,234 differences" in verdict()


def test_the_jobs_page_lists_what_was_verified(office: Office) -> None:
    text = text_of(office.staff["auditor"], verified(office.here, differing=2))
    with override("en"):
        assert [check.name for check in checks() if str(escape(check.label)) not in text] == []
    assert "4711, …" in text
    assert "verification of the books" in text
    assert "What was verified" not in text_of(office.staff["auditor"], office.objs["job"])


@pytest.mark.parametrize("who", ["auditor", "finance", "supervisor"])
def test_the_button_asks_for_a_verification_of_the_persons_region(office: Office, who: str) -> None:
    client = visitor(office.staff[who])
    address = reverse("admin:agency_job_verify_books")
    assert address in client.get(reverse("admin:agency_job_changelist")).content.decode()
    response = client.post(address, {"region": office.here.pk})
    job = Job.objects.get(kind=VERIFICATION)
    assert response["Location"] == reverse("admin:agency_job_change", args=[job.pk])
    assert (job.state, job.region, job.requested_by) == (JobState.QUEUED, office.here, office.staff[who])


def test_the_button_asks_for_no_other_region(office: Office) -> None:
    response = visitor(office.staff["auditor"]).post(
        reverse("admin:agency_job_verify_books"), {"region": office.away.pk}
    )
    assert response.status_code == 200
    assert not Job.objects.filter(kind=VERIFICATION).exists()
