"""Packs become published law once, and stay as they are."""

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model

from agency.models import PoolingRegion
from policies.engine.errors import PolicyNotInForce
from policies.engine.policy import Policy
from policies.engine.vocabulary import AccountScheme, Benefit, CeilingScope, InsuredStatus, Tier
from policies.models import Ceiling, Deductible, PolicyVersion
from policies.pack import PackError
from policies.selectors.building import build_policy
from policies.selectors.versions import policy_in_force, version_in_force
from policies.services.packs import PACK_DIRECTORY, copy_region, load_pack
from policies.services.versions import version_payload
from tests.builder import region

pytestmark = pytest.mark.django_db

SLUGS = ("baoshan", "dazhou", "kaifeng", "pingliang", "zaozhuang")
GENERAL = Benefit.GENERAL_OUTPATIENT
ACTIVE, RETIRED = InsuredStatus


def row_counts() -> dict[str, int]:
    """How many rows every table of the law has, history included."""
    models: list[type[Model]] = [PoolingRegion, *apps.get_app_config("policies").get_models()]
    return {model._meta.label: model._default_manager.count() for model in models}


def altered(tmp_path: Path, slug: str, *replacements: tuple[str, str], first_only: str = "") -> Path:
    """A pack file with other text in these places; `first_only` is replaced in its first place alone."""
    text = (PACK_DIRECTORY / f"{slug}.toml").read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1 if old == first_only else -1)
    file = tmp_path / f"{slug}.toml"
    file.write_text(text, encoding="utf-8")
    return file


# Once


def test_loading_again_changes_nothing() -> None:
    before, said = row_counts(), StringIO()
    call_command("load_packs", stdout=said)
    assert row_counts() == before
    assert said.getvalue().splitlines() == [
        "baoshan: nothing added, 1 present",
        "dazhou: nothing added, 1 present",
        "kaifeng: nothing added, 2 present",
        "pingliang: nothing added, 1 present",
        "zaozhuang: nothing added, 3 present",
    ]


def test_a_version_that_is_there_stays_whatever_the_file_says_now(tmp_path: Path) -> None:
    before = row_counts()
    report = load_pack(altered(tmp_path, "pingliang", ("amount = 200.00", "amount = 300.00")))
    assert (report.region, report.added, report.present) == ("pingliang", [], ["2023-01"])
    assert row_counts() == before
    amounts = Deductible.objects.filter(version__region__slug="pingliang", benefit=GENERAL).values_list(
        "amount", flat=True
    )
    assert set(amounts) == {Decimal("200.00")}


def test_a_new_version_in_a_pack_is_added_beside_the_one_that_is_there(tmp_path: Path) -> None:
    former = version_payload(version_in_force(region("pingliang"), date(2027, 12, 31)))
    second = """[[version]]
label = "2028-01"
since = 2028-01-01
until = "open"
article = "第二十四条"
phrase = "有效期5年"
reading = ""

[[rules]]
"""
    file = altered(
        tmp_path,
        "pingliang",
        ("[[rules]]\n", second),
        ('versions = ["2023-01"]', 'versions = ["2023-01", "2028-01"]'),
        first_only="[[rules]]\n",
    )
    report = load_pack(file)
    assert (report.added, report.present) == (["2028-01"], ["2023-01"])
    pingliang = region("pingliang")
    assert version_payload(version_in_force(pingliang, date(2027, 12, 31))) == former
    assert version_in_force(pingliang, date(2028, 1, 1)).label == "2028-01"
    assert policy_in_force(pingliang, date(2028, 1, 1)).rates == policy_in_force(pingliang, date(2027, 12, 31)).rates


def test_a_sixth_city_is_added_by_a_pack_alone(tmp_path: Path) -> None:
    file = altered(tmp_path, "kaifeng", ('slug = "kaifeng"', 'slug = "sixth"'))
    report = load_pack(file)
    assert (report.region, report.added) == ("sixth", ["2022-07", "2023-01"])
    for day in (date(2022, 7, 1), date(2023, 1, 1)):
        assert policy_in_force(region("sixth"), day).rates == policy_in_force(region("kaifeng"), day).rates


def test_a_wrong_pack_leaves_nothing_behind_and_says_file_and_key(tmp_path: Path) -> None:
    before = row_counts()
    file = altered(tmp_path, "kaifeng", ('slug = "kaifeng"', 'slug = "sixth"'), ("rate = 0.02", "rate = 2"))
    with pytest.raises(PackError):
        load_pack(file)
    with pytest.raises(CommandError, match=r"kaifeng\.toml: .*rate"):
        call_command("load_packs", str(file))
    assert row_counts() == before


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.toml"):
        call_command("load_packs", str(tmp_path / "nowhere.toml"))


# What is then law


@pytest.mark.parametrize(
    ("slug", "day", "label"),
    [
        ("pingliang", date(2022, 12, 31), None),
        ("pingliang", date(2023, 1, 1), "2023-01"),
        ("pingliang", date(2027, 12, 31), "2023-01"),
        ("pingliang", date(2028, 1, 1), None),
        ("dazhou", date(2022, 12, 31), None),
        ("dazhou", date(2023, 1, 1), "2023-01"),
        ("dazhou", date(2027, 12, 31), "2023-01"),
        ("dazhou", date(2028, 1, 1), None),
        ("zaozhuang", date(2022, 11, 30), None),
        ("zaozhuang", date(2022, 12, 1), "2022-12"),
        ("zaozhuang", date(2022, 12, 31), "2022-12"),
        ("zaozhuang", date(2023, 1, 1), "2023-01"),
        ("zaozhuang", date(2023, 12, 31), "2023-01"),
        ("zaozhuang", date(2024, 1, 1), "2024-01"),
        ("zaozhuang", date(2099, 1, 1), "2024-01"),
        ("kaifeng", date(2022, 6, 30), None),
        ("kaifeng", date(2022, 7, 1), "2022-07"),
        ("kaifeng", date(2022, 12, 31), "2022-07"),
        ("kaifeng", date(2023, 1, 1), "2023-01"),
        ("baoshan", date(2022, 12, 31), None),
        ("baoshan", date(2023, 1, 1), "2023-01"),
        ("baoshan", date(2099, 1, 1), "2023-01"),
    ],
)
def test_the_version_in_force_on_a_day(slug: str, day: date, label: str | None) -> None:
    if label is None:
        with pytest.raises(PolicyNotInForce):
            version_in_force(region(slug), day)
        with pytest.raises(PolicyNotInForce):
            policy_in_force(region(slug), day)
    else:
        assert version_in_force(region(slug), day).label == label


def first_policy(slug: str) -> Policy:
    """The rules of a region when its first version came into force."""
    version = PolicyVersion.objects.filter(region__slug=slug).order_by("period")[0]
    return policy_in_force(region(slug), version.period.lower)


@pytest.mark.parametrize(
    ("slug", "tier", "active", "retired"),
    [
        ("pingliang", Tier.PRIMARY, "0.65", "0.70"),
        ("pingliang", Tier.TERTIARY_B, "0.60", "0.65"),
        ("pingliang", Tier.TERTIARY_A, "0.55", "0.60"),
        ("dazhou", Tier.SECONDARY, "0.60", "0.70"),
        ("dazhou", Tier.TERTIARY_C, "0.50", "0.60"),
        ("dazhou", Tier.PHARMACY, "0.50", "0.60"),
        ("zaozhuang", Tier.PRIMARY, "0.70", "0.75"),
        ("zaozhuang", Tier.TERTIARY_A, "0.50", "0.55"),
        ("kaifeng", Tier.PRIMARY, "0.60", "0.70"),
        ("kaifeng", Tier.TERTIARY_A, "0.50", "0.60"),
        ("baoshan", Tier.PRIMARY, "0.60", "0.65"),
        ("baoshan", Tier.SECONDARY, "0.55", "0.60"),
    ],
)
def test_the_engine_gets_the_rates_of_the_regulation(slug: str, tier: Tier, active: str, retired: str) -> None:
    rates = first_policy(slug).rates
    assert rates[GENERAL, tier, ACTIVE].value == Decimal(active)
    assert rates[GENERAL, tier, RETIRED].value == Decimal(retired)


@pytest.mark.parametrize(
    ("slug", "tier", "status", "amount"),
    [
        ("pingliang", Tier.SECONDARY, ACTIVE, "200.00"),
        ("dazhou", Tier.SECONDARY, ACTIVE, "200.00"),
        ("dazhou", Tier.SECONDARY, RETIRED, "150.00"),
        ("zaozhuang", Tier.PRIMARY, RETIRED, "200.00"),
        ("zaozhuang", Tier.SECONDARY, ACTIVE, "400.00"),
        ("zaozhuang", Tier.TERTIARY_B, ACTIVE, "800.00"),
        ("kaifeng", Tier.PRIMARY, ACTIVE, "0.00"),
        ("kaifeng", Tier.SECONDARY, ACTIVE, "40.00"),
        ("kaifeng", Tier.TERTIARY_A, RETIRED, "50.00"),
        ("baoshan", Tier.PRIMARY, ACTIVE, "30.00"),
        ("baoshan", Tier.TERTIARY_A, ACTIVE, "90.00"),
    ],
)
def test_the_engine_gets_the_deductibles_of_the_regulation(
    slug: str, tier: Tier, status: InsuredStatus, amount: str
) -> None:
    assert first_policy(slug).deductibles[GENERAL, tier, status].value == Decimal(amount)


@pytest.mark.parametrize(
    ("slug", "day", "status", "scheme", "amounts"),
    [
        ("pingliang", date(2023, 1, 1), ACTIVE, AccountScheme.COMBINED, {"year": "2500.00"}),
        ("dazhou", date(2023, 1, 1), ACTIVE, AccountScheme.POOLED_ONLY, {"year": "550.00"}),
        ("dazhou", date(2023, 1, 1), RETIRED, AccountScheme.COMBINED, {"year": "1300.00"}),
        ("zaozhuang", date(2022, 12, 1), RETIRED, AccountScheme.COMBINED, {"year": "1500.00"}),
        ("kaifeng", date(2022, 12, 31), ACTIVE, AccountScheme.COMBINED, {"month": "150.00", "year": "500.00"}),
        ("kaifeng", date(2023, 1, 1), ACTIVE, AccountScheme.COMBINED, {"month": "150.00", "year": "1000.00"}),
        ("kaifeng", date(2023, 1, 1), RETIRED, AccountScheme.POOLED_ONLY, {"month": "200.00", "year": "1500.00"}),
        ("baoshan", date(2023, 1, 1), ACTIVE, AccountScheme.COMBINED, {"year": "5000.00"}),
    ],
)
def test_the_engine_gets_the_ceilings_of_the_regulation(
    slug: str, day: date, status: InsuredStatus, scheme: AccountScheme, amounts: dict[str, str]
) -> None:
    terms = policy_in_force(region(slug), day).ceilings[CeilingScope.GENERAL_OUTPATIENT, status, scheme]
    assert {term.period.value: term.amount for term in terms} == {
        period: Decimal(amount) for period, amount in amounts.items()
    }


def test_a_figure_the_regulation_leaves_open_is_unset_and_not_zero() -> None:
    assert Ceiling.objects.get(version__region__slug="dazhou", scope="annual_maximum").amount is None
    deductible = first_policy("baoshan").deductibles[Benefit.INPATIENT, Tier.SECONDARY, ACTIVE]
    assert deductible.value is None


def test_every_published_version_comes_from_its_pack_by_name() -> None:
    for version in PolicyVersion.objects.select_related("region"):
        rows = version.history.order_by("history_id").values_list("state", "history_change_reason", "history_user")
        reason = f"pack {version.region.slug}"
        assert list(rows) == [("draft", reason, None), ("published", reason, None)]


# A region of another name


@pytest.mark.parametrize("slug", SLUGS)
def test_a_copied_region_has_exactly_the_same_law(slug: str) -> None:
    copy = copy_region(region(slug), "copy")
    originals = PolicyVersion.objects.filter(region=region(slug)).order_by("period")
    copies = PolicyVersion.objects.filter(region=copy).order_by("period")
    assert len(copies) == len(originals) > 0
    for ours, theirs in zip(copies, originals, strict=True):
        mine, other = version_payload(ours), version_payload(theirs)
        for name in ("region", "instrument"):
            assert mine.pop(name) != other.pop(name)
        assert mine == other
        assert ours.instrument.number == theirs.instrument.number
        assert build_policy(ours).rates == build_policy(theirs).rates
    assert (copy.slug, copy.admdvs) == ("copy", region(slug).admdvs)


def test_what_is_only_drafted_is_not_copied() -> None:
    PolicyVersion.objects.create(
        region=region("pingliang"),
        instrument=PolicyVersion.objects.get(region=region("pingliang")).instrument,
        label="draft",
        period=PolicyVersion.objects.get(region=region("pingliang")).period,
        article="第一条",
        phrase="x",
    )
    copy = copy_region(region("pingliang"), "copy")
    assert list(PolicyVersion.objects.filter(region=copy).values_list("label", flat=True)) == ["2023-01"]
