"""Members from a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.services.taking_back import still_there
from files.importing.batches import BatchResource
from files.importing.cells import AmountCell, CodeCell, Column, DayCell, TextCell, choice_cell
from files.importing.reading import Sheet
from files.importing.resource import Problem, Values, fetch
from members.documents import NATIONAL_CODES, check_identity_number, identity_hash, possible_hashes
from members.models import IdentityDocument, Member, Sex
from members.names import normal_name
from members.resources.lookup import IDENTITY_NUMBERS, MEMBER_NUMBERS
from members.services.corrections import withdraw_member
from members.services.people import NewMember, register_members

# Codes of the national platform (gend 性别).
_SEX_CODES = {"1": Sex.MALE, "2": Sex.FEMALE}
_DOCUMENT_KINDS = ("证件种类", "证件类别", "证件名称", "身份证件类型", "人员证件类型")
# What lists call the documents beside our own labels. Who has no resident's number and shows just "a passport" shows a
# foreign one; a citizen's is named so.
_DOCUMENTS = {
    IdentityDocument.RESIDENT_CARD: (
        "身份证 二代身份证 第二代身份证 居民户口簿 户口簿 户口本 身份证/户口簿 居民身份证/户口簿 居民身份证(户口簿)"
    ),
    IdentityDocument.FOREIGNER_CARD: "外国人永久居留证 外国人永居证 永居证 永久居留证 永久居留身份证",
    IdentityDocument.RESIDENCE_PERMIT: (
        "港澳台居住证 港澳居民居住证 港澳居住证 香港居民居住证 澳门居民居住证 台湾居民居住证 台湾居住证"
    ),
    IdentityDocument.FOREIGN_PASSPORT: "护照 passport 外国人护照 外籍护照 国外护照",
    IdentityDocument.CHINESE_PASSPORT: "中国普通护照 中华人民共和国护照 因私护照",
}
_SPELLED = {name: kind for kind, names in _DOCUMENTS.items() for name in names.split()}


# What the kinds of file are called that correct what is recorded of members.
CORRECTIONS, OLD_STANDARDS = _("corrections of members"), _("old retiree standards")


class NameCell(TextCell):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        """The name in the form in which names are stored."""
        return super().clean(normal_name(value), row, **kwargs)


class MemberResource(BatchResource):
    """One row for a person: number, name, the kind and number of the document, and what is on it.

    The column of the kind may be missing, and the cells of sex and date of birth empty, where the number tells them.
    """

    label = _("members")
    permission = "members.add_member"
    key = ("member_number",)
    corrected_by = {**dict.fromkeys(("name", "phone", "employer"), CORRECTIONS), "old_retiree_credit": OLD_STANDARDS}
    examples = {
        "member_number": "0000123456",
        "name": "张伟",
        "document_kind": "01",
        "identity_number": "11010519491231002X",
        "sex": "F",
        "birth_date": "1949-12-31",
        "phone": "13800000000",
        "employer": "第一机械厂",
        "old_retiree_credit": "",
    }

    member_number = Column(_("member number"), CodeCell(32), headings=MEMBER_NUMBERS)
    name = Column(_("name"), NameCell(64))
    document_kind = Column(
        _("kind of document"),
        choice_cell(IdentityDocument, {**NATIONAL_CODES, **_SPELLED}),
        headings=_DOCUMENT_KINDS,
        in_header=False,
        default=None,
    )
    identity_number = Column(_("identity number"), CodeCell(32), headings=IDENTITY_NUMBERS, is_personal=True)
    sex = Column(_("sex"), choice_cell(Sex, _SEX_CODES), default=None)
    birth_date = Column(_("date of birth"), DayCell(), default=None)
    phone = Column(_("phone"), CodeCell(32), in_header=False, default="", is_personal=True)
    employer = Column(_("employer"), TextCell(120), in_header=False, default="")
    old_retiree_credit = Column(_("old retiree standard, yuan a month"), AmountCell(), in_header=False, default=None)

    def preload(self, sheet: Sheet) -> None:
        """The members of the region who have these numbers, or are these persons."""
        members = Member.objects.filter(region=self.context.region).defer("identity_number")
        self.known = {
            member.member_number: member for member in fetch(members, "member_number", sheet["member_number"])
        }
        hashes = (each for number in sheet["identity_number"] for each in possible_hashes(number))
        persons = members.values_list("identity_hash", "member_number")
        self.numbers: dict[str, str] = dict(fetch(persons, "identity_hash", hashes))
        self.persons: dict[str, Values] = {}

    def problems(self, values: Values) -> Iterator[Problem]:
        """A wrong identity number, a person who is in the file twice, or a member under another number.

        What the number itself says is filled in.
        """
        try:
            identity = check_identity_number(
                values["identity_number"],
                kind=values["document_kind"],
                birth_date=values["birth_date"],
                sex=values["sex"],
            )
        except DomainError as refusal:
            yield Problem(str(refusal.details["field"]), refusal.message)
            return
        values |= {
            "document_kind": identity.kind,
            "identity_number": identity.number,
            "birth_date": identity.birth_date,
            "sex": identity.sex,
        }
        person = identity_hash(identity.kind, identity.number)
        first = self.persons.setdefault(person, values)
        if first["member_number"] != values["member_number"]:
            said = _("The same person is in line %(line)s already.")
            yield Problem("identity_number", str(said) % {"line": self.line(first.number)})
        elif self.numbers.get(person, values["member_number"]) != values["member_number"]:
            yield Problem("identity_number", _("This person is a member of the region already, under another number."))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The member with this number. Whoever has the same hash has the same kind of document."""
        known = self.known.get(values["member_number"])
        if known is None:
            return None
        is_same_person = known.identity_hash == identity_hash(values["document_kind"], values["identity_number"])
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
        (member,) = self.save_all([values])
        return member

    def save_all(self, rows: Sequence[Values]) -> list[Member]:
        """Register the people."""
        people = [NewMember(**{name: value for name, value in row.items() if name != "region"}) for row in rows]
        context = self.context
        return register_members(
            context.region, people, known_on=context.today, actor=context.actor, reason=context.reason
        )

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the member, of whom nothing else is recorded."""
        member = still_there(Member.objects, made)
        told = ("name", "phone", "employer", "old_retiree_credit")
        self.check_unchanged(values, {name: getattr(member, name) for name in told})
        withdraw_member(member, actor=self.context.actor, reason=self.context.reason)
