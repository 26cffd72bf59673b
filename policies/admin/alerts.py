"""Average pensions that the credit rules in force rest on, and that nobody has entered."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from agency.admin.alerts import Alert, Watch, rows_at
from agency.models import PoolingRegion
from policies.engine.credits import Pension, applicable_pension
from policies.models import AveragePension, CreditRule, PensionState, VersionState


def _missing_pensions(user: Any, regions: Sequence[PoolingRegion]) -> Iterable[Alert]:
    """A region whose retirees cannot be credited this month, with the years of which one would do."""
    needed: dict[int, set[tuple[int | None, int | None]]] = defaultdict(set)
    rules = CreditRule.objects.filter(
        version__region__in=regions,
        version__state=VersionState.PUBLISHED,
        version__period__contains=localdate(),
        pension_year__isnull=False,
    )
    for pk, year, stand_in in rules.values_list("version__region", "pension_year", "stand_in_year").distinct():
        needed[pk].add((year, stand_in))
    pensions: dict[int, dict[int, Pension]] = defaultdict(dict)
    for row in AveragePension.objects.filter(region__in=list(needed), state=PensionState.APPROVED):
        pensions[row.region_id][row.year] = Pension(row.monthly, row.is_final)
    for region in regions:
        for year, stand_in in sorted(needed[region.pk], key=str):
            if applicable_pension(pensions[region.pk], year, stand_in) is None:
                sentence = _(
                    "%(region)s: retirees are not credited, because no average pension of %(year)s, and none of "
                    "%(stand_in)s in its place, is approved."
                ) % {"region": region, "year": year, "stand_in": stand_in}
                yield Alert(sentence, 1, "danger", rows_at("policies_averagepension", [region]))


WATCHES = (Watch(30, "policies.view_averagepension", _missing_pensions),)
