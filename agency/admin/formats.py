"""Amounts, shares, days and months as screens show them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agency.exporting.sheet import NOTHING


def yuan(amount: Decimal | str | None) -> SafeString:
    """An amount with two decimals and thousands apart, in figures of one width; a dash for none."""
    text = NOTHING if amount is None else f"{Decimal(amount):,.2f}"
    return format_html('<span class="desk-amount">{}</span>', text)


def number(count: int | None) -> SafeString:
    """A count with thousands apart."""
    return format_html('<span class="desk-amount">{}</span>', NOTHING if count is None else f"{count:,}")


def percent(fraction: Decimal | None) -> str:
    """A fraction as a percentage without idle zeros: 0.0225 → "2.25%"; a dash for none."""
    return NOTHING if fraction is None else f"{(fraction * 100).normalize():f}%"


def day(value: date | None) -> str:
    """A day in the reader's language."""
    return formats.date_format(value, "DATE_FORMAT") if value else NOTHING


def month(value: date | None) -> str:
    """A month in the reader's language."""
    return formats.date_format(value, "YEAR_MONTH_FORMAT") if value else NOTHING


def instant(value: datetime | None) -> str:
    """Day and time at the office."""
    return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else NOTHING


def days(period: Any) -> str:
    """A stored period, whose upper end is excluded, by its first and last day."""
    if period is None:
        return NOTHING
    if period.upper is None:
        return _("from %(day)s") % {"day": day(period.lower)}
    last = period.upper - timedelta(days=1)
    return day(last) if last == period.lower else f"{day(period.lower)} – {day(last)}"


def listed(objs: Iterable[Any]) -> str:
    """Things side by side, parted as the reader's language parts them; empty without any."""
    return pgettext("between the things of a list", ", ").join(map(str, objs))


def badge(text: Any, tone: str = "") -> SafeString:
    """A short label; tone is info, success, warning, danger or empty."""
    return format_html('<span class="desk-badge desk-badge-{}">{}</span>', tone or "plain", text)


def link(url: str, text: Any) -> SafeString:
    return format_html('<a class="desk-link" href="{}">{}</a>', url, text)
