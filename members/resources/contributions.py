"""Contributions from a file."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from files.importing.cells import AmountCell, CodeCell, Column, DayCell, MonthCell
from files.importing.reading import Sheet
from files.importing.resource import Problem, ServiceResource, Values, fetch
from members.models import Contribution
from members.resources.lookup import MEMBER_NUMBERS, MemberLookup, unknown_member
from members.services.contributions import record_contribution, withdraw_contribution


class ContributionResource(ServiceResource):
    """One row for a member's contribution for a month. Without a day of receipt it came on time."""

    label = _("contributions")
    permission = "members.add_contribution"
    key = ("member_number", "month")
    # The day it first arrived stays.
    corrected = frozenset({"base"})

    member_number = Column(_("member number"), CodeCell(32), headings=MEMBER_NUMBERS)
    month = Column(_("month"), MonthCell(), headings=("缴费月份", "所属月份", "费款所属期"))
    base = Column(_("contribution base"), AmountCell(above_zero=True), headings=("月缴费基数", "缴费工资"))
    received_on = Column(_("received on"), DayCell(), in_header=False, default=None)

    def preload(self, sheet: Sheet) -> None:
        """The members that the rows name, and the contributions they have."""
        self.members = MemberLookup(self.context.region, numbers=sheet["member_number"])
        ids = [member.pk for member in self.members.by_number.values()]
        rows = Contribution.objects.values_list("member_id", "month", "base", "received_on")
        self.known: dict[tuple[int, date], tuple[Decimal, date]] = {
            (member, month): (base, received) for member, month, base, received in fetch(rows, "member_id", ids)
        }

    def problems(self, values: Values) -> Iterator[Problem]:
        if self.members.with_number(values["member_number"]) is None:
            yield unknown_member("member_number")

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The member's contribution for the month; the day of receipt counts only where the row has one."""
        member = self.members.by_number[values["member_number"]]
        known = self.known.get((member.pk, values["month"]))
        if known is None:
            return None
        base, received_on = known
        return {"base": base, "received_on": received_on if values["received_on"] else None}

    def save(self, values: Values) -> Contribution:
        """Record the contribution; the month is marked for the next credit run."""
        return record_contribution(
            self.members.by_number[values["member_number"]],
            month=values["month"],
            base=values["base"],
            received_on=values["received_on"],
            known_on=self.context.today,
            actor=self.context.actor,
            reason=self.context.reason,
        )

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the contribution, or record the base that it had before."""
        contribution = Contribution.objects.select_related("member").filter(pk=made).first()
        if contribution is None or contribution.base != values["base"]:
            raise DomainError(_("It was corrected since. Correct it there once more."))
        if not before:
            withdraw_contribution(
                contribution, known_on=self.context.today, actor=self.context.actor, reason=self.context.reason
            )
            return
        record_contribution(
            contribution.member,
            month=contribution.month,
            base=Decimal(before["base"]),
            known_on=self.context.today,
            actor=self.context.actor,
            reason=self.context.reason,
        )
