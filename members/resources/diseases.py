"""Disease registrations from a file: each is submitted for another person's decision."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.services.requests import period_of
from files.importing.batches import BatchResource
from files.importing.cells import CodeCell, Column, DayCell
from files.importing.reading import Sheet
from files.importing.resource import Problem, Values, fetch
from members.models import DiseaseRegistration, RegistrationState
from members.resources.about_members import MEMBER_EXAMPLE, AboutMembers
from members.resources.periods import FIRST_DAYS, LAST_DAYS, last_day_of
from members.services.diseases import REGISTRABLE, submit_disease_registrations, withdraw_disease_registration
from policies.engine.vocabulary import Benefit
from policies.models import Disease
from policies.resources import term_cell


class DiseaseRegistrationResource(AboutMembers, BatchResource):
    """One row for a disease of a member, for a benefit of its own, from a day on. It counts once another person has
    approved it; whoever imports submits it.
    """

    label = _("disease registrations")
    permission = "members.add_diseaseregistration"
    key = ("member_number", "code", "benefit", "since")
    examples = MEMBER_EXAMPLE | {"code": "M03900", "benefit": Benefit.CHRONIC_DISEASE.value, "until": ""}
    rows = DiseaseRegistration
    outcome = _("The registrations wait for another person's decision. Until then they count for nothing.")

    code = Column(_("disease code"), CodeCell(32), headings=("病种编码", "门慢门特病种目录代码"))
    benefit = Column(_("benefit"), term_cell(Benefit))
    since = Column(_("first day"), DayCell(), headings=FIRST_DAYS)
    until = Column(_("last day"), DayCell(), in_header=False, default=None, headings=LAST_DAYS)

    def preload(self, sheet: Sheet) -> None:
        """The members, the region's diseases with these codes, and what is submitted or approved of them."""
        super().preload(sheet)
        diseases = Disease.objects.filter(region=self.context.region)
        self.diseases = {disease.code: disease for disease in fetch(diseases, "code", sheet["code"])}

    def problems(self, values: Values) -> Iterator[Problem]:
        """Nobody who submits, an unknown member or disease, a benefit that registers none, days that are no period."""
        yield from super().problems(values)
        if self.context.actor is None:
            yield Problem("member_number", _("Somebody has to submit this. Bring the file on the page of imports."))
        if values["code"] not in self.diseases:
            said = _("The disease code %(code)s is not in the region's catalogue.")
            yield Problem("code", str(said) % {"code": values["code"]})
        if values["benefit"] not in REGISTRABLE:
            yield Problem("benefit", _("No disease is registered for this benefit."))
        if values["until"] is not None and values["until"] < values["since"]:
            yield Problem("until", _("The last day lies before the first."))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The registration of the disease that begins on this day, unless it was refused."""
        for row in self.of_member(values):
            is_it = (row.disease_id, row.benefit) == (self.diseases[values["code"]].pk, values["benefit"])
            if is_it and row.period.lower == values["since"] and row.state != RegistrationState.REFUSED:
                return {"until": last_day_of(row.period)}
        return None

    def save(self, values: Values) -> DiseaseRegistration:
        (registration,) = self.save_all([values])
        return registration

    def save_all(self, rows: Sequence[Values]) -> list[DiseaseRegistration]:
        """Submit the registrations."""
        if self.context.actor is None:
            raise LookupError("a row that nobody submits was let through")
        new = [
            DiseaseRegistration(
                member=self.member(row),
                disease=self.diseases[row["code"]],
                benefit=row["benefit"],
                period=period_of(row["since"], row["until"]),
            )
            for row in rows
        ]
        submit_disease_registrations(new, actor=self.context.actor, reason=self.context.reason)
        return new

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw what nobody has decided."""
        withdraw_disease_registration(self.made_row(made), **self.who)
