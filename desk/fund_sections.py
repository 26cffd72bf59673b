"""The tables of the fund with their charts: once for the screen, for paper and for files."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.column import Column
from agency.admin.formats import link, month
from agency.admin.sections import AFTER, BEFORE, Section, bars
from desk.fund_figures import Fund
from policies.engine.vocabulary import Benefit, CreditComponent, Tier
from policies.labels import label

# What home shows; the rest is on the page of its own.
ON_HOME = ("payments", "balances")
Leading = Callable[[Any], str]


def sections_of(fund: Fund, *, leads_on: bool) -> list[Section]:
    """In the order of reading. leads_on: whether the person may open the claims and accounts behind the figures."""
    return [
        _payments(fund, leads_on),
        _cost(fund, leads_on),
        _share(fund, leads_on),
        _kinds(fund, "tiers", _("Payments by tier"), lambda row: label(row.name, Tier)),
        _kinds(fund, "benefits", _("Payments by benefit"), lambda row: label(row.name, Benefit)),
        _credits(fund, leads_on),
        _components(fund),
        _balances(fund, leads_on),
    ]


def _months(to: Leading | None) -> Column:
    """The months of a table, each leading to its rows."""
    plain = column.month("name", _("Month"))
    if to is None:
        return plain
    return replace(plain, cell=lambda row: link(to(row), month(row.name)))


def _to_claims(fund: Fund, leads_on: bool) -> Leading | None:
    """The way to a month's claims that were paid."""

    def to(row: Any) -> str:
        after = (row.name + timedelta(days=31)).replace(day=1)
        lookups = {"region": fund.region.slug, "state__exact": "settled"}
        query = urlencode({**lookups, "served_on__gte": row.name, "served_on__lt": after})
        return f"{reverse('admin:claims_claim_changelist')}?{query}"

    return to if leads_on else None


def _to_list(fund: Fund, name: str, leads_on: bool) -> Leading | None:
    address = f"{reverse(f'admin:{name}_changelist')}?{urlencode({'region': fund.region.slug})}"
    return (lambda row: address) if leads_on else None


def _beside(rows: Sequence[Any], value: Callable[[Any], Any], name: Callable[[Any], str]) -> dict[str, Any]:
    """This year beside the year before, as bars."""
    return bars(
        [name(row) for row in rows],
        (_("The year before"), BEFORE, [value(row)[0] or 0 for row in rows]),
        (_("These twelve months"), AFTER, [value(row)[1] or 0 for row in rows]),
    )


def _of_month(row: Any) -> str:
    return f"{row.name:%Y-%m}"


def _payments(fund: Fund, leads_on: bool) -> Section:
    return Section(
        "payments",
        _("Paid by the fund, by month"),
        _("Standing settlements of claims served in the month, yuan."),
        (_months(_to_claims(fund, leads_on)), *_paid_columns()),
        fund.visits,
        chart=_beside(fund.visits, lambda row: (row.before.fund, row.now.fund), _of_month),
    )


def _paid_columns() -> tuple[Column, ...]:
    return (
        column.number("now__visits", _("Visits")),
        column.yuan("now__fund", _("Fund, yuan")),
        column.yuan("before__fund", _("The year before, yuan")),
        column.yuan("change", _("Difference, yuan")),
    )


def _cost(fund: Fund, leads_on: bool) -> Section:
    return Section(
        "cost",
        _("Cost per visit"),
        _("The whole expense of the settled claims of a month, divided by their number; yuan."),
        (
            _months(_to_claims(fund, leads_on)),
            column.number("now__visits", _("Visits")),
            column.number("before__visits", _("Visits the year before")),
            column.yuan("now__cost_per_visit", _("Cost per visit, yuan")),
            column.yuan("before__cost_per_visit", _("The year before, yuan")),
        ),
        fund.visits,
        adds_up=False,
        chart=_beside(fund.visits, lambda row: (row.before.cost_per_visit, row.now.cost_per_visit), _of_month),
    )


def _share(fund: Fund, leads_on: bool) -> Section:
    def in_percent(row: Any) -> tuple[Any, Any]:
        before, now = (paid.patient_share for paid in (row.before, row.now))
        return before and before * 100, now and now * 100

    return Section(
        "share",
        _("The patients' share"),
        _("What patients paid from accounts and in cash, as a part of the whole expense; the chart in percent."),
        (
            _months(_to_claims(fund, leads_on)),
            column.yuan("now__expense", _("Expense, yuan")),
            column.yuan("now__patients", _("Patients, yuan")),
            column.percent("now__patient_share", _("Patients' share")),
            column.percent("before__patient_share", _("The year before")),
        ),
        fund.visits,
        adds_up=False,
        chart=_beside(fund.visits, in_percent, _of_month),
    )


def _kinds(fund: Fund, name: str, title: str, called: Callable[[Any], str]) -> Section:
    rows = getattr(fund, name)
    return Section(
        name,
        title,
        _("The twelve months together, beside the twelve before them."),
        (column.text(called, _("Tier") if name == "tiers" else _("Benefit")), *_paid_columns()),
        rows,
        chart=_beside(rows, lambda row: (row.before.fund, row.now.fund), called) if rows else None,
        empty=_("No settled claim was served in these months."),
    )


def _amounts() -> tuple[Column, ...]:
    return (
        column.yuan("now", _("Yuan")),
        column.yuan("before", _("The year before, yuan")),
        column.yuan("change", _("Difference, yuan")),
    )


def _credits(fund: Fund, leads_on: bool) -> Section:
    return Section(
        "credits",
        _("Credits to personal accounts, by month"),
        _("Credits for the month, whenever they were posted; none that was reversed."),
        (_months(_to_list(fund, "accounts_creditrun", leads_on)), *_amounts()),
        fund.credits,
        chart=_beside(fund.credits, lambda row: (row.before, row.now), _of_month),
    )


def _components(fund: Fund) -> Section:
    return Section(
        "components",
        _("Credits by component"),
        _("The twelve months together, beside the twelve before them."),
        (column.text(lambda row: label(row.name, CreditComponent), _("Component")), *_amounts()),
        fund.components,
        empty=_("Nothing was credited for these months."),
    )


def _balances(fund: Fund, leads_on: bool) -> Section:
    return Section(
        "balances",
        _("Balances of personal accounts"),
        _("What all personal accounts held together at the end of the month, by the days of posting; yuan."),
        (_months(_to_list(fund, "accounts_ledgeraccount", leads_on)), *_amounts()),
        fund.balances,
        adds_up=False,
        chart=_beside(fund.balances, lambda row: (row.before, row.now), _of_month),
    )
