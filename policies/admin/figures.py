"""How the figures of a rule, and where they stand, are written."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, DecimalField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agency.admin.formats import NOTHING, badge, percent
from policies.admin.filling import filled, filling
from policies.engine.vocabulary import ALL
from policies.models import Ceiling, CreditRule, RuleRow
from policies.models.fields import is_yuan

# Packs write an open end as an age that nobody reaches.
AGELESS = 150


def written(row: RuleRow, name: str) -> Any:
    """One field of a row in the reader's words: "65%", "1,000.00", "refuse"."""
    field: Any = row._meta.get_field(name)
    value = getattr(row, name)
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if word := word_of(row, name):
        return word
    if value is None or value == "":
        return NOTHING
    if isinstance(field, DecimalField):
        return f"{Decimal(value):,.2f}" if is_yuan(field) else percent(value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display()) if display else str(value)


def word_of(row: RuleRow, name: str) -> str:
    """What stands where a row has a word in place of a figure; empty where it has none."""
    for others in row.in_packs.words.get(name, {}).values():
        if others and all(getattr(row, other) == value for other, value in others.items()):
            return ", ".join(field_label(row, other) for other in others)
    return ""


def spoken_fields(row: RuleRow | type[RuleRow]) -> tuple[str, ...]:
    """What a row says about its key, without the switches that a word in place of a figure sets."""
    switches = {name for words in row.in_packs.words.values() for others in words.values() for name in others}
    return tuple(name for name in row.value_fields if name not in switches)


def field_label(row: RuleRow | type[RuleRow], name: str) -> str:
    """What a field is called."""
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def rule_name(row: RuleRow) -> str:
    """What a rule is about, as a clerk reads it."""
    if isinstance(row, CreditRule):
        return f"{row.get_component_display()} · {credited_members(row)}"
    if isinstance(row, Ceiling):
        return _ceiling_name(row)
    return str(row) if row.key_fields else str(row._meta.verbose_name)


def _ceiling_name(row: Ceiling) -> str:
    """Most ceilings hold however many diseases are registered, and do not say so."""
    words = [written(row, name) for name in ("scope", "period_kind", "status", "scheme") if getattr(row, name) != ALL]
    if row.diseases_from > 1:
        words.append(_("from %(count)s registered diseases") % {"count": row.diseases_from})
    words += [_counted(row) if name == "counts" else row.in_words(name) for name in row.told_apart]
    return " · ".join(words)


def _counted(row: Ceiling) -> str:
    return _("counted at %(tiers)s") % {"tiers": row.get_counts_display()}


def credited_members(row: CreditRule) -> str:
    """The kind of member that a credit rule is for."""
    words = [written(row, name) for name in ("status", "employment", "scheme") if getattr(row, name) != ALL]
    if row.prior_account != ALL:
        words.append(_("account before: %(answer)s") % {"answer": row.get_prior_account_display()})
    if row.age_from:
        words.append(_("from %(age)s years") % {"age": row.age_from})
    if row.age_until < AGELESS:
        words.append(_("below %(age)s years") % {"age": row.age_until})
    return " · ".join(words) or _("All insured")


def figure(row: RuleRow, name: str) -> Any:
    """One field, with a plain word where it is unset."""
    if row.is_unset(name):
        figures = filling(row)
        return filled(figures) if figures else badge(_("unset — needs the local document"), "warning")
    return format_html('<span class="desk-law">{}</span>', written(row, name))


def citation(row: Any, *, instrument: str = "") -> SafeString:
    """Article, key phrase and reading; with the document's number where it is not plain from the page."""
    if isinstance(row, RuleRow) and row.instrument_id:
        instrument = row.instrument.number  # type: ignore[union-attr]
    parts = [f"{instrument} {row.article}".strip(), f"“{row.phrase}”"]
    if row.reading:
        parts.append(_("reading %(number)s") % {"number": row.reading})
    return format_html('<span class="desk-citation">{}</span>', " · ".join(parts))


def where_it_stands(step: Any) -> str:
    """The citation of a step of a calculation; a dash for one that rests on no article."""
    return citation(step, instrument=step.instrument) if step.article else NOTHING


def clauses_in(steps: Iterable[Any]) -> list[tuple[str, str]]:
    """The whole clauses that steps rest on, each once, where the agency has loaded the document."""
    clauses = {f"{step.instrument} {step.article}": step.clause for step in steps if step.clause}
    return list(clauses.items())


def edit_link(url: str, row: RuleRow) -> SafeString | str:
    """The way to the row's form; empty without one."""
    if not url:
        return ""
    return format_html(
        ' <a class="desk-link" href="{}" aria-label="{}">{}</a>',
        url,
        _("Edit %(row)s") % {"row": rule_name(row)},
        _("Edit"),
    )


def cell(row: RuleRow, name: str, url: str) -> SafeString:
    """A figure with its citation and the way to its form."""
    return format_html("{}{}{}", figure(row, name), edit_link(url, row), citation(row))


def all_figures(row: RuleRow, url: str) -> SafeString:
    """Every figure of a row with its name, the citation and the way to the form."""
    shown = [name for name in spoken_fields(row) if row.is_unset(name) or written(row, name) != NOTHING]
    pairs = [(field_label(row, name), figure(row, name)) for name in shown]
    return format_html("{}{}{}", format_html_join(", ", "{}: {}", pairs), edit_link(url, row), citation(row))
