"""A rate is changed by one person's draft and another person's word."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from agency.models import User
from policies.engine.errors import MissingLaw
from policies.engine.vocabulary import Benefit, Tier
from policies.models import Deductible, Instrument, PolicyVersion, ReimbursementRate, VersionState
from policies.selectors.versions import version_in_force
from policies.services.rule_changes import change_rule
from policies.services.versions import (
    draft_version,
    publish_version,
    return_version,
    submit_version,
    version_payload,
)
from tests.builder import REASON, region, staff
from tests.builder.damage import rewrite
from tests.policies.drafts import FIRST, TODAY, draft_of, rate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return staff("officer")


@pytest.fixture
def second() -> User:
    return staff("second")


# Drafting


def test_a_draft_holds_the_same_rules_as_its_source_and_changes_no_law(officer: User) -> None:
    draft = draft_of("kaifeng", officer, last_day=date(2025, 12, 31))
    source = version_in_force(region("kaifeng"), FIRST)
    both = [version_payload(version) for version in (draft, source)]
    for payload in both:
        for name in ("label", "since", "until"):
            del payload[name]
    assert both[0] == both[1]
    assert (draft.state, draft.copied_from, draft.drafted_by) == (VersionState.DRAFT, source, officer)
    assert draft.period == DateRange(FIRST, date(2026, 1, 1))
    assert source.label == "2023-01"


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "2023-01"},
        {"last_day": date(2024, 12, 31)},
        {"reason": " "},
    ],
    ids=["label taken", "ends before it begins", "no reason"],
)
def test_no_draft_is_made_of(wrong: dict[str, Any], officer: User) -> None:
    facts: dict[str, Any] = {"label": "new", "first_day": FIRST, "last_day": None, "reason": REASON} | wrong
    source = PolicyVersion.objects.get(region=region("pingliang"))
    with pytest.raises(DomainError):
        draft_version(source, actor=officer, **facts)
    assert not PolicyVersion.objects.filter(state=VersionState.DRAFT).exists()


def test_a_draft_of_one_day_is_a_period(officer: User) -> None:
    assert draft_of("pingliang", officer, last_day=FIRST).period == DateRange(FIRST, date(2025, 1, 2))


# Editing


def test_a_changed_figure_is_in_the_versions_history_with_before_and_after(officer: User, second: User) -> None:
    draft = draft_of("pingliang", officer)
    change_rule(rate_of(draft), {"rate": Decimal("0.65"), "phrase": "在职职工65%"}, actor=second, reason="新办法")
    row, latest = rate_of(draft), draft.history.first()
    assert (row.rate, row.phrase) == (Decimal("0.65"), "在职职工65%")
    assert latest is not None
    assert latest.history_user == second
    assert str(latest.history_change_reason).startswith("新办法 (")
    assert "rate: 0.6000 → 0.65" in str(latest.history_change_reason)


@pytest.mark.parametrize(
    ("values", "reason", "refusal"),
    [
        ({"tier": Tier.PRIMARY}, REASON, DomainError),
        ({"version": None}, REASON, DomainError),
        ({"amount": Decimal("1.00")}, REASON, DomainError),
        ({"rate": Decimal("0.61")}, "", DomainError),
        ({"rate": Decimal("1.01")}, REASON, ValidationError),
        ({"rate": Decimal("-0.01")}, REASON, ValidationError),
        ({"article": ""}, REASON, ValidationError),
        ({"phrase": "长" * 81}, REASON, ValidationError),
    ],
)
def test_a_row_refuses(values: dict[str, Any], reason: str, refusal: type[Exception], officer: User) -> None:
    row = rate_of(draft_of("pingliang", officer))
    with pytest.raises(refusal):
        change_rule(row, values, actor=officer, reason=reason)
    stored = rate_of(row.version)
    assert (stored.tier, stored.rate) == (Tier.SECONDARY, Decimal("0.6000"))


def test_a_way_of_the_region_takes_only_its_own_values(officer: User) -> None:
    way = draft_of("pingliang", officer).conduct_rows.get(key="senior_from")
    with pytest.raises(ValidationError):
        change_rule(way, {"value": "prescriber"}, actor=officer, reason=REASON)
    change_rule(way, {"value": "next_month"}, actor=officer, reason=REASON)
    way.refresh_from_db()
    assert way.value == "next_month"


def test_a_number_keeps_its_bounds_whoever_enters_it(officer: User) -> None:
    limit = draft_of("baoshan", officer).staylimit_rows.get()
    with pytest.raises(ValidationError):
        change_rule(limit, {"hours": 0}, actor=officer, reason=REASON)


def test_a_figure_can_be_unset_again(officer: User) -> None:
    row = rate_of(draft_of("pingliang", officer))
    change_rule(row, {"rate": None}, actor=officer, reason=REASON)
    assert rate_of(row.version).rate is None


# Submitting and deciding


def test_a_draft_that_does_not_decide_everything_is_not_submitted(officer: User) -> None:
    draft = draft_of("pingliang", officer)
    draft.conduct_rows.get(key="pharmacy_terms").delete()
    with pytest.raises(MissingLaw):
        submit_version(draft, actor=officer)
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def _another_instrument(draft: PolicyVersion) -> Instrument:
    return Instrument.objects.create(region=draft.region, number="另一文号", title="另一文件", issued_on=TODAY)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda draft: ReimbursementRate.objects.filter(pk=rate_of(draft).pk).update(rate=Decimal("0.95")),
        lambda draft: ReimbursementRate.objects.filter(pk=rate_of(draft).pk).update(phrase="95%"),
        lambda draft: Deductible.objects.filter(version=draft).delete(),
        lambda draft: Deductible.objects.create(
            version=draft,
            benefit=Benefit.GENERAL_OUTPATIENT,
            tier=Tier.PHARMACY,
            status="all",
            amount=Decimal("0.00"),
            article="第七条",
            phrase="x",
        ),
        lambda draft: rewrite(PolicyVersion.objects.filter(pk=draft.pk), period=DateRange(date(2024, 1, 1), None)),
        lambda draft: rewrite(PolicyVersion.objects.filter(pk=draft.pk), label="other"),
        lambda draft: rewrite(PolicyVersion.objects.filter(pk=draft.pk), phrase="自2024年1月1日起施行"),
        lambda draft: rewrite(PolicyVersion.objects.filter(pk=draft.pk), instrument=_another_instrument(draft)),
    ],
    ids=["rate", "phrase", "row gone", "row added", "period", "label", "words on entry into force", "instrument"],
)
@pytest.mark.parametrize(
    "decide",
    [
        lambda version, actor: return_version(version, actor=actor, reason=REASON),
        lambda version, actor: publish_version(version, actor=actor, today=TODAY),
    ],
    ids=["return", "publish"],
)
def test_what_was_altered_after_its_submission_is_not_decided(
    tamper: Callable[[PolicyVersion], Any], decide: Callable[[PolicyVersion, User], None], officer: User, second: User
) -> None:
    draft = draft_of("pingliang", officer)
    submit_version(draft, actor=officer)
    tamper(draft)
    with pytest.raises(SubmissionVoided):
        decide(draft, second)
    assert PolicyVersion.objects.get(pk=draft.pk).state == VersionState.SUBMITTED


def test_returning_needs_a_reason_and_the_draft_goes_round_again(officer: User, second: User) -> None:
    draft = draft_of("pingliang", officer)
    submit_version(draft, actor=officer)
    with pytest.raises(DomainError):
        return_version(draft, actor=second, reason=" ")
    return_version(draft, actor=second, reason="第七条有误")
    draft.refresh_from_db()
    assert (draft.state, draft.decided_by, draft.decision_reason) == (VersionState.DRAFT, second, "第七条有误")

    change_rule(rate_of(draft), {"rate": Decimal("0.62")}, actor=second, reason=REASON)
    submit_version(draft, actor=second)
    with pytest.raises(SamePersonDecides):
        publish_version(draft, actor=second, today=TODAY)
    with pytest.raises(SamePersonDecides):
        publish_version(draft, actor=officer, today=TODAY)
    third = staff("third")
    publish_version(draft, actor=third, today=TODAY)
    draft.refresh_from_db()
    assert (draft.state, draft.submitted_by, draft.decided_by) == (VersionState.PUBLISHED, second, third)


def test_each_step_is_in_the_history_under_its_person(officer: User, second: User) -> None:
    draft = draft_of("pingliang", officer)
    submit_version(draft, actor=officer)
    publish_version(draft, actor=second, today=TODAY, reason="局务会通过")
    rows = draft.history.order_by("history_id").values_list("state", "history_user__username", "history_change_reason")
    assert list(rows) == [
        ("draft", "officer", REASON),
        ("submitted", "officer", "submitted"),
        ("published", "second", "局务会通过"),
    ]
    former = PolicyVersion.objects.get(region=region("pingliang"), label="2023-01").history.first()
    assert former is not None
    assert (former.history_user, former.history_change_reason) == (second, "ends before new")
