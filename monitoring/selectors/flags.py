"""What a review flag says, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.models import FlagKind, FlagState, ReviewFlag

_SENTENCES: dict[str, Promise] = {
    FlagKind.FAR_APART.value: _(
        "Seen at %(here)s on %(here_at)s and at %(there)s on %(there_at)s: %(minutes)s minutes and %(kilometres)s km "
        "apart. The office looks at visits within %(limit_minutes)s minutes at places %(limit_kilometres)s km or more "
        "apart."
    ),
    FlagKind.MANY_DAYS.value: _(
        "Visits on %(days)s days in a row, %(first)s to %(last)s. The office looks from more than %(limit)s on."
    ),
    FlagKind.SPLIT_BILL.value: _(
        "%(visits)s bills of %(provider)s on %(day)s, together %(yuan)s yuan. The office looks from more than "
        "%(limit)s a day on."
    ),
    FlagKind.CASH_OUT.value: _(
        "%(payments)s payments from the personal account at %(provider)s from %(first)s to %(last)s, together %(yuan)s "
        "yuan. The office looks at %(limit_payments)s or more within %(limit_days)s days that come to %(limit_yuan)s "
        "yuan or more."
    ),
    FlagKind.DURING_STAY.value: _(
        "An outpatient claim of %(provider)s on %(day)s, during a hospital stay from %(first)s to %(last)s."
    ),
    FlagKind.AFTER_DEATH.value: _("A claim of %(provider)s on %(day)s, after the death on %(died_on)s."),
}
_STAY_GOES_ON = _(
    "An outpatient claim of %(provider)s on %(day)s, during a hospital stay that began on %(first)s and has no end yet."
)
_DAYS = frozenset({"day", "first", "last", "died_on"})
_MOMENTS = frozenset({"here_at", "there_at"})
_YUAN = frozenset({"yuan", "limit_yuan"})


def explain_flag(flag: ReviewFlag) -> str:
    """Why the flag was raised: the figures that were found, and the limits from which the office looked then."""
    return explain_facts(flag.kind, flag.facts)


def explain_facts(kind: str, facts: Mapping[str, str]) -> str:
    """The same of a flag's columns."""
    goes_on = kind == FlagKind.DURING_STAY and "last" not in facts
    sentence = _STAY_GOES_ON if goes_on else _SENTENCES[kind]
    return str(sentence) % {name: _written(name, text) for name, text in facts.items()}


def _written(name: str, text: str) -> str:
    if name in _DAYS:
        return formats.date_format(date.fromisoformat(text), "DATE_FORMAT")
    if name in _MOMENTS:
        return formats.date_format(datetime.fromisoformat(text), "DATETIME_FORMAT")
    return f"{Decimal(text):,.2f}" if name in _YUAN else text


def open_flags(claim_id: int) -> list[ReviewFlag]:
    """The flags that name a claim and wait for a decision, the oldest first."""
    return list(ReviewFlag.objects.filter(claims=claim_id, state=FlagState.OPEN).order_by("pk"))
