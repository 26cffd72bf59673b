"""What is checked before a draft is submitted: it is complete, and whatever looks unusual has its reason."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from agency.exceptions import DomainError, SubmissionVoided
from agency.models import Role, User
from claims.models import BenefitUsage
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import Ceiling, Conduct, PolicyVersion, ReimbursementRate, VersionState
from policies.pack.checking import problems_of
from policies.selectors.books import read_book
from policies.selectors.checks import warnings_about
from policies.services.instruments import Passage
from policies.services.rule_changes import RuleChange, change_rules
from policies.services.versions import publish_version, submit_version
from tests.builder import REASON, insured, region, staff
from tests.builder.damage import change
from tests.builder.screens import press, text_of, visitor
from tests.policies.drafts import TODAY, draft_of

pytestmark = pytest.mark.django_db

ACTIVE, RETIRED = InsuredStatus.ACTIVE, InsuredStatus.RETIRED


@pytest.fixture
def officer() -> User:
    return staff("officer", Role.POLICY_OFFICER, region=region("zaozhuang"))


@pytest.fixture
def draft(officer: User) -> PolicyVersion:
    return draft_of("zaozhuang", officer, label="checked", first_day=date(2030, 1, 1))


def rated(draft: PolicyVersion, officer: User, rates: Mapping[tuple[Tier, InsuredStatus], str]) -> None:
    """General outpatient rates by tier and status. Zaozhuang pays 70, 60, 50, 50 and 50 %, retired members 5 more."""
    changes = [
        RuleChange(
            ReimbursementRate,
            {"benefit": Benefit.GENERAL_OUTPATIENT, "tier": tier, "status": status},
            {"rate": Decimal(rate)},
        )
        for (tier, status), rate in rates.items()
    ]
    change_rules(draft, changes, Passage(draft.instrument, "第七条", "比例"), actor=officer, reason=REASON)


def said(draft: PolicyVersion) -> list[str]:
    return [doubt.key for doubt in warnings_about(draft)]


@pytest.mark.parametrize("slug", ["pingliang", "dazhou", "zaozhuang", "kaifeng", "baoshan"])
def test_published_law_read_as_a_pack_has_no_problem(slug: str) -> None:
    for version in PolicyVersion.objects.filter(region__slug=slug, state=VersionState.PUBLISHED):
        assert list(problems_of(read_book(version))) == []


@pytest.mark.parametrize(
    ("model", "damage", "named"),
    [
        (ReimbursementRate, {"tier": "secondary"}, "rate.general_outpatient.secondary.active"),
        (Conduct, {"key": "registration"}, "conduct.registration.general_outpatient"),
        (Ceiling, {"scope": "general_outpatient"}, "ceiling.general_outpatient.year.active"),
    ],
)
def test_a_gap_is_named_and_stops_the_submission(
    model: Any, damage: dict[str, str], named: str, draft: PolicyVersion, officer: User
) -> None:
    model.objects.filter(version=draft, **damage).delete()
    assert any(problem.key.startswith(named) for problem in problems_of(read_book(draft)))
    with pytest.raises(DomainError, match=named):
        submit_version(draft, actor=officer)


def test_a_rule_for_all_beside_one_for_some_overlaps(draft: PolicyVersion, officer: User) -> None:
    rated(draft, officer, {(Tier.SECONDARY, "all"): "0.6"})  # type: ignore[dict-item]
    (problem, *_more) = problems_of(read_book(draft))
    assert str(problem).startswith("rate.general_outpatient.secondary")
    assert "2 rows" in str(problem)


@pytest.mark.parametrize(
    ("rates", "kinds"),
    [
        ({(Tier.SECONDARY, ACTIVE): "0.61"}, []),
        # Retired members at secondary institutions get 65 %, and at the next lower tier 75 %.
        ({(Tier.SECONDARY, ACTIVE): "0.66"}, ["turned"]),
        ({(Tier.PRIMARY, ACTIVE): "0.59"}, ["turned"]),
        ({(Tier.TERTIARY_A, ACTIVE): "0.32", (Tier.TERTIARY_A, RETIRED): "0.36"}, ["large", "large"]),
        # A third of 50 % is 16.67 points, a little more than the office's 33.33 %.
        ({(Tier.TERTIARY_A, ACTIVE): "0.3334"}, []),
        ({(Tier.TERTIARY_A, ACTIVE): "0.3333"}, ["large"]),
    ],
)
def test_what_looks_unusual(
    rates: dict[tuple[Tier, InsuredStatus], str], kinds: list[str], draft: PolicyVersion, officer: User
) -> None:
    rated(draft, officer, rates)
    assert [key.split(":")[0] for key in said(draft)] == kinds


def test_a_ceiling_below_what_members_have_used_this_year_is_told(draft: PolicyVersion, officer: User) -> None:
    row = Ceiling.objects.filter(version=draft, scope="general_outpatient", period_kind="year").first()
    assert row is not None
    assert row.amount is not None
    member, year = insured(region("zaozhuang")), timezone.localdate().year
    for month in (1, 2):
        amounts = {"paid": row.amount / 2, "counted": row.amount / 2, "covered": 0, "deductible": 0}
        BenefitUsage.objects.create(member=member, year=year, month=month, scope=row.scope, **amounts)
    key = {name: getattr(row, name) for name in row.unique_fields}
    lower = RuleChange(Ceiling, key, {"amount": row.amount - Decimal("0.01")})
    passage = Passage(draft.instrument, "第五条", "限额")
    change_rules(draft, [lower], passage, actor=officer, reason=REASON)
    assert [each.split(":")[0] for each in said(draft)] == ["used"]
    change_rules(draft, [replace(lower, values={}, restored=True)], None, actor=officer, reason=REASON)
    assert said(draft) == []


def test_a_warning_needs_its_reason_which_who_publishes_sees(draft: PolicyVersion, officer: User) -> None:
    rated(draft, officer, {(Tier.SECONDARY, ACTIVE): "0.66"})
    with pytest.raises(DomainError):
        submit_version(draft, actor=officer)
    assert "needs a reason" in text_of(officer, draft)
    desk = visitor(officer)
    assert list(press(desk, "submit", draft, **{"why-0": ""}).context["form"].errors) == ["why-0"]
    assert press(desk, "submit", draft, **{"why-0": "as the circular has it"}).status_code == 302
    second = staff("second", Role.POLICY_OFFICER, region=region("zaozhuang"))
    for name in ("change", "publish"):
        assert "as the circular has it" in text_of(second, draft, name)
    change(draft, explained={})
    with pytest.raises(SubmissionVoided):
        publish_version(draft, actor=second, today=TODAY)


def test_a_reason_holds_for_the_figures_it_was_given_for(draft: PolicyVersion, officer: User) -> None:
    rated(draft, officer, {(Tier.SECONDARY, ACTIVE): "0.66"})
    reasons = dict.fromkeys(said(draft), "as the circular has it")
    rated(draft, officer, {(Tier.SECONDARY, ACTIVE): "0.69"})
    with pytest.raises(DomainError):
        submit_version(draft, actor=officer, reasons=reasons)
