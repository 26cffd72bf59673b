"""Average pensions from a file, and cells that hold the regulations' words."""

from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.importing.cells import AmountCell, Column, FlagCell, TermCell, TextCell, YearCell
from agency.importing.reading import Sheet
from agency.importing.resource import ServiceResource, Values
from policies.labels import choices, parse_term
from policies.models import AveragePension
from policies.services.pensions import record_average_pension


def term_cell(terms: type[StrEnum]) -> TermCell:
    """A cell that holds one of these terms by identifier, national code or label in either language."""
    return TermCell(partial(parse_term, terms), [term.value for term in terms], dict(choices(terms)))


class AveragePensionResource(ServiceResource):
    """One row for a year: yuan a month, whether the figure is final, and the document it is from."""

    label = _("average pensions")
    permission = "policies.add_averagepension"
    key = ("year",)

    year = Column(_("year"), YearCell())
    monthly = Column(_("yuan a month"), AmountCell(above_zero=True))
    is_final = Column(_("final"), FlagCell())
    source = Column(_("document"), TextCell(200), in_header=False, default="")

    def preload(self, sheet: Sheet) -> None:
        """All years of the region; they are few."""
        self.known = {row.year: row for row in AveragePension.objects.filter(region=self.context.region)}

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The year's figure. A final figure that follows a provisional one is news, not a contradiction."""
        known = self.known.get(values["year"])
        if known is None or (values["is_final"] and not known.is_final):
            return None
        return {"monthly": known.monthly, "is_final": known.is_final, "source": known.source}

    def save(self, values: Values) -> AveragePension:
        """Record the figure; months that rest on it are marked for the next credit run."""
        return record_average_pension(
            self.context.region,
            year=values["year"],
            monthly=values["monthly"],
            is_final=values["is_final"],
            source=values["source"],
            actor=self.context.actor,
            reason=self.context.reason,
        )
