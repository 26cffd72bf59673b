"""Trial calculations (试算): a visit that nobody registers, of a member or of somebody described."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.models import LedgerAccount
from agency.exceptions import DomainError
from claims.models import Settlement
from claims.services.settlement import trial
from claims.services.trials import Described, Question, UsedSoFar, try_visit
from members.services.registrations import record_hospital_stay
from policies.engine.facts import ContributionState
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import (
    AccountScheme,
    Benefit,
    CatalogCategory,
    CeilingScope,
    InsuredStatus,
    ItemKind,
    OutOfAreaKind,
    RefusalReason,
    Tier,
)
from policies.models import Disease
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import give
from tests.builder.claims import DAY, a_claim, a_line
from tests.builder.people import CHRONIC, HYPERTENSION
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db

TODAY = date(2024, 12, 31)
OLD = date(1955, 6, 1)


def question(slug: str, patient: Any, amount: str = "300.00", **more: Any) -> Question:
    """300.00 yuan of category A at a primary institution on a day in March 2023, unless said otherwise."""
    facts: dict[str, Any] = {"served_on": DAY, "lines": [a_line(amount)]} | more
    return Question(region=builder.region(slug), patient=patient, **facts)


def described(status: InsuredStatus = InsuredStatus.ACTIVE, **more: Any) -> Described:
    facts: dict[str, Any] = {"birth_date": date(1980, 5, 1), "status": status} | more
    return Described(**facts)


def paid(asked: Question) -> Settlement:
    outcome = try_visit(asked, today=TODAY).outcome
    assert isinstance(outcome, Settlement), outcome
    return outcome


def reason(asked: Question) -> RefusalReason:
    outcome = try_visit(asked, today=TODAY).outcome
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason


def rows_of_all_tables() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.mark.parametrize("from_account", [True, False])
def test_of_a_member_it_is_what_the_trial_of_a_registered_claim_says(from_account: bool) -> None:
    member = retiree()
    give(member, "100.00")
    settled(member, "150.00")
    claim = a_claim(member, "500.00", pay_from_account=from_account)
    asked = question("pingliang", member, "500.00", provider=claim.provider, pay_from_account=from_account)
    registered, tried = trial(claim), paid(asked)
    assert isinstance(registered, Settlement)
    # 50 of the deductible is left; 70 % of 450 (Pingliang 7).
    assert (tried.deductible, tried.pooled) == (Decimal("50.00"), Decimal("315.00"))
    for name in ("total", "covered", "pooled", "patient_share", "account", "cash", "version_id", "steps"):
        assert getattr(tried, name) == getattr(registered, name), name


def test_nothing_is_written() -> None:
    member = retiree()
    give(member, "100.00")
    settled(member, "150.00")
    # Nothing was ever posted in this region: it has no books.
    assert not LedgerAccount.objects.filter(region__slug="kaifeng").exists()
    before = rows_of_all_tables()
    paid(question("pingliang", member, pay_from_account=True))
    paid(question("kaifeng", member))
    paid(question("kaifeng", described()))
    reason(question("kaifeng", described(contribution=ContributionState.MISSING)))
    assert rows_of_all_tables() == before
    assert LedgerAccount.objects.get(member=member).balance == Decimal("100.00")


@pytest.mark.parametrize(
    ("slug", "tier", "status", "pooled"),
    [
        # (500 − 200) × 70 %, and (500 − 800) (Zaozhuang 5).
        ("zaozhuang", Tier.PRIMARY, InsuredStatus.ACTIVE, "210.00"),
        ("zaozhuang", Tier.TERTIARY_A, InsuredStatus.ACTIVE, "0.00"),
        # (500 − 50) × 60 % is 270, of which a month pays 200 (Kaifeng 9).
        ("kaifeng", Tier.TERTIARY_A, InsuredStatus.RETIRED, "200.00"),
        # (500 − 150) × 70 % (Dazhou 10).
        ("dazhou", Tier.SECONDARY, InsuredStatus.RETIRED, "245.00"),
    ],
)
def test_somebody_described_is_calculated_by_the_regions_rules(
    slug: str, tier: Tier, status: InsuredStatus, pooled: str
) -> None:
    assert paid(question(slug, described(status), "500.00", tier=tier)).pooled == Decimal(pooled)


def test_what_somebody_described_used_is_counted() -> None:
    own = CeilingScope.GENERAL_OUTPATIENT
    borne = described(used=UsedSoFar(deductible=Decimal("150.00")))
    assert paid(question("zaozhuang", borne, "500.00")).deductible == Decimal("50.00")
    # 1,420 of the year's 1,500 are used (Zaozhuang 5).
    nearly = described(used=UsedSoFar(deductible=Decimal("200.00"), year={own: Decimal("1420.00")}))
    assert paid(question("zaozhuang", nearly, "500.00")).pooled == Decimal("80.00")
    # 110 of the month's 150, and of the year's 1,000 (Kaifeng 9).
    of_month = described(used=UsedSoFar(year={own: Decimal("110.00")}, month={own: Decimal("110.00")}))
    assert paid(question("kaifeng", of_month, "500.00")).pooled == Decimal("40.00")
    earlier = described(used=UsedSoFar(year={own: Decimal("980.00")}))
    assert paid(question("kaifeng", earlier, "500.00")).pooled == Decimal("20.00")


def test_the_account_described_pays_what_it_holds() -> None:
    asked = question("zaozhuang", described(balance=Decimal("80.00")), "500.00", pay_from_account=True)
    tried = paid(asked)
    assert (tried.patient_share, tried.account, tried.cash) == (Decimal("290.00"), Decimal("80.00"), Decimal("210.00"))
    assert paid(replace(asked, pay_from_account=False)).account == Decimal("0.00")


def test_what_is_described_decides_as_what_is_registered_does() -> None:
    assert reason(question("zaozhuang", described(in_hospital=True))) == RefusalReason.HOSPITAL_STAY
    assert reason(question("zaozhuang", described(in_special_nursing=True))) == RefusalReason.SPECIAL_NURSING
    assert reason(question("kaifeng", described(contribution=ContributionState.LATE))) == RefusalReason.ARREARS
    assert reason(question("kaifeng", described(), is_designated=False)) == RefusalReason.NOT_DESIGNATED
    assert reason(question("kaifeng", described(), served_on=date(2022, 6, 30))) == RefusalReason.NOT_IN_FORCE
    # A retired member owes no contribution.
    retired = described(InsuredStatus.RETIRED, contribution=ContributionState.MISSING)
    assert paid(question("kaifeng", retired)).pooled == Decimal("200.00")


def test_out_of_area_asks_for_the_registration_described() -> None:
    away = {"out_of_area": OutOfAreaKind.LONG_TERM_RESIDENT, "place": "110100"}
    assert reason(question("kaifeng", described(), **away)) == RefusalReason.OUT_OF_AREA_UNREGISTERED
    # 300 × 60 % is 180, of which a month pays 150 (Kaifeng 9).
    assert paid(question("kaifeng", described(is_away_registered=True), **away)).pooled == Decimal("150.00")


def test_registered_diseases_are_counted() -> None:
    region = builder.region("baoshan")
    disease = Disease.objects.get(region=region, code=HYPERTENSION)
    asked = question("baoshan", described(), "6000.00", benefit=CHRONIC, disease=disease, tier=Tier.SECONDARY)
    assert reason(asked) == RefusalReason.DISEASE_UNREGISTERED
    # (6,000 − 500) × 80 % is 4,400: 3,000 for one disease, 4,000 for two (Baoshan 10).
    one = replace(asked, patient=described(registered_in=frozenset({CHRONIC}), diseases=1))
    two = replace(asked, patient=described(registered_in=frozenset({CHRONIC}), diseases=2))
    assert (paid(one).pooled, paid(two).pooled) == (Decimal("3000.00"), Decimal("4000.00"))


def test_each_drugs_deductible_is_reduced_by_what_was_borne() -> None:
    def line() -> Any:
        return a_line("900.00", category=CatalogCategory.B, is_negotiated=True, code="XL01")

    asked = question(
        "baoshan", described(), benefit=Benefit.NEGOTIATED_DRUG, tier=Tier.TERTIARY_A, lines=[line()], served_on=DAY
    )
    # Inpatient terms are unset in the regulation (Baoshan 14).
    assert reason(asked) == RefusalReason.TERMS_UNSET
    without_a_code = replace(asked, lines=[a_line("900.00", is_negotiated=True)])
    assert isinstance(try_visit(without_a_code, today=TODAY).outcome, DomainError)


def test_a_category_is_split_as_on_a_bill() -> None:
    lines = [a_line("300.00", ItemKind.DRUG, CatalogCategory.B), a_line("50.00", category=CatalogCategory.C)]
    tried = paid(question("pingliang", described(), lines=lines))
    # 10 % of a category B drug is borne first, category C is self-paid (Pingliang 6).
    assert (tried.total, tried.self_paid, tried.upfront_share) == (
        Decimal("350.00"),
        Decimal("50.00"),
        Decimal("30.00"),
    )


def test_a_member_by_another_regions_rules() -> None:
    member = retiree()
    # 70 % of 300 less 200, and 70 % of 300 (Pingliang 7, Kaifeng 9).
    assert paid(question("pingliang", member)).pooled == Decimal("70.00")
    assert paid(question("kaifeng", member)).pooled == Decimal("200.00")


def test_ahead_the_contribution_is_assumed_and_says_so() -> None:
    member = builder.insured(builder.region("zaozhuang"))
    ahead = question("zaozhuang", member, "500.00", served_on=date(2025, 2, 3))
    tried = try_visit(ahead, today=TODAY)
    assert tried.is_assumed
    assert isinstance(tried.outcome, Settlement)
    behind = try_visit(replace(ahead, served_on=date(2024, 12, 30)), today=TODAY)
    assert not behind.is_assumed
    assert isinstance(behind.outcome, Refusal)


def test_of_a_member_in_hospital_it_says_so() -> None:
    member = builder.insured(builder.region("zaozhuang"), status=InsuredStatus.RETIRED, birth_date=OLD)
    record_hospital_stay(member, since=DAY, until=DAY, reason="test")
    assert reason(question("zaozhuang", member)) == RefusalReason.HOSPITAL_STAY


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lines": []}, None),
        ({"lines": [a_line("0.00")]}, "amount"),
        ({"served_on": date(1980, 4, 30)}, "served_on"),
        ({"filed_on": date(2023, 2, 28)}, "filed_on"),
        ({"place": "12345"}, "place"),
        ({"patient": described(used=UsedSoFar(covered=Decimal(1), covered_month=Decimal(2)))}, "covered_month"),
        (
            {"patient": described(used=UsedSoFar(month={CeilingScope.GENERAL_OUTPATIENT: Decimal(1)}))},
            "used_month",
        ),
    ],
)
def test_what_nobody_can_calculate_is_the_outcome(more: dict[str, Any], field: str | None) -> None:
    fault = try_visit(replace(question("zaozhuang", described()), **more), today=TODAY).outcome
    assert isinstance(fault, DomainError)
    assert fault.details.get("field") == field


def test_a_pooled_only_member_has_the_lower_ceiling() -> None:
    # (2,000 − 200) × 60 %, of which the combined pay 1,000 and the pooled-only 550 (Dazhou 10).
    for scheme, pooled in ((AccountScheme.COMBINED, "1000.00"), (AccountScheme.POOLED_ONLY, "550.00")):
        asked = question("dazhou", described(scheme=scheme), "2000.00")
        assert paid(asked).pooled == Decimal(pooled), scheme
