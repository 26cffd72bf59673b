"""Corrections of what is known of members, their old standards and contribution months, from files."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from files.importing.cells import AmountCell, CodeCell, Column, NumberCell, TextCell
from files.importing.reading import Sheet
from files.importing.resource import Values, fetch
from members.models import Member
from members.models.members import MOST_MONTHS
from members.resources.about_members import MEMBER_EXAMPLE, AboutMembers
from members.resources.lookup import MemberLookup
from members.resources.people import CORRECTIONS, OLD_STANDARDS, NameCell
from members.services.corrections import correct_member
from members.services.people import set_contribution_months, set_old_standard


class _OfPeople(AboutMembers):
    """Rows about the row of the member itself."""

    rows = Member

    def preload(self, sheet: Sheet) -> None:
        """The members, with the columns that are compared."""
        self.members = MemberLookup(self.context.region, numbers=sheet["member_number"])


class MemberCorrectionResource(_OfPeople):
    """One row for a member whose name, phone or employer is another. An empty cell leaves what is recorded."""

    label = CORRECTIONS
    permission = "members.change_member"
    key = ("member_number",)
    corrected = frozenset({"name", "phone", "employer"})
    examples = MEMBER_EXAMPLE | {"name": "张伟", "phone": "13800000000", "employer": "第一机械厂"}

    name = Column(_("name"), NameCell(64))
    phone = Column(_("phone"), CodeCell(32), in_header=False, default="", is_personal=True)
    employer = Column(_("employer"), TextCell(120), in_header=False, default="")

    def preload(self, sheet: Sheet) -> None:
        """The members, with their phones where the file has some."""
        super().preload(sheet)
        if "phone" in (sheet.headers or ()):
            members = {member.pk: member for member in self.members.by_number.values()}
            for member, phone in fetch(Member.objects.values_list("pk", "phone"), "pk", members):
                members[member].phone = phone

    def _facts(self, member: Member, values: Values) -> dict[str, Any]:
        return {name: getattr(member, name) for name in sorted(self.corrected) if values[name]}

    def recorded(self, values: Values) -> Mapping[str, Any]:
        return self._facts(self.member(values), values)

    def save(self, values: Values) -> Member:
        said: dict[str, Any] = {name: values[name] or None for name in self.corrected}
        return correct_member(self.member(values), **said, **self.who)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Record what was recorded before."""
        member = self.made_row(made)
        self.check_unchanged(values, self._facts(member, values))
        correct_member(member, **before, **self.who)


class OldStandardResource(_OfPeople):
    """One row for a retiree's fixed monthly amount of before the reform. Another amount corrects it."""

    label = OLD_STANDARDS
    permission = "members.change_member"
    key = ("member_number",)
    corrected = frozenset({"amount"})
    examples = MEMBER_EXAMPLE | {"amount": "85.50"}

    amount = Column(_("old retiree standard, yuan a month"), AmountCell(), headings=("划入标准", "月划入标准"))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        amount: Decimal | None = self.member(values).old_retiree_credit
        return None if amount is None else {"amount": amount}

    def save(self, values: Values) -> Member:
        return set_old_standard(self.member(values), amount=values["amount"], **self.who_and_when)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Set the amount of before, or none."""
        member = self.made_row(made)
        self.check_unchanged(values, {"amount": member.old_retiree_credit})
        set_old_standard(member, amount=before.get("amount"), **self.who_and_when)


class ContributionMonthsResource(_OfPeople):
    """One row for how many months a member contributed until retirement, deemed ones included. Another number
    corrects it.
    """

    label = _("months of contribution until retirement")
    permission = "members.change_member"
    key = ("member_number",)
    corrected = frozenset({"months"})
    examples = MEMBER_EXAMPLE

    months = Column(
        _("contribution months"),
        NumberCell(digits=4, places=0, most=Decimal(MOST_MONTHS)),
        headings=("累计缴费月数", "实际缴费月数", "缴费月数合计"),
    )

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        months = self.member(values).contribution_months
        return None if months is None else {"months": months}

    def save(self, values: Values) -> Member:
        return set_contribution_months(self.member(values), months=int(values["months"]), **self.who_and_when)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Set the number of before, or none."""
        member = self.made_row(made)
        self.check_unchanged(values, {"months": member.contribution_months})
        set_contribution_months(member, months=before.get("months"), **self.who_and_when)
