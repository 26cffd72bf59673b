"""Kinds whose rows are saved hundreds at a time: few statements, and a refused row's own sentence."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency.exceptions import SamePersonDecides
from agency.models import PoolingRegion, Role, User
from files.importing.batches import BatchResource
from files.importing.reading import read_sheet
from files.importing.row_set import ImportContext
from files.services.import_kinds import columns_of, resource_of
from members.models import (
    DiseaseRegistration,
    Enrollment,
    EntitlementChange,
    Member,
    RegistrationState,
    SpecialNursing,
)
from members.services.diseases import approve_disease_registration
from members.services.registrations import record_special_nursing, register_out_of_area
from policies.engine.vocabulary import OutOfAreaKind
from providers.models import Provider
from tests import builder
from tests.builder.files import TODAY, WHY, Brought
from tests.builder.sheets import sheet

pytestmark = pytest.mark.django_db

MEMBERS = "member_number,name,document_kind,identity_number,sex,birth_date"
CATALOGUE = "code,name,kind,category,upfront_rate,price_limit,is_negotiated,first_day"
ENROLLMENTS = "member_number,since,scheme,employment,status"


@pytest.fixture
def kaifeng() -> PoolingRegion:
    return builder.region("kaifeng")


@pytest.fixture
def clerk(kaifeng: PoolingRegion) -> User:
    return builder.staff("clerk", Role.CLERK, region=kaifeng)


def member_row(number: int, birth_date: str = "1980-01-01") -> str:
    return f"M{number},测试{number},护照,P{number:08d},M,{birth_date}"


def enrolled(number: int, since: str = "2024-03-01") -> str:
    return f"M{number},{since},combined,employee,active"


def queries_of(
    kind: str, region: PoolingRegion, header: str, *rows: str, actor: User | None = None, wrong: int = 0
) -> int:
    """How many statements the rows take, all of which go in but so many."""
    resource = resource_of(kind)(ImportContext(region, actor, TODAY, "counted"))
    with CaptureQueriesContext(
        connection,
    ) as counted:
        resource.import_data(read_sheet(sheet(header, *rows), columns_of(kind)), dry_run=False, use_transactions=False)
    assert len([outcome for outcome in resource.outcomes.values() if outcome.problems]) == wrong
    return len(counted)


def test_more_rows_take_no_more_statements(kaifeng: PoolingRegion) -> None:
    few = queries_of("members", kaifeng, MEMBERS, *map(member_row, range(2)))
    assert queries_of("members", kaifeng, MEMBERS, *map(member_row, range(2, 42))) == few
    few = queries_of("enrollments", kaifeng, ENROLLMENTS, *map(enrolled, range(2)))
    assert queries_of("enrollments", kaifeng, ENROLLMENTS, *map(enrolled, range(2, 42))) == few
    items = [f"X{number},药{number},drug,B,0.1,30,0,2023-01-01" for number in range(42)]
    few = queries_of("catalog_items", kaifeng, CATALOGUE, *items[:2])
    assert queries_of("catalog_items", kaifeng, CATALOGUE, *items[2:]) == few
    # What holds ends the day before: as many statements again, whatever the number of entries.
    later = [row.replace("2023-01-01", "2024-01-01").replace(",30,", ",31,") for row in items]
    few = queries_of("catalog_items", kaifeng, CATALOGUE, *later[:2])
    assert queries_of("catalog_items", kaifeng, CATALOGUE, *later[2:]) == few


# Header, a row by number, and what a later file says otherwise of each.
KINDS: dict[str, tuple[str, str, tuple[str, str]]] = {
    "providers": (
        "provider_code,name,kind,tier,first_day",
        "H{},诊所,medical_institution,primary,2023-01-01",
        ("", ""),
    ),
    "disease_registrations": ("member_number,code,benefit,since", "M{},{code},chronic_disease,2024-03-01", ("", "")),
    "out_of_area_registrations": (
        "member_number,kind,since,until,place",
        "M{},temporary,2024-03-01,2024-12-31,310000",
        ("310000", "110000"),
    ),
    "special_nursing": ("member_number,since,until", "M{},2024-03-01,", ("01,", "01,2024-05-31")),
    "hospital_stays": ("member_number,since,until", "M{},2024-03-01,", ("01,", "01,2024-03-09")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_more_rows_of_each_of_these_kinds_take_no_more_statements(
    kaifeng: PoolingRegion, clerk: User, kind: str
) -> None:
    header, row, (said, otherwise) = KINDS[kind]
    for number in range(42):
        builder.a_member(kaifeng, member_number=f"M{number}")
    code = kaifeng.diseases.values_list("code", flat=True)[0]
    rows = [row.format(number, code=code) for number in range(42)]
    few = queries_of(kind, kaifeng, header, *rows[:2], actor=clerk)
    assert queries_of(kind, kaifeng, header, *rows[2:], actor=clerk) == few
    if said:
        rows = [each.replace(said, otherwise) for each in rows]
        few = queries_of(kind, kaifeng, header, *rows[:2], actor=clerk)
        assert queries_of(kind, kaifeng, header, *rows[2:], actor=clerk) == few


# A right row by number, and what makes it one that its service refuses.
WRONG: dict[str, tuple[str, str, tuple[str, str]]] = {
    "members": (MEMBERS, "X{},测试{},护照,P{:08d},M,1980-01-01", ("1980-01-01", "2024-06-04")),
    "enrollments": (ENROLLMENTS, "M{},2024-03-01,combined,employee,active", ("2024-03-01", "1979-12-31")),
    "catalog_items": (CATALOGUE, "X{},药{},drug,B,0.1,30,0,2023-01-01", (",B,", ",C,")),
    "providers": (*KINDS["providers"][:2], ("primary", "pharmacy")),
    "special_nursing": (*KINDS["special_nursing"][:2], ("2024-03-01,", "2023-02-01,2023-04-01")),
    "out_of_area_registrations": (*KINDS["out_of_area_registrations"][:2], ("2024-03-01", "2023-02-01")),
}


@pytest.mark.parametrize("kind", WRONG)
def test_more_wrong_rows_take_no_more_statements(kaifeng: PoolingRegion, clerk: User, kind: str) -> None:
    """Every other one is wrong, by what only its service finds."""
    header, row, (right, wrong) = WRONG[kind]
    for number in range(44):
        member = builder.a_member(kaifeng, member_number=f"M{number}")
        register_out_of_area(
            member,
            kind=OutOfAreaKind.TEMPORARY,
            place="310000",
            since=date(2023, 1, 1),
            until=date(2023, 3, 1),
            reason=WHY,
        )
        record_special_nursing(member, since=date(2023, 1, 1), until=date(2023, 3, 1), reason=WHY)
    rows = [row.format(number, number, number) for number in range(44)]
    rows[::2] = [each.replace(right, wrong) for each in rows[::2]]
    few = queries_of(kind, kaifeng, header, *rows[:4], actor=clerk, wrong=2)
    assert queries_of(kind, kaifeng, header, *rows[4:], actor=clerk, wrong=20) == few


@pytest.mark.usefixtures("in_english")
def test_a_new_row_that_overlaps_is_named_and_the_others_go_in(kaifeng: PoolingRegion, clerk: User) -> None:
    """Of one member within the file, and of another with what is recorded; a recorded one is corrected beside them."""
    for number in (1, 2, 3):
        builder.a_member(kaifeng, member_number=f"M{number}")
    header = "member_number,since,until"
    Brought.of(
        "special_nursing", header, "M2,2024-01-01,2024-06-30", "M3,2024-01-01,", region=kaifeng, clerk=clerk
    ).confirm()
    rows = (
        "M1,2024-01-01,2024-02-29",
        "M1,2024-02-15,",
        "M2,2024-06-01,",
        "M3,2024-01-01,2024-04-30",
        "M1,2024-03-01,",
    )
    file = Brought.of("special_nursing", header, *rows, region=kaifeng, clerk=clerk)
    assert file.outcomes == ["new", "wrong", "wrong", "changed", "new"]
    assert file.wrong == [(3, "member_number"), (4, "member_number")]
    assert "overlaps" in file.file_import.rows.get(line=3).problems[0][1]
    file.confirm()
    held = {
        number: [
            (each.period.lower, each.period.upper)
            for each in SpecialNursing.objects.filter(member__member_number=number)
        ]
        for number in ("M1", "M2", "M3")
    }
    assert held == {
        "M1": [(date(2024, 1, 1), date(2024, 3, 1)), (date(2024, 3, 1), None)],
        "M2": [(date(2024, 1, 1), date(2024, 7, 1))],
        "M3": [(date(2024, 1, 1), date(2024, 5, 1))],
    }
    corrected = SpecialNursing.objects.get(member__member_number="M3")
    assert list(corrected.history.values_list("history_type", "history_user")) == [("~", clerk.pk), ("+", clerk.pk)]
    assert WHY in corrected.history.first().history_change_reason


def test_a_provider_whose_terms_do_not_fit_is_named_and_the_others_are_registered(
    kaifeng: PoolingRegion, clerk: User
) -> None:
    header, row, _otherwise = KINDS["providers"]
    rows = (row.format(1), row.format(2).replace("primary", "pharmacy"), row.format(3))
    file = Brought.of("providers", header, *rows, region=kaifeng, clerk=clerk)
    assert (file.outcomes, file.wrong) == (["new", "wrong", "new"], [(3, "tier")])
    file.confirm()
    providers = Provider.objects.filter(region=kaifeng, code__in=("H1", "H2", "H3")).order_by("code")
    assert [(each.code, each.agreements.get().period.lower) for each in providers] == [
        ("H1", date(2023, 1, 1)),
        ("H3", date(2023, 1, 1)),
    ]
    for each in providers:
        made = (each.history.get(), each.agreements.get().history.get())
        assert {(history.history_type, history.history_user) for history in made} == {("+", clerk)}
    assert file.take_back() == ""
    assert not providers.all().exists()


def test_disease_registrations_are_submitted_each_with_its_digest_and_can_be_decided(
    kaifeng: PoolingRegion, clerk: User
) -> None:
    supervisor = builder.staff("supervisor", Role.SUPERVISOR, region=kaifeng)
    builder.a_member(kaifeng, member_number="M1")
    builder.a_member(kaifeng, member_number="M2")
    header, row, _otherwise = KINDS["disease_registrations"]
    code = kaifeng.diseases.values_list("code", flat=True)[0]
    Brought.of(
        "disease_registrations", header, row.format(1, code=code), row.format(2, code=code), region=kaifeng, clerk=clerk
    ).confirm()
    one, other = DiseaseRegistration.objects.order_by("pk")
    assert one.payload_hash != other.payload_hash
    assert {each.submitted_by for each in (one, other)} == {clerk}
    with pytest.raises(SamePersonDecides):
        approve_disease_registration(one, actor=clerk, seen=one.payload_hash)
    approve_disease_registration(one, actor=supervisor, seen=one.payload_hash)
    one.refresh_from_db()
    assert one.state == RegistrationState.APPROVED


def test_a_refused_row_of_a_batch_is_named_and_the_others_go_in_with_their_histories(
    kaifeng: PoolingRegion, clerk: User
) -> None:
    rows: tuple[str, ...] = (member_row(1), member_row(2, birth_date="2024-06-04"), member_row(3))
    people = Brought.of("members", MEMBERS, *rows, region=kaifeng, clerk=clerk)
    assert (people.outcomes, people.wrong) == (["new", "wrong", "new"], [(3, "birth_date")])
    people.confirm()
    assert list(Member.objects.order_by("pk").values_list("member_number", flat=True)) == ["M1", "M3"]
    for member in Member.objects.all():
        made = member.history.get()
        assert (made.history_type, made.history_user) == ("+", clerk)
        assert WHY in made.history_change_reason

    rows = (enrolled(1), enrolled(3, since="1979-12-31"))
    ways = Brought.of("enrollments", ENROLLMENTS, *rows, region=kaifeng, clerk=clerk)
    assert (ways.outcomes, ways.wrong) == (["new", "wrong"], [(3, "since")])
    ways.confirm()
    assert EntitlementChange.objects.get().first_month == date(2024, 3, 1)


def test_rows_of_one_member_are_saved_one_after_the_other(kaifeng: PoolingRegion, clerk: User) -> None:
    Brought.of("members", MEMBERS, member_row(1), member_row(2), region=kaifeng, clerk=clerk).confirm()
    rows = (enrolled(1), enrolled(2), enrolled(1, since="2024-05-01"))
    ways = Brought.of("enrollments", ENROLLMENTS, *rows, region=kaifeng, clerk=clerk)
    ways.confirm()
    periods = Enrollment.objects.filter(member__member_number="M1").order_by("period").values_list("period", flat=True)
    assert [(period.lower, period.upper) for period in periods] == [
        (date(2024, 3, 1), date(2024, 5, 1)),
        (date(2024, 5, 1), None),
    ]
    assert ways.take_back() == ""
    assert not Enrollment.objects.exists()


def test_a_batch_that_is_full_is_saved_before_the_next(
    kaifeng: PoolingRegion, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BatchResource, "BATCH", 2)
    people = Brought.of("members", MEMBERS, *map(member_row, range(5)), region=kaifeng, clerk=clerk)
    people.confirm()
    assert Member.objects.count() == 5
    assert [len(row.made) for row in people.file_import.rows.all()] == [1] * 5
