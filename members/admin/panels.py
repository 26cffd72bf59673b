"""Tabs of a member's page: how insured, what was contributed, what is registered."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.approval import state_label
from agency.admin.formats import day, days, link, month, yuan
from agency.admin.panels import Column, RowsPanel, Table, TablesPanel
from agency.admin.views import page_url


class EnrollmentsPanel(RowsPanel):
    """How the member is and was insured."""

    name = "enrollments"
    title = gettext_lazy("Enrollments")
    permission = "members.view_enrollment"
    columns = (
        Column(gettext_lazy("In force"), lambda each: days(each.period)),
        Column(gettext_lazy("Scheme"), lambda each: each.get_scheme_display()),
        Column(gettext_lazy("Employment"), lambda each: each.get_employment_display()),
        Column(gettext_lazy("Status"), lambda each: each.get_status_display()),
        Column(gettext_lazy("Account before"), lambda each: _("yes") if each.had_account_before else _("no")),
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
        Column(gettext_lazy("Month"), lambda each: month(each.month)),
        Column(gettext_lazy("Contribution base"), lambda each: yuan(each.base), is_figure=True),
        Column(gettext_lazy("Received on"), lambda each: day(each.received_on)),
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
        Column(gettext_lazy("Disease"), lambda each: link(page_url(each), each.disease)),
        Column(gettext_lazy("Benefit"), lambda each: each.get_benefit_display()),
        Column(gettext_lazy("In force"), lambda each: days(each.period)),
        Column(gettext_lazy("State"), state_label),
    )
    empty = gettext_lazy("No disease is registered for this member.")

    def rows(self) -> Any:
        return self.obj.disease_registrations.select_related("disease").order_by("-period", "-pk")


class RegistrationsPanel(TablesPanel):
    """Out-of-area care, hospital stays, special nursing, civil-servant bases."""

    name = "registrations"
    title = gettext_lazy("Registrations")
    permission = "members.view_outofarearegistration"

    def tables(self) -> list[Table]:
        """A table each; what there is none of is left out."""
        period = Column(_("Days"), lambda each: days(each.period))
        kind = Column(_("Kind"), lambda each: each.get_kind_display())
        place = Column(_("Place of registration"), lambda each: each.place or _("any"))
        registrations = [
            self._table(self.obj.out_of_area_registrations.order_by("-period"), [kind, place, period]),
            self._table(self.obj.hospitalstay_set.order_by("-period"), [period]),
            self._table(self.obj.specialnursing_set.order_by("-period"), [period]),
            self._table(
                self.obj.civil_servant_bases.order_by("-since"),
                [
                    Column(_("From month"), lambda each: month(each.since)),
                    kind,
                    Column(_("Yuan a month"), lambda each: yuan(each.amount), is_figure=True),
                ],
            ),
        ]
        tables = [table for table in registrations if table.rows]
        return tables or [Table((), (), empty=_("Nothing is registered for this member."))]

    def _table(self, rows: Any, columns: list[Column]) -> Table:
        return Table.of(rows[:200], columns, caption=str(rows.model._meta.verbose_name_plural))
