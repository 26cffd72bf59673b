"""Civil servants' bases from a file."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from files.importing.cells import AmountCell, Column, MonthCell, choice_cell
from files.importing.resource import Values
from members.models import CivilServantBasis
from members.models.contributions import BasisKind
from members.resources.about_members import MEMBER_EXAMPLE, AboutMembers
from members.services.corrections import withdraw_civil_servant_basis
from members.services.people import set_civil_servant_basis


class CivilServantBasisResource(AboutMembers):
    """One row for the sum that a member's civil-servant subsidy is a share of, from a month on.

    Another kind or amount for the same month corrects it.
    """

    label = _("civil servant bases")
    permission = "members.add_civilservantbasis"
    key = ("member_number", "since")
    corrected = frozenset({"kind", "amount"})
    examples = MEMBER_EXAMPLE | {"amount": "6800.00"}
    rows = CivilServantBasis

    since = Column(_("from month"), MonthCell())
    kind = Column(_("kind"), choice_cell(BasisKind))
    amount = Column(_("yuan a month"), AmountCell(above_zero=True))

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The basis that begins in this month."""
        held = next((basis for basis in self.of_member(values) if basis.since == values["since"]), None)
        return held and {"kind": held.kind, "amount": held.amount}

    def save(self, values: Values) -> CivilServantBasis:
        said = {name: values[name] for name in ("since", "kind", "amount")}
        return set_civil_servant_basis(self.member(values), **said, **self.who_and_when)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the basis, or record the kind and amount of before."""
        basis = self.made_row(made)
        self.check_unchanged(values, {"kind": basis.kind, "amount": basis.amount})
        if not before:
            withdraw_civil_servant_basis(basis, **self.who_and_when)
            return
        said = {"kind": BasisKind(basis.kind), "amount": basis.amount} | dict(before)
        set_civil_servant_basis(basis.member, since=basis.since, **said, **self.who_and_when)
