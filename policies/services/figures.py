"""Local figures: what a regulation leaves open, proposed by a policy officer and approved by another person."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.moves import refuse, submit_new
from agency.services.requests import approve_request, end_request, period_of
from policies.engine.vocabulary import ALL
from policies.models import Ceiling, Deductible, FigureKind, LocalFigure, ReimbursementRate, VersionState

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
    places = Decimal("0.0001") if kind == FigureKind.RATE else Decimal("0.01")
    if value < 0 or (kind == FigureKind.RATE and value > 1) or value != value.quantize(places):
        raise DomainError(_("A rate is a fraction between 0 and 1; an amount is yuan with two decimals."))
    model, field, of = _ROWS[kind]
    unset: dict[str, Any] = {f"{field}__isnull": True, of: benefit, "version__region": region}
    # A row for some ages, say, is the regulation's own; what it leaves open there, a new version sets.
    unset |= {name: model._meta.get_field(name).get_default() for name in model.in_packs.apart}
    if kind == FigureKind.CEILING:
        unset["is_open"] = False
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
        period=period_of(first_day, last_day),
        document_number=document_number,
        article=article,
        phrase=phrase,
    )
    return submit_new(figure, _payload(figure), actor, reason)


def approve_local_figure(figure: LocalFigure, *, actor: User, reason: str = "", seen: str = "") -> LocalFigure:
    """Let a submitted figure hold. SamePersonDecides; DomainError where it overlaps one that holds."""
    overlap = _("Another figure holds in these days. End that one first.")
    return approve_request(figure, _payload, actor=actor, reason=reason, seen=seen, overlap=overlap)


def refuse_local_figure(figure: LocalFigure, *, actor: User, reason: str, seen: str = "") -> LocalFigure:
    """Leave the figure unset; the reason is required."""
    return refuse(figure, actor=actor, reason=reason, seen=seen)


def end_local_figure(figure: LocalFigure, *, last_day: date, actor: User, reason: str) -> LocalFigure:
    """Let an approved figure hold until a day of its period; MoveNotAllowed otherwise."""
    return end_request(figure, last_day=last_day, actor=actor, reason=reason)
