"""Local figures that fill today what a version leaves unset, beside the version's own rules."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from agency.admin.formats import badge, percent
from policies.engine.vocabulary import ALL, InsuredStatus, Tier
from policies.labels import label
from policies.models import (
    Ceiling,
    Deductible,
    FigureKind,
    FigureState,
    LocalFigure,
    PolicyVersion,
    ReimbursementRate,
    RuleRow,
    VersionState,
)

_KINDS = {Deductible: FigureKind.DEDUCTIBLE, ReimbursementRate: FigureKind.RATE, Ceiling: FigureKind.CEILING}


def written_value(figure: LocalFigure) -> str:
    """Yuan with two decimals, or percent for a rate."""
    return percent(figure.value) if figure.kind == FigureKind.RATE else f"{figure.value:,.2f}"


def _figures_of(version: PolicyVersion) -> list[LocalFigure]:
    """The region's figures of today, the most exact first; none for a version that does not hold today."""
    figures: list[LocalFigure] | None = version.__dict__.get("_desk_figures")
    if figures is None:
        figures, today = [], localdate()
        if version.state == VersionState.PUBLISHED and today in version.period:
            held = LocalFigure.objects.filter(
                region_id=version.region_id, state=FigureState.APPROVED, period__contains=today
            )
            figures = sorted(held, key=lambda figure: (figure.tier == ALL) + (figure.status == ALL))
        version.__dict__["_desk_figures"] = figures
    return figures


def filling(row: RuleRow) -> list[LocalFigure]:
    """The figures that fill an unset row today: one, or one per status where a row for all is filled apart."""
    kind = _KINDS.get(type(row))
    if kind is None:
        return []
    if row.told_apart:
        return []
    benefit = getattr(row, "scope", None) or getattr(row, "benefit", "")
    tier, status = getattr(row, "tier", ALL), getattr(row, "status", ALL)
    mine = [
        figure
        for figure in _figures_of(row.version)
        if figure.kind == kind and figure.benefit == benefit and (tier == ALL or figure.tier in (ALL, tier))
    ]
    statuses = list(InsuredStatus) if status == ALL else [status]
    chosen = [next((each for each in mine if each.status in (ALL, asked)), None) for asked in statuses]
    return list(dict.fromkeys(figure for figure in chosen if figure is not None))


def filled(figures: list[LocalFigure]) -> SafeString:
    """The figures with their documents, plainly not the regulation's own."""
    rows = [(badge(_("local figure"), "info"), _whose(each), written_value(each), _where(each)) for each in figures]
    return format_html_join(" ", '{} <span class="desk-law">{}{}</span> <span class="desk-citation">{}</span>', rows)


def _whose(figure: LocalFigure) -> str:
    words = [] if figure.tier == ALL else [label(figure.tier, Tier)]
    if figure.status != ALL:
        words.append(label(figure.status, InsuredStatus))
    return f"{' · '.join(words)}: " if words else ""


def _where(figure: LocalFigure) -> SafeString:
    return format_html("{} {} · “{}”", figure.document_number, figure.article, figure.phrase)
