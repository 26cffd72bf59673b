"""Benefits of their own through the services: registrations, local figures, drugs by the year."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import LedgerEntry
from agency.exceptions import DomainError
from agency.models import User
from claims.models import BenefitUsage, Claim, ClaimState, Settlement
from claims.services.settlement import settle_claim
from members.services.people import record_death
from members.services.registrations import record_hospital_stay
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import (
    Benefit,
    RefusalReason,
    Tier,
)
from policies.models import Disease
from tests import builder
from tests.builder import retiree
from tests.builder.claims import DAY, a_claim
from tests.builder.law import baoshan_inpatient, figures
from tests.builder.people import CHRONIC, DIABETES, HYPERTENSION, SPECIAL, disease
from tests.builder.settlements import refused, settled

pytestmark = pytest.mark.django_db


# --- Chronic diseases ---


def test_a_registered_disease_is_paid_and_another_is_not(maker: User, checker: User) -> None:
    member = retiree("baoshan")
    disease(member, maker, checker)
    found = settled(member, "1000.00", benefit=CHRONIC, disease=HYPERTENSION)
    assert (found.deductible, found.pooled, found.patient_share) == (
        Decimal("500.00"),
        Decimal("400.00"),
        Decimal("600.00"),
    )
    for wrong in ({"disease": DIABETES}, {"disease": ""}, {"served_on": date(2023, 2, 28), "disease": HYPERTENSION}):
        assert refused(member, "1000.00", benefit=CHRONIC, **wrong).reason == RefusalReason.DISEASE_UNREGISTERED
    assert (
        refused(retiree("baoshan"), "1000.00", benefit=CHRONIC, disease=HYPERTENSION).reason
        == RefusalReason.DISEASE_UNREGISTERED
    )


def test_a_refused_claim_is_settled_once_the_disease_is_registered(maker: User, checker: User) -> None:
    member = retiree("baoshan")
    claim = a_claim(member, "1000.00", benefit=CHRONIC, disease=HYPERTENSION)
    assert isinstance(settle_claim(claim, today=DAY), Refusal)
    claim.refresh_from_db()
    assert (claim.state, claim.refusal_reason, claim.refusal_article) == (
        ClaimState.REFUSED,
        "disease_unregistered",
        "第十条",
    )
    assert not BenefitUsage.objects.exists()
    disease(member, maker, checker)
    assert isinstance(settle_claim(claim, today=DAY), Settlement)


def test_the_second_disease_lifts_the_ceiling_from_its_first_day(maker: User, checker: User) -> None:
    member = retiree("baoshan")
    disease(member, maker, checker)
    settled(member, "4250.00", benefit=CHRONIC, disease=HYPERTENSION)
    disease(member, maker, checker, DIABETES, since=date(2023, 7, 1))
    before = settled(member, "1000.00", benefit=CHRONIC, disease=HYPERTENSION, served_on=date(2023, 6, 30))
    after = settled(member, "2000.00", benefit=CHRONIC, disease=HYPERTENSION, served_on=date(2023, 7, 1))
    assert (before.pooled, after.pooled) == (Decimal("0.00"), Decimal("1000.00"))


def test_a_disease_registered_for_another_benefit_does_not_count_toward_the_ceiling(maker: User, checker: User) -> None:
    member = retiree("baoshan")
    disease(member, maker, checker)
    disease(member, maker, checker, DIABETES, SPECIAL)
    assert settled(member, "9000.00", benefit=CHRONIC, disease=HYPERTENSION).pooled == Decimal("3000.00")


def test_a_hospital_stay_does_not_stop_it(maker: User, checker: User) -> None:
    """Kaifeng 10 keeps out general outpatient care; its chronic terms are local figures."""
    member = retiree("kaifeng")
    disease(member, maker, checker)
    figures(maker, checker, "kaifeng", CHRONIC, deductible="300.00", rate="0.75", ceiling="2000.00")
    record_hospital_stay(member, since=DAY, until=DAY, reason="admitted")
    assert refused(member, "1000.00", tier=Tier.SECONDARY).reason == RefusalReason.HOSPITAL_STAY
    found = settled(member, "1000.00", benefit=CHRONIC, disease=HYPERTENSION)
    assert (found.deductible, found.pooled) == (Decimal("300.00"), Decimal("525.00"))


# --- Local figures ---


def test_unset_terms_are_refused_until_the_agency_sets_them(maker: User, checker: User) -> None:
    member = retiree("pingliang")
    disease(member, maker, checker)
    claim = a_claim(member, "1000.00", benefit=CHRONIC, disease=HYPERTENSION)
    outcome = settle_claim(claim, today=DAY)
    assert isinstance(outcome, Refusal)
    assert outcome.reason == RefusalReason.TERMS_UNSET
    figures(maker, checker, "pingliang", CHRONIC, deductible="0.00", rate="0.70", ceiling="600.00")
    found = settle_claim(claim, today=DAY)
    assert isinstance(found, Settlement)
    assert found.pooled == Decimal("600.00")
    cited = {step["code"]: (step["instrument"], step["article"]) for step in found.steps}
    assert cited["reimbursement"] == cited["ceiling"] == ("本地文件1号", "第二条")


@pytest.mark.parametrize("missing", ["deductible", "rate", "ceiling"])
def test_one_missing_figure_is_enough_to_refuse(maker: User, checker: User, missing: str) -> None:
    member = retiree("pingliang")
    disease(member, maker, checker)
    values = {"deductible": "0.00", "rate": "0.70", "ceiling": "600.00"}
    del values[missing]
    figures(maker, checker, "pingliang", CHRONIC, **values)
    assert refused(member, "1000.00", benefit=CHRONIC, disease=HYPERTENSION).reason == RefusalReason.TERMS_UNSET
    assert not Settlement.objects.exists()
    assert not BenefitUsage.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_hypertension_drugs_and_a_special_disease_are_never_had_together(maker: User, checker: User) -> None:
    member = retiree("dazhou")
    two = Benefit.HYPERTENSION_DIABETES
    figures(maker, checker, "dazhou", two, deductible="0.00", rate="0.50", ceiling="300.00")
    disease(member, maker, checker, benefit=two)
    assert settled(member, "100.00", benefit=two, disease=HYPERTENSION).pooled == Decimal("50.00")
    disease(member, maker, checker, benefit=SPECIAL, since=date(2023, 7, 1))
    later = refused(member, "100.00", benefit=two, disease=HYPERTENSION, served_on=date(2023, 7, 1))
    assert (later.reason, later.citation.article if later.citation else "") == (
        RefusalReason.DOUBLE_BENEFIT,
        "第十一条",
    )
    assert settled(member, "100.00", benefit=two, disease=HYPERTENSION, served_on=date(2023, 6, 30)).pooled == 50


# --- Negotiated drugs, day surgery, rescue ---


@pytest.mark.parametrize("hours", [None, 48])
def test_a_day_surgery_of_up_to_forty_eight_hours_is_settled(maker: User, checker: User, hours: int | None) -> None:
    baoshan_inpatient(maker, checker)
    found = settled(retiree("baoshan"), "1400.00", benefit=Benefit.DAY_SURGERY, stay_hours=hours)
    assert (found.deductible, found.pooled) == (Decimal("400.00"), Decimal("850.00"))


def test_a_longer_one_is_sent_back_and_stays_registered(maker: User, checker: User) -> None:
    baoshan_inpatient(maker, checker)
    claim = a_claim(retiree("baoshan"), "1400.00", benefit=Benefit.DAY_SURGERY, stay_hours=49)
    with pytest.raises(DomainError, match="第十五条"):
        settle_claim(claim, today=DAY)
    claim.refresh_from_db()
    assert claim.state == ClaimState.REGISTERED
    assert not Settlement.objects.exists()


def test_a_rescue_is_a_hospital_stay_in_zaozhuang_where_the_patient_died_that_day(maker: User, checker: User) -> None:
    figures(maker, checker, "zaozhuang", Benefit.INPATIENT, deductible="400.00", rate="0.80", ceiling="60000.00")
    survivor, died = retiree("zaozhuang"), retiree("zaozhuang")
    with pytest.raises(DomainError, match="第十八条"):
        settle_claim(a_claim(survivor, "1000.00", benefit=Benefit.EMERGENCY_RESCUE), today=DAY)
    died = record_death(died, died_on=DAY, known_on=DAY, reason="reported")
    found = settled(died, "1000.00", benefit=Benefit.EMERGENCY_RESCUE)
    assert (found.deductible, found.pooled) == (Decimal("400.00"), Decimal("480.00"))
    with pytest.raises(DomainError, match="第十八条"):
        settle_claim(a_claim(died, "1000.00", benefit=Benefit.EMERGENCY_RESCUE, served_on=date(2023, 2, 28)), today=DAY)


def test_inpatient_care_itself_is_not_claimed_here(maker: User, checker: User) -> None:
    baoshan_inpatient(maker, checker)
    with pytest.raises(DomainError):
        settle_claim(a_claim(retiree("baoshan"), "1000.00", benefit=Benefit.INPATIENT), today=DAY)


# --- What is not registered at all ---


def test_a_disease_of_another_regions_catalogue_is_refused_and_nothing_is_stored() -> None:
    elsewhere = Disease.objects.filter(code=HYPERTENSION).exclude(region=builder.region("baoshan")).first()
    with pytest.raises(DomainError) as refused:
        a_claim(retiree("baoshan"), benefit=CHRONIC, disease=elsewhere)
    assert refused.value.details == {"field": "disease"}
    assert not Claim.objects.exists()


def test_a_benefit_that_the_region_does_not_have_is_refused() -> None:
    outcome = refused(retiree("pingliang"), "1000.00", benefit=Benefit.DAY_SURGERY)
    assert (outcome.reason, outcome.citation.article if outcome.citation else "") == (
        RefusalReason.TERMS_UNSET,
        "第二十四条",
    )
