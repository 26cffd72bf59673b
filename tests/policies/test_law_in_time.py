"""The law of a region in time: what held when, what changed, any two versions beside each other."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from agency.models import Role, User
from policies.admin.law_in_time import WIDTH, picture
from policies.engine.vocabulary import Benefit
from policies.models import PolicyVersion, VersionState
from policies.selectors.law_in_time import law_of_a_day, versions_in_time
from policies.services.rule_changes import change_rule
from tests.builder import REASON, region
from tests.builder.law import figures
from tests.builder.office import colleague
from tests.builder.screens import visitor
from tests.policies.drafts import FIRST, draft_of, rate_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def page_of(slug: str, query: str = "") -> str:
    reader = colleague("reader", Role.AUDITOR, region(slug))
    address = reverse("admin:agency_poolingregion_change", args=[region(slug).pk])
    return visitor(reader).get(address + query).content.decode()


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2022, 11, 30), None),
        (date(2022, 12, 1), "2022-12"),
        (date(2022, 12, 31), "2022-12"),
        (date(2023, 1, 1), "2023-01"),
        (date(2024, 1, 1), "2024-01"),
    ],
)
def test_the_page_says_which_version_held_on_a_day(day: date, label: str | None) -> None:
    held = law_of_a_day(region("zaozhuang"), day).version
    assert (held.label if held else None) == label
    sentence = f"version {label} held" if label else "no published version held: nothing can be calculated"
    assert sentence in page_of("zaozhuang", f"?on={day}")


@pytest.mark.parametrize("on", ["", "soon", "2023-02-30", "99999-01-01", "0"])
def test_a_day_that_cannot_be_read_is_today(on: str) -> None:
    assert "version 2024-01 held" in page_of("zaozhuang", f"?on={on}")


def test_local_figures_hold_on_their_days(maker: User, checker: User) -> None:
    figures(maker, checker, "baoshan", Benefit.INPATIENT, deductible="800.00", rate="0.85", ceiling="6000.00")
    held = law_of_a_day(region("baoshan"), date(2024, 1, 1)).figures
    assert {str(figure.value.normalize()) for figure in held} >= {"8E+2", "0.85", "6E+3"}
    begin = min(figure.period.lower for figure in held)
    assert law_of_a_day(region("baoshan"), begin - timedelta(days=1)).figures == []
    text = page_of("baoshan", "?on=2024-01-01")
    assert "800.00" in text
    assert "85%" in text


def test_the_picture_has_no_gap_where_versions_follow_each_other(maker: User) -> None:
    draft_of("zaozhuang", maker, first_day=FIRST)
    drawn = picture(list(versions_in_time(region("zaozhuang"))), date(2023, 7, 1))
    assert drawn is not None
    *published, waiting = drawn.bars
    for earlier, later in pairwise(published):
        assert earlier.x + earlier.width == pytest.approx(later.x, abs=0.2)
    assert published[0].x == 0
    assert published[-1].x + published[-1].width == pytest.approx(WIDTH, abs=0.2)
    assert {bar.lane for bar in published} == {0}
    assert (waiting.lane, waiting.version.state) == (1, VersionState.DRAFT)
    assert drawn.day is not None
    assert published[1].x < drawn.day < published[2].x
    assert picture([], FIRST) is None


def test_any_two_versions_are_compared_the_earlier_one_first(maker: User) -> None:
    draft = draft_of("zaozhuang", maker)
    change_rule(rate_of(draft), {"rate": rate_of(draft).rate / 2}, actor=maker, reason=REASON)
    held = PolicyVersion.objects.get(region__slug="zaozhuang", label="2024-01")
    client = visitor(colleague("reader", Role.AUDITOR, region("zaozhuang")))

    def compared(one: PolicyVersion, other: PolicyVersion) -> Any:
        asked = client.post(reverse("admin:policies_policyversion_compare", args=[one.pk]), {"other": str(other.pk)})
        return client.get(asked["Location"])

    both = [compared(held, draft), compared(draft, held)]
    tables = [page.context["tables"][1] for page in both]
    (row,) = tables[0].rows
    assert tables[1].rows == tables[0].rows
    assert list(row[2:]) == ["reimbursement rate", "60%", "30%"]
    assert "Versions 2024-01 and new" in both[0].content.decode()


def test_versions_of_two_regions_are_not_compared() -> None:
    client = visitor(colleague("reader", Role.AUDITOR, None))
    here = PolicyVersion.objects.get(region__slug="zaozhuang", label="2024-01")
    away = PolicyVersion.objects.filter(region__slug="baoshan").first()
    assert away is not None
    address = reverse("admin:policies_policyversion_differences_from", args=[here.pk, away.pk])
    assert client.get(address).status_code == 404
    asked = client.post(reverse("admin:policies_policyversion_compare", args=[here.pk]), {"other": str(away.pk)})
    assert "other" in asked.context["form"].errors


def test_every_figure_that_changed_is_beside_what_it_was(maker: User) -> None:
    client = visitor(colleague("reader", Role.AUDITOR, region("zaozhuang")))
    newest = PolicyVersion.objects.get(region__slug="zaozhuang", label="2024-01")
    answer = client.get(reverse("admin:policies_policyversion_in_time", args=[newest.pk]))
    versions, changes = answer.context["tables"]
    assert [row[0] for row in versions.rows] == ["2022-12", "2023-01", "2024-01"]
    assert [column.heading for column in changes.columns][1:] == ["2022-12", "2023-01", "2024-01"]
    # A value for each version, and never the same in all.
    assert changes.rows
    for row in changes.rows:
        assert len(row) == 4
        assert len({str(cell) for cell in row[1:]}) > 1
    unchanged = client.get(
        reverse(
            "admin:policies_policyversion_in_time",
            args=[PolicyVersion.objects.filter(region__slug="zaozhuang").first().pk],  # type: ignore[union-attr]
        )
    )
    assert unchanged.status_code == 200
