"""Chronic and special diseases, two diseases' drugs: ceilings, deductibles, registrations, open figures."""

from datetime import date
from decimal import Decimal

import pytest

from policies.engine.adjudication import adjudicate
from policies.engine.facts import Circumstances, Usage
from policies.engine.outcome import Outcome, Refusal, StepCode
from policies.engine.vocabulary import Benefit, OutOfAreaKind, RefusalReason
from tests.policies.accumulators import Year
from tests.policies.configured import INPATIENT, configured
from tests.policies.visits import (
    CHRONIC,
    DAY_SURGERY,
    GENERAL,
    NEGOTIATED,
    RESCUE,
    SPECIAL,
    TWO,
    baoshan,
    law,
    paid,
    person,
    refused,
    registered,
    visit,
)

pytestmark = pytest.mark.django_db

# --- Chronic diseases (Baoshan 10, 12) ---


@pytest.mark.parametrize(
    ("diseases", "amount", "pooled"),
    [
        (1, "500.00", "0.00"),
        (1, "500.01", "0.01"),
        (1, "4250.00", "3000.00"),
        (1, "4250.01", "3000.00"),
        (2, "4250.01", "3000.01"),
        (2, "5500.00", "4000.00"),
        (2, "5500.01", "4000.00"),
        (3, "5500.01", "4000.00"),
        (3, "9999.99", "4000.00"),
    ],
)
def test_the_chronic_ceiling_follows_the_number_of_diseases(diseases: int, amount: str, pooled: str) -> None:
    """(amount − 500) × 80 %, at most 3000 with one disease and 4000 with two or more."""
    found = paid(law("baoshan"), visit(CHRONIC, amount), registered(CHRONIC, diseases=diseases))
    assert found.pooled == Decimal(pooled)


def test_a_second_disease_leaves_room_for_what_one_had_used_up() -> None:
    used = Usage(deductible_borne=Decimal("500.00"), paid_year={"chronic_disease": Decimal("3000.00")})
    for diseases, pooled in [(1, "0.00"), (2, "800.00")]:
        found = paid(law("baoshan"), visit(CHRONIC, "1000.00"), registered(CHRONIC, diseases=diseases), used)
        assert found.pooled == Decimal(pooled)


@pytest.mark.parametrize(("borne", "due"), [("0.00", "500.00"), ("499.99", "0.01"), ("500.00", "0.00")])
def test_the_chronic_deductible_is_borne_once_a_year(borne: str, due: str) -> None:
    found = paid(law("baoshan"), visit(CHRONIC, "600.00"), usage=Usage(deductible_borne=Decimal(borne)))
    assert found.deductible == Decimal(due)


def test_chronic_special_and_general_benefits_stand_apart() -> None:
    so_far = Year(baoshan(), person())
    circumstances = registered(CHRONIC, SPECIAL)
    found = [so_far.settle(visit(benefit, "1000.00"), circumstances) for benefit in (CHRONIC, SPECIAL, GENERAL)]
    amounts = [(each.deductible, each.pooled) for each in found if isinstance(each, Outcome)]
    assert amounts == [
        (Decimal("500.00"), Decimal("400.00")),
        (Decimal("500.00"), Decimal("450.00")),
        (Decimal("60.00"), Decimal("517.00")),
    ]
    scopes = {scope: row[2] for (_month, scope, key), row in so_far.rows.items() if not key and row[2]}
    assert scopes == {
        "chronic_disease": Decimal("400.00"),
        "inpatient": Decimal("450.00"),
        "general_outpatient": Decimal("517.00"),
    }


# --- From seventy (Baoshan 9, 12, 14) ---


@pytest.mark.parametrize(
    ("benefit", "before", "from_seventy"),
    [
        (GENERAL, "60.00", "30.00"),
        (CHRONIC, "500.00", "250.00"),
        (SPECIAL, "500.00", "250.00"),
        (NEGOTIATED, "800.00", "400.00"),
        (RESCUE, "400.00", "400.00"),
        (DAY_SURGERY, "200.00", "200.00"),
    ],
)
def test_from_the_seventieth_birthday_some_deductibles_are_halved(
    benefit: Benefit, before: str, from_seventy: str
) -> None:
    for born, due in [(date(1953, 7, 1), before), (date(1953, 6, 30), from_seventy)]:
        found = paid(baoshan(), visit(benefit, "5000.00"), who=person(born))
        assert found.deductible == Decimal(due)
        # Every deductible is borne in full by so large a bill, so the step shows the same standard.
        (step,) = [step for step in found.steps if step.code == StepCode.DEDUCTIBLE]
        assert (step.parameter, step.amount_out) == (Decimal(due), Decimal(due))


# --- Special diseases (Baoshan 11) ---


@pytest.mark.parametrize(
    ("code", "due"),
    [(f"M0210{number}", "0.00") for number in range(1, 7)] + [("M02500", "500.00"), ("M07803", "500.00")],
)
def test_severe_mental_disorders_bear_no_deductible(code: str, due: str) -> None:
    found = paid(baoshan(), visit(SPECIAL, "1000.00", disease=code))
    assert found.deductible == Decimal(due)
    assert found.pooled == (1000 - Decimal(due)) * Decimal("0.9")


def test_an_exempt_treatment_leaves_the_deductible_of_another_disease_where_it_was() -> None:
    so_far = Year(baoshan(), person())
    circumstances = registered(SPECIAL, diseases=2)
    dues = []
    for code, amount in [("M07803", "200.00"), ("M02101", "1000.00"), ("M07803", "1000.00")]:
        found = so_far.settle(visit(SPECIAL, amount, disease=code), circumstances)
        assert isinstance(found, Outcome)
        dues.append(found.deductible)
    assert dues == [Decimal("200.00"), Decimal("0.00"), Decimal("300.00")]


@pytest.mark.parametrize(("used", "pooled"), [("59900.00", "100.00"), ("59999.99", "0.01"), ("60000.00", "0.00")])
@pytest.mark.parametrize("benefit", [SPECIAL, RESCUE, NEGOTIATED, DAY_SURGERY])
def test_what_counts_with_inpatient_care_uses_its_ceiling(benefit: Benefit, used: str, pooled: str) -> None:
    found = paid(baoshan(), visit(benefit, "5000.00"), usage=Usage(paid_year={"inpatient": Decimal(used)}))
    assert found.pooled == Decimal(pooled)


# --- What is not set, not registered, or had elsewhere ---

UNSET = [
    ("pingliang", CHRONIC),
    ("pingliang", SPECIAL),
    ("dazhou", SPECIAL),
    ("dazhou", TWO),
    ("zaozhuang", CHRONIC),
    ("zaozhuang", SPECIAL),
    ("kaifeng", CHRONIC),
    ("kaifeng", SPECIAL),
    ("baoshan", SPECIAL),
]


@pytest.mark.parametrize(("slug", "benefit"), UNSET)
def test_an_unset_benefit_is_refused_for_the_registration_first_and_then_for_its_terms(
    slug: str, benefit: Benefit
) -> None:
    what = visit(benefit, "1000.00", disease="M03900")
    assert refused(law(slug), what).reason == RefusalReason.DISEASE_UNREGISTERED
    assert refused(law(slug), what, registered(GENERAL)).reason == RefusalReason.DISEASE_UNREGISTERED
    last = refused(law(slug), what, registered(benefit))
    assert last.reason == RefusalReason.TERMS_UNSET
    assert last.citation is not None
    assert last.citation.article
    terms = dict.fromkeys(INPATIENT, ("100.00", "0.70"))
    # Baoshan gives the deductible and the rate and leaves the ceiling to inpatient care.
    pooled = "450.00" if slug == "baoshan" else "630.00"
    assert paid(configured(configured(law(slug), benefit, terms)), what).pooled == Decimal(pooled)


@pytest.mark.parametrize("benefit", [RESCUE, NEGOTIATED, DAY_SURGERY])
def test_without_inpatient_terms_what_borrows_them_is_refused(benefit: Benefit) -> None:
    assert refused(law("baoshan"), visit(benefit, "1000.00")).reason == RefusalReason.TERMS_UNSET


def test_chronic_diseases_of_baoshan_need_no_local_figure() -> None:
    what = visit(CHRONIC, "1000.00")
    assert refused(law("baoshan"), what).reason == RefusalReason.DISEASE_UNREGISTERED
    assert paid(law("baoshan"), what).pooled == Decimal("400.00")


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        ((), RefusalReason.DISEASE_UNREGISTERED),
        ((SPECIAL,), RefusalReason.DISEASE_UNREGISTERED),
        ((TWO, SPECIAL), RefusalReason.DOUBLE_BENEFIT),
        ((TWO,), None),
    ],
)
def test_hypertension_drugs_are_never_had_beside_a_special_disease(
    held: tuple[Benefit, ...], reason: RefusalReason | None
) -> None:
    policy = configured(law("dazhou"), TWO, dict.fromkeys(INPATIENT, ("100.00", "0.70")))
    found = adjudicate(policy, person(), visit(TWO, "1000.00"), registered(*held), Usage())
    if reason is None:
        assert isinstance(found, Outcome)
        assert found.pooled == Decimal("630.00")
    else:
        assert isinstance(found, Refusal)
        assert found.reason == reason
        assert found.citation is not None
        assert found.citation.article == "第十一条"


def test_the_special_disease_itself_is_paid_beside_the_other_registration() -> None:
    policy = configured(law("dazhou"), SPECIAL, dict.fromkeys(INPATIENT, ("100.00", "0.70")))
    assert paid(policy, visit(SPECIAL, "1000.00"), registered(TWO, SPECIAL)).pooled == Decimal("630.00")


def test_what_a_special_disease_leaves_to_the_patient_never_enters_general_outpatient() -> None:
    """Dazhou 13: only the annual maximum sees both."""
    policy = configured(law("dazhou"), SPECIAL, dict.fromkeys(INPATIENT, ("100.00", "0.70")))
    so_far = Year(policy, person())
    so_far.settle(visit(SPECIAL, "1000.00"), registered(SPECIAL))
    usage = so_far.usage(visit(GENERAL, "1.00"))
    assert (usage.deductible_borne, usage.covered) == (Decimal(0), Decimal(0))
    general = so_far.settle(visit(GENERAL, "1000.00"))
    assert isinstance(general, Outcome)
    assert (general.deductible, general.pooled) == (Decimal("200.00"), Decimal("480.00"))
    assert so_far.rows[6, "annual_maximum", ""][2] == Decimal("630.00") + Decimal("480.00")


@pytest.mark.parametrize("slug", ["kaifeng", "zaozhuang"])
@pytest.mark.parametrize("circumstances", ["in_hospital", "in_special_nursing"])
def test_a_stay_keeps_out_general_outpatient_alone(slug: str, circumstances: str) -> None:
    policy = configured(law(slug), CHRONIC, dict.fromkeys(INPATIENT, ("100.00", "0.70")))
    stay = registered(CHRONIC, **{circumstances: True})
    assert paid(policy, visit(CHRONIC, "1000.00"), stay).pooled == Decimal("630.00")
    general = adjudicate(policy, person(), visit(GENERAL, "1000.00"), stay, Usage())
    refuses = circumstances == "in_hospital" or slug == "zaozhuang"
    assert isinstance(general, Refusal if refuses else Outcome)


def test_earlier_reasons_go_before_the_registration() -> None:
    what = visit(CHRONIC, "1000.00", out_of_area=OutOfAreaKind.REFERRAL, filed_on=date(2024, 4, 1))
    reasons = [
        refused(law("baoshan"), what, circumstances).reason
        for circumstances in (
            Circumstances(designated=False, duplicate_invoice=True),
            Circumstances(duplicate_invoice=True),
            Circumstances(out_of_area_registered=True, duplicate_invoice=True),
            Circumstances(out_of_area_registered=True, late_filing_accepted=True, duplicate_invoice=True),
            Circumstances(out_of_area_registered=True, late_filing_accepted=True),
        )
    ]
    assert reasons == [
        RefusalReason.NOT_DESIGNATED,
        RefusalReason.OUT_OF_AREA_UNREGISTERED,
        RefusalReason.LATE_FILING,
        RefusalReason.DUPLICATE_INVOICE,
        RefusalReason.DISEASE_UNREGISTERED,
    ]
