"""Every kind of file about providers and the catalogue: new, unchanged, changed, wrong, imported, taken back."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from agency.exceptions import DomainError
from agency.models import PoolingRegion, Role, User
from policies.engine.vocabulary import Tier
from providers.models import Agreement, CatalogItem, Provider, ProviderKind
from providers.selectors import agreement_on
from providers.services import change_agreement, register_provider
from providers.services.details import correct_provider, set_payee, set_place
from tests import builder
from tests.builder.files import Brought

pytestmark = pytest.mark.django_db

FIRST, MAY = date(2020, 1, 1), date(2024, 5, 1)
NUMBER, OTHER_NUMBER = "6222021604001234567", "6222021604007654321"


@pytest.fixture
def zaozhuang() -> PoolingRegion:
    """The region, with the secondary hospitals H1 to H3."""
    region = builder.region("zaozhuang")
    for code in ("H1", "H2", "H3"):
        register_provider(
            region,
            code=code,
            name=f"第{code}医院",
            kind=ProviderKind.MEDICAL_INSTITUTION,
            tier=Tier.SECONDARY,
            grade="05",
            retention_rate=Decimal("0.05"),
            first_day=FIRST,
            reason=builder.REASON,
        )
    return region


@pytest.fixture
def clerk(zaozhuang: PoolingRegion) -> User:
    return builder.staff("clerk", Role.CLERK, region=zaozhuang)


def provider(code: str) -> Provider:
    return Provider.objects.get(code=code)


def terms(code: str, day: date = MAY) -> tuple[Any, ...]:
    agreement = agreement_on(provider(code), day)
    assert agreement is not None
    return agreement.tier, agreement.grade, agreement.is_designated, agreement.retention_rate


PROVIDERS = "provider_code,name,kind,tier,first_day,grade,is_dual_channel,retention_rate"


def test_a_provider_comes_with_grade_dual_channel_and_retention_and_goes_again(
    zaozhuang: PoolingRegion, clerk: User
) -> None:
    rows = (
        "H9,新医院,medical_institution,tertiary_a,2024-01-01,2,0,5%",
        "P9,新药店,retail_pharmacy,pharmacy,2024-01-01,,1,",
        "H1,第H1医院,medical_institution,secondary,2020-01-01,05,0,0.05",
        "H2,第H2医院,medical_institution,secondary,2020-01-01,06,0,0.05",
        "H8,新医院,medical_institution,secondary,2024-01-01,02,0,",
    )
    brought = Brought.of("providers", PROVIDERS, *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["new", "new", "unchanged", "wrong", "wrong"]
    assert brought.wrong == [(5, "grade"), (6, "grade")]
    brought.confirm()
    assert terms("H9") == ("tertiary_a", "02", True, Decimal("0.0500"))
    assert Agreement.objects.get(provider__code="P9").is_dual_channel
    assert brought.take_back() == ""
    assert not Provider.objects.filter(code__in=("H9", "P9")).exists()
    assert Agreement.history.filter(history_type="-").count() == 2


@pytest.mark.parametrize(("language", "word"), [("en", "later agreements"), ("zh-hans", "之后的协议")])
def test_a_provider_with_a_later_agreement_stays(
    zaozhuang: PoolingRegion, clerk: User, language: str, word: str
) -> None:
    with override(language):
        row = "H9,新医院,medical_institution,secondary,2024-01-01,05,0,0"
        brought = Brought.of("providers", PROVIDERS, row, region=zaozhuang, clerk=clerk)
        brought.confirm()
        change_agreement(provider("H9"), tier=Tier.PRIMARY, first_day=MAY, is_designated=True, reason="r")
        assert word in brought.take_back()
    assert Provider.objects.filter(code="H9").exists()


AGREEMENTS = "provider_code,first_day,tier,grade,is_designated,retention_rate"


def test_other_terms_hold_from_a_day_on_and_what_is_left_out_stays(zaozhuang: PoolingRegion, clerk: User) -> None:
    rows = (
        "H1,2024-05-01,tertiary_c,04,,",
        "H2,2024-05-01,,,0,10%",
        "H3,2024-05-01,secondary,05,1,0.05",
        "H9,2024-05-01,,,0,",
        "H3,2019-05-01,secondary,,,",
    )
    before = [terms(code) for code in ("H1", "H2", "H3")]
    brought = Brought.of("agreements", AGREEMENTS, *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["new", "new", "unchanged", "wrong", "wrong"]
    brought.confirm()
    assert terms("H1") == ("tertiary_c", "04", True, Decimal("0.0500"))
    assert terms("H2") == ("secondary", "05", False, Decimal("0.1000"))
    again = Brought.of("agreements", AGREEMENTS, *rows[:3], region=zaozhuang, clerk=clerk)
    assert again.outcomes == ["unchanged"] * 3
    otherwise = Brought.of("agreements", AGREEMENTS, "H1,2024-05-01,primary,,,", region=zaozhuang, clerk=clerk)
    assert otherwise.wrong == [(2, "tier")]

    assert brought.take_back() == ""
    assert [terms(code) for code in ("H1", "H2", "H3")] == before
    assert Agreement.objects.filter(provider__code="H1").get().period.upper is None


def test_an_agreement_that_has_ended_since_stays(zaozhuang: PoolingRegion, clerk: User) -> None:
    row = "H1,2024-05-01,tertiary_c,04,,"
    brought = Brought.of("agreements", AGREEMENTS, row, region=zaozhuang, clerk=clerk)
    brought.confirm()
    change_agreement(provider("H1"), tier=Tier.PRIMARY, first_day=date(2024, 6, 1), is_designated=True, reason="r")
    assert "2024-05-31" in brought.take_back()
    assert Agreement.objects.filter(provider__code="H1").count() == 3


def test_an_agreement_on_which_internet_hospitals_rest_stays(zaozhuang: PoolingRegion, clerk: User) -> None:
    online = register_provider(
        zaozhuang,
        code="N1",
        name="互联网医院",
        kind=ProviderKind.MEDICAL_INSTITUTION,
        first_day=FIRST,
        hospital=provider("H1"),
        reason="r",
    )
    row = "H1,2024-05-01,tertiary_c,04,,"
    brought = Brought.of("agreements", AGREEMENTS, row, region=zaozhuang, clerk=clerk)
    brought.confirm()
    assert brought.take_back() != ""
    assert terms(online.code)[0] == terms("H1")[0] == "tertiary_c"


def payee(code: str) -> tuple[Any, ...]:
    return provider(code).payee_bank, provider(code).payee_account


def test_bank_accounts_are_new_changed_and_forgotten_again(zaozhuang: PoolingRegion, clerk: User) -> None:
    set_payee(provider("H2"), bank="工商银行", account=NUMBER, reason="r")
    set_payee(provider("H3"), bank="工商银行", account=NUMBER, reason="r")
    rows = (f"H1,建设银行,{NUMBER}", f"H2,建设银行,{OTHER_NUMBER}", f"H3,工商银行,{NUMBER}", f"H2,,{NUMBER}")
    before = [payee(code) for code in ("H1", "H2", "H3")]
    header = "provider_code,bank,account"
    brought = Brought.of("provider_accounts", header, *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["new", "changed", "unchanged", "wrong"]
    assert NUMBER not in "".join(str(row.before) + str(row.cells) for row in brought.file_import.rows.all())
    brought.confirm()
    assert [payee(code) for code in ("H1", "H2")] == [("建设银行", NUMBER), ("建设银行", OTHER_NUMBER)]
    assert brought.take_back() == ""
    assert [payee(code) for code in ("H1", "H2", "H3")] == before


def test_an_account_that_was_changed_since_stays(zaozhuang: PoolingRegion, clerk: User) -> None:
    header = "provider_code,bank,account"
    brought = Brought.of("provider_accounts", header, f"H1,建设银行,{NUMBER}", region=zaozhuang, clerk=clerk)
    brought.confirm()
    set_payee(provider("H1"), bank="农业银行", account=OTHER_NUMBER, reason="r")
    assert brought.take_back() != ""
    assert payee("H1") == ("农业银行", OTHER_NUMBER)


def place(code: str) -> tuple[Any, ...]:
    return provider(code).latitude, provider(code).longitude


def test_places_are_new_changed_and_unknown_again(zaozhuang: PoolingRegion, clerk: User) -> None:
    set_place(provider("H2"), latitude=Decimal("34.8"), longitude=Decimal("117.3"), reason="r")
    set_place(provider("H3"), latitude=Decimal("34.8"), longitude=Decimal("117.3"), reason="r")
    rows = ("H1,34.810488,117.323725", "H2,34.9,117.3", "H3,34.8,117.3", "H9,34.8,117.3", "H1,117.3,34.8")
    before = [place(code) for code in ("H1", "H2", "H3")]
    header = "provider_code,latitude,longitude"
    brought = Brought.of("provider_places", header, *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["new", "changed", "unchanged", "wrong", "wrong"]
    assert brought.wrong == [(5, "provider_code"), (6, "latitude")]
    brought.confirm()
    assert place("H1") == (Decimal("34.810488"), Decimal("117.323725"))
    assert brought.take_back() == ""
    assert [place(code) for code in ("H1", "H2", "H3")] == before


def named(code: str) -> tuple[str, str]:
    return provider(code).name, provider(code).division


def test_names_and_divisions_are_corrected_and_come_back(zaozhuang: PoolingRegion, clerk: User) -> None:
    correct_provider(provider("H3"), division="370403", reason="r")
    rows = ("H1,第一医院,370402", "H2,,370402", "H3,第H3医院,370403", "H9,第九医院,", "H1,第一医院,3704")
    before = [named(code) for code in ("H1", "H2", "H3")]
    header = "provider_code,name,division"
    brought = Brought.of("provider_corrections", header, *rows, region=zaozhuang, clerk=clerk)
    assert brought.outcomes == ["changed", "changed", "unchanged", "wrong", "wrong"]
    assert brought.wrong == [(5, "provider_code"), (6, "division")]
    brought.confirm()
    assert [named(code) for code in ("H1", "H2")] == [("第一医院", "370402"), ("第H2医院", "370402")]
    history = provider("H1").history.order_by("history_id")
    assert list(history.values_list("name", flat=True)) == ["第H1医院", "第一医院"]
    assert brought.take_back() == ""
    assert [named(code) for code in ("H1", "H2", "H3")] == before


def test_a_name_that_was_corrected_since_stays(zaozhuang: PoolingRegion, clerk: User) -> None:
    brought = Brought.of("provider_corrections", "provider_code,name", "H1,第一医院", region=zaozhuang, clerk=clerk)
    brought.confirm()
    correct_provider(provider("H1"), name="中心医院", reason="r")
    assert brought.take_back() != ""
    assert named("H1") == ("中心医院", "")


@pytest.mark.parametrize("wrong", [{"name": " "}, {"division": "3704"}])
def test_no_provider_is_without_a_name_or_in_a_place_that_is_no_division(
    zaozhuang: PoolingRegion, wrong: dict[str, Any]
) -> None:
    with pytest.raises(DomainError):
        correct_provider(provider("H1"), **wrong, reason="r")
    assert named("H1") == ("第H1医院", "")


@pytest.mark.parametrize(
    ("language", "names", "agreements"),
    [("en", "corrections of providers", "agreements"), ("zh-hans", "医药机构信息更正", "服务协议")],
)
def test_a_provider_that_is_recorded_otherwise_names_the_kinds_that_correct_it(
    zaozhuang: PoolingRegion, clerk: User, language: str, names: str, agreements: str
) -> None:
    row = "H1,别的医院,medical_institution,secondary,2020-01-01,06,0,0.05"
    with override(language):
        brought = Brought.of("providers", PROVIDERS, row, region=zaozhuang, clerk=clerk)
        said = dict(brought.file_import.rows.get().problems)
    assert names in said["name"]
    assert agreements in said["grade"]


CATALOGUE = "code,name,kind,category,upfront_rate,price_limit,is_negotiated,first_day"


def test_an_entry_of_the_catalogue_goes_and_the_one_before_holds_again(zaozhuang: PoolingRegion) -> None:
    officer = builder.staff("officer", Role.POLICY_OFFICER, region=zaozhuang)
    earlier = "X1,阿莫西林,drug,B,0.1,30,0,2023-01-01"
    Brought.of("catalog_items", CATALOGUE, earlier, region=zaozhuang, clerk=officer).confirm()
    rows = (
        "X1,阿莫西林,drug,B,0.1,25.50,0,2024-05-01",
        "X2,头孢,drug,A,,,0,2024-05-01",
        "X3,头孢,drug,A,0.1,,0,2024-05-01",
    )
    brought = Brought.of("catalog_items", CATALOGUE, *rows, region=zaozhuang, clerk=officer)
    assert brought.outcomes == ["new", "new", "wrong"]
    brought.confirm()
    assert CatalogItem.objects.get(code="X1", period__contains=MAY).price_limit == Decimal("25.50")
    assert brought.take_back() == ""
    item = CatalogItem.objects.get(code="X1")
    assert (item.price_limit, item.period.upper) == (Decimal(30), None)
    assert not CatalogItem.objects.filter(code="X2").exists()
