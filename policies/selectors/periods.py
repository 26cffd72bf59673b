"""The days of a draft beside those of the versions that are law: none twice, and none left without law unawares."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.models import PolicyVersion, VersionState
from policies.selectors.checks import About, Doubt

_DAY = timedelta(days=1)


def has_past_days(version: PolicyVersion, today: date) -> bool:
    """Whether days of the version are over."""
    first_day: date = version.period.lower
    return first_day < today


def law_beside(version: PolicyVersion) -> list[PolicyVersion]:
    """The published versions of the region, the earliest first."""
    law = PolicyVersion.objects.filter(region_id=version.region_id, state=VersionState.PUBLISHED)
    return list(law.order_by("period"))


def held_twice(version: PolicyVersion, law: Iterable[PolicyVersion]) -> list[str | Promise]:
    """Why a version cannot be published for its days: only what began before it ends for it.

    law: the published versions of the region, or those of them that hold on days of this one.
    """
    first, after = version.period.lower, version.period.upper
    return [
        _(
            "Version %(label)s is law from %(since)s, and both would hold %(days)s. Draft this version again: with a"
            " last day before %(since)s, or with a first day after it, so that %(label)s ends for it."
        )
        % {
            "label": other.label,
            "since": other.period.lower,
            "days": _days(other.period.lower, min(filter(None, (after, other.period.upper)), default=None)),
        }
        for other in law
        if first <= other.period.lower and (after is None or other.period.lower < after)
    ]


def left_without_law(about: About) -> Iterator[Doubt]:
    """The days between a draft and its neighbours, and those on which the version before it would have gone on."""
    draft = about.version
    law = law_beside(draft)
    first, after = draft.period.lower, draft.period.upper
    earlier = [each for each in law if each.period.lower < first]
    later = [each for each in law if each.period.lower >= first]
    ended = earlier[-1].period.upper if earlier else None
    if ended is not None and ended < first:
        said = _("No version holds %(days)s, before this one. Draft it again from the first of these days.")
        yield _gap(said, ended, first)
    if after is None or held_twice(draft, later):
        return
    if later and after < later[0].period.lower:
        said = _("No version would hold %(days)s, after this one. Draft it again up to the last of these days.")
        yield _gap(said, after, later[0].period.lower)
    elif not later and earlier and after in earlier[-1].period:
        said = _("%(label)s ends for this one, and no version would hold %(days)s. Draft this one again to hold then.")
        yield _gap(said, after, earlier[-1].period.upper, label=earlier[-1].label)


def _gap(sentence: Promise, first: date, after: date | None, **facts: str) -> Doubt:
    return Doubt(f"gap:{first}:{after or ''}", sentence % {**facts, "days": _days(first, after)})


def _days(first: date, after: date | None) -> str:
    """In words. after: the day after the last, None where there is no last."""
    if after is None:
        return _("from %(first)s on") % {"first": first}
    return _("from %(first)s to %(last)s") % {"first": first, "last": after - _DAY}


LAW_WARNINGS = (left_without_law,)
