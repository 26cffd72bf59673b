"""Settled records from files: adjudicated here again in the order of service, put beside what was reported."""

import hashlib
from datetime import date, time
from decimal import Decimal

import pytest

from accounts.models import LedgerEntry
from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import JobState, Role
from claims.models import Claim, Settlement
from clearing.models import RecordState, SettledFile
from clearing.selectors.file_rows import COLUMNS, read_record, reported_in
from clearing.selectors.settled_sides import differing
from clearing.services.file_reading import read_file
from clearing.services.file_settling import settle_file_chunk
from clearing.services.settled_files import continue_file, lost_files, review_difference
from members.services.registrations import record_hospital_stay
from policies.engine.vocabulary import Tier
from tests import builder
from tests.builder import retiree
from tests.builder.accounts import balances, give
from tests.builder.damage import change
from tests.builder.settled_files import TODAY, problems, records, row, settle, taken, written

pytestmark = pytest.mark.django_db


def paid(number: str) -> tuple[str, str]:
    """What the fund and the member in cash pay of a claim."""
    settlement = Settlement.objects.get(claim__claim_number=number)
    return str(settlement.pooled), str(settlement.cash)


def wrong_amounts(file: SettledFile, number: str) -> list[str]:
    """The names of the amounts in which a record differs."""
    record = records(file)[number]
    ours = Settlement.objects.filter(claim=record.claim).first()
    return differing(reported_in(read_record(record.rows)), ours)


def test_a_record_becomes_a_settled_claim_that_agrees_with_the_provider() -> None:
    """Pingliang, retired, primary: 70 % of what 300 has above the deductible of 200 is 70; 230 are left."""
    member = retiree()
    provider = builder.a_provider(member.region)
    lines = [
        {"det_item_fee_sumamt": "200", "med_list_codg": "X1", "medins_list_name": "阿莫西林"},
        {"det_item_fee_sumamt": "100.00", "list_type": "201", "med_chrgitm_type": "03", "fee_ocur_time": "20230301"},
    ]
    reported = {"act_pay_dedc": "200", "hifp_pay": "70", "psn_cash_pay": "230", "invono": "F1"}
    file = settle(
        member.region, written(*(row("M1", member, provider, **reported | line) for line in lines)), actor=None
    )
    record = records(file)["M1"]
    assert (record.line, record.state, record.differs, record.problems) == (2, RecordState.SETTLED, False, [])
    claim = record.claim
    assert claim is not None
    assert (claim.served_on, claim.served_at, claim.invoice_number) == (date(2023, 3, 1), time(10, 30), "F1")
    found = [(line.kind, line.category, line.amount, line.is_examination) for line in claim.lines.all()]
    assert found == [("drug", "A", Decimal("200.00"), False), ("item", "A", Decimal("100.00"), True)]
    assert paid("M1") == ("70.00", "230.00")
    assert [each.state for each in claim.history.order_by("history_id")] == ["registered", "settled"]
    assert file.job.state == JobState.DONE
    assert file.job.result == {
        "settled": 1,
        "refused": 0,
        "registered": 0,
        "known": 0,
        "wrong": 0,
        "differences": 0,
    }
    assert balances(member.region) == 0


def test_claims_are_settled_in_the_order_of_service_whatever_the_order_of_the_file() -> None:
    """The deductible of 200 falls on the first visit: 15 March pays 70 % of 100, the first of March 70 % of 100."""
    member = retiree()
    provider = builder.a_provider(member.region)
    late = {"fee_ocur_time": "2023-03-15 08:00:00"}
    hundred = dict.fromkeys(("det_item_fee_sumamt", "medfee_sumamt", "inscp_scp_amt", "psn_cash_pay"), "100")
    rows = [
        row("LATE", member, provider, **late | hundred),
        row("NOON", member, provider, **hundred | {"fee_ocur_time": "2023-03-01 12:00:00"}),
        row("MORNING", member, provider, fee_ocur_time="2023-03-01 08:00:00"),
    ]
    file = settle(member.region, written(*rows))
    assert (paid("MORNING"), paid("NOON"), paid("LATE")) == (
        ("70.00", "230.00"),
        ("70.00", "30.00"),
        ("70.00", "30.00"),
    )
    assert wrong_amounts(file, "LATE") == ["fund", "cash"]
    assert file.job.result["differences"] == 3


def test_the_account_pays_where_the_provider_used_it_and_a_different_upfront_share_differs() -> None:
    """Zaozhuang, retired, primary: of 100 (A) and 200 (B, 10 % first) 280 are covered; 75 % of 80 is 60. The account
    has 100 of the other 240.
    """
    member = retiree("zaozhuang")
    give(member, "100.00")
    provider = builder.a_provider(member.region)
    ours = {"preselfpay_amt": "20", "inscp_scp_amt": "280", "hifp_pay": "60", "acct_pay": "100", "psn_cash_pay": "140"}
    theirs = {"preselfpay_amt": "0", "inscp_scp_amt": "300", "hifp_pay": "225", "psn_cash_pay": "75"}
    common = {"acct_used_flag": "1"}
    category_b = {"chrgitm_lv": "02", "selfpay_prop": "0.1", "det_item_fee_sumamt": "200"}
    rows = [
        row("M1", member, provider, **common | ours | {"det_item_fee_sumamt": "100"}),
        row("M1", member, provider, **common | ours | category_b),
        row("M2", member, provider, **common | theirs | {"det_item_fee_sumamt": "100", "invono": "F2"}),
        row("M2", member, provider, **common | theirs | category_b | {"invono": "F2"}),
    ]
    file = settle(member.region, written(*rows))
    assert not records(file)["M1"].differs
    assert paid("M1") == ("60.00", "140.00")
    # The deductible is borne: 75 % of 280 is 210, and the empty account leaves 90 to pay in cash.
    assert paid("M2") == ("210.00", "90.00")
    assert wrong_amounts(file, "M2") == ["upfront_share", "fund", "cash"]


def test_a_refusal_differs_where_the_provider_reported_a_payment() -> None:
    member = retiree("kaifeng")
    record_hospital_stay(member, since=date(2023, 3, 1), until=date(2023, 3, 1), reason="admitted")
    provider = builder.a_provider(member.region)
    rows = [
        row("PAID", member, provider, hifp_pay="70", psn_cash_pay="230"),
        row("NOT", member, provider),
    ]
    file = settle(member.region, written(*rows))
    found = records(file)
    assert (found["PAID"].state, found["PAID"].differs) == (RecordState.REFUSED, True)
    assert (found["NOT"].state, found["NOT"].differs) == (RecordState.REFUSED, False)
    assert Claim.objects.get(claim_number="PAID").refusal_article == "第十条"
    assert not LedgerEntry.objects.exists()


def test_what_the_rules_do_not_decide_stays_registered_with_the_reason() -> None:
    member = retiree()
    pharmacy = builder.a_provider(member.region, tier=Tier.PHARMACY)
    file = settle(member.region, written(row("M1", member, pharmacy)))
    record = records(file)["M1"]
    assert record.state == RecordState.REGISTERED
    assert record.claim is not None
    assert [(line, column) for line, column, _reason in record.problems] == [(2, "")]


def test_headers_in_chinese_and_gb18030_and_unknown_columns() -> None:
    member = retiree()
    names = {name: str(column.label) for name, column in COLUMNS.items()}
    text = written(row("M1", member, builder.a_provider(member.region), medins_list_name="阿莫西林胶囊"), names=names)
    text = "\r\n".join(f"{line},{extra}" for line, extra in zip(text.splitlines(), ("备注", "无"), strict=True))
    file = settle(member.region, text.encode("gb18030"))
    assert paid("M1") == ("70.00", "230.00")
    assert Claim.objects.get().lines.get().name == "阿莫西林胶囊"
    assert str(len(text.splitlines()[0].split(","))) in file.job.log


def test_a_number_that_is_known_is_left_alone() -> None:
    member = retiree()
    provider = builder.a_provider(member.region)
    first = settle(member.region, written(row("M1", member, provider)))
    again = settle(member.region, written(row("M1", member, provider), row("M2", member, provider)))
    assert records(first)["M1"].state == RecordState.SETTLED
    assert records(again)["M1"].state == RecordState.KNOWN
    assert records(again)["M2"].state == RecordState.SETTLED
    assert Claim.objects.count() == 2
    assert (again.job.result["known"], again.job.result["settled"], again.job.done) == (1, 1, 2)


def test_the_same_file_is_taken_once_and_by_whoever_may() -> None:
    member = retiree()
    text = written(row("M1", member, builder.a_provider(member.region)))
    file = taken(member.region, text, name="C:\\files\\三月.csv")
    assert file.name == "三月.csv"
    with pytest.raises(DomainError) as error:
        taken(member.region, text)
    assert "三月.csv" in str(error.value)
    assert error.value.details["field"] == "content"
    finance = builder.staff("finance", Role.FINANCE, region=member.region)
    with pytest.raises(NotPermitted):
        taken(member.region, text + "\n", actor=finance)
    clerk = builder.staff("clerk", Role.CLERK, region=member.region)
    assert taken(member.region, text + "\n", actor=clerk).uploaded_by == clerk


def test_reading_and_settling_again_changes_nothing() -> None:
    member = retiree()
    file = taken(member.region, written(row("M1", member, builder.a_provider(member.region))))
    chunks = read_file(file.pk)
    assert read_file(file.pk) == chunks
    assert [settle_file_chunk(chunk) for chunk in chunks] == [1]
    assert [settle_file_chunk(chunk) for chunk in chunks] == [0]
    assert read_file(file.pk) == []
    assert Claim.objects.count() == Settlement.objects.count() == 1


def test_a_chunk_has_whole_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clearing.services.file_reading.CHUNK_SIZE", 3)
    people = [retiree() for _ in range(4)]
    provider = builder.a_provider(people[0].region)
    rows = [row(f"M{visit}-{place}", each, provider) for visit in range(2) for place, each in enumerate(people)]
    file = taken(people[0].region, written(*rows))
    assert len(read_file(file.pk)) > 1
    chunks: dict[str, set[int | None]] = {}
    for record in file.records.all():
        chunks.setdefault(record.member_number, set()).add(record.chunk_id)
    assert all(len(found) == 1 and None not in found for found in chunks.values())


def test_lost_files_are_found_and_broken_ones_continued_by_hand() -> None:
    from django.utils import timezone

    from clearing.services.settled_files import STALE_AFTER

    member = retiree()
    clerk = builder.staff("clerk", Role.CLERK, region=member.region)
    file = taken(member.region, written(row("M1", member, builder.a_provider(member.region))))
    later = timezone.now() + STALE_AFTER * 2
    assert lost_files(timezone.now()) == []
    assert lost_files(later) == [file.pk]
    chunks = read_file(file.pk)
    assert lost_files(later) == [file.pk]
    with pytest.raises(MoveNotAllowed):
        continue_file(file, actor=clerk)
    file.job.__class__.objects.filter(pk=file.job_id).update(state=JobState.FAILED)
    assert [settle_file_chunk(chunk) for chunk in chunks] == [0]
    continue_file(file, actor=clerk)
    assert [settle_file_chunk(chunk) for chunk in read_file(file.pk)] == [1]
    assert lost_files(later + STALE_AFTER) == []


def test_a_difference_is_reviewed_once_with_a_finding() -> None:
    member = retiree()
    provider = builder.a_provider(member.region)
    right = {"hifp_pay": "70", "psn_cash_pay": "230"}
    file = settle(member.region, written(row("M1", member, provider), row("M2", member, provider, **right)))
    clerk = builder.staff("clerk", Role.CLERK, region=member.region)
    found = records(file)
    with pytest.raises(DomainError) as error:
        review_difference(found["M1"], finding=" ", actor=clerk)
    assert error.value.details["field"] == "finding"
    reviewed = review_difference(found["M1"], finding="医院未扣起付线", actor=clerk)
    assert (reviewed.reviewed_by, reviewed.finding) == (clerk, "医院未扣起付线")
    with pytest.raises(MoveNotAllowed):
        review_difference(found["M1"], finding="又一次", actor=clerk)
    agreeing = settle(member.region, written(row("M3", retiree(), provider, **right)))
    with pytest.raises(DomainError):
        review_difference(records(agreeing)["M3"], finding="无", actor=clerk)


def test_a_day_after_the_settlement_is_wrong() -> None:
    member = retiree()
    provider = builder.a_provider(member.region)
    file = settle(member.region, written(row("M1", member, provider, fee_ocur_time="2024-01-11")), today=TODAY)
    assert problems(file) == [(2, "fee_ocur_time")]
    assert not Claim.objects.exists()


def test_a_stored_file_that_lost_its_header_fails_the_job() -> None:
    member = retiree()
    file = taken(member.region, written(row("M1", member, builder.a_provider(member.region))))
    with file.file.open("wb") as content:
        content.write(b"lost\n")
    change(file, digest=hashlib.sha256(b"lost\n").hexdigest())
    assert read_file(file.pk) == []
    file.job.refresh_from_db()
    assert file.job.state == JobState.FAILED
    assert "mdtrt_id" in file.job.log


@pytest.mark.usefixtures("in_english")
def test_a_stored_file_that_was_exchanged_fails_the_job() -> None:
    member = retiree()
    provider = builder.a_provider(member.region)
    file = taken(member.region, written(row("M1", member, provider)))
    with file.file.open("wb") as content:
        content.write(written(row("M2", member, provider)).encode())
    assert read_file(file.pk) == []
    file.job.refresh_from_db()
    assert file.job.state == JobState.FAILED
    assert "exchanged or damaged" in file.job.log
    assert not file.records.exists()


@pytest.mark.parametrize("step", ["file_reading._copy", "file_settling._enter"])
def test_a_fault_of_the_program_fails_the_job_and_it_can_be_continued(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = retiree()
    file = taken(member.region, written(row("M1", member, builder.a_provider(member.region))))

    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(f"clearing.services.{step}", broken)
        with pytest.raises(ZeroDivisionError):
            [settle_file_chunk(chunk) for chunk in read_file(file.pk)]
    file.job.refresh_from_db()
    assert file.job.state == JobState.FAILED
    assert not Claim.objects.exists()
    continue_file(file, actor=builder.staff("clerk", Role.CLERK, region=member.region))
    assert [settle_file_chunk(chunk) for chunk in read_file(file.pk)] == [1]
    file.job.refresh_from_db()
    assert (file.job.state, file.job.done) == (JobState.DONE, 1)
