"""The worked claims of docs/adjudication.md, made from worked cases by the real services.

`make adjudication-document` writes them into the document; a test fails when they are out of step.
"""

from pathlib import Path

from django.db import transaction
from django.utils.translation import override

from agency.models import PoolingRegion
from claims.selectors.explanations import explain
from policies.services.packs import copy_region
from scenarios.format import read_scenarios
from scenarios.replay import run
from scenarios.story import Story

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "adjudication.md"
BEGIN, END = "<!-- worked claims: begin -->", "<!-- worked claims: end -->"

# One claim per region: the worked case, and the claim in it.
CLAIMS = {
    "pingliang": ("pingliang-art7-tertiary-b-counts-as-secondary", "a"),
    "dazhou": ("dazhou-art10-active-combined", "c"),
    "zaozhuang": ("zaozhuang-art6-temporary-out-of-area-bears-ten-percent-first", "a"),
    "kaifeng": ("kaifeng-art9-one-deductible-a-day-and-the-month-ceiling", "c"),
    "baoshan": ("baoshan-art9-beyond-5000-inpatient-terms", "b"),
}


def worked_claims() -> str:
    """The section as Markdown: for each region the rule, the bill and the steps with their articles."""
    return "\n".join(_worked_claim(slug, *where) for slug, where in CLAIMS.items())


def _worked_claim(slug: str, scenario_id: str, claim_id: str) -> str:
    scenarios = read_scenarios(ROOT / "tests" / "scenarios" / f"{slug}.toml")
    scenario = next(each for each in scenarios if each.id == scenario_id)
    with transaction.atomic(), override("en"):
        source = PoolingRegion.objects.get(slug=slug)
        story = Story(scenario, copy_region(source, f"{slug}-document"))
        run(story)
        settlement = story.settlements[claim_id]
        rows = explain(settlement)
        transaction.set_rollback(True)
    lines = [
        f"### {source.name_en} {source.name}: {settlement.total} yuan on {settlement.served_on}",
        "",
        f"{scenario.rule} (`{scenario_id}`, claim `{claim_id}`)",
        "",
        "| step | in | by | out | rests on |",
        "|---|---:|---:|---:|---|",
    ]
    for row in rows:
        where = f"{row.article} {row.phrase}".strip()
        lines.append(f"| {row.label} | {row.amount_in:.2f} | {row.parameter} | {row.amount_out:.2f} | {where} |")
    lines += [
        "",
        f"The fund pays {settlement.pooled} and on inpatient terms {settlement.pooled_inpatient},"
        f" the patient {settlement.patient_share}.",
        "",
    ]
    return "\n".join(lines)


def section_of(text: str) -> str:
    """What stands between the document's marks."""
    return text.split(BEGIN, 1)[1].split(END, 1)[0].strip()


def write() -> None:
    """Put the claims as they come out now into the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    DOCUMENT.write_text(f"{head}{BEGIN}\n\n{worked_claims().strip()}\n\n{END}{tail}", encoding="utf-8")
