"""Who reaches what, who gains and loses, which claims change most, and what accounts are credited."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from agency.admin import column
from agency.admin.formats import month
from agency.admin.sections import AFTER, BEFORE, Section, bars
from policies.engine import vocabulary as v
from policies.labels import label
from simulation.admin.payments import day_of
from simulation.admin.sections import Compared, both, in_order
from simulation.models import Simulation
from simulation.services.replay import Fault
from simulation.services.tallies import BOUNDS, LIMITS

# The group of those who are paid a little less.
_LAST_LESS = BOUNDS.index(Decimal(0)) - 1


class Group(NamedTuple):
    """Members whose payments changed by as much."""

    name: str
    members: int
    change: Decimal


def limits(result: Mapping[str, Any]) -> Section:
    def cell(side: str, what: str) -> Callable[[Any], Any]:
        place = LIMITS.index(what)
        return lambda row: Decimal(row[1][side][place]) if what == "deductible" else row[1][side][place]

    columns = [column.text(lambda row: label(row[0], v.Benefit), _("Benefit"))]
    for what, write, before, after in (
        ("deductible", column.yuan, _("Deductible before, yuan"), _("Deductible after, yuan")),
        (
            "past_deductible",
            column.number,
            _("Members past the deductible, before"),
            _("Members past the deductible, after"),
        ),
        ("cut", column.number, _("Payments cut by a ceiling, before"), _("Payments cut by a ceiling, after")),
        ("at_ceiling", column.number, _("Members at a ceiling, before"), _("Members at a ceiling, after")),
    ):
        columns += [write(cell("before", what), before), write(cell("after", what), after)]
    rows = sorted(result["limits"].items(), key=lambda row: in_order("benefit")(row[0]))
    note = _(
        "Members past the deductible were paid something above it; a payment is cut where less than the rate was left"
        " under a ceiling."
    )
    names = [label(benefit, v.Benefit) for benefit, _of in rows]
    chart = bars(
        names,
        (_("Members at a ceiling, before"), BEFORE, [sides["before"][3] for _benefit, sides in rows]),
        (_("Members at a ceiling, after"), AFTER, [sides["after"][3] for _benefit, sides in rows]),
    )
    return Section("limits", _("Deductibles and ceilings reached"), note, columns, rows, adds_up=False, chart=chart)


def people(result: Mapping[str, Any]) -> Section:
    rows = [
        Group(_group(place), cell[0], Decimal(cell[1]))
        for place, cell in sorted(result["people"].items(), key=lambda each: int(each[0]))
    ]
    columns = (
        column.text("name", _("The fund pays a member")),
        column.number("members", _("Members")),
        column.yuan("change", _("Difference, yuan")),
    )
    unchanged = str(BOUNDS.index(Decimal(0)))
    more = sum(cell[0] for place, cell in result["people"].items() if int(place) > int(unchanged))
    less = sum(cell[0] for place, cell in result["people"].items() if int(place) < int(unchanged))
    note = _("%(more)s members are paid more, %(less)s less, over all months together.") % {
        "more": f"{more:,}",
        "less": f"{less:,}",
    }
    changed = [row for row in rows if row.change]
    chart = bars([row.name for row in changed], (_("Members"), AFTER, [row.members for row in changed]))
    return Section("people", _("Who gains and who loses"), note, columns, rows, chart=chart if changed else None)


def _group(place: str) -> str:
    """In words: between which amounts the change of a member's payments lies."""
    number_of = int(place)
    if number_of == 0:
        return _("%(least)s yuan or more less") % {"least": f"{-BOUNDS[0]:,}"}
    lower = BOUNDS[number_of - 1]
    if number_of == len(BOUNDS):
        return _("over %(least)s yuan more") % {"least": f"{lower:,}"}
    upper = BOUNDS[number_of]
    if upper == 0:
        return _("the same")
    if upper < 0:
        amounts = {"least": f"{-upper:,}", "most": f"{-lower:,}"}
        return (
            _("up to %(most)s yuan less") if number_of == _LAST_LESS else _("%(least)s to %(most)s yuan less")
        ) % amounts
    amounts = {"least": f"{lower:,}", "most": f"{upper:,}"}
    return (_("%(least)s to %(most)s yuan more") if lower else _("up to %(most)s yuan more")) % amounts


def refusals(result: Mapping[str, Any]) -> list[Section]:
    refused = result["refusals"]
    reasons = sorted({*refused["before"], *refused["after"]})
    if not reasons:
        return []
    rows = [
        (reason_label(reason), refused["before"].get(reason, 0), refused["after"].get(reason, 0)) for reason in reasons
    ]
    columns = (
        column.text(lambda row: row[0], _("Why nothing is paid")),
        column.number(lambda row: row[1], _("Claims before")),
        column.number(lambda row: row[2], _("Claims after")),
    )
    note = _("Visits that were settled and are paid nothing on one of the sides.")
    return [Section("refusals", _("Paid nothing"), note, columns, rows)]


def reason_label(reason: str) -> str:
    """Why a visit is paid nothing: the law's reason, or why nobody can calculate it."""
    faults = {
        Fault.MISSING_LAW: _("the rules do not decide it"),
        Fault.MISSING_FACT: _("a fact that the rules ask for is missing"),
        Fault.OTHER_BENEFIT: _("by the rules it is another benefit"),
    }
    if reason.startswith("fault:"):
        return faults[Fault(reason.removeprefix("fault:"))]
    return label(reason, v.RefusalReason)


def largest(simulation: Simulation) -> Section:
    columns = (
        column.text("place", _("No."), is_figure=True),
        column.link("claim", _("Claim")),
        column.text("claim__member__name", _("Member")),
        column.day("claim__served_on", _("Served on")),
        column.text("claim__benefit", _("Benefit")),
        column.yuan("before", _("Before, yuan")),
        column.yuan("after", _("After, yuan")),
        column.yuan(lambda change: change.after - change.before, _("Difference, yuan")),
    )
    rows = list(simulation.changes.select_related("claim__member"))
    note = _("At most fifty claims, those first whose payment changes most.")
    empty = _("No claim comes out otherwise.")
    return Section("largest", _("The largest changes"), note, columns, rows, adds_up=False, empty=empty)


def credits_by_kind(result: Mapping[str, Any]) -> Section:
    rows = [
        [*kind.split(" "), cell[0], Decimal(cell[1]), cell[2], Decimal(cell[3])]
        for kind, cell in sorted(result["credits"]["credited"].items())
    ]
    columns = (
        column.text(lambda row: month(day_of(row[0])), _("Month")),
        column.text(lambda row: label(row[2], v.Employment), _("Employment")),
        column.text(lambda row: label(row[1], v.InsuredStatus), _("Status")),
        column.text(lambda row: label(row[3], v.AccountScheme), _("Scheme")),
        column.text(lambda row: label(row[4], v.CreditComponent), _("Component")),
        column.number(lambda row: row[6], _("Credits before")),
        column.yuan(lambda row: row[7], _("Before, yuan")),
        column.number(lambda row: row[8], _("Credits after")),
        column.yuan(lambda row: row[9], _("After, yuan")),
        column.yuan(lambda row: row[9] - row[7], _("Difference, yuan")),
    )
    months = sorted({row[0] for row in rows})
    chart = both(
        [
            Compared(
                month(day_of(each)),
                sum((row[7] for row in rows if row[0] == each), Decimal("0.00")),
                sum((row[9] for row in rows if row[0] == each), Decimal("0.00")),
            )
            for each in months
        ]
    )
    undecided = result["credits"]["undecided"]
    note = _("What the accounts would be credited for each month, on the facts known now.")
    if undecided["after"] or undecided["before"]:
        note += " " + _("No rule, or several, decide for %(before)s credits before and %(after)s after.") % undecided
    empty = _("Nobody is credited in these months.")
    return Section(
        "credits",
        _("Credits by month and kind of member"),
        note,
        columns,
        rows,
        chart=chart if rows else None,
        empty=empty,
    )
