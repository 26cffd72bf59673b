"""Local figures: what a regulation leaves open, proposed by a policy officer and approved by another person."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save
from policies.engine.vocabulary import ALL
from policies.models import Ceiling, Deductible, FigureKind, FigureState, LocalFigure, ReimbursementRate, VersionState

_ROWS: dict[str, tuple[type[Any], str, str]] = {
    FigureKind.DEDUCTIBLE: (Deductible, "amount", "benefit"),
    FigureKind.RATE: (ReimbursementRate, "rate", "benefit"),
    FigureKind.CEILING: (Ceiling, "amount", "scope"),
}


def _payload(figure: LocalFigure) -> dict[str, Any]:
    names = ("region_id", "kind", "benefit", "tier", "status", "value", "document_number", "article", "phrase")
    return {name: getattr(figure, name) for name in names} | {
        "since": figure.period.lower,
        "until": figure.period.upper,
    }


@transaction.atomic
def propose_local_figure(
    region: PoolingRegion,
    *,
    kind: FigureKind,
    benefit: str,
    value: Decimal,
    first_day: date,
    last_day: date | None = None,
    tier: str = ALL,
    status: str = ALL,
    document_number: str,
    article: str,
    phrase: str,
    actor: User,
    reason: str,
) -> LocalFigure:
    """Submit a figure with the document that sets it: yuan for a deductible or ceiling, a fraction for a rate.

    DomainError where no published version leaves such a figure unset (a ceiling has no tier), the value is none, the
    days are no period, or the document is not named.
    """
    if not (document_number.strip() and article.strip() and phrase.strip()):
        raise DomainError(_("Name the document, the article and the words that set the figure."))
    if last_day is not None and last_day < first_day:
        raise DomainError(_("The last day lies before the first."))
    places = Decimal("0.0001") if kind == FigureKind.RATE else Decimal("0.01")
    if value < 0 or (kind == FigureKind.RATE and value > 1) or value != value.quantize(places):
        raise DomainError(_("A rate is a fraction between 0 and 1; an amount is yuan with two decimals."))
    model, field, of = _ROWS[kind]
    unset = {f"{field}__isnull": True, of: benefit, "version__region": region}
    of_one_tier = kind == FigureKind.CEILING and tier != ALL
    if of_one_tier or not model._default_manager.filter(version__state=VersionState.PUBLISHED, **unset).exists():
        raise DomainError(
            _("The regulation gives this figure, or has no such benefit. Draft a policy version instead.")
        )
    figure = LocalFigure(
        region=region,
        kind=kind,
        benefit=benefit,
        tier=tier,
        status=status,
        value=value.quantize(Decimal("0.0001")),
        period=DateRange(first_day, last_day + timedelta(days=1) if last_day else None),
        document_number=document_number,
        article=article,
        phrase=phrase,
    )
    record_submission(figure, actor, _payload(figure))
    tracked_save(figure, actor, reason)
    return figure


def _locked(figure: LocalFigure) -> LocalFigure:
    found = LocalFigure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
    if found.state != FigureState.SUBMITTED:
        raise MoveNotAllowed(_("This figure has been decided already."))
    return found


@transaction.atomic
def approve_local_figure(figure: LocalFigure, *, actor: User, reason: str = "") -> LocalFigure:
    """Let a submitted figure hold. SamePersonDecides; DomainError where it overlaps one that holds."""
    found = _locked(figure)
    record_decision(found, actor, _payload(found), reason)
    found.state = FigureState.APPROVED
    try:
        with transaction.atomic():
            tracked_save(found, actor, reason or "approved")
    except IntegrityError as error:
        raise DomainError(_("Another figure holds in these days. End that one first.")) from error
    return found


@transaction.atomic
def refuse_local_figure(figure: LocalFigure, *, actor: User, reason: str) -> LocalFigure:
    """Leave the figure unset; the reason is required."""
    found = _locked(figure)
    record_decision(found, actor, _payload(found), reason, reason_required=True)
    found.state = FigureState.REFUSED
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def end_local_figure(figure: LocalFigure, *, last_day: date, actor: User, reason: str) -> LocalFigure:
    """Let an approved figure hold until a day of its period; MoveNotAllowed otherwise."""
    found = LocalFigure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
    if found.state != FigureState.APPROVED or last_day < found.period.lower:
        raise MoveNotAllowed(_("Only a figure that holds can end, on or after its first day."))
    if found.period.upper is not None and last_day >= found.period.upper:
        raise MoveNotAllowed(_("It ends before that day already."))
    found.period = DateRange(found.period.lower, last_day + timedelta(days=1))
    tracked_save(found, actor, reason)
    return found
