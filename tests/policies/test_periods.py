"""The days of a draft beside those that are law already: told on its page, and before it is submitted."""

from datetime import date, timedelta

import pytest

from agency.exceptions import DomainError
from agency.models import Role, User
from policies.models import PolicyVersion, VersionState
from policies.selectors.checks import warnings_about
from policies.selectors.periods import held_twice, law_beside
from policies.selectors.versions import base_of
from policies.services.versions import publish_version, submit_version
from tests.builder import REASON, region, staff
from tests.builder.law import explained
from tests.builder.screens import text_of
from tests.policies.drafts import TODAY, draft_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return staff("officer", Role.POLICY_OFFICER)


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("slug", "first", "last", "said"),
    [
        # Zaozhuang's versions begin on 1 December 2022, 1 January 2023 and 1 January 2024, without an end.
        ("zaozhuang", date(2023, 6, 1), date(2023, 12, 31), []),
        ("zaozhuang", date(2023, 6, 1), date(2024, 1, 1), ["2024-01: from 2024-01-01 to 2024-01-01"]),
        ("zaozhuang", date(2023, 6, 1), None, ["2024-01: from 2024-01-01 on"]),
        ("zaozhuang", date(2024, 1, 1), None, ["2024-01: from 2024-01-01 on"]),
        ("zaozhuang", date(2024, 1, 2), None, []),
        (
            "zaozhuang",
            date(2022, 12, 31),
            None,
            [
                "2023-01: from 2023-01-01 to 2023-12-31",
                "2024-01: from 2024-01-01 on",
            ],
        ),
    ],
)
def test_days_on_which_two_versions_would_hold(
    slug: str, first: date, last: date | None, said: list[str], officer: User
) -> None:
    draft = draft_of(slug, officer, first_day=first, last_day=last)
    sentences = [str(sentence) for sentence in held_twice(draft, law_beside(draft))]
    expected = [
        f"Version {label} is law from {label}-01, and both would hold {days}."
        for label, days in (each.split(": ") for each in said)
    ]
    assert [sentence.split(" Draft")[0] for sentence in sentences] == expected
    page = text_of(officer, draft)
    assert all(sentence in page for sentence in sentences)
    if sentences:
        with pytest.raises(DomainError, match=expected[0]):
            submit_version(draft, actor=officer, reasons=explained(draft))
    else:
        submit_version(draft, actor=officer)


@pytest.mark.parametrize(
    ("slug", "first", "last", "gaps"),
    [
        # Pingliang's version holds from 2023 to the end of 2027.
        ("pingliang", date(2028, 1, 1), None, []),
        ("pingliang", date(2028, 1, 2), None, ["gap:2028-01-01:2028-01-02"]),
        ("pingliang", date(2027, 1, 1), date(2027, 12, 31), []),
        ("pingliang", date(2027, 1, 1), date(2027, 12, 30), ["gap:2027-12-31:2028-01-01"]),
        ("pingliang", date(2022, 1, 1), date(2022, 12, 31), []),
        ("pingliang", date(2022, 1, 1), date(2022, 12, 30), ["gap:2022-12-31:2023-01-01"]),
        # Zaozhuang's newest has no end.
        ("zaozhuang", date(2030, 1, 1), date(2030, 12, 31), ["gap:2031-01-01:"]),
        ("zaozhuang", date(2023, 6, 1), date(2023, 11, 30), ["gap:2023-12-01:2024-01-01"]),
        # Days that are held twice come first.
        ("zaozhuang", date(2023, 6, 1), date(2024, 1, 1), []),
    ],
)
def test_days_that_are_left_without_law_need_a_reason(
    slug: str, first: date, last: date | None, gaps: list[str], officer: User
) -> None:
    draft = draft_of(slug, officer, first_day=first, last_day=last)
    assert [doubt.key for doubt in warnings_about(draft)] == gaps
    if gaps:
        with pytest.raises(DomainError):
            submit_version(draft, actor=officer)
        submit_version(draft, actor=officer, reasons=dict.fromkeys(gaps, REASON))
        publish_version(draft, actor=staff("second"), today=TODAY, reason=REASON)
        gap = date.fromisoformat(gaps[0].split(":")[1])
        law = PolicyVersion.objects.filter(region=region(slug), state=VersionState.PUBLISHED)
        assert law.filter(period__contains=gap - DAY).exists()
        assert not law.filter(period__contains=gap).exists()


def test_the_first_version_of_all_is_looked_at_too(officer: User) -> None:
    """It was copied from none, and nothing holds before it."""
    draft = draft_of("pingliang", officer, first_day=date(2022, 1, 1), last_day=date(2022, 12, 30))
    PolicyVersion.objects.filter(pk=draft.pk).update(copied_from=None)
    draft.refresh_from_db()
    assert base_of(draft) is None
    assert [doubt.key for doubt in warnings_about(draft)] == ["gap:2022-12-31:2023-01-01"]


def test_the_page_says_it_in_chinese(officer: User) -> None:
    twice = draft_of("zaozhuang", officer, first_day=date(2023, 6, 1))
    gap = draft_of("zaozhuang", officer, first_day=date(2030, 1, 1), last_day=date(2030, 12, 31), label="gap")
    said = text_of(officer, twice, language="zh-hans")
    assert "2024-01自2024-01-01起生效，自2024-01-01起将有两个版本同时有效" in said
    assert "2024-01将因本版本终止，自2031-01-01起将没有任何版本有效" in text_of(officer, gap, language="zh-hans")
