"""Conversions to retired, and terminations, from files."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from files.importing.cells import Column, DayCell
from files.importing.resource import Values
from members.models import Enrollment
from members.resources.about_members import MEMBER_EXAMPLE, AboutMembers
from members.resources.periods import last_day_of
from members.services import enrollments
from policies.engine.vocabulary import InsuredStatus


class RetirementResource(AboutMembers):
    """One row for a member who becomes a retiree; scheme and employment stay."""

    label = _("conversions to retired")
    permission = "members.change_member"
    key = ("member_number",)
    examples = MEMBER_EXAMPLE
    rows = Enrollment

    retired_from = Column(_("retired from"), DayCell(), headings=("退休日期", "退休时间", "在职转退休日期"))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The enrollment as a retiree that holds on the day, or begins later."""
        for held in sorted(self.of_member(values), key=lambda row: row.period.lower):
            is_later = held.period.upper is None or held.period.upper > values["retired_from"]
            if held.status == InsuredStatus.RETIRED and is_later:
                return {"retired_from": held.period.lower}
        return None

    def save(self, values: Values) -> Enrollment:
        day: date = values["retired_from"]
        return enrollments.convert_to_retired(self.member(values), retired_from=day, **self.who_and_when)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the enrollment as a retiree; the one before holds on."""
        enrollment = self.made_row(made)
        is_retired = enrollment.status == InsuredStatus.RETIRED
        self.check_unchanged(values, {"retired_from": enrollment.period.lower if is_retired else None})
        enrollments.withdraw_enrollment(enrollment, **self.who_and_when)


class TerminationResource(AboutMembers):
    """One row for a member whose insurance ends with a day. An earlier day than the one recorded corrects it."""

    label = _("terminations")
    permission = "members.change_member"
    key = ("member_number",)
    corrected = frozenset({"last_day"})
    examples = MEMBER_EXAMPLE
    rows = Enrollment

    last_day = Column(_("last day insured"), DayCell(), headings=("停保日期", "终止日期", "参保终止日期"))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The day with which the newest enrollment ends, where it does."""
        newest = max(self.of_member(values), key=lambda row: row.period.lower, default=None)
        if newest is None or newest.period.upper is None:
            return None
        return {"last_day": last_day_of(newest.period)}

    def save(self, values: Values) -> Enrollment:
        return enrollments.terminate(self.member(values), last_day=values["last_day"], **self.who_and_when)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Let the insurance hold on, or until the day of before."""
        enrollment = self.made_row(made)
        self.check_unchanged(values, {"last_day": last_day_of(enrollment.period)})
        enrollments.take_back_termination(enrollment, last_day=before.get("last_day"), **self.who_and_when)
