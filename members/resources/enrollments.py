"""Enrollments from a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.services.taking_back import still_there
from files.importing.batches import BatchResource
from files.importing.cells import CodeCell, Column, DayCell, FlagCell
from files.importing.reading import Sheet
from files.importing.resource import Problem, Values, fetch
from members.models import Enrollment, Member
from members.resources.lookup import IDENTITY_NUMBERS, MEMBER_NUMBERS, MemberLookup, unknown_member
from members.services.enrollments import enroll_all, withdraw_enrollment
from policies.engine.vocabulary import AccountScheme, Employment, InsuredStatus
from policies.resources import term_cell


class EnrollmentResource(BatchResource):
    """One row for a way of being insured, from a day on; the next row of the same member ends it.

    The member is named by the member number or by the identity number; where a row has both, they must be one person's.
    """

    label = _("enrollments")
    permission = "members.add_enrollment"
    key = ("member_number", "identity_number", "since")
    examples = {"member_number": "0000123456", "identity_number": ""}

    member_number = Column(_("member number"), CodeCell(32), headings=MEMBER_NUMBERS, in_header=False, default="")
    identity_number = Column(
        _("identity number"), CodeCell(32), headings=IDENTITY_NUMBERS, in_header=False, default="", is_personal=True
    )
    since = Column(_("insured from"), DayCell())
    scheme = Column(_("scheme"), term_cell(AccountScheme))
    employment = Column(_("employment"), term_cell(Employment))
    status = Column(_("status"), term_cell(InsuredStatus))
    had_account_before = Column(_("had a personal account before"), FlagCell(), in_header=False, default=True)

    def preload(self, sheet: Sheet) -> None:
        """The members that the rows name, and the enrollments they have."""
        headers = sheet.headers or []
        self.members = MemberLookup(
            self.context.region,
            numbers=sheet["member_number"] if "member_number" in headers else (),
            identities=sheet["identity_number"] if "identity_number" in headers else (),
        )
        ids = {member.pk for member in (*self.members.by_number.values(), *self.members.by_identity.values())}
        self.known: dict[tuple[int, date], Enrollment] = {
            (enrollment.member_id, enrollment.period.lower): enrollment
            for enrollment in fetch(Enrollment.objects.all(), "member_id", ids)
        }
        self.days: dict[tuple[int, date], int] = {}

    def member(self, values: Values) -> Member | None:
        """The member that a row names, by whichever number it has."""
        if values["member_number"]:
            return self.members.with_number(values["member_number"])
        found = self.members.with_identity(values["identity_number"])
        return found[0] if len(found) == 1 else None

    def problems(self, values: Values) -> Iterator[Problem]:
        """Nobody named, an unknown member, two with one number, two numbers of two people, or the same day named by
        the other number.
        """
        if not values["member_number"] and not values["identity_number"]:
            yield Problem("member_number", _("Give the member number or the identity number."))
            return
        named = self.members.with_identity(values["identity_number"])
        if len(named) > 1 and not values["member_number"]:
            yield Problem("identity_number", _("Two members have passports with this number. Give the member number."))
            return
        member = self.member(values)
        if member is None:
            yield unknown_member("member_number" if values["member_number"] else "identity_number")
            return
        if values["identity_number"] and member not in named:
            yield Problem("identity_number", _("The member number and the identity number are not one person's."))
        first = self.days.setdefault((member.pk, values["since"]), values.number)
        if first != values.number:
            said = _("The same is said in line %(line)s already.")
            yield Problem("since", str(said) % {"line": self.line(first)})

    def repeated(self, values: Values) -> Iterator[Problem]:
        """Left to `problems`, because two rows may name one member in two ways."""
        yield from ()

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The enrollment of the member that begins on this day."""
        member = self.member(values)
        known = self.known.get((member.pk, values["since"])) if member else None
        if known is None:
            return None
        return {name: getattr(known, name) for name in ("scheme", "employment", "status", "had_account_before")}

    def save(self, values: Values) -> Enrollment:
        """Enroll the member; what held before ends the day before."""
        (enrollment,) = self.save_all([values])
        return enrollment

    def save_all(self, rows: Sequence[Values]) -> Sequence[Enrollment]:
        """Enroll the members."""
        facts = ("scheme", "employment", "status", "had_account_before")
        new = [
            Enrollment(
                member=self.member(row), period=DateRange(row["since"], None), **{name: row[name] for name in facts}
            )
            for row in rows
        ]
        return enroll_all(new, known_on=self.context.today, actor=self.context.actor, reason=self.context.reason)

    def apart(self, values: Values) -> Any:
        """The member: what is said of one later ends what is said before."""
        member = self.member(values)
        return member.pk if member else None

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the enrollment; the one that it ended holds again."""
        enrollment = still_there(Enrollment.objects, made)
        told = ("scheme", "employment", "status", "had_account_before")
        self.check_unchanged(values, {name: getattr(enrollment, name) for name in told})
        withdraw_enrollment(
            enrollment, known_on=self.context.today, actor=self.context.actor, reason=self.context.reason
        )
