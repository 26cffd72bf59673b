"""What files have in common whose rows each say something of one member."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from agency.services.taking_back import still_there
from files.importing.cells import CodeCell, Column
from files.importing.reading import Sheet
from files.importing.resource import Problem, ServiceResource, Values, fetch
from members.models import Member
from members.resources.lookup import MEMBER_NUMBERS, MemberLookup, unknown_member

MEMBER_EXAMPLE = {"member_number": "0000123456"}


class AboutMembers(ServiceResource):
    """Rows that name their member by the member number. `rows` is the table of what they say, read with `related`."""

    rows: type[Model]
    related: ClassVar[tuple[str, ...]] = ()

    member_number = Column(_("member number"), CodeCell(32), headings=MEMBER_NUMBERS)

    def preload(self, sheet: Sheet) -> None:
        """The members that the rows name, and what is recorded of them in the table."""
        self.members = MemberLookup(self.context.region, numbers=sheet["member_number"])
        ids = [member.pk for member in self.members.by_number.values()]
        self.recorded_of: dict[int, list[Any]] = {}
        recorded = self.rows._default_manager.select_related(*self.related or (None,))
        for row in fetch(recorded, "member_id", ids):
            self.recorded_of.setdefault(row.member_id, []).append(row)

    def problems(self, values: Values) -> Iterator[Problem]:
        if self.members.with_number(values["member_number"]) is None:
            yield unknown_member("member_number")

    def member(self, values: Values) -> Member:
        """The member of a row that has no problem."""
        return self.members.by_number[values["member_number"]]

    def of_member(self, values: Values) -> list[Any]:
        """What the table has of the row's member."""
        return self.recorded_of.get(self.member(values).pk, [])

    def made_row(self, made: int) -> Any:
        """What a row made. DomainError where it is there no more."""
        return still_there(self.rows._default_manager, made)

    @property
    def who(self) -> dict[str, Any]:
        """Under whose name and for what reason services write."""
        return {"actor": self.context.actor, "reason": self.context.reason}

    @property
    def who_and_when(self) -> dict[str, Any]:
        """The same with the day on which the office knows it."""
        return {**self.who, "known_on": self.context.today}
