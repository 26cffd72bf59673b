"""Tabs of a member's page: how insured, what was contributed, what is registered."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.column import Column
from agency.admin.panels import RowsPanel, Table, TablesPanel


class EnrollmentsPanel(RowsPanel):
    """How the member is and was insured."""

    name = "enrollments"
    title = gettext_lazy("Enrollments")
    permission = "members.view_enrollment"
    columns = (
        column.days("period"),
        column.text("scheme"),
        column.text("employment"),
        column.text("status"),
        column.yes_no("had_account_before", gettext_lazy("Account before")),
    )
    empty = gettext_lazy("Not insured yet.")

    def rows(self) -> Any:
        return self.obj.enrollments.order_by("-period")


class ContributionsPanel(RowsPanel):
    """Contributions by the month they are for."""

    name = "contributions"
    title = gettext_lazy("Contributions")
    permission = "members.view_contribution"
    columns = (
        column.month("month"),
        column.yuan("base"),
        column.day("received_on"),
    )
    empty = gettext_lazy("No contribution recorded.")

    def rows(self) -> Any:
        return self.obj.contributions.order_by("-month")


class DiseasesPanel(RowsPanel):
    """Diseases registered, or waiting to be."""

    name = "diseases"
    title = gettext_lazy("Disease registrations")
    permission = "members.view_diseaseregistration"
    columns = (
        column.text("disease").leading(),
        column.text("benefit"),
        column.days("period"),
        column.state(),
    )
    empty = gettext_lazy("No disease is registered for this member.")

    def rows(self) -> Any:
        return self.obj.disease_registrations.select_related("disease").order_by("-period", "-pk")


class RegistrationsPanel(TablesPanel):
    """Out-of-area care, family doctors, hospital stays, special nursing, civil-servant bases."""

    name = "registrations"
    title = gettext_lazy("Registrations")
    permission = "members.view_outofarearegistration"
    is_lazy = True

    def tables(self) -> list[Table]:
        """A table each; what there is none of is left out."""
        period = column.days("period", _("Days"))
        kind = column.text("kind", _("Kind"))
        place = column.text(lambda each: each.place or _("any"), _("Place of registration"))
        registrations = [
            self._table(self.obj.out_of_area_registrations.order_by("-period"), [kind, place, period]),
            self._table(
                self.obj.family_doctor_contracts.select_related("provider").order_by("-period"),
                [column.text("provider", _("Institution")), period],
            ),
            self._table(self.obj.hospitalstay_set.order_by("-period"), [period]),
            self._table(self.obj.specialnursing_set.order_by("-period"), [period]),
            self._table(
                self.obj.civil_servant_bases.order_by("-since"),
                [
                    column.month("since", _("From month")),
                    kind,
                    column.yuan("amount", _("Yuan a month")),
                ],
            ),
        ]
        tables = [table for table in registrations if table.rows]
        return tables or [Table((), (), empty=_("Nothing is registered for this member."))]

    def _table(self, rows: Any, columns: list[Column]) -> Table:
        return Table.of(rows[:200], columns, caption=str(rows.model._meta.verbose_name_plural))
