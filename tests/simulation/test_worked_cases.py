"""Worked cases: kept, brought as files, tried on drafts; what changes is expected with a reason, or a surprise."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, Role, User
from claims.models import Settlement
from claims.services.describing import describe
from claims.services.trials import Question, try_visit
from policies.engine.vocabulary import InsuredStatus, OutOfAreaKind, Tier
from policies.models import PolicyVersion, VersionState
from policies.selectors.checks import warnings_about
from policies.selectors.versions import version_in_force
from policies.services.rule_changes import change_rule
from policies.services.versions import submit_version
from simulation.case_files import CaseFileError, cases_text
from simulation.models import ExpectedChange, WorkedCase
from simulation.selectors.worked_cases import cases_in_use, spec_of
from simulation.services.case_runs import CaseRun, run_cases, run_in_force
from simulation.services.simulations import content_digest
from simulation.services.worked_cases import correct_case, expect_changes, take_cases, withdraw_case
from tests import builder
from tests.builder import REASON, a_line
from tests.builder.accounts import give
from tests.builder.settlements import settled
from tests.builder.simulations import draft_of, raised
from tests.builder.worked_cases import TODAY, a_case, a_spec

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MARCH = date(2024, 3, 1)


@pytest.fixture
def region() -> PoolingRegion:
    return builder.region("zaozhuang")


@pytest.fixture
def officer(region: PoolingRegion) -> User:
    return builder.staff("officer", Role.POLICY_OFFICER, region=region)


@pytest.fixture
def draft(region: PoolingRegion, officer: User) -> PolicyVersion:
    """From 2030 retirees are paid five points more: at a primary institution 80 %."""
    return raised(draft_of(version_in_force(region, MARCH), officer), officer, "0.05")


def run(version: PolicyVersion) -> CaseRun:
    (only,) = run_cases(version, today=TODAY)
    return only


def doubts(version: PolicyVersion) -> list[str]:
    return [str(doubt.sentence) for doubt in warnings_about(version) if doubt.key.startswith("case:")]


def expect(version: PolicyVersion, case: WorkedCase, actor: User, reason: str = "decided so", **more: Any) -> int:
    return expect_changes(version, {case.pk: reason}, today=TODAY, actor=actor, **more)


def taken(region: PoolingRegion, text: str, actor: User) -> Any:
    return take_cases(region, text.encode(), today=TODAY, actor=actor, reason=REASON)


# --- Trying ----------------------------------------------------------------------------------------------


def test_a_case_that_the_draft_does_not_touch_is_unchanged(
    region: PoolingRegion, officer: User, draft: PolicyVersion
) -> None:
    # (500 − 200) × 70 % of an active member (Zaozhuang 5).
    a_case(region, officer, patient={"age": 45, "status": "active"}, expect={"pooled": "210.00", "cash": "290.00"})
    only = run(draft)
    assert only.holds
    assert only.wrong == ()
    assert doubts(draft) == []


def test_a_case_that_the_draft_changes_is_a_surprise_that_needs_a_reason(
    region: PoolingRegion, officer: User, draft: PolicyVersion
) -> None:
    a_case(region, officer)
    only = run(draft)
    assert only.holds
    assert (only.wrong, only.is_surprise) == (("pooled",), True)
    (sentence,) = doubts(draft)
    # (500 − 200) × 80 %.
    assert "expects pooled payment 225.00, comes to pooled payment 240.00" in sentence
    with pytest.raises(DomainError, match="a retiree at a primary institution"):
        submit_version(draft, actor=officer)
    submit_version(draft, actor=officer, reasons={doubt.key: "checked" for doubt in warnings_about(draft)})
    draft.refresh_from_db()
    assert draft.state == VersionState.SUBMITTED


def test_an_expected_change_is_no_warning_until_the_draft_or_the_case_is_edited(
    region: PoolingRegion, officer: User, draft: PolicyVersion
) -> None:
    case = a_case(region, officer)
    assert expect(draft, case, officer) == 1
    assert not run(draft).is_surprise
    assert doubts(draft) == []
    row = draft.reimbursementrate_rows.get(benefit="general_outpatient", tier="primary", status="retired")
    change_rule(row, {"rate": Decimal("0.7900")}, actor=officer, reason=REASON)
    assert run(draft).is_surprise
    assert len(doubts(draft)) == 1
    assert expect(draft, case, officer, "another figure") == 1
    assert doubts(draft) == []
    correct_case(case, a_spec(expect={"pooled": "224.00"}), today=TODAY, actor=officer, reason=REASON)
    assert len(doubts(draft)) == 1


def test_a_reason_for_another_warning_leaves_an_expected_change_standing(
    region: PoolingRegion, officer: User, draft: PolicyVersion
) -> None:
    case = a_case(region, officer)
    a_case(region, officer, "another surprise", lines=[{"amount": "600.00"}], expect={"pooled": "300.00"})
    expect(draft, case, officer)
    submit_version(draft, actor=officer, reasons={doubt.key: "checked" for doubt in warnings_about(draft)})
    draft.refresh_from_db()
    marked = {each.case.pk: each for each in run_cases(draft, today=TODAY)}[case.pk]
    assert marked.mark is not None


def test_a_case_for_the_new_rule_holds_under_the_draft_alone(
    region: PoolingRegion, officer: User, draft: PolicyVersion
) -> None:
    a_case(region, officer, days_after_start=0, expect={"pooled": "240.00"})
    only = run(draft)
    assert only.served_on == date(2030, 1, 1)
    assert not only.holds
    assert only.wrong == ()
    assert doubts(draft) == []


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"expect": {"refused": "hospital_stay"}}, ("refused",)),
        ({"patient": {"age": 64, "status": "retired", "in_hospital": True}}, ("pooled",)),
        (
            {
                "patient": {"age": 64, "status": "retired", "in_hospital": True},
                "expect": {"refused": "hospital_stay"},
            },
            (),
        ),
        (
            {
                "patient": {"age": 64, "status": "retired", "in_hospital": True},
                "expect": {"refused": "special_nursing"},
            },
            ("refused",),
        ),
        ({"visit": {"tier": "pharmacy", "benefit": "inpatient"}}, ("pooled",)),
        ({"expect": {"pooled": "240.00", "deductible": "0.00", "cash": "260.00"}}, ("deductible",)),
    ],
)
def test_refusals_and_faults_are_compared_too(
    region: PoolingRegion, officer: User, draft: PolicyVersion, more: dict[str, Any], wrong: tuple[str, ...]
) -> None:
    a_case(region, officer, **more)
    assert run(draft).wrong == wrong


def test_a_withdrawn_case_is_tried_no_more_and_frees_its_name(
    region: PoolingRegion, officer: User, draft: PolicyVersion
) -> None:
    case = a_case(region, officer)
    with pytest.raises(DomainError, match="There is a case"):
        a_case(region, officer)
    withdraw_case(case, actor=officer, reason="wrong age")
    assert run_cases(draft, today=TODAY) == []
    again = a_case(region, officer)
    assert list(cases_in_use(region)) == [again]
    with pytest.raises(MoveNotAllowed):
        withdraw_case(case, actor=officer, reason=REASON)
    with pytest.raises(MoveNotAllowed):
        correct_case(case, a_spec(), today=TODAY, actor=officer, reason=REASON)
    assert case.history.count() == 2


def test_cases_of_another_region_are_not_tried(region: PoolingRegion, officer: User, draft: PolicyVersion) -> None:
    a_case(builder.region("kaifeng"), officer)
    assert run_cases(draft, today=TODAY) == []


def test_many_cases_are_a_few_queries(
    region: PoolingRegion, officer: User, draft: PolicyVersion, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        a_case(region, officer, f"case {number}", served_on=date(2024, 1 + number, 1))
    # Published law is read once per process.
    run_cases(draft, today=TODAY)
    with django_assert_max_num_queries(25):
        assert len(run_cases(draft, today=TODAY)) == 12


# --- Expecting changes -------------------------------------------------------------------------------------


def test_a_change_is_expected_of_a_draft_as_it_was_looked_at(
    region: PoolingRegion, officer: User, draft: PolicyVersion
) -> None:
    case = a_case(region, officer)
    seen = content_digest(draft)
    row = draft.reimbursementrate_rows.get(benefit="general_outpatient", tier="primary", status="retired")
    change_rule(row, {"rate": Decimal("0.7900")}, actor=officer, reason=REASON)
    with pytest.raises(DomainError, match="edited after you opened"):
        expect(draft, case, officer, seen=seen)
    assert expect(draft, case, officer, "  ", seen=content_digest(draft)) == 0
    assert expect(draft, case, officer, seen=content_digest(draft)) == 1
    submit_version(draft, actor=officer)
    with pytest.raises(MoveNotAllowed):
        expect(draft, case, officer)


def test_nothing_is_expected_of_a_case_that_holds(region: PoolingRegion, officer: User, draft: PolicyVersion) -> None:
    holding = a_case(region, officer, expect={"pooled": "240.00"})
    elsewhere = a_case(builder.region("kaifeng"), officer)
    for case in (holding, elsewhere):
        with pytest.raises(DomainError, match="comes out as it expects"):
            expect(draft, case, officer)
    assert not ExpectedChange.objects.exists()


# --- Writing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"lines": [{"amount": "5.00", "over_limit": "6.00"}]}, "larger than the line"),
        ({"visit": {"tier": "primary", "disease": "X99999"}}, "has no disease X99999"),
        ({"visit": {"tier": "primary", "place": "12"}}, "division code"),
        ({"patient": {"birth_date": "2024-03-02", "status": "active"}}, "before the patient's birth"),
        ({"used": {"covered": "1.00", "covered_month": "2.00"}}, "Less was spent"),
    ],
)
def test_a_visit_that_nobody_could_calculate_is_no_case(
    region: PoolingRegion, officer: User, more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DomainError, match=sentence):
        a_case(region, officer, **more)


def test_the_database_keeps_names_days_and_expectations(region: PoolingRegion, officer: User) -> None:
    case = a_case(region, officer)
    wrongs: tuple[dict[str, Any], ...] = ({"name": ""}, {"expected": {}}, {"days_after_start": 3}, {"served_on": None})
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkedCase.objects.filter(pk=case.pk).update(**wrong)
    twin = WorkedCase(region=region, name=case.name, served_on=MARCH, facts=case.facts, expected=case.expected)
    twin.written_by = officer
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


# --- Files ---------------------------------------------------------------------------------------------------

FILE = """
region = "zaozhuang"

[[case]]
name = "half way through the ceiling"
served_on = 2024-03-01
article = "第五条"
note = "1500 − 1420"
patient = { age = 45, status = "active" }
used = { deductible = 200.00, year = { general_outpatient = 1420.00 } }
visit = { tier = "primary" }
lines = [{ amount = 500.00 }]
expect = { pooled = 80.00, cash = 420.00 }

[[case]]
name = "away for a time, paid by the account"
days_after_start = 10
patient = { birth_date = 1980-05-01, status = "active", balance = 50.00, registered_in = ["chronic_disease"] }
visit = { tier = "secondary", out_of_area = "temporary", place = "110100", designated = true }
lines = [{ category = "B", amount = 1000.00, upfront_rate = 0.1, over_limit = 100.00, name = "阿莫西林" }]
expect = { pooled = 197.40, account = 50.00 }
"""


def test_a_file_is_taken_and_written_again_the_same(region: PoolingRegion, officer: User) -> None:
    assert taken(region, FILE, officer) == (2, 0, 0)
    specs = [spec_of(row) for row in cases_in_use(region)]
    text = cases_text(region.slug, specs)
    assert taken(region, text, officer) == (0, 0, 2)
    for row in cases_in_use(region):
        withdraw_case(row, actor=officer, reason=REASON)
    assert taken(region, text, officer) == (2, 0, 0)
    assert [spec_of(row) for row in cases_in_use(region)] == specs
    # 80 of the ceiling is left; (1,000 − 100) less 10 % is 810, less 10 % is 729, (729 − 400) × 60 % (Zaozhuang 5, 6).
    assert all(run_in_force(row, today=TODAY).holds for row in cases_in_use(region))


def test_a_case_of_the_same_name_is_corrected(region: PoolingRegion, officer: User) -> None:
    taken(region, FILE, officer)
    assert taken(region, FILE.replace("80.00", "81.00"), officer) == (0, 1, 1)
    case = cases_in_use(region).get(name="half way through the ceiling")
    assert case.expected["pooled"] == "81.00"
    assert case.history.count() == 2


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("80.00", "80", "case 1 “half way through the ceiling”, expect.pooled: is no amount."),
        ("80.00", "-80.00", "expect.pooled: is no amount."),
        ("45", '"45"', "patient.age: is a whole number."),
        ('"temporary"', '"holiday"', "visit.out_of_area: write one of long_term_resident,"),
        ("amount = 500.00", "amnt = 500.00", "lines.1.amnt: is no key that a case has."),
        ("amount = 500.00", "amnt = 500.00", "lines.1.amount: is missing. Add it."),
        ("0.1,", "10.0,", "lines.1.upfront_rate: is no share."),
        ("days_after_start = 10", "days_after_start = 10\nserved_on = 2024-01-01", "one of the two"),
        ("age = 45, ", "", "patient: needs a date of birth or an age"),
        ("account = 50.00", 'refused = "arrears"', "names amounts, or a refusal"),
        ("2024-03-01", '"soon"', "served_on: is no day."),
        ("half way through the ceiling", "away for a time, paid by the account", "stands in the file twice"),
        ('"zaozhuang"', '"kaifeng"', "The file is of the region kaifeng."),
        ('"110100"', '"11"', "case 2 “away for a time, paid by the account”: "),
        ("[[case]]", "[[case", "The file is not TOML"),
        ('region = "zaozhuang"', "", "region: is missing."),
    ],
)
def test_a_wrong_file_says_where_and_keeps_nothing(
    region: PoolingRegion, officer: User, old: str, new: str, problem: str
) -> None:
    with pytest.raises(CaseFileError) as caught:
        taken(region, FILE.replace(old, new, 1), officer)
    assert any(problem in each for each in caught.value.problems), caught.value.problems
    assert not WorkedCase.objects.exists()


def test_a_file_that_is_no_text_is_refused(region: PoolingRegion, officer: User) -> None:
    with pytest.raises(CaseFileError, match="UTF-8"):
        take_cases(region, "名".encode("gbk"), today=TODAY, actor=officer, reason=REASON)


def test_whatever_is_taken_has_a_reason(region: PoolingRegion, officer: User) -> None:
    with pytest.raises(DomainError, match="reason"):
        take_cases(region, FILE.encode(), today=TODAY, actor=officer, reason=" ")
    assert not WorkedCase.objects.exists()


# --- From a member -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["zaozhuang", "kaifeng", "pingliang", "dazhou", "baoshan"])
def test_a_member_described_comes_to_the_same(slug: str) -> None:
    region = builder.region(slug)
    member = builder.insured(region, status=InsuredStatus.RETIRED, birth_date=date(1950, 1, 1))
    give(member, "33.00")
    provider = builder.a_provider(region)
    settled(member, "260.00", provider=provider, served_on=date(2024, 2, 28))
    settled(member, "70.00", provider=provider, served_on=MARCH)
    asked = Question(
        region=region,
        patient=member,
        served_on=MARCH,
        lines=[a_line("300.00")],
        provider=provider,
        pay_from_account=True,
    )
    first, second = (try_visit(each, today=TODAY).outcome for each in (asked, describe(asked)))
    assert isinstance(first, Settlement)
    assert isinstance(second, Settlement)
    for name in ("deductible", "pooled", "patient_share", "account", "cash"):
        assert getattr(first, name) == getattr(second, name), name


def test_nothing_of_a_description_names_the_member() -> None:
    region = builder.region("zaozhuang")
    member = builder.insured(region, birth_date=date(1981, 11, 23))
    asked = Question(region=region, patient=member, served_on=MARCH, lines=[a_line("1.00")], tier=Tier.PRIMARY)
    asked = replace(asked, out_of_area=OutOfAreaKind.TEMPORARY)
    described: Any = describe(asked).patient
    assert described.birth_date == date(1982, 1, 1)
    assert describe(describe(asked)) == describe(asked)
