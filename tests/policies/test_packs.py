"""The packs are read, say what their phrases say, and rest on readings that are written down."""

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from policies.models import RULE_MODELS
from policies.models.conduct import WAYS
from policies.models.fields import TermField
from policies.pack import Pack, read_pack, rows_of
from policies.pack.schema import Cited
from policies.services.packs import DISEASES, PACK_DIRECTORY

ROOT = PACK_DIRECTORY.parents[1]
PACKS = sorted((ROOT / "policies/data").glob("*.toml"))
NOTES = ROOT / "docs/interpretations"

# Words that give a figure by relation to another one; the figures themselves are compared further down.
RELATIVE = ("减半", "提高5%", "高于在职职工10个百分点", "不设起付标准")


def cited_rows(pack: Pack) -> Iterator[tuple[str, Cited]]:
    """Every cited row with its key."""
    for index, version in enumerate(pack.version):
        yield f"version.{index}", version
    for index, block in enumerate(pack.rules):
        for kind, rows in block:
            for number, row in enumerate(rows):
                if isinstance(row, Cited):
                    yield f"rules.{index}.{kind}.{number}", row


@pytest.fixture(params=PACKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def region(name: str) -> Pack:
    return read_pack(ROOT / f"policies/data/{name}.toml")


def test_all_five_regions_have_a_pack_named_after_them() -> None:
    assert [read_pack(path).region.slug for path in PACKS] == [path.stem for path in PACKS]
    assert [path.stem for path in PACKS] == ["baoshan", "dazhou", "kaifeng", "pingliang", "zaozhuang"]


@pytest.mark.parametrize(
    ("name", "periods"),
    [
        ("baoshan", ["2023-01-01 open"]),
        ("dazhou", ["2023-01-01 2027-12-31"]),
        ("kaifeng", ["2022-07-01 2022-12-31", "2023-01-01 open"]),
        ("pingliang", ["2023-01-01 2027-12-31"]),
        ("zaozhuang", ["2022-12-01 2022-12-31", "2023-01-01 2023-12-31", "2024-01-01 open"]),
    ],
)
def test_versions_are_in_force_for_the_periods_of_their_instrument(name: str, periods: list[str]) -> None:
    assert [f"{version.since} {version.until}" for version in region(name).version] == periods


def test_every_figure_stands_in_its_phrase(path: Path) -> None:
    for key, row in cited_rows(read_pack(path)):
        for name in ("rate", "factor", "amount"):
            value = getattr(row, name, None)
            if not isinstance(value, Decimal) or any(words in row.phrase for words in RELATIVE):
                continue
            if value == 0 and "out_of_area_share" in key:
                continue
            written = f"{value:f}".rstrip("0").rstrip(".") + "元"
            if name != "amount":
                written = f"{value * 100:f}".rstrip("0").rstrip(".") + "%"
            assert re.search(rf"(?<![\d.]){re.escape(written)}", row.phrase), f"{key}: {row.phrase}: {value}"


def rates(pack: Pack, status: str) -> dict[str, Decimal]:
    """General outpatient rates of one status by tier, in the first version."""
    return {
        tier: row.rate
        for row in rows_of(pack, pack.version[0].label, "rate")
        if row.status == status and row.benefit == "general_outpatient"
        for tier in row.tiers
    }


@pytest.mark.parametrize(("name", "points"), [("kaifeng", "0.10"), ("baoshan", "0.05")])
def test_retirees_have_so_many_points_more_at_every_tier(name: str, points: str) -> None:
    active, retired = rates(region(name), "active"), rates(region(name), "retired")
    assert retired == {tier: rate + Decimal(points) for tier, rate in active.items()}


def test_kaifeng_halves_its_annual_ceilings_in_2022_and_no_monthly_one() -> None:
    ceilings = {
        version.label: {
            (row.period.value, row.status): row.amount
            for row in rows_of(region("kaifeng"), version.label, "ceiling")
            if row.scope == "general_outpatient"
        }
        for version in region("kaifeng").version
    }
    for key, amount in ceilings["2023-01"].items():
        halved = amount / 2 if key[0] == "year" else amount
        assert ceilings["2022-07"][key] == halved


def unset(*benefits: str) -> set[str]:
    """The three figures that a benefit left to another document is without."""
    return {f"{kind} {benefit}" for kind in ("deductible", "rate", "ceiling") for benefit in benefits}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("baoshan", unset("inpatient")),
        ("dazhou", unset("special_disease", "hypertension_diabetes") | {"ceiling annual_maximum"}),
        ("kaifeng", unset("chronic_disease", "special_disease")),
        ("pingliang", unset("chronic_disease", "special_disease")),
        ("zaozhuang", unset("chronic_disease", "special_disease", "inpatient")),
    ],
)
def test_only_what_the_text_leaves_to_other_documents_is_unset(name: str, expected: set[str]) -> None:
    found = {
        f"{key.split('.')[2]} {getattr(row, 'benefit', None) or getattr(row, 'scope', '')}"
        for key, row in cited_rows(region(name))
        for figure in ("rate", "amount", "factor")
        if getattr(row, figure, "") is None
    }
    assert found == expected


@pytest.mark.parametrize(
    ("name", "benefits"),
    [
        (
            "baoshan",
            {
                "chronic_disease": "required",
                "special_disease": "required",
                "emergency_rescue": "not_required",
                "negotiated_drug": "not_required",
                "day_surgery": "not_required",
                "inpatient": "not_required",
            },
        ),
        ("dazhou", {"special_disease": "required", "hypertension_diabetes": "required"}),
        ("kaifeng", {"chronic_disease": "required", "special_disease": "required"}),
        ("pingliang", {"chronic_disease": "required", "special_disease": "required"}),
        (
            "zaozhuang",
            {
                "chronic_disease": "required",
                "special_disease": "required",
                "emergency_rescue": "not_required",
                "inpatient": "not_required",
            },
        ),
    ],
)
def test_each_region_has_its_benefits_and_says_which_need_a_registration(name: str, benefits: dict[str, str]) -> None:
    pack = region(name)
    for version in pack.version:
        found = {
            row.benefit: row.value
            for row in rows_of(pack, version.label, "conduct")
            if row.key == "registration" and row.benefit != "general_outpatient"
        }
        assert found == benefits
        assert {row.benefit for row in rows_of(pack, version.label, "benefit")} == {"general_outpatient", *benefits}


CLOSED_FOR = {
    "baoshan": {"death", "transfer_out", "no_account_at_destination"},
    "dazhou": {"death", "transfer_out"},
    "kaifeng": {"death", "emigration", "transfer_out", "no_account_at_destination"},
    "pingliang": {"death"},
    "zaozhuang": {"death", "emigration", "transfer_out", "no_account_at_destination"},
}


@pytest.mark.parametrize("name", CLOSED_FOR)
def test_an_account_is_closed_for_what_the_region_names(name: str) -> None:
    pack = region(name)
    for version in pack.version:
        rows = rows_of(pack, version.label, "closing")
        assert {reason for row in rows if row.rule == "allowed" for reason in row.reasons} == CLOSED_FOR[name]
        assert {row.rule for row in rows} <= {"allowed", "switched_off"}


def test_the_exempt_diseases_are_in_the_catalogue() -> None:
    with DISEASES.open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    (row,) = rows_of(region("baoshan"), "2023-01", "deductible_exemption")
    assert len(set(row.diseases)) == 6
    assert set(row.diseases) <= set(names)
    assert set(
        re.findall(r"\bM\d{5}\b", (NOTES / "0049-baoshan-severe-mental-disorders.md").read_text("utf-8"))
    ) <= set(names)


def test_every_reading_has_its_note_and_every_note_is_used() -> None:
    notes = {note.name[:4]: note.read_text(encoding="utf-8") for note in NOTES.glob("[0-9]*.md")}
    cited = {row.reading for path in PACKS for _key, row in cited_rows(read_pack(path)) if row.reading}
    without_key = {number for number, text in notes.items() if "**Parameter:** no pack key" in text}
    assert cited == set(notes) - without_key


def test_the_index_lists_every_note_once() -> None:
    listed = re.findall(r"^\| \[(\d{4})\]\((\S+)\)", (NOTES / "README.md").read_text(encoding="utf-8"), re.M)
    assert [name for _number, name in listed] == sorted(note.name for note in NOTES.glob("[0-9]*.md"))
    assert all(name.startswith(number) for number, name in listed)


@pytest.mark.parametrize("note", sorted(NOTES.glob("[0-9]*.md")), ids=lambda note: note.name[:4])
def test_a_note_says_what_is_asked_read_why_and_otherwise(note: Path) -> None:
    text = note.read_text(encoding="utf-8")
    assert text.startswith(f"# {note.name[:4]} · ")
    assert re.findall(r"^- \*\*(.+?):\*\* \S", text, re.M) == ["Regions and articles", "Parameter", "Status"]
    assert re.findall(r"^## (.+)\n\n\S", text, re.M) == [
        "Question",
        "Reading",
        "Why",
        "If it is read otherwise",
    ]


def test_the_document_of_the_format_names_every_table_key_and_word() -> None:
    text = (ROOT / "docs/adding-a-region.md").read_text(encoding="utf-8")
    words: set[str] = {word for terms in WAYS.values() for word in terms}
    for model in RULE_MODELS:
        terms = [field for field in model.fields_in_packs if isinstance(field, TermField)]
        words |= {model.in_packs.table, *(model.in_packs.key(field.name) for field in model.fields_in_packs)}
        words |= {word for field in terms for word, _label in field.flatchoices}
    assert sorted(word for word in words if f"`{word}`" not in text) == []
