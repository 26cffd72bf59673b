"""Average pensions from a file, and cells that hold the regulations' words."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.services.history import REASON_LENGTH
from agency.services.taking_back import still_there
from files.importing.cells import AmountCell, Column, FlagCell, TermCell, TextCell, YearCell
from files.importing.reading import Sheet
from files.importing.resource import Problem, ServiceResource, Values
from policies.labels import choices, parse_term
from policies.models import AveragePension, PensionState
from policies.services.pensions import doubt_about, submit_average_pension, withdraw_average_pension


def term_cell(terms: type[StrEnum]) -> TermCell:
    """A cell that holds one of these terms by identifier, national code or label in either language."""
    return TermCell(partial(parse_term, terms), [term.value for term in terms], dict(choices(terms)))


class AveragePensionResource(ServiceResource):
    """One row for a year: yuan a month, whether the figure is final, the document it is from, and where it is unusual,
    or corrects the one that holds, the reason. An unusual one without it is doubtful.
    """

    label = _("average pensions")
    permission = "policies.add_averagepension"
    key = ("year",)
    outcome = _("The average pensions wait for another person's decision. Until then credits do not rest on them.")

    year = Column(_("year"), YearCell())
    monthly = Column(_("yuan a month"), AmountCell(above_zero=True))
    is_final = Column(_("final"), FlagCell())
    source = Column(_("document"), TextCell(200), in_header=False, default="")
    reason = Column(_("reason"), TextCell(REASON_LENGTH), in_header=False, default="", headings=("理由",))

    def preload(self, sheet: Sheet) -> None:
        """All years of the region; they are few. Of a year, what waits comes after what holds."""
        self.known: dict[int, list[AveragePension]] = {}
        counting = (PensionState.APPROVED, PensionState.SUBMITTED)
        for row in AveragePension.objects.filter(region=self.context.region, state__in=counting).order_by("state"):
            self.known.setdefault(row.year, []).append(row)

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The year's figure. A final one that follows a provisional one is news, and so is one that comes with its
        reason; the service judges it.
        """
        told = [
            {"monthly": row.monthly, "is_final": row.is_final, "source": row.source}
            for row in self.known.get(values["year"], ())
        ]
        same = [each for each in told if all(values[name] == value for name, value in each.items())]
        if same or not told:
            return same[0] if same else None
        is_news = values["reason"] or (values["is_final"] and not told[-1]["is_final"])
        return None if is_news else told[-1]

    def doubts(self, values: Values) -> Iterator[Problem]:
        """An unusual figure, unless the file says why it is right."""
        doubt = doubt_about(self.context.region, year=values["year"], monthly=values["monthly"])
        if doubt is not None and not values["reason"]:
            yield Problem("monthly", doubt)

    def save(self, values: Values) -> AveragePension:
        """Submit the figure for another person's decision. An unusual one is confirmed by the file or by whoever had
        its doubtful rows go in; a preview goes on as if somebody had.
        """
        said = values["reason"] or self.context.confirmed
        return submit_average_pension(
            self.context.region,
            year=values["year"],
            monthly=values["monthly"],
            is_final=values["is_final"],
            source=values["source"],
            today=self.context.today,
            actor=self.context.actor,
            reason=values["reason"] or self.context.reason,
            confirmed_reason=said or self.context.reason,
        )

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the figure, as long as it waits for the other person."""
        pension = still_there(AveragePension.objects, made)
        withdraw_average_pension(pension, actor=self.context.actor, reason=self.context.reason)
