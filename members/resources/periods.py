"""Hospital stays, special nursing, out-of-area registrations and family doctors from files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from agency.services.requests import period_of
from files.importing.batches import BatchResource
from files.importing.cells import CodeCell, Column, DayCell, DivisionCell
from files.importing.reading import Sheet
from files.importing.resource import Problem, Values, fetch
from members.models import FamilyDoctorContract, HospitalStay, OutOfAreaRegistration, SpecialNursing
from members.resources.about_members import MEMBER_EXAMPLE, AboutMembers
from members.services import registrations
from policies.engine.vocabulary import OutOfAreaKind
from policies.resources import term_cell
from providers.models import Provider
from providers.resources.providers import PROVIDER_CODES, PROVIDER_EXAMPLE

# What lists call these days beside our own labels.
FIRST_DAYS = ("入院日期", "开始日期", "起始日期", "备案开始日期", "备案起始日期")
LAST_DAYS = ("出院日期", "结束日期", "终止日期", "备案结束日期", "备案终止日期")
_EXAMPLE = MEMBER_EXAMPLE | {"until": "2024-03-12"}
_A_YEAR = timedelta(days=366)


def last_day_of(period: Any) -> date | None:
    """The last day inside a stored period, None where it lasts."""
    return None if period.upper is None else period.upper - timedelta(days=1)


class _Periods(AboutMembers, BatchResource):
    """Rows with a first day and perhaps a last one, both inside. An empty last day leaves what is recorded.

    `told_apart`: what a member may have at the same time several of.
    """

    corrected = frozenset({"until"})
    told_apart: ClassVar[tuple[str, ...]] = ()

    since = Column(_("first day"), DayCell(), headings=FIRST_DAYS)
    until = Column(_("last day"), DayCell(), in_header=False, default=None, headings=LAST_DAYS)

    def problems(self, values: Values) -> Iterator[Problem]:
        """An unknown member, or a last day before the first."""
        yield from super().problems(values)
        if values["until"] is not None and values["until"] < values["since"]:
            yield Problem("until", _("The last day lies before the first."))

    def _facts(self, row: Any, values: Values) -> dict[str, Any]:
        facts = {"until": last_day_of(row.period), "place": getattr(row, "place", "")}
        return {name: facts[name] for name in sorted(self.corrected) if values[name]}

    def _held(self, values: Values) -> Any:
        for row in self.of_member(values):
            is_it = all(getattr(row, name) == values[name] for name in self.told_apart)
            if is_it and row.period.lower == values["since"]:
                return row
        return None

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """What begins on this day."""
        held = self._held(values)
        return None if held is None else self._facts(held, values)

    def save(self, values: Values) -> Any:
        """Register it, or correct its last day."""
        (row,) = self.save_all([values])
        return row

    def save_all(self, rows: Sequence[Values]) -> list[Any]:
        """Register what is new, then correct the others."""
        held = [self._held(values) for values in rows]
        made = [it or self._new(values) for values, it in zip(rows, held, strict=True)]
        registrations.register_all([row for row in made if row.pk is None], **self.who)
        known = [(it, values) for values, it in zip(rows, held, strict=True) if it is not None]
        registrations.correct_all([self._corrected(it, values) for it, values in known], **self.who)
        return made

    def _new(self, values: Values) -> Any:
        names = (*self.told_apart, *(self.corrected - {"until"}))
        period = period_of(values["since"], values["until"])
        return self.rows(member=self.member(values), period=period, **{name: values[name] for name in names})

    def _corrected(self, row: Any, values: Values) -> registrations.Correction:
        until = values["until"] or last_day_of(row.period)
        return registrations.Correction(row, until, values.get("place") or None)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw it, or record the last day and the place of before."""
        row = self.made_row(made)
        self.check_unchanged(values, self._facts(row, values))
        if not before:
            registrations.withdraw_registration(row, **self.who)
            return
        said = {"until": last_day_of(row.period)} | dict(before)
        registrations.correct_registration(row, **said, **self.who)


class HospitalStayResource(_Periods):
    """One row for a stay in hospital. Without a last day it lasts; a later file with the same first day ends it."""

    label = _("hospital stays")
    permission = "members.add_hospitalstay"
    key = ("member_number", "since")
    examples = _EXAMPLE
    rows = HospitalStay

    def doubts(self, values: Values) -> Iterator[Problem]:
        """A stay of more than a year."""
        if values["until"] is not None and values["until"] - values["since"] > _A_YEAR:
            yield Problem("until", _("A stay of more than a year is rare. Look at both days."))


class SpecialNursingResource(_Periods):
    """One row for a period of medical special nursing. Without a last day it lasts; a later file ends it."""

    label = _("medical special nursing")
    permission = "members.add_specialnursing"
    key = ("member_number", "since")
    examples = _EXAMPLE
    rows = SpecialNursing


class OutOfAreaResource(_Periods):
    """One row for a registration for care outside the region. Another last day or place corrects it."""

    label = _("out-of-area registrations")
    permission = "members.add_outofarearegistration"
    key = ("member_number", "kind", "since")
    corrected = frozenset({"until", "place"})
    examples = _EXAMPLE
    rows = OutOfAreaRegistration
    told_apart = ("kind",)

    kind = Column(_("kind"), term_cell(OutOfAreaKind))
    place = Column(_("place of registration"), DivisionCell(), in_header=False, default="")


class FamilyDoctorResource(_Periods):
    """One row for a family doctor contract (家庭医生签约). Without a last day it holds on; a later file ends it.

    A member who changes the doctor has two rows: one ends the contract, the other begins the new one.
    """

    label = _("family doctor contracts")
    permission = "members.add_familydoctorcontract"
    key = ("member_number", "since")
    examples = MEMBER_EXAMPLE | PROVIDER_EXAMPLE | {"until": "2025-12-31"}
    rows = FamilyDoctorContract
    related = ("provider",)

    provider_code = Column(_("provider code"), CodeCell(32), headings=("签约机构编号", *PROVIDER_CODES))
    since = Column(_("first day"), DayCell(), headings=("签约日期", *FIRST_DAYS))
    until = Column(_("last day"), DayCell(), in_header=False, default=None, headings=("解约日期", *LAST_DAYS))

    def preload(self, sheet: Sheet) -> None:
        """The members, their contracts, and the region's institutions with these codes."""
        super().preload(sheet)
        providers = fetch(Provider.objects.filter(region=self.context.region), "code", sheet["provider_code"])
        self.providers = {provider.code: provider for provider in providers}

    def problems(self, values: Values) -> Iterator[Problem]:
        """An unknown member or institution, or a last day before the first."""
        yield from super().problems(values)
        if values["provider_code"] not in self.providers:
            yield Problem("provider_code", _("The region has no such provider. Import or register it first."))

    def _facts(self, row: Any, values: Values) -> dict[str, Any]:
        return super()._facts(row, values) | {"provider_code": row.provider.code}

    def _new(self, values: Values) -> Any:
        contract = super()._new(values)
        contract.provider = self.providers[values["provider_code"]]
        return contract
