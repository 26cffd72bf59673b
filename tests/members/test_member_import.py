"""Members, enrollments and contributions from files, and what their rows have to fit."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from agency.models import PoolingRegion, Role, User
from files.importing.report import ImportReport
from files.services.imports import import_file
from members.models import Contribution, Enrollment, EntitlementChange, Member
from policies.engine.vocabulary import AccountScheme
from policies.labels import LABELS
from policies.models import AveragePension, PensionState
from policies.selectors.pensions import pensions_of
from policies.services.pensions import approve_average_pension
from providers.models import Agreement, Provider
from tests import builder
from tests.builder.sheets import (
    BORN,
    MEMBER_HEADER,
    TODAY,
    bring_in,
    counts,
    identity_number,
    member_row,
    places,
    sheet,
)

pytestmark = pytest.mark.django_db

ENROLLMENTS = "region,member_number,identity_number,since,scheme,employment,status,had_account_before"
CONTRIBUTIONS = "region,member_number,month,base,received_on"


@pytest.fixture
def kaifeng() -> PoolingRegion:
    """The region, with members 000001 to 000003."""
    region = builder.region("kaifeng")
    rows = [member_row(region, number) for number in (1, 2, 3)]
    assert bring_in("members", sheet(MEMBER_HEADER, *rows), region).errors == []
    return region


# --- Members --------------------------------------------------------------------------------------


def test_a_member_comes_with_everything_the_row_says(kaifeng: PoolingRegion) -> None:
    row = member_row(kaifeng, 9, sex="2", birth_date="1985/6/7") + ",13800000000,青禾农机厂,88.50"
    bring_in("members", sheet(f"{MEMBER_HEADER},phone,employer,old_retiree_credit", row), kaifeng)
    member = Member.objects.get(member_number="000009")
    assert member.identity_number == identity_number(9)
    assert (member.sex, member.birth_date, member.phone) == ("F", BORN, "13800000000")
    assert (member.employer, member.old_retiree_credit) == ("青禾农机厂", Decimal("88.50"))


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"identity_number": identity_number(4, date(1985, 6, 8))}, "identity_number"),
        ({"sex": "M"}, "identity_number"),
        ({"identity_number": identity_number(4, date(2185, 6, 7)), "birth_date": "2185-06-07"}, "birth_date"),
    ],
)
def test_card_and_row_have_to_agree(kaifeng: PoolingRegion, changed: dict[str, str], column: str) -> None:
    report = bring_in("members", sheet(MEMBER_HEADER, member_row(kaifeng, 4, **changed)), kaifeng)
    assert places(report) == [(2, column)]


def test_one_person_cannot_come_under_two_numbers(kaifeng: PoolingRegion) -> None:
    """Neither twice in a file nor beside the member who is there, however the number is spaced."""
    spaced = f"{identity_number(1)[:6]} {identity_number(1)[6:]}"
    rows = [
        member_row(kaifeng, 4),
        member_row(kaifeng, 5, identity_number=identity_number(4)),
        member_row(kaifeng, 6, identity_number=spaced),
    ]
    report = bring_in("members", sheet(MEMBER_HEADER, *rows), kaifeng)
    assert places(report) == [(3, "identity_number"), (4, "identity_number")]


def test_a_column_that_the_file_leaves_out_is_not_compared(kaifeng: PoolingRegion) -> None:
    bring_in("members", sheet(f"{MEMBER_HEADER},phone", member_row(kaifeng, 4) + ",13800000000"), kaifeng)
    assert counts(bring_in("members", sheet(MEMBER_HEADER, member_row(kaifeng, 4)), kaifeng)) == (0, 1, 0)
    emptied = bring_in("members", sheet(f"{MEMBER_HEADER},phone", member_row(kaifeng, 4) + ","), kaifeng)
    assert places(emptied) == [(2, "phone")]


@pytest.mark.parametrize("amount", ["-1", "1.234", "1,5", "1e3", "NaN", "99999999999"])
def test_a_wrong_amount_is_reported(kaifeng: PoolingRegion, amount: str) -> None:
    row = member_row(kaifeng, 4) + f',"{amount}"'
    report = bring_in("members", sheet(f"{MEMBER_HEADER},old_retiree_credit", row), kaifeng)
    assert places(report) == [(2, "old_retiree_credit")]


WITH_KIND = "region,member_number,name,document_kind,identity_number,sex,birth_date"
PASSPORT = "E12345678"


@pytest.mark.parametrize(
    ("spelled", "number", "kind"),
    [
        ("", "530502199003072136", "resident_card"),
        ("01", "530502199003072136", "resident_card"),
        ("1", "530502199003072136", "resident_card"),
        ("居民身份证", "530502199003072136", "resident_card"),
        ("身份证", "530502199003072136", "resident_card"),
        ("居民身份证（户口簿）", "530502199003072136", "resident_card"),
        ("", "810000199003070031", "residence_permit"),
        ("17", "82000019900307005X", "residence_permit"),
        ("台湾居民居住证", "830000199003070035", "residence_permit"),
        ("residence_permit", "830000199003070035", "residence_permit"),
        ("", "KAZ110090030713", "foreigner_card"),
        ("7", "KAZ110090030713", "foreigner_card"),
        ("Foreigner's permanent residence card", "KAZ110090030713", "foreigner_card"),
        ("外国人永久居留证", "kaz1100 900307 13", "foreigner_card"),
        ("08", PASSPORT, "foreign_passport"),
        ("护照", PASSPORT, "foreign_passport"),
        ("Passport", PASSPORT.lower(), "foreign_passport"),
        ("Foreign passport", PASSPORT, "foreign_passport"),
        ("中国护照", PASSPORT, "chinese_passport"),
        ("16.0", PASSPORT, "chinese_passport"),
    ],
)
def test_every_kind_of_document_comes_as_people_spell_it(
    kaifeng: PoolingRegion, spelled: str, number: str, kind: str
) -> None:
    row = f"kaifeng,000009,JOHN  DOE,{spelled},{number},M,1990-03-07"
    report = bring_in("members", sheet(WITH_KIND, row), kaifeng)
    assert report.errors == []
    member = Member.objects.get(member_number="000009")
    assert (member.name, member.document_kind) == ("JOHN DOE", kind)
    assert member.identity_number == number.upper().replace(" ", "")
    assert counts(bring_in("members", sheet(WITH_KIND, row), kaifeng)) == (0, 1, 0)


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (f"ANN,,{PASSPORT},F,1990-03-07", "identity_number", "Somebody with another document is entered with its kind"),
        (f"ANN,08,{PASSPORT},F,", "birth_date", "Enter it"),
        (f"ANN,08,{PASSPORT},,1990-03-07", "sex", "Enter it"),
        ("ANN,99,X1234567,F,1990-03-07", "document_kind", "resident_card, foreigner_card"),
        ("ANN,17,931840198504121245,F,1985-04-12", "identity_number", "foreigner's permanent residence card"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_with_a_way_out(
    kaifeng: PoolingRegion, row: str, column: str, sentence: str
) -> None:
    with override("en"):
        report = bring_in("members", sheet(WITH_KIND, f"kaifeng,000009,{row}"), kaifeng)
    assert places(report) == [(2, column)]
    assert sentence in report.errors[0].reason


def test_one_number_may_be_two_peoples_in_two_kinds_of_passport(kaifeng: PoolingRegion) -> None:
    people = [f"kaifeng,00000{number},ANN,{code},{PASSPORT},F,1990-03-07" for number, code in ((8, "08"), (9, "16"))]
    assert counts(bring_in("members", sheet(WITH_KIND, *people), kaifeng)) == (2, 0, 0)
    third = f"kaifeng,000010,ANN,08,{PASSPORT},F,1990-03-07"
    assert places(bring_in("members", sheet(WITH_KIND, third), kaifeng)) == [(2, "identity_number")]
    named, enrolled = f"kaifeng,,{PASSPORT}", "2020-01-01,combined,employee,active,"
    with override("en"):
        report = bring_in("enrollments", sheet(ENROLLMENTS, f"{named},{enrolled}"), kaifeng)
    assert places(report) == [(2, "identity_number")]
    assert "Two members have passports with this number" in report.errors[0].reason
    content = sheet(ENROLLMENTS, f"kaifeng,000009,{PASSPORT},{enrolled}")
    assert counts(bring_in("enrollments", content, kaifeng)) == (1, 0, 0)


def test_an_enrollment_names_its_member_by_any_document(kaifeng: PoolingRegion) -> None:
    numbers = {"07": "KAZ110090030713", "08": "AB123456", "17": "810000199003070031"}
    people = [f"kaifeng,1000{code},ANN,{code},{number},M,1990-03-07" for code, number in numbers.items()]
    assert counts(bring_in("members", sheet(WITH_KIND, *people), kaifeng)) == (3, 0, 0)
    rows = [f"kaifeng,,{number.lower()},2020-01-01,combined,employee,active," for number in numbers.values()]
    assert counts(bring_in("enrollments", sheet(ENROLLMENTS, *rows), kaifeng)) == (3, 0, 0)


def test_a_name_written_otherwise_is_the_same_name(kaifeng: PoolingRegion) -> None:
    first = member_row(kaifeng, 9, name="阿卜杜拉•买买提")
    assert counts(bring_in("members", sheet(MEMBER_HEADER, first), kaifeng)) == (1, 0, 0)
    again = member_row(kaifeng, 9, name="阿卜杜拉 . 买买提")
    assert counts(bring_in("members", sheet(MEMBER_HEADER, again), kaifeng)) == (0, 1, 0)
    assert Member.objects.get(member_number="000009").name == "阿卜杜拉·买买提"


# --- Enrollments ----------------------------------------------------------------------------------


def test_an_enrollment_names_its_member_by_either_number(kaifeng: PoolingRegion) -> None:
    with override("zh-hans"):
        combined = str(LABELS[AccountScheme.COMBINED])
    content = sheet(
        ENROLLMENTS,
        "kaifeng,000001,,2020-01-01,combined,employee,active,",
        f"kaifeng,,{identity_number(2)},2020-01-01,2,1,11,否",
        f"kaifeng,000003,{identity_number(3)},2020-01-01,{combined},employee,active,1",
    )
    assert counts(bring_in("enrollments", content, kaifeng)) == (3, 0, 0)
    second = Enrollment.objects.get(member__member_number="000002")
    assert (second.scheme, second.employment, second.status) == ("pooled_only", "flexible", "active")
    assert not second.had_account_before
    assert Enrollment.objects.get(member__member_number="000003").scheme == "combined"
    assert counts(bring_in("enrollments", content, kaifeng)) == (0, 3, 0)


def test_a_later_row_ends_the_enrollment_before_it(kaifeng: PoolingRegion) -> None:
    content = sheet(
        ENROLLMENTS,
        "kaifeng,000001,,2020-01-01,combined,employee,active,",
        "kaifeng,000001,,2023-03-15,combined,employee,retired,",
    )
    bring_in("enrollments", content, kaifeng)
    first, second = Enrollment.objects.order_by("period")
    assert (first.period.upper, second.status) == (date(2023, 3, 15), "retired")
    assert counts(bring_in("enrollments", content, kaifeng)) == (0, 2, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("kaifeng,,,2020-01-01,combined,employee,active,", "member_number"),
        ("kaifeng,000099,,2020-01-01,combined,employee,active,", "member_number"),
        (f"kaifeng,,{identity_number(99)},2020-01-01,combined,employee,active,", "identity_number"),
        (f"kaifeng,000001,{identity_number(2)},2020-01-01,combined,employee,active,", "identity_number"),
        ("kaifeng,000001,,1985-06-06,combined,employee,active,", "since"),
        ("kaifeng,000001,,2023-02-29,combined,employee,active,", "since"),
        ("kaifeng,000001,,2020-01-01,joined,employee,active,", "scheme"),
        ("kaifeng,000001,,2020-01-01,combined,student,active,", "employment"),
        ("kaifeng,000001,,2020-01-01,combined,employee,resting,", "status"),
        ("kaifeng,000001,,2020-01-01,combined,employee,active,maybe", "had_account_before"),
    ],
)
def test_a_wrong_enrollment_is_reported(kaifeng: PoolingRegion, row: str, column: str) -> None:
    good = "kaifeng,000002,,2020-01-01,combined,employee,active,"
    report = bring_in("enrollments", sheet(ENROLLMENTS, good, row), kaifeng)
    assert places(report) == [(3, column)]
    assert not Enrollment.objects.exists()


def test_one_day_cannot_be_named_twice_by_two_numbers(kaifeng: PoolingRegion) -> None:
    content = sheet(
        ENROLLMENTS,
        "kaifeng,000001,,2020-01-01,combined,employee,active,",
        f"kaifeng,,{identity_number(1)},2020-01-01,combined,employee,active,",
    )
    assert places(bring_in("enrollments", content, kaifeng)) == [(3, "since")]


def test_an_enrollment_that_contradicts_the_recorded_one_is_wrong(kaifeng: PoolingRegion) -> None:
    bring_in("enrollments", sheet(ENROLLMENTS, "kaifeng,000001,,2020-01-01,combined,employee,active,"), kaifeng)
    other = sheet(
        ENROLLMENTS,
        "kaifeng,000001,,2020-01-01,pooled_only,flexible,active,",
        "kaifeng,000001,,2019-01-01,combined,employee,active,",
    )
    assert places(bring_in("enrollments", other, kaifeng)) == [(2, "employment"), (2, "scheme"), (3, "since")]


# --- Contributions --------------------------------------------------------------------------------


def test_a_contribution_without_a_day_came_on_time(kaifeng: PoolingRegion) -> None:
    content = sheet(
        CONTRIBUTIONS,
        "kaifeng,000001,2023-02,6000.00,",
        "kaifeng,000001,2023/3,6000,2023-04-05",
        "kaifeng,000002,202302,1,",
    )
    assert counts(bring_in("contributions", content, kaifeng)) == (3, 0, 0)
    february, march = Contribution.objects.filter(member__member_number="000001").order_by("month")
    assert (february.received_on, march.received_on) == (date(2023, 2, 28), date(2023, 4, 5))
    assert EntitlementChange.objects.filter(cause="contribution").count() == 3
    assert counts(bring_in("contributions", content, kaifeng)) == (0, 3, 0)
    assert Contribution.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("kaifeng,000099,2023-03,6000.00,", "member_number"),
        ("kaifeng,000001,2023-13,6000.00,", "month"),
        ("kaifeng,000001,March 2023,6000.00,", "month"),
        ("kaifeng,000001,1980-01,6000.00,", "month"),
        ("kaifeng,000001,2023-03,-6000.00,", "base"),
        ("kaifeng,000001,2023-03,0,", "base"),
        ("kaifeng,000001,2023-03,6000.005,", "base"),
        ("kaifeng,000001,2023-03,6000.00,2023-04-31", "received_on"),
        ("kaifeng,000002,2023-03,6000.00,", "member_number"),
    ],
)
def test_a_wrong_contribution_is_reported(kaifeng: PoolingRegion, row: str, column: str) -> None:
    """The last one repeats the first row of the file."""
    report = bring_in("contributions", sheet(CONTRIBUTIONS, "kaifeng,000002,2023-03,5000.00,", row), kaifeng)
    assert places(report) == [(3, column)]
    assert not Contribution.objects.exists()


def test_another_base_for_a_recorded_month_is_wrong(kaifeng: PoolingRegion) -> None:
    bring_in("contributions", sheet(CONTRIBUTIONS, "kaifeng,000001,2023-03,6000.00,"), kaifeng)
    report = bring_in("contributions", sheet(CONTRIBUTIONS, "kaifeng,000001,2023-03,6500.00,2023-04-01"), kaifeng)
    assert places(report) == [(2, "base"), (2, "received_on")]


def test_members_are_fetched_for_the_file_and_not_for_each_row(kaifeng: PoolingRegion) -> None:
    rows = [f"kaifeng,{1 + month % 3:06d},2022-{1 + month // 3:02d},6000.00," for month in range(36)]
    with CaptureQueriesContext(connection) as queries:
        assert counts(bring_in("contributions", sheet(CONTRIBUTIONS, *rows), kaifeng)) == (36, 0, 0)
    assert sum('FROM "members_member"' in query["sql"] for query in queries) == 1


# --- What members need beside them ----------------------------------------------------------------

PENSIONS = "region,year,monthly,is_final,source"
PROVIDERS = "region,provider_code,name,kind,tier,first_day,is_designated,is_out_of_area"


@pytest.fixture
def officer(kaifeng: PoolingRegion) -> User:
    """Who submits the average pensions of a file."""
    return builder.staff("officer", Role.POLICY_OFFICER, region=kaifeng)


def pensions_in(kaifeng: PoolingRegion, officer: User, *rows: str, header: str = PENSIONS) -> ImportReport:
    return bring_in("average_pensions", sheet(header, *rows), kaifeng, actor=officer)


def approve_all(checker: User) -> None:
    for pension in AveragePension.objects.filter(state=PensionState.SUBMITTED).order_by("year"):
        approve_average_pension(pension, actor=checker)


def test_average_pensions_wait_for_a_second_person(kaifeng: PoolingRegion, officer: User, checker: User) -> None:
    rows = ("kaifeng,2021,3000.00,1,notice", "kaifeng,2022,3100.50,0,estimate")
    report = pensions_in(kaifeng, officer, *rows)
    assert counts(report) == (2, 0, 0)
    assert len(report.notes) == 1
    assert pensions_of(kaifeng) == {}
    assert set(AveragePension.objects.values_list("state", "submitted_by")) == {("submitted", officer.pk)}
    assert counts(pensions_in(kaifeng, officer, *rows)) == (0, 2, 0)
    approve_all(checker)
    again = pensions_in(kaifeng, officer, *rows)
    assert (counts(again), again.notes) == ((0, 2, 0), [])
    assert set(pensions_of(kaifeng)) == {2021, 2022}


def test_average_pensions_become_final_and_never_provisional_again(
    kaifeng: PoolingRegion, officer: User, checker: User
) -> None:
    provisional, final = "kaifeng,2022,3000.00,0,estimate", "kaifeng,2022,3100.50,1,notice"
    for row in (provisional, final):
        assert counts(pensions_in(kaifeng, officer, row)) == (1, 0, 0)
        approve_all(checker)
    assert counts(pensions_in(kaifeng, officer, final)) == (0, 1, 0)
    back = pensions_in(kaifeng, officer, provisional)
    assert places(back) == [(2, "is_final"), (2, "monthly"), (2, "source")]
    assert pensions_of(kaifeng)[2022].monthly == Decimal("3100.50")


def test_a_final_average_pension_is_corrected_with_its_reason(
    kaifeng: PoolingRegion, officer: User, checker: User
) -> None:
    pensions_in(kaifeng, officer, "kaifeng,2022,3100.50,1,notice")
    approve_all(checker)
    corrected = "kaifeng,2022,3100.60,1,notice"
    assert places(pensions_in(kaifeng, officer, corrected)) == [(2, "monthly")]
    assert counts(pensions_in(kaifeng, officer, f"{corrected},更正公告", header=f"{PENSIONS},理由")) == (1, 0, 0)
    # Both the figure that holds and the one that waits are known, and a third one has to wait.
    assert counts(pensions_in(kaifeng, officer, "kaifeng,2022,3100.50,1,notice")) == (0, 1, 0)
    assert counts(pensions_in(kaifeng, officer, corrected)) == (0, 1, 0)
    third = pensions_in(kaifeng, officer, "kaifeng,2022,3100.70,1,notice,再更正", header=f"{PENSIONS},reason")
    assert places(third) == [(2, "year")]
    approve_all(checker)
    assert pensions_of(kaifeng)[2022].monthly == Decimal("3100.60")
    assert AveragePension.objects.get(state=PensionState.SUPERSEDED).monthly == Decimal("3100.50")


def test_the_reason_of_a_file_with_a_long_name_is_cut_as_in_every_history(
    kaifeng: PoolingRegion, officer: User
) -> None:
    content, name = sheet(PENSIONS, "kaifeng,2022,3100.50,1,notice"), f"{'长' * 150}.csv"
    report = import_file("average_pensions", content, region=kaifeng, actor=officer, today=TODAY, filename=name)
    assert report.errors == []
    pension = AveragePension.objects.get()
    assert pension.reason == pension.history.get().history_change_reason
    assert len(pension.reason) == 100


def test_a_command_submits_no_average_pension_in_nobodys_name(kaifeng: PoolingRegion) -> None:
    report = bring_in("average_pensions", sheet(PENSIONS, "kaifeng,2022,3100.50,1,notice"), kaifeng)
    assert places(report) == [(2, "year")]
    assert not AveragePension.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("kaifeng,22,3000.00,1,", "year"),
        ("kaifeng,2022,-3000.00,1,", "monthly"),
        ("kaifeng,2022,0.00,1,", "monthly"),
        ("kaifeng,2022,3000.00,,", "is_final"),
        ("kaifeng,2024,3000.00,1,", "year"),
    ],
)
def test_a_wrong_average_pension_is_reported(kaifeng: PoolingRegion, officer: User, row: str, column: str) -> None:
    assert places(pensions_in(kaifeng, officer, row)) == [(2, column)]


def test_providers_come_with_their_first_agreement(kaifeng: PoolingRegion) -> None:
    content = sheet(
        PROVIDERS,
        "kaifeng,H1,社区卫生服务中心,medical_institution,primary,2022-01-01,1,0",
        "kaifeng,P1,大药房,retail_pharmacy,pharmacy,2022-01-01,0,",
        "kaifeng,H2,第一人民医院,medical_institution,02,2022-01-01,,是",
    )
    assert counts(bring_in("providers", content, kaifeng)) == (3, 0, 0)
    assert Agreement.objects.get(provider__code="H2").tier == "tertiary_a"
    assert not Agreement.objects.get(provider__code="P1").is_designated
    assert Provider.objects.get(code="H2").is_out_of_area
    assert counts(bring_in("providers", content, kaifeng)) == (0, 3, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("kaifeng,P1,大药房,retail_pharmacy,primary,2022-01-01,1,0", "tier"),
        ("kaifeng,P1,大药房,shop,pharmacy,2022-01-01,1,0", "kind"),
        ("kaifeng,P1,大药房,retail_pharmacy,palace,2022-01-01,1,0", "tier"),
        ("kaifeng,P1,大药房,retail_pharmacy,pharmacy,2022-02-30,1,0", "first_day"),
        ("kaifeng,H1,别名,medical_institution,primary,2022-01-01,1,0", "name"),
    ],
)
def test_a_wrong_provider_is_reported(kaifeng: PoolingRegion, row: str, column: str) -> None:
    """The last one is recorded under another name."""
    good = "kaifeng,H1,社区卫生服务中心,medical_institution,primary,2022-01-01,1,0"
    bring_in("providers", sheet(PROVIDERS, good), kaifeng)
    assert places(bring_in("providers", sheet(PROVIDERS, row), kaifeng)) == [(2, column)]
