"""Members from a file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.importing.cells import AmountCell, CodeCell, Column, DayCell, TextCell, choice_cell
from agency.importing.reading import Sheet
from agency.importing.resource import Problem, ServiceResource, Values, fetch
from members.models import Member, Sex
from members.resources.lookup import IDENTITY_NUMBERS, MEMBER_NUMBERS, person_hash
from members.services.people import IdentityNumberRefused, check_identity_number, register_member

# Codes of the national platform (gend 性别).
_SEX_CODES = {"1": Sex.MALE, "2": Sex.FEMALE}


class MemberResource(ServiceResource):
    """One row for a person: number, name, identity number, and what is on the identity card."""

    label = _("members")
    permission = "members.add_member"
    key = ("member_number",)

    member_number = Column(_("member number"), CodeCell(32), headings=MEMBER_NUMBERS)
    name = Column(_("name"), TextCell(64))
    identity_number = Column(_("identity number"), CodeCell(32), headings=IDENTITY_NUMBERS, is_personal=True)
    sex = Column(_("sex"), choice_cell(Sex, _SEX_CODES))
    birth_date = Column(_("date of birth"), DayCell())
    phone = Column(_("phone"), CodeCell(32), in_header=False, default="", is_personal=True)
    employer = Column(_("employer"), TextCell(120), in_header=False, default="")
    old_retiree_credit = Column(_("old retiree standard, yuan a month"), AmountCell(), in_header=False, default=None)

    def preload(self, sheet: Sheet) -> None:
        """The members of the region who have these numbers, or are these persons."""
        members = Member.objects.filter(region=self.context.region).defer("identity_number")
        self.known = {
            member.member_number: member for member in fetch(members, "member_number", sheet["member_number"])
        }
        hashes = map(person_hash, sheet["identity_number"])
        persons = members.values_list("identity_hash", "member_number")
        self.numbers: dict[str, str] = dict(fetch(persons, "identity_hash", hashes))
        self.persons: dict[str, Values] = {}

    def problems(self, values: Values) -> Iterator[Problem]:
        """A wrong identity number, a person who is in the file twice, or a member under another number."""
        try:
            check_identity_number(values["identity_number"], birth_date=values["birth_date"], sex=values["sex"])
        except IdentityNumberRefused as refusal:
            yield Problem("identity_number", refusal.message)
            return
        person = person_hash(values["identity_number"])
        first = self.persons.setdefault(person, values)
        if first["member_number"] != values["member_number"]:
            said = _("The same person is in line %(line)s already.")
            yield Problem("identity_number", str(said) % {"line": self.line(first.number)})
        elif self.numbers.get(person, values["member_number"]) != values["member_number"]:
            yield Problem("identity_number", _("This person is a member of the region already, under another number."))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The member with this number."""
        known = self.known.get(values["member_number"])
        if known is None:
            return None
        is_same_person = known.identity_hash == person_hash(values["identity_number"])
        return {
            "name": known.name,
            "identity_number": values["identity_number"] if is_same_person else None,
            "sex": known.sex,
            "birth_date": known.birth_date,
            "phone": known.phone,
            "employer": known.employer,
            "old_retiree_credit": known.old_retiree_credit,
        }

    def save(self, values: Values) -> Member:
        return register_member(
            self.context.region,
            **{name: value for name, value in values.items() if name != "region"},
            known_on=self.context.today,
            actor=self.context.actor,
            reason=self.context.reason,
        )
