"""The chain of seals among what has to hold in the books, with the rows by table, id and day."""

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.selectors.books import LookedAt
from agency.models import PoolingRegion
from agency.selectors.chain import Fault, faults_of
from agency.selectors.mirrors import count_of_mirrored, rows_beside_their_history

_WORDS = {
    "changed": gettext_noop("%(table)s #%(pk)s was changed after it was sealed on %(day)s."),
    "deleted": gettext_noop("%(table)s #%(pk)s was deleted; it was sealed on %(day)s."),
    "inserted": gettext_noop("%(table)s #%(pk)s was put among rows that were sealed before."),
    "seal": gettext_noop("%(table)s #%(pk)s of %(day)s is not the seal that was made, or not in its place."),
    "not as told": gettext_noop("%(table)s #%(pk)s is not what its history says."),
}
_GONE = gettext_noop("%(table)s #%(pk)s is gone, and its history does not say so.")


def sentence(fault: Fault) -> str:
    """What is wrong with which row, in the active language."""
    words = _GONE if fault.what == "deleted" and fault.on is None else _WORDS[fault.what]
    day = date_format(fault.on) if fault.on else ""
    return str(_(words) % {"table": fault.table, "pk": fault.pk, "day": day})


def _chain(region: PoolingRegion) -> tuple[int, list[Fault]]:
    """The region's own rows, and those of the whole agency, which are every region's."""
    (own, of_region), (shared, of_agency) = faults_of(region), faults_of(None)
    return own + shared, [*of_region, *of_agency]


def _histories(region: PoolingRegion) -> tuple[int, list[Fault]]:
    found = [*rows_beside_their_history(region), *rows_beside_their_history(None)]
    return count_of_mirrored(region) + count_of_mirrored(None), found


SEALED = (
    LookedAt("chain", _("every sealed row is what was sealed"), "agency_seal", _chain, sentence),
    LookedAt("histories", _("every decided row is what its history says"), "agency_seal", _histories, sentence),
)
