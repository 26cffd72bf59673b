"""What the fund pays before and after: in all, in a year, and sorted in six ways."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.formats import NOTHING, month
from agency.admin.sections import Section
from policies.engine import vocabulary as v
from policies.labels import label
from providers.models import HospitalGrade
from simulation.admin.sections import Compared, both, in_order, sides
from simulation.models import Simulation

_FEN = Decimal("0.01")


class Sorted(NamedTuple):
    """Claims of one value of a dimension."""

    name: str
    claims: int
    total: Decimal
    before: Decimal
    after: Decimal
    gaining: int
    losing: int

    @property
    def change(self) -> Decimal:
        return self.after - self.before


def fund_payments(result: Mapping[str, Any]) -> Compared:
    """What the fund pays for all visits, before and after."""
    months = result["dimensions"]["month"].values()
    return Compared(
        _("Paid by the fund for visits"),
        sum((Decimal(cell[2]) for cell in months), Decimal("0.00")),
        sum((Decimal(cell[3]) for cell in months), Decimal("0.00")),
    )


def credited(result: Mapping[str, Any], belongs: Callable[[list[str]], bool], name: str) -> Compared:
    """Credits of the kinds of which the function says so, before and after."""
    cells = [cell for kind, cell in result["credits"]["credited"].items() if belongs(kind.split(" "))]
    return Compared(
        name,
        sum((Decimal(cell[1]) for cell in cells), Decimal("0.00")),
        sum((Decimal(cell[3]) for cell in cells), Decimal("0.00")),
    )


def in_all(result: Mapping[str, Any]) -> Section:
    fund = fund_payments(result)
    total = sum((Decimal(cell[1]) for cell in result["dimensions"]["month"].values()), Decimal("0.00"))
    rows = [
        fund,
        Compared(_("Borne by the patients"), total - fund.before, total - fund.after),
        credited(result, lambda kind: True, _("Credited to personal accounts")),
    ]
    note = _("All visits that were settled in these months, and all credits for them.")
    return Section("in_all", _("Altogether"), note, (column.text("name", _("What")), *sides()), rows, adds_up=False)


def projection(simulation: Simulation) -> Section:
    """The months of the simulation, taken to twelve."""
    result = simulation.result
    first, last = simulation.first_month, simulation.last_month
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    visits = fund_payments(result)
    of_pool = _credits_from(result, v.CreditFund.POOLED_FUND, _("Credits from the pooled fund"))
    together = Compared(_("The pooled fund"), visits.before + of_pool.before, visits.after + of_pool.after)
    rows = [visits, of_pool, together] + [
        _credits_from(result, fund, _("Credits: %(fund)s") % {"fund": label(fund, v.CreditFund)})
        for fund in (v.CreditFund.CONTRIBUTION_INCOME, v.CreditFund.CIVIL_SERVANT_FUND)
    ]
    yearly = [Compared(row.name, _yearly(row.before, months), _yearly(row.after, months)) for row in rows]
    note = _(
        "What these %(months)s months come to, taken to twelve; nothing is added for the season, for more visits or for"
        " more members."
    ) % {"months": months}
    columns = (column.text("name", _("A year")), *sides())
    return Section("projection", _("The fund's year"), note, columns, yearly, adds_up=False, chart=both(yearly[:3]))


def _credits_from(result: Mapping[str, Any], fund: v.CreditFund, name: str) -> Compared:
    return credited(result, lambda kind: kind[5] == fund, name)


def _yearly(amount: Decimal, months: int) -> Decimal:
    return (amount * 12 / months).quantize(_FEN, ROUND_HALF_UP)


def dimension(result: Mapping[str, Any], name: str) -> Section:
    title, heading, written = _dimension_words()[name]
    cells = result["dimensions"][name]
    values = sorted(cells, key=in_order(name))
    rows = []
    for each in values:
        claims, total, before, after, gaining, losing = cells[each]
        rows.append(Sorted(written(each), claims, Decimal(total), Decimal(before), Decimal(after), gaining, losing))
    columns = (
        column.text("name", heading),
        column.number("claims", _("Claims")),
        column.yuan("total", _("Bills, yuan")),
        *sides(),
        column.number("gaining", _("Claims paid more")),
        column.number("losing", _("Claims paid less")),
    )
    note = _("What the fund pays for the settled visits, before and after.")
    return Section(name, title, note, columns, rows, chart=both(rows))


def _dimension_words() -> dict[str, tuple[str, str, Callable[[str], str]]]:
    """What each way to sort claims is called, and its values."""
    return {
        "benefit": (_("By benefit"), _("Benefit"), lambda value: label(value, v.Benefit)),
        "tier": (_("By tier of the provider"), _("Tier"), lambda value: label(value, v.Tier)),
        "status": (_("By status of the member"), _("Status"), lambda value: _labelled(value, v.InsuredStatus)),
        "scheme": (_("By scheme of the member"), _("Scheme"), lambda value: _labelled(value, v.AccountScheme)),
        "grade": (_("By grade of the provider"), _("Hospital grade"), _grade),
        "month": (_("By month of service"), _("Month"), lambda value: month(day_of(value))),
    }


def _labelled(value: str, terms: Any) -> str:
    return label(value, terms) if value else NOTHING


def _grade(value: str) -> str:
    return str(HospitalGrade(value).label) if value else _("no grade recorded")


def day_of(value: str) -> date:
    return date.fromisoformat(f"{value}-01")
