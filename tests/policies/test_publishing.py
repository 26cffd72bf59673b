"""A published version is law from its first day; what held before ends, and months that have begun are marked."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError
from agency.models import User
from policies.engine.errors import PolicyNotInForce
from policies.models import LawChange, PolicyVersion, VersionState
from policies.selectors.versions import policy_in_force, version_in_force
from policies.services.rule_changes import change_rule
from policies.services.versions import publish_version, submit_version
from tests.builder import REASON, region, staff
from tests.builder.law import explained
from tests.policies.drafts import FIRST, KEY, TODAY, draft_of, rate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return staff("officer")


@pytest.fixture
def second() -> User:
    return staff("second")


def test_the_former_version_ends_the_day_before_the_new_one_begins(officer: User, second: User) -> None:
    draft = draft_of("pingliang", officer, last_day=date(2027, 12, 31))
    change_rule(rate_of(draft), {"rate": Decimal("0.66")}, actor=officer, reason=REASON)
    submit_version(draft, actor=officer, reasons=explained(draft))
    publish_version(draft, actor=second, today=TODAY)

    pingliang, last_of_the_former = region("pingliang"), date(2024, 12, 31)
    assert version_in_force(pingliang, last_of_the_former).label == "2023-01"
    assert version_in_force(pingliang, FIRST).label == "new"
    assert policy_in_force(pingliang, last_of_the_former).rates[KEY].value == Decimal("0.6000")
    assert policy_in_force(pingliang, FIRST).rates[KEY].value == Decimal("0.6600")
    assert version_in_force(pingliang, date(2027, 12, 31)).label == "new"
    with pytest.raises(PolicyNotInForce):
        version_in_force(pingliang, date(2028, 1, 1))


def test_until_it_is_published_a_draft_is_not_law(officer: User) -> None:
    draft = draft_of("pingliang", officer)
    submit_version(draft, actor=officer)
    assert version_in_force(region("pingliang"), FIRST).label == "2023-01"


@pytest.mark.parametrize(
    ("slug", "first_day"),
    [
        ("pingliang", date(2023, 1, 1)),
        ("pingliang", date(2022, 12, 31)),
        ("zaozhuang", date(2023, 6, 1)),
    ],
    ids=["the same day", "the day before", "a later version follows"],
)
def test_a_version_over_one_that_begins_later_is_not_even_submitted(slug: str, first_day: date, officer: User) -> None:
    draft = draft_of(slug, officer, first_day=first_day)
    with pytest.raises(DomainError):
        submit_version(draft, actor=officer, reasons=explained(draft))
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


@pytest.mark.parametrize("first_day", [FIRST, date(2025, 6, 1)])
def test_nor_is_it_published_where_the_other_became_law_meanwhile(first_day: date, officer: User, second: User) -> None:
    draft, other = draft_of("pingliang", officer), draft_of("pingliang", officer, first_day=first_day, label="other")
    submit_version(draft, actor=officer)
    submit_version(other, actor=officer)
    publish_version(other, actor=second, today=TODAY)
    law = set(PolicyVersion.objects.filter(state="published").values_list("pk", "period"))
    with pytest.raises(DomainError):
        publish_version(draft, actor=second, today=TODAY, reason=REASON)
    assert set(PolicyVersion.objects.filter(state="published").values_list("pk", "period")) == law


def test_a_version_that_ends_before_the_next_one_begins_fits_between(officer: User, second: User) -> None:
    draft = draft_of("zaozhuang", officer, first_day=date(2023, 6, 1), last_day=date(2023, 12, 31))
    submit_version(draft, actor=officer)
    publish_version(draft, actor=second, today=TODAY, reason=REASON)
    zaozhuang = region("zaozhuang")
    days = [date(2023, 5, 31), date(2023, 6, 1), date(2023, 12, 31), date(2024, 1, 1)]
    assert [version_in_force(zaozhuang, day).label for day in days] == ["2023-01", "new", "new", "2024-01"]


@pytest.mark.parametrize(
    ("first_day", "today", "marked"),
    [
        (date(2025, 1, 1), date(2024, 12, 31), None),
        (date(2025, 1, 15), date(2024, 12, 31), None),
        # The month has begun, so its run may be posted already.
        (date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 1)),
        (date(2025, 1, 15), date(2025, 1, 2), date(2025, 1, 1)),
        (date(2025, 1, 15), date(2025, 2, 1), date(2025, 1, 1)),
        (date(2023, 7, 1), date(2025, 1, 1), date(2023, 7, 1)),
    ],
)
def test_months_that_have_begun_are_marked_for_the_next_credit_run(
    first_day: date, today: date, marked: date | None, officer: User, second: User
) -> None:
    draft = draft_of("pingliang", officer, first_day=first_day)
    submit_version(draft, actor=officer)
    publish_version(draft, actor=second, today=today, reason=REASON)
    rows = list(LawChange.objects.values_list("region__slug", "first_month", "last_month", "cause", "pending"))
    assert rows == ([("pingliang", marked, None, "policy_version", True)] if marked else [])


def test_the_database_refuses_two_published_versions_of_a_region_on_one_day(officer: User) -> None:
    draft = draft_of("pingliang", officer, first_day=date(2027, 12, 31))
    with pytest.raises(IntegrityError, match="published_versions_never_overlap"), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(state=VersionState.PUBLISHED)
    other = draft_of("kaifeng", officer, first_day=date(2022, 1, 1), last_day=date(2022, 6, 30))
    assert PolicyVersion.objects.filter(pk=other.pk).update(state=VersionState.PUBLISHED) == 1
