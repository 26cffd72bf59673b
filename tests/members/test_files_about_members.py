"""Every kind of file about members: what is new, unchanged, changed and wrong, imported and taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from agency.models import PoolingRegion, Role, User
from members.models import (
    CivilServantBasis,
    DiseaseRegistration,
    Enrollment,
    EntitlementChange,
    FamilyDoctorContract,
    HospitalStay,
    Member,
    OutOfAreaRegistration,
    SpecialNursing,
)
from members.models.contributions import BasisKind
from members.services import registrations
from members.services.corrections import correct_member
from members.services.diseases import approve_disease_registration
from members.services.enrollments import terminate
from members.services.people import set_civil_servant_basis, set_contribution_months, set_old_standard
from policies.engine.vocabulary import InsuredStatus, OutOfAreaKind
from policies.models import Disease
from providers.models import Provider
from tests import builder
from tests.builder.files import TODAY, WHY, Brought

pytestmark = pytest.mark.django_db

MAY = date(2024, 5, 1)


@pytest.fixture
def zaozhuang() -> PoolingRegion:
    """The region, with the insured members M1 to M5."""
    region = builder.region("zaozhuang")
    for number in range(1, 6):
        builder.insured(region, member_number=f"M{number}", name="张伟", phone="13800000000", employer="机械厂")
    for code in ("H1", "H2"):
        builder.a_provider(region, code=code)
    return region


@pytest.fixture
def clerk(zaozhuang: PoolingRegion) -> User:
    return builder.staff("clerk", Role.CLERK, region=zaozhuang)


def member(number: int) -> Member:
    return Member.objects.get(member_number=f"M{number}")


def on(day: str) -> date:
    return date.fromisoformat(day)


@dataclass(frozen=True)
class Kind:
    """A kind with a row that is new, and where a file may correct something one that changes what `there` records.

    `seen` is what members M1 (new) and M2 (changed) have, as far as the kind is about it.
    """

    name: str
    header: str
    new: str
    there: Callable[[Member], Any]
    same: str
    changed: str
    later: str
    wrong: tuple[str, str]
    seen: Callable[[Member], Any]


def stay(of: Member) -> Any:
    return registrations.record_hospital_stay(of, since=MAY, until=None, reason="r")


def nursing(of: Member) -> Any:
    return registrations.record_special_nursing(of, since=MAY, until=None, reason="r")


def away(of: Member) -> Any:
    return registrations.register_out_of_area(
        of, kind=OutOfAreaKind.REFERRAL, place="310000", since=MAY, until=on("2024-05-31"), reason="r"
    )


def basis(of: Member) -> Any:
    return set_civil_servant_basis(
        of, since=MAY, kind=BasisKind.CONFIRMED_PAY, amount=Decimal(7000), known_on=TODAY, reason="r"
    )


def standard(of: Member) -> Any:
    return set_old_standard(of, amount=Decimal(80), known_on=TODAY, reason="r")


def months(of: Member) -> Any:
    return set_contribution_months(of, months=264, known_on=TODAY, reason="r")


def doctor(of: Member) -> Any:
    signed = Provider.objects.get(code="H1")
    return registrations.sign_family_doctor(of, provider=signed, since=MAY, until=None, reason="r")


def ended(of: Member) -> Any:
    return terminate(of, last_day=on("2024-05-31"), known_on=TODAY, reason="r")


def periods(model: type[Any], *fields: str) -> Callable[[Member], Any]:
    return lambda of: list(model.objects.filter(member=of).values_list("period", *fields))


KINDS = [
    Kind(
        "member_corrections",
        "member_number,name,phone,employer",
        "M1,张伟,13900000000,",
        lambda of: correct_member(of, employer="纺织厂", reason="r"),
        "M3,张伟,,纺织厂",
        "M2,张炜,,化工厂",
        "M2,张炜,,电厂",
        ("M9,张伟,,", "member_number"),
        lambda of: (of.name, of.phone, of.employer),
    ),
    Kind(
        "terminations",
        "member_number,last_day",
        "M1,2024-05-20",
        ended,
        "M3,2024-05-31",
        "M2,2024-05-30",
        "M2,2024-05-29",
        ("M5,2019-05-20", "member_number"),
        periods(Enrollment),
    ),
    Kind(
        "old_standards",
        "member_number,amount",
        "M1,85.50",
        standard,
        "M3,80",
        "M2,0",
        "M2,1",
        ("M5,-1", "amount"),
        lambda of: of.old_retiree_credit,
    ),
    Kind(
        "contribution_months",
        "member_number,months",
        "M1,1200",
        months,
        "M3,264",
        "M2,0",
        "M2,1",
        ("M5,1201", "months"),
        lambda of: of.contribution_months,
    ),
    Kind(
        "civil_servant_bases",
        "member_number,since,kind,amount",
        "M1,2024-05,confirmed_pay,6800",
        basis,
        "M3,2024-05,confirmed_pay,7000",
        "M2,2024-05,trainee_pay,5000.50",
        "M2,2024-05,trainee_pay,5000.60",
        ("M5,2024-05,bonus,7000", "kind"),
        lambda of: list(CivilServantBasis.objects.filter(member=of).values_list("since", "kind", "amount")),
    ),
    Kind(
        "hospital_stays",
        "member_number,since,until",
        "M1,2024-05-01,",
        stay,
        "M3,2024-05-01,",
        "M2,2024-05-01,2024-05-09",
        "M2,2024-05-01,2024-05-10",
        ("M5,2024-05-01,2024-04-30", "until"),
        periods(HospitalStay),
    ),
    Kind(
        "special_nursing",
        "member_number,since,until",
        "M1,2024-05-01,2024-05-20",
        nursing,
        "M3,2024-05-01,",
        "M2,2024-05-01,2024-05-09",
        "M2,2024-05-01,2024-05-10",
        ("M5,2024-02-30,", "since"),
        periods(SpecialNursing),
    ),
    Kind(
        "family_doctor_contracts",
        "member_number,provider_code,since,until",
        "M1,H2,2024-05-01,",
        doctor,
        "M3,H1,2024-05-01,",
        "M2,H1,2024-05-01,2024-12-31",
        "M2,H1,2024-05-01,2025-12-31",
        ("M5,H9,2024-05-01,", "provider_code"),
        periods(FamilyDoctorContract, "provider__code"),
    ),
    Kind(
        "out_of_area_registrations",
        "member_number,kind,place,since,until",
        "M1,referral,110000,2024-05-01,2024-06-30",
        away,
        "M3,06,310000,2024-05-01,2024-05-31",
        "M2,referral,320000,2024-05-01,2024-06-30",
        "M2,referral,330000,2024-05-01,2024-06-30",
        ("M5,referral,3200,2024-05-01,", "place"),
        periods(OutOfAreaRegistration, "kind", "place"),
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_rows_go_in_as_previewed_and_are_taken_back(kind: Kind, zaozhuang: PoolingRegion, clerk: User) -> None:
    kind.there(member(2))
    kind.there(member(3))
    # Where everybody has something, a row for it can only change it.
    first = "changed" if kind.name == "member_corrections" else "new"
    rows = (kind.new, kind.changed, kind.same, kind.wrong[0])
    before = [kind.seen(member(number)) for number in (1, 2, 3)]

    brought = Brought.of(kind.name, kind.header, *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == [first, "changed", "unchanged", "wrong"]
    assert brought.wrong == [(5, kind.wrong[1])]
    assert [kind.seen(member(number)) for number in (1, 2, 3)] == before

    brought.confirm()
    after = [kind.seen(member(number)) for number in (1, 2, 3)]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, True]
    again = Brought.of(kind.name, kind.header, *rows[:3], region=zaozhuang, clerk=clerk)
    assert again.outcomes == ["unchanged", "unchanged", "unchanged"]

    assert brought.take_back() == ""
    assert [kind.seen(member(number)) for number in (1, 2, 3)] == before


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_was_corrected_since_is_not_taken_back(kind: Kind, zaozhuang: PoolingRegion, clerk: User) -> None:
    kind.there(member(2))
    brought = Brought.of(kind.name, kind.header, kind.changed, region=zaozhuang, clerk=clerk)
    brought.confirm()
    later = Brought.of(kind.name, kind.header, kind.later, region=zaozhuang, clerk=clerk)
    assert later.outcomes == ["changed"]
    later.confirm()
    seen = kind.seen(member(2))
    assert brought.take_back()
    assert kind.seen(member(2)) == seen


# --- Enrollments, conversions ---------------------------------------------------------------------


def test_a_member_retires_by_a_file_and_works_on_where_it_is_taken_back(zaozhuang: PoolingRegion, clerk: User) -> None:
    header = "member_number,retired_from"
    brought = Brought.of("retirements", header, "M1,2024-05-01", "M9,2024-05-01", region=zaozhuang, clerk=clerk)
    assert brought.wrong == [(3, "member_number")]
    brought.confirm()
    working, retired = Enrollment.objects.filter(member=member(1)).order_by("period")
    assert (working.period.upper, retired.status) == (MAY, InsuredStatus.RETIRED)
    assert WHY in retired.history.latest().history_change_reason
    rows = ("M1,2024-05-01", "M1,2024-06-01")
    again = Brought.of("retirements", header, *rows, region=zaozhuang, clerk=clerk)
    assert again.outcomes == ["unchanged", "wrong"]

    EntitlementChange.objects.all().delete()
    assert brought.take_back() == ""
    held = Enrollment.objects.get(member=member(1))
    assert (held.status, held.period.upper) == (InsuredStatus.ACTIVE, None)
    assert EntitlementChange.objects.get(member=member(1)).first_month == MAY
    gone = Enrollment.history.filter(member=member(1), history_type="-").get()
    assert "the wrong list" in gone.history_change_reason


ENROLLMENTS = "member_number,since,scheme,employment,status"


def test_enrollments_are_taken_back_one_upon_the_other(zaozhuang: PoolingRegion, clerk: User) -> None:
    rows = ("M1,2024-03-01,combined,employee,active", "M1,2024-05-01,combined,employee,retired")
    brought = Brought.of("enrollments", ENROLLMENTS, *rows, region=zaozhuang, clerk=clerk)
    brought.confirm()
    assert Enrollment.objects.filter(member=member(1)).count() == 3
    assert brought.take_back() == ""
    assert Enrollment.objects.get(member=member(1)).period.upper is None


def test_what_ended_by_another_act_does_not_hold_again(zaozhuang: PoolingRegion, clerk: User) -> None:
    """The insurance was terminated the day before it began anew."""
    terminate(member(1), last_day=on("2024-04-30"), known_on=TODAY, reason="left the employer")
    row = "M1,2024-05-01,combined,employee,active"
    brought = Brought.of("enrollments", ENROLLMENTS, row, region=zaozhuang, clerk=clerk)
    brought.confirm()
    assert brought.take_back() == ""
    assert Enrollment.objects.get(member=member(1)).period.upper == MAY


def test_an_enrollment_that_has_ended_since_stays(zaozhuang: PoolingRegion, clerk: User) -> None:
    row = "M1,2024-05-01,combined,employee,retired"
    brought = Brought.of("enrollments", ENROLLMENTS, row, region=zaozhuang, clerk=clerk)
    brought.confirm()
    terminate(member(1), last_day=on("2024-05-31"), known_on=TODAY, reason="moved away")
    assert "2024-05-31" in brought.take_back()
    assert Enrollment.objects.filter(member=member(1)).count() == 2


# --- People ---------------------------------------------------------------------------------------

MEMBERS = "member_number,name,identity_number,sex,birth_date"


@pytest.mark.parametrize(("language", "word"), [("en", "enrollments (1)"), ("zh-hans", "参保")])
def test_a_member_goes_unless_something_is_recorded_of_them(
    zaozhuang: PoolingRegion, clerk: User, language: str, word: str
) -> None:
    with override(language):
        row = "N1,李娜,11010519491231002X,F,1949-12-31"
        brought = Brought.of("members", MEMBERS, row, region=zaozhuang, clerk=clerk)
        brought.confirm()
        enrolled = Brought.of(
            "enrollments", ENROLLMENTS, "N1,2024-05-01,combined,employee,retired", region=zaozhuang, clerk=clerk
        )
        enrolled.confirm()
        assert word in brought.take_back()
        assert Member.objects.filter(member_number="N1").exists()
        assert enrolled.take_back() == ""
        assert brought.take_back() == ""
    assert not Member.objects.filter(member_number="N1").exists()
    assert Member.history.filter(member_number="N1", history_type="-").exists()


@pytest.mark.parametrize(
    ("language", "kinds"),
    [
        ("en", ("corrections of members", "old retiree standards")),
        ("zh-hans", ("参保人员信息更正", "退休人员原划入标准")),
    ],
)
def test_a_member_who_is_recorded_otherwise_is_wrong_and_the_kinds_that_correct_it_are_named(
    zaozhuang: PoolingRegion, clerk: User, language: str, kinds: tuple[str, str]
) -> None:
    header = f"{MEMBERS},phone,old_retiree_credit"
    first = "N1,李娜,11010519491231002X,F,1949-12-31,13900000000,80"
    Brought.of("members", header, first, region=zaozhuang, clerk=clerk).confirm()
    with override(language):
        other = "N1,李楠,11010519491231002X,F,1949-12-31,13900000001,85"
        brought = Brought.of("members", header, other, region=zaozhuang, clerk=clerk)
        said = dict(brought.file_import.rows.get().problems)
    assert brought.outcomes == ["wrong"]
    assert set(said) == {"name", "phone", "old_retiree_credit"}
    for column, kind in (("name", kinds[0]), ("phone", kinds[0]), ("old_retiree_credit", kinds[1])):
        assert kind in said[column]


def test_a_phone_is_shown_and_kept_by_its_end_alone(zaozhuang: PoolingRegion, clerk: User) -> None:
    header = "member_number,name,phone"
    brought = Brought.of("member_corrections", header, "M1,张伟,13900000001", region=zaozhuang, clerk=clerk)
    kept = brought.file_import.rows.get()
    assert "13800000000" not in str(kept.before) + str(kept.cells)
    brought.confirm()
    assert member(1).phone == "13900000001"


# --- Disease registrations ------------------------------------------------------------------------

DISEASES = "member_number,code,benefit,since"


def test_a_disease_is_submitted_by_whoever_imports_and_counts_once_another_approves(
    zaozhuang: PoolingRegion, clerk: User
) -> None:
    Disease.objects.get_or_create(region=zaozhuang, code="M03900", defaults={"name": "高血压"})
    rows = (
        "M1,M03900,chronic_disease,2024-05-01",
        "M2,M03900,chronic_disease,2024-05-01",
        "M3,X99,chronic_disease,2024-05-01",
        "M4,M03900,inpatient,2024-05-01",
    )
    brought = Brought.of("disease_registrations", DISEASES, *rows, region=zaozhuang, clerk=clerk)
    assert brought.wrong == [(4, "code"), (5, "benefit")]
    brought.confirm()
    first, second = DiseaseRegistration.objects.order_by("member__member_number")
    assert (first.state, first.submitted_by) == ("submitted", clerk)
    again = Brought.of("disease_registrations", DISEASES, *rows[:2], region=zaozhuang, clerk=clerk)
    assert again.outcomes == ["unchanged", "unchanged"]

    approve_disease_registration(second, actor=builder.staff("supervisor", Role.SUPERVISOR, region=zaozhuang))
    assert "3" in brought.take_back()
    assert DiseaseRegistration.objects.count() == 2


def test_a_long_stay_is_doubtful(zaozhuang: PoolingRegion, clerk: User) -> None:
    header = "member_number,since,until"
    brought = Brought.of("hospital_stays", header, "M1,2022-01-01,2024-05-01", region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["doubtful"]


def test_stays_that_overlap_are_refused_in_the_file(zaozhuang: PoolingRegion, clerk: User) -> None:
    rows = ("M1,2024-05-01,2024-05-10", "M1,2024-05-05,2024-05-20", "M1,2024-05-10,2024-05-20")
    brought = Brought.of("hospital_stays", "member_number,since,until", *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["new", "wrong", "new"]


# --- Family doctors -------------------------------------------------------------------------------

CONTRACTS = "member_number,provider_code,since,until"


def test_a_member_changes_the_doctor_by_one_file(zaozhuang: PoolingRegion, clerk: User) -> None:
    doctor(member(2))
    rows = ("M2,H1,2024-05-01,2024-05-31", "M2,H2,2024-06-01,")
    brought = Brought.of("family_doctor_contracts", CONTRACTS, *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["changed", "new"]
    brought.confirm()
    held = FamilyDoctorContract.objects.filter(member=member(2)).order_by("period")
    assert [(each.provider.code, each.period.upper) for each in held] == [("H1", on("2024-06-01")), ("H2", None)]
    assert brought.take_back() == ""
    assert [(each.provider.code, each.period.upper) for each in held.all()] == [("H1", None)]


def test_a_second_doctor_on_the_same_days_is_refused_where_it_stands(zaozhuang: PoolingRegion, clerk: User) -> None:
    doctor(member(2))
    rows = ("M2,H2,2024-05-01,", "M2,H2,2024-06-01,")
    brought = Brought.of("family_doctor_contracts", CONTRACTS, *rows, region=zaozhuang, clerk=clerk)
    assert brought.wrong == [(2, "provider_code"), (3, "member_number")]


def test_another_regions_institution_is_not_known(zaozhuang: PoolingRegion, clerk: User) -> None:
    builder.a_provider(builder.region("kaifeng"), code="K1")
    brought = Brought.of("family_doctor_contracts", CONTRACTS, "M1,K1,2024-05-01,", region=zaozhuang, clerk=clerk)
    assert brought.wrong == [(2, "provider_code")]


def test_contribution_months_are_whole_and_mark_every_month(zaozhuang: PoolingRegion, clerk: User) -> None:
    rows = ("M1,264", "M2,26.5", "M3,", "M4,-1")
    brought = Brought.of("contribution_months", "member_number,months", *rows, region=zaozhuang, clerk=clerk)
    assert brought.wrong == [(3, "months"), (4, "months"), (5, "months")]
    EntitlementChange.objects.all().delete()
    brought.confirm()
    marked = EntitlementChange.objects.get()
    assert (marked.member, marked.cause) == (member(1), "contribution_months")
    assert WHY in member(1).history.latest().history_change_reason
