"""Claims that nobody can pay, because the law leaves a figure to a document that is not entered."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import ngettext

from agency.admin.alerts import Alert, Counted, Watch, in_words, rows_at
from agency.models import PoolingRegion
from claims.models import Claim, ClaimState
from policies.engine.vocabulary import RefusalReason


def _unset_figures(user: Any, regions: Sequence[PoolingRegion]) -> Iterable[Counted]:
    """The claims that stand refused for it."""
    unset = {"state": ClaimState.REFUSED, "refusal_reason": RefusalReason.TERMS_UNSET.value}

    def said(count: int) -> Alert:
        sentence = ngettext(
            "%(count)s claim is refused because a local figure is not entered. Enter the figure, then settle it again.",
            "%(count)s claims are refused because a local figure is not entered. Enter it, then settle them again.",
            count,
        )
        address = rows_at("claims_claim", regions, **{f"{name}__exact": value for name, value in unset.items()})
        return Alert(sentence % {"count": in_words(count)}, count, "danger", address)

    yield Counted(Claim.objects.filter(region__in=regions, **unset), said)


WATCHES = (Watch(20, "claims.view_claim", _unset_figures),)
