"""A version's rules as tables: deductibles and rates as grids of tier and status, the rest row by row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.formats import NOTHING
from agency.admin.panels import Table
from policies.admin.figures import (
    all_figures,
    cell,
    citation,
    credited_members,
    edit_link,
    figure,
    rule_name,
    spoken_fields,
)
from policies.admin.filling import filling
from policies.engine import vocabulary as v
from policies.labels import label
from policies.models import AccountUse, CreditRule, RuleRow

Link = Callable[[RuleRow], str]


def tier_grids(rows: Iterable[Any], name: str, link: Link) -> list[Table]:
    """One grid per benefit: tiers down, statuses across. A row for all statuses fills every column.

    What else tells the rows apart (employment, age, a band of spending) makes grids of their own, named in the caption.
    Those of which the document gives no figure are lines of one table, unless local figures fill them.
    """
    grids: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        apart = [row.in_words(each) for each in row.told_apart]
        grids.setdefault((label(row.benefit, v.Benefit), *apart), []).append(row)
    unset = {
        whose: mine for whose, mine in grids.items() if all(row.is_unset(name) and not filling(row) for row in mine)
    }
    tables = [_tier_grid(whose, mine, name, link) for whose, mine in grids.items() if whose not in unset]
    return [*tables, _unset_table(unset, name)] if unset else tables


def _tier_grid(whose: Sequence[str], mine: Sequence[Any], name: str, link: Link) -> Table:
    statuses = [v.ALL] if all(row.status == v.ALL for row in mine) else list(v.InsuredStatus)
    cells = {(row.tier, row.status): row for row in mine}
    columns = [
        column.heading(_("Tier")),
        *[column.heading(_status_heading(status)) for status in statuses],
    ]
    body = [
        [
            label(tier, v.Tier),
            *[_grid_cell(cells, tier, status, name, link) for status in statuses],
        ]
        for tier in v.Tier
        if any(row.tier == tier for row in mine)
    ]
    return Table(columns, body, " · ".join([str(mine[0]._meta.verbose_name_plural), *whose]))


def _unset_table(grids: Mapping[tuple[str, ...], Sequence[Any]], name: str) -> Table:
    """A line for each benefit that waits for its local document, with every place that says so once."""
    columns = [column.heading(_("Benefit")), column.heading(_("Figure"))]
    body = []
    for whose, mine in grids.items():
        places = {(row.article, row.phrase, row.reading): row for row in mine}
        said = format_html_join("", "{}", [(citation(row),) for row in places.values()])
        body.append([" · ".join(whose), format_html("{}{}", figure(mine[0], name), said)])
    kind = next(iter(grids.values()))[0]._meta.verbose_name_plural
    return Table(columns, body, _("%(rules)s, wholly unset") % {"rules": kind})


def _status_heading(status: str) -> str:
    return _("All insured") if status == v.ALL else label(status, v.InsuredStatus)


def _grid_cell(figures_by_key: dict[Any, Any], tier: str, status: str, name: str, link: Link) -> Any:
    row = figures_by_key.get((tier, status)) or figures_by_key.get((tier, v.ALL))
    return cell(row, name, link(row)) if row is not None else NOTHING


def plain_table(rows: Sequence[RuleRow], link: Link) -> Table:
    """One row per rule: what it is about, its figures, where it stands."""
    what = rows[0]._meta.verbose_name_plural
    columns = [column.heading(_("Rule")), column.heading(_("Figure"))]
    return Table(columns, [[rule_name(row), _figures(row, link)] for row in rows], str(what))


def _figures(row: RuleRow, link: Link) -> Any:
    if not row.value_fields:
        return citation(row)
    names = spoken_fields(row)
    if len(names) == 1:
        return cell(row, names[0], link(row))
    return all_figures(row, link(row))


def exemption_table(rows: Sequence[Any], names: Mapping[str, str]) -> Table:
    """Benefit, disease by code and name, where it stands."""
    columns = [column.heading(_("Benefit")), column.heading(_("Disease")), column.heading(_("Where it stands"))]
    body = [[row.get_benefit_display(), names.get(row.disease, row.disease), citation(row)] for row in rows]
    return Table(columns, body, str(rows[0]._meta.verbose_name_plural))


def use_table(rows: Sequence[AccountUse], link: Link) -> Table:
    """Purposes down, the holder and family across."""
    figures_by_key = {(row.purpose, row.beneficiary): row for row in rows}
    columns = [
        column.heading(_("Purpose")),
        *[column.heading(label(who, v.Beneficiary)) for who in v.Beneficiary],
    ]
    body = []
    for purpose in v.Purpose:
        cells = [figures_by_key.get((purpose, who)) for who in v.Beneficiary]
        if any(cells):
            body.append(
                [
                    label(purpose, v.Purpose),
                    *[cell(row, "rule", link(row)) if row else NOTHING for row in cells],
                ]
            )
    return Table(columns, body, str(AccountUse._meta.verbose_name_plural))


def credit_table(rows: Sequence[CreditRule], link: Link) -> Table:
    """One row per kind of member."""
    columns = [
        column.heading(_("Component")),
        column.heading(_("Members")),
        column.heading(_("Credit")),
        column.heading(_("Paid from")),
    ]
    body = [
        [row.get_component_display(), credited_members(row), _credit(row, link), row.get_fund_display()] for row in rows
    ]
    return Table(columns, body, str(CreditRule._meta.verbose_name_plural))


def _credit(row: CreditRule, link: Link) -> Any:
    method = row.get_method_display()
    parts: list[Any] = []
    if row.method.startswith("share_of_"):
        parts.append(figure(row, "rate"))
    elif row.method in (v.CreditMethod.FIXED_AMOUNT, v.CreditMethod.PROPORTIONAL_AMOUNT):
        parts.append(figure(row, "amount"))
    parts.append(method)
    if row.full_months:
        parts.append(_("of %(months)s") % {"months": row.full_months})
    if row.schedule != v.CreditSchedule.MONTHLY:
        parts.append(row.get_schedule_display())
    if row.pension_year:
        parts.append(
            _("of %(year)s, until it is final of %(stand_in)s")
            % {"year": row.pension_year, "stand_in": row.stand_in_year}
        )
    if row.needs_contribution:
        parts.append(_("once the month's contribution is received"))
    text = format_html(" ".join(["{}"] * len(parts)), *parts)
    return format_html("{}{}{}", text, edit_link(link(row), row), citation(row))
