"""What home warns of: each sentence with its count, for whoever may see the rows, leading to these rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from agency.admin.alerts import Alert
from agency.models import Job, JobState
from agency.services.jobs import fail_job, queue_job, start_job
from claims.models import Claim, ClaimState
from members.services.diseases import approve_disease_registration, end_disease_registration
from members.services.registrations import register_out_of_area
from policies.engine.vocabulary import OutOfAreaKind, RefusalReason
from providers.services import end_agreement
from tests.builder.law import average_pension
from tests.builder.office import REASON, Office
from tests.builder.screens import visitor
from tests.desk.test_books_pages import verified

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def told(office: Office, who: str, word: str) -> list[Alert]:
    """The alerts with a word in them, as the person's home shows them."""
    shown = visitor(office.staff[who]).get(reverse("admin:index")).context["alerts"]
    return [alert for alert in shown if word in alert.sentence]


def rows_behind(office: Office, who: str, alert: Alert) -> list[Any]:
    return list(visitor(office.staff[who]).get(alert.address).context["cl"].queryset)


def test_books_that_differ_or_were_not_verified_for_days(office: Office) -> None:
    (never,) = told(office, "auditor", "books")
    assert never.sentence == "Zaozhuang: the books were never verified."
    job = verified(office.here)
    assert told(office, "auditor", "books") == []
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timedelta(days=3))
    (old,) = told(office, "auditor", "books")
    assert old.sentence.startswith("Zaozhuang: the books were last verified on ")
    verified(office.here, differing=12)
    (differing,) = told(office, "auditor", "books")
    assert (differing.sentence, differing.count, differing.tone) == (
        "Zaozhuang: the books do not agree, 12 rows differ.",
        12,
        "danger",
    )
    assert told(office, "system_administrator", "books") == []


def test_claims_that_are_refused_because_a_figure_is_not_entered(office: Office) -> None:
    assert told(office, "clerk", "local figure") == []
    refused = Claim.objects.filter(region=office.here, state=ClaimState.REFUSED)
    refused.update(refusal_reason=RefusalReason.TERMS_UNSET)
    (alert,) = told(office, "clerk", "local figure")
    assert alert.count == refused.count() > 0
    assert set(rows_behind(office, "clerk", alert)) == set(refused)


def test_nobody_counts_further_than_a_bound(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Claim.objects.filter(region=office.here, state__in=(ClaimState.REGISTERED, ClaimState.REFUSED))
    waiting.update(state=ClaimState.REFUSED, refusal_reason=RefusalReason.TERMS_UNSET)
    assert waiting.count() > 1
    for module in ("agency.admin.alerts", "agency.selectors.counting"):
        monkeypatch.setattr(f"{module}.COUNTED", 1)
    (alert,) = told(office, "clerk", "local figure")
    assert (alert.count, alert.sentence[:9]) == (2, "1+ claims")


def test_an_average_pension_that_the_rules_need_and_nobody_has_approved(office: Office) -> None:
    (alert,) = told(office, "policy_officer", "average pension")
    assert alert.sentence.startswith("Zaozhuang: retirees are not credited")
    year = int(alert.sentence.split("average pension of ")[1][:4])
    average_pension(office.here, year, 3300)
    assert told(office, "policy_officer", "average pension") == []


def test_jobs_that_failed_this_week_and_jobs_that_hang(office: Office) -> None:
    Job.objects.filter(state=JobState.FAILED).update(finished_at=timezone.now() - timedelta(days=8))
    assert told(office, "clerk", "failed") == []
    fail_job(queue_job("export", region=office.here, actor=None), "It broke off.")
    fail_job(queue_job("export", region=office.away, actor=None), "It broke off.")
    (failed,) = told(office, "clerk", "failed")
    assert failed.sentence == "1 job failed in the last seven days."
    assert told(office, "clerk", "for hours") == []
    hangs = queue_job("export", region=office.here, actor=None)
    Job.objects.filter(pk=hangs.pk).update(created_at=timezone.now() - timedelta(hours=3))
    (stuck,) = told(office, "clerk", "for hours")
    assert (stuck.count, stuck.tone) == (1, "danger")
    assert hangs in rows_behind(office, "clerk", stuck)
    start_job(hangs)
    Job.objects.filter(pk=hangs.pk).update(started_at=timezone.now() - timedelta(hours=3))
    (stuck,) = told(office, "clerk", "for hours")
    assert (stuck.count, stuck.tone) == (1, "warning")
    assert hangs in rows_behind(office, "clerk", stuck)


@pytest.mark.parametrize(("days", "is_told"), [(0, True), (60, True), (61, False), (-1, False)])
def test_an_agreement_that_ends_within_the_offices_days(office: Office, days: int, is_told: bool) -> None:
    provider = office.objs["provider_zaozhuang"]
    end_agreement(provider, last_day=localdate() + timedelta(days=days), reason=REASON)
    alerts = told(office, "clerk", "agreement")
    assert bool(alerts) is is_told
    if is_told:
        assert alerts[0].sentence == "1 provider's agreement ends within 60 days, and no other follows."
        assert rows_behind(office, "clerk", alerts[0]) == [provider]


def test_the_offices_days_are_a_setting(office: Office, settings: Any) -> None:
    end_agreement(office.objs["provider_zaozhuang"], last_day=localdate() + timedelta(days=20), reason=REASON)
    settings.EXPIRY_NOTICE_DAYS = 19
    assert told(office, "clerk", "agreement") == []


def test_a_disease_registration_that_ends(office: Office) -> None:
    registration = office.objs["registration"]
    approve_disease_registration(registration, actor=office.staff["supervisor"])
    assert told(office, "clerk", "of a disease") == []
    end_disease_registration(registration, last_day=localdate(), actor=office.staff["clerk"], reason=REASON)
    (alert,) = told(office, "clerk", "of a disease")
    assert alert.count == 1
    assert rows_behind(office, "clerk", alert) == [registration]


def test_an_out_of_area_registration_that_ends_unless_another_follows(office: Office) -> None:
    member, until = office.members[0], localdate() + timedelta(days=30)
    facts: dict[str, Any] = {"kind": OutOfAreaKind.POSTED_WORKER, "place": "110000", "reason": REASON}
    register_out_of_area(member, since=until - timedelta(days=300), until=until, **facts)
    (alert,) = told(office, "clerk", "out-of-area")
    assert alert.count == 1
    assert rows_behind(office, "clerk", alert) == [member]
    assert rows_behind(office, "clerk", Alert("", 0, "", reverse("admin:members_member_changelist"))) != [member]
    register_out_of_area(member, since=until + timedelta(days=1), **facts)
    assert told(office, "clerk", "out-of-area") == []
