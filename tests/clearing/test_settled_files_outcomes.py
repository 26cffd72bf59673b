"""What a file of direct settlements leads to beside its plain case: accounts, numbers, what is decided later."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agency.models import JobState, User
from claims.models import Claim, ClaimState, Settlement
from claims.services.reversal import approve_reversal, request_reversal
from claims.services.settlement import settle_claim
from clearing.models import RecordState
from clearing.services.file_reading import read_file
from clearing.services.settled_files import continue_file, review_difference
from members.services.contributions import record_contribution
from members.services.registrations import record_hospital_stay
from policies.engine.vocabulary import Benefit, Purpose, Tier
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import authorized, balance_of, give
from tests.builder.law import figures
from tests.builder.settled_files import TODAY, problems, records, row, settle, taken, written
from tests.builder.settlements import settled

pytestmark = pytest.mark.django_db


def test_an_account_pays_no_more_than_was_taken_from_it_at_the_counter() -> None:
    """Pingliang, retired, primary: of 300.00 the fund pays 70.00. The account held 50.00 on the day of the visit."""
    member = retiree()
    give(member, "500.00")
    counter = {"acct_used_flag": "1", "hifp_pay": "70", "acct_pay": "50", "psn_cash_pay": "180"}
    file = settle(member.region, written(row("M1", member, builder.a_provider(member.region), **counter)))
    found = Settlement.objects.get()
    assert (found.pooled, found.account, found.cash) == (Decimal("70.00"), Decimal("50.00"), Decimal("180.00"))
    assert balance_of(member) == Decimal("450.00")
    assert not records(file)["M1"].differs


def test_a_relatives_account_pays_where_the_file_names_the_relative(maker: User, checker: User) -> None:
    patient, relative = retiree(), retiree()
    give(relative, "500.00")
    authorized(relative, patient, maker, checker, scopes=[Purpose.MEDICAL_COST], since=date(2023, 1, 1))
    counter = {"hifp_pay": "70", "acct_mulaid_pay": "80", "psn_cash_pay": "150"}
    clinic = builder.a_provider(patient.region)
    named = row("M1", patient, clinic, mulaid_psn_no=relative.member_number, **counter)
    unknown = row("M2", patient, clinic, mulaid_psn_no="nobody", **counter)
    file = settle(patient.region, written(named, unknown))
    found = Settlement.objects.get()
    assert (found.pooled, found.family_account, found.cash) == (Decimal("70.00"), Decimal("80.00"), Decimal("150.00"))
    assert balance_of(relative) == Decimal("420.00")
    assert not records(file)["M1"].differs
    assert problems(file) == [(3, "mulaid_psn_no")]


def test_a_prenatal_examination_and_the_hours_of_a_day_surgery_are_read() -> None:
    """Pingliang 8 keeps prenatal examinations out of the fund."""
    member = retiree()
    prenatal = row("M1", member, builder.a_provider(member.region), prenatal_flag="1", stay_hours="49")
    settle(member.region, written(prenatal))
    claim = Claim.objects.get()
    assert claim.stay_hours == 49
    assert claim.lines.get().is_prenatal
    assert Settlement.objects.get(claim=claim).pooled == Decimal("0.00")


@pytest.mark.parametrize(
    ("reported", "differs"),
    [
        ({"hifp_pay": "70", "psn_cash_pay": "230"}, True),
        ({"acct_used_flag": "1", "acct_pay": "100", "psn_cash_pay": "200"}, True),
        ({"acct_mulaid_pay": "100", "psn_cash_pay": "200"}, True),
        ({}, False),
    ],
    ids=["fund", "account", "relative", "cash"],
)
def test_a_refusal_differs_from_whatever_was_paid_at_the_counter(reported: dict[str, str], *, differs: bool) -> None:
    member = retiree("kaifeng")
    record_hospital_stay(member, since=date(2023, 3, 1), until=date(2023, 3, 1), reason="admitted")
    file = settle(member.region, written(row("M1", member, builder.a_provider(member.region), **reported)))
    found = records(file)["M1"]
    assert (found.state, found.differs) == (RecordState.REFUSED, differs)


def test_what_is_settled_after_the_file_is_compared_then(checker: User) -> None:
    """Zaozhuang: without March's contribution nothing is paid; with it, 300.00 at a primary institution pay 60.00."""
    member = builder.insured(builder.region("zaozhuang"))
    builder.contributions(member, date(2023, 1, 1), date(2023, 2, 1))
    agreed = {"hifp_pay": "60", "psn_cash_pay": "240"}
    clinic = builder.a_provider(member.region)
    file = settle(
        member.region,
        written(
            row("AGREED", member, clinic, fee_ocur_time="2023-03-20", **agreed),
            row("OTHER", member, clinic, fee_ocur_time="2023-03-21"),
        ),
    )
    found = records(file)
    assert {number: (each.state, each.differs) for number, each in found.items()} == {
        "AGREED": (RecordState.REFUSED, True),
        "OTHER": (RecordState.REFUSED, False),
    }
    review_difference(found["AGREED"], finding="contribution is late", actor=checker)
    record_contribution(member, month=date(2023, 3, 1), base=Decimal(6000), known_on=TODAY, reason="late")
    for number in ("AGREED", "OTHER"):
        assert isinstance(settle_claim(Claim.objects.get(claim_number=number), today=TODAY), Settlement)
    found = records(file)
    # What was reviewed keeps its finding; what was not is a difference by now.
    assert {number: (each.state, each.differs) for number, each in found.items()} == {
        "AGREED": (RecordState.SETTLED, True),
        "OTHER": (RecordState.SETTLED, True),
    }
    assert found["AGREED"].finding == "contribution is late"


def test_what_the_rules_decide_by_now_loses_its_sentence() -> None:
    member = retiree()
    pharmacy = builder.a_provider(member.region, tier=Tier.PHARMACY)
    file = settle(member.region, written(row("M1", member, pharmacy, hifp_pay="70", psn_cash_pay="230")))
    (record,) = records(file).values()
    assert (record.state, record.differs) == (RecordState.REGISTERED, True)
    Claim.objects.update(prescribing_tier=Tier.PRIMARY)
    settle_claim(Claim.objects.get(), today=TODAY)
    (record,) = records(file).values()
    assert (record.state, record.differs, record.problems) == (RecordState.SETTLED, False, [])


def test_a_number_of_another_visit_is_wrong_and_not_passed_over() -> None:
    member, other = retiree(), retiree()
    clinic, hospital = builder.a_provider(member.region), builder.a_provider(member.region)
    settle(member.region, written(row("M1", member, clinic)))
    rows = [
        row("M1", other, clinic, invono="2"),
        row("M1", member, hospital, invono="3"),
        row("M1", member, clinic, invono="4", fee_ocur_time="2023-03-02"),
    ]
    for each in rows:
        file = settle(member.region, written(each))
        assert records(file)["M1"].state == RecordState.WRONG
        assert problems(file) == [(2, "mdtrt_id")]
    assert Claim.objects.count() == 1


def test_the_number_of_a_claim_that_was_taken_back_is_not_used_again(maker: User, checker: User) -> None:
    member = retiree()
    clinic = builder.a_provider(member.region)
    settle(member.region, written(row("M1", member, clinic)))
    approve_reversal(
        request_reversal(Settlement.objects.get(), actor=maker, reason="wrong amount"), actor=checker, today=TODAY
    )
    file = settle(member.region, written(row("M1", member, clinic, invono="right")))
    assert (records(file)["M1"].state, problems(file)) == (RecordState.WRONG, [(2, "mdtrt_id")])
    file = settle(member.region, written(row("M2", member, clinic)))
    assert records(file)["M2"].state == RecordState.SETTLED
    assert Claim.objects.get(claim_number="M1").state == ClaimState.REVERSED


def test_the_records_of_unknown_people_are_cut_by_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A masked number stands for many people; one chunk of all of them would not fit into a worker's memory."""
    monkeypatch.setattr("clearing.services.file_reading.CHUNK_SIZE", 3)
    member = retiree()
    clinic = builder.a_provider(member.region)
    masked = [row(f"X{place}", "***", clinic) for place in range(9)]
    known = [row(f"M{place}", member, clinic, fee_ocur_time=f"2023-03-0{place + 1}") for place in range(5)]
    file = taken(member.region, written(*masked, *known))
    read_file(file.pk)
    sizes = sorted(chunk.records.count() for chunk in file.chunks.all())
    assert max(sizes) == 5
    assert sum(sizes) == 14
    assert sum(size <= 3 for size in sizes) >= 3


def test_a_stored_file_that_is_gone_fails_the_job_and_can_be_continued(maker: User) -> None:
    member = retiree()
    file = taken(member.region, written(row("M1", member, builder.a_provider(member.region))))
    kept = Path(file.file.path)
    kept.rename(kept.with_suffix(".away"))
    assert read_file(file.pk) == []
    file.job.refresh_from_db()
    assert (file.job.state, bool(file.job.log)) == (JobState.FAILED, True)
    kept.with_suffix(".away").rename(kept)
    continue_file(file, actor=maker)
    assert len(read_file(file.pk)) == 1


def test_a_drug_with_the_longest_code_has_its_own_deductible(maker: User, checker: User) -> None:
    """Baoshan 14: the deductible is due per drug; its name in the accumulators is longer than the code."""
    member = retiree("baoshan")
    figures(maker, checker, "baoshan", Benefit.INPATIENT, deductible="800.00", rate="0.85", ceiling="6000.00")
    lines = [builder.a_line("1000.00", code="X" * 64, is_negotiated=True)]
    outcome = settled(member, lines=lines, benefit=Benefit.NEGOTIATED_DRUG)
    assert outcome.usage.filter(key__endswith="X" * 64).exists()
