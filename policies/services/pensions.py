"""Average pensions: submitted by one person, law once another has approved them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import REASON_LENGTH, tracked_save
from agency.services.moves import arrive, decide, locked, refuse, submit_new
from agency.services.taking_back import tracked_delete
from policies.models import (
    UNUSUAL_CHANGE,
    AveragePension,
    CreditRule,
    LawChange,
    LawChangeCause,
    PensionState,
    VersionState,
)

# How many times the figure before it a yearly sum is that stands for a monthly one, growth included.
_A_YEAR_FOR_A_MONTH = (Decimal(10), Decimal(15))


def _payload(pension: AveragePension) -> dict[str, Any]:
    names = ("region_id", "year", "monthly", "is_final", "source", "reason", "confirmed_reason")
    return {name: getattr(pension, name) for name in names}


@transaction.atomic
def submit_average_pension(
    region: PoolingRegion,
    *,
    year: int,
    monthly: Decimal,
    is_final: bool,
    source: str = "",
    today: date,
    actor: User | None,
    reason: str,
    confirmed_reason: str = "",
) -> AveragePension:
    """Submit a region's average basic pension of a year (yuan a month), provisional or final; another person decides.

    confirmed_reason: why a figure is right that differs from the ones before by more than `UNUSUAL_CHANGE`.

    DomainError for an amount that is not positive or has more than two decimals, a year that has not begun, a
    provisional figure after the final one, the figure that holds already, a second one of a year of which one waits,
    an unusual one that is not confirmed, and without somebody who submits it.
    """
    if actor is None:
        raise DomainError(_("Somebody has to submit an average pension, because another person decides it."))
    _check(year, monthly, today)
    _lock(region.pk)
    pension = AveragePension(
        region=region,
        year=year,
        monthly=monthly.quantize(Decimal("0.01")),
        is_final=is_final,
        source=source,
        reason=reason.strip()[:REASON_LENGTH],
        confirmed_reason=confirmed_reason.strip()[:REASON_LENGTH],
    )
    _check_it_follows(pension, _compare(pension))
    doubt = unusual_change(pension)
    if doubt is None:
        pension.confirmed_reason = ""
    elif not pension.confirmed_reason:
        raise DomainError(doubt, field="monthly")
    twice = DomainError(
        _("Another average pension of %(year)s waits for a decision. Have that one decided first.") % {"year": year},
        field="year",
    )
    return submit_new(pension, _payload(pension), actor, reason, twice=twice)


def _check(year: int, monthly: Decimal, today: date) -> None:
    """DomainError for what is no average pension, or none yet."""
    if monthly <= 0 or monthly != monthly.quantize(Decimal("0.01")):
        raise DomainError(
            _("An average pension is a positive amount of yuan with at most two decimals."), field="monthly"
        )
    if year > today.year:
        raise DomainError(
            _("%(year)s has not begun: there is no average pension of it.") % {"year": year}, field="year"
        )


def _lock(region_id: int) -> None:
    """One after the other: a figure is measured by those that hold and wait while it is submitted and approved."""
    PoolingRegion.objects.select_for_update(no_key=True).get(pk=region_id)


def _check_it_follows(pension: AveragePension, holding: AveragePension | None) -> None:
    """DomainError where the new figure cannot follow the one that the year has."""
    if holding is None:
        return
    if holding.is_final and not pension.is_final:
        raise DomainError(
            _("The average pension of %(year)s is final. Record the corrected final figure.") % {"year": pension.year},
            field="is_final",
        )
    if (holding.monthly, holding.is_final) == (pension.monthly, pension.is_final):
        raise DomainError(_("This figure holds already."), field="monthly")


def _compare(pension: AveragePension) -> AveragePension | None:
    """Keep the figures beside which this one is to be seen; the one that holds for its year. Of the latest earlier year
    also one that waits: a first file brings several. What is unusual itself, and not decided, is no measure.
    """
    holding = _holding(pension)
    pension.monthly_before = holding.monthly if holding is not None else None
    known = AveragePension.objects.filter(
        Q(state=PensionState.APPROVED) | Q(state=PensionState.SUBMITTED, confirmed_reason=""),
        region=pension.region,
        year__lt=pension.year,
    )
    # "approved" comes before "submitted".
    earlier = known.order_by("-year", "state").first()
    if earlier is not None:
        pension.earlier_year, pension.earlier_monthly = earlier.year, earlier.monthly
    return holding


def _holding(pension: AveragePension) -> AveragePension | None:
    """The figure that holds for its year."""
    return AveragePension.objects.filter(region=pension.region, year=pension.year, state=PensionState.APPROVED).first()


def unusual_change(pension: AveragePension) -> str | Promise | None:
    """What is unusual about a figure beside those before it, in a sentence; None where nothing is."""
    compared = ((pension.times_the_year_before, pension.earlier_year), (pension.times_the_figure_before, pension.year))
    for times, year in compared:
        if times is None or abs(times - 1) <= UNUSUAL_CHANGE:
            continue
        facts = {"times": f"{times:.1f}" if times >= 2 else f"{times:.2f}", "year": year}
        if _A_YEAR_FOR_A_MONTH[0] <= times <= _A_YEAR_FOR_A_MONTH[1]:
            return _("%(times)s times the %(year)s figure: an annual sum entered as a monthly one?") % facts
        return _("%(times)s times the %(year)s figure. If it is right, say why.") % facts
    return None


def doubt_about(region: PoolingRegion, *, year: int, monthly: Decimal) -> str | Promise | None:
    """What is unusual about a figure (yuan a month) that somebody is about to submit; None where nothing is."""
    pension = AveragePension(region=region, year=year, monthly=monthly)
    _compare(pension)
    return unusual_change(pension)


@transaction.atomic
def approve_average_pension(
    pension: AveragePension, *, actor: User, reason: str = "", seen: str = ""
) -> AveragePension:
    """Let a submitted figure hold, in the place of the one that its year had, which stays as superseded.

    Months whose credits rest on that year are marked, so that the next credit run posts the differences (Dazhou 4,
    Zaozhuang 7, Baoshan 17). SamePersonDecides for the submitter, DomainError where an unusual figure is approved
    without a reason; seen: as of `record_decision`.
    """
    _lock(pension.region_id)
    pension = locked(pension, "approve", "region")
    decide(pension, _payload(pension), actor, reason, seen)
    if pension.confirmed_reason and not reason.strip():
        raise DomainError(_("The figure is unusual: say why it is right all the same."), field="reason")
    holding = _holding(pension)
    if holding is not None:
        holding.state = PensionState.SUPERSEDED
        tracked_save(holding, actor, pension.reason)
    arrive(pension, actor, reason or "approved")
    if (first := _first_month_resting_on(pension.region, pension.year)) is not None:
        LawChange.objects.create(region=pension.region, first_month=first, cause=LawChangeCause.AVERAGE_PENSION)
    return pension


def refuse_average_pension(pension: AveragePension, *, actor: User, reason: str, seen: str = "") -> AveragePension:
    """Leave the year as it is; the reason is required."""
    return refuse(pension, actor=actor, reason=reason, seen=seen)


@transaction.atomic
def withdraw_average_pension(pension: AveragePension, *, actor: User | None, reason: str) -> None:
    """A figure was submitted by mistake: it goes, its history stays. DomainError once somebody has decided on it."""
    waiting = AveragePension.objects.select_for_update(of=("self",), no_key=True).get(pk=pension.pk)
    if waiting.state != PensionState.SUBMITTED:
        raise DomainError(_("Somebody has decided on this figure. Submit the right one in its place."))
    tracked_delete(waiting, actor, reason)


def _first_month_resting_on(region: PoolingRegion, year: int) -> date | None:
    first = CreditRule.objects.filter(
        Q(pension_year=year) | Q(stand_in_year=year),
        version__region=region,
        version__state=VersionState.PUBLISHED,
    ).aggregate(first=Min("version__period__startswith"))["first"]
    return first.replace(day=1) if first else None
