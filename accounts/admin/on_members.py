"""What a member's page has of their account: entries, family use, balance, and what a clerk does with it."""

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.account_requests import RequestForm, TransferInForm
from accounts.admin.closings import ClosingForm
from accounts.admin.family import AuthorizationForm
from accounts.admin.ledger import entries_of, entry_columns
from accounts.models import AccountKind, AccountState, FamilyUseAuthorization, LedgerAccount, LedgerEntry
from accounts.services.account_requests import submit_freeze, submit_transfer_in, submit_unfreeze
from accounts.services.closing import submit_closing
from accounts.services.family import submit_authorization
from accounts.services.spending import spend
from agency.admin import column
from agency.admin.actions import DeskRequest, Done, Menu, form_action, link_action
from agency.admin.column import Column
from agency.admin.fields import ChoiceField, SearchField, YuanField
from agency.admin.forms import DeskForm
from agency.admin.panels import RowsPanel
from agency.admin.views import page_url
from members.models import Member
from policies.engine.vocabulary import ClosingReason, Purpose
from policies.labels import choices


def account_of(member: Any) -> LedgerAccount | None:
    """The member's personal account, if one was opened; read once for a page."""
    if "_account_on_page" not in member.__dict__:
        member.__dict__["_account_on_page"] = LedgerAccount.objects.filter(member_id=member.pk).first()
    account: LedgerAccount | None = member.__dict__["_account_on_page"]
    return account


class AccountPanel(RowsPanel):
    """The personal account's entries, newest first."""

    name = "account"
    title = gettext_lazy("Personal account")
    permission = "accounts.view_ledgerentry"
    empty = gettext_lazy("Nothing was credited or paid yet.")

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """From the account's point of view."""
        return entry_columns(account_of(self.obj) or LedgerAccount(kind=AccountKind.PERSONAL))

    def rows(self) -> Any:
        """Of the account, if there is one."""
        account = account_of(self.obj)
        return entries_of(account) if account else []


class FamilyPanel(RowsPanel):
    """Relatives whom the account pays for, or is to pay for."""

    name = "family"
    title = gettext_lazy("Family use")
    permission = "accounts.view_familyuseauthorization"
    columns = (
        column.text("relative").leading(),
        column.text("relationship"),
        column.days("period"),
        column.state(),
    )
    empty = gettext_lazy("The account pays for its holder alone.")

    def rows(self) -> Any:
        return self.obj.family_authorizations.select_related("relative").order_by("-period", "-pk")


class SpendForm(DeskForm):
    """What the account pays, and for whom; the hidden key makes a second click pay nothing more."""

    purpose = ChoiceField(label=gettext_lazy("Purpose"), choices=choices(Purpose))
    amount = YuanField(label=gettext_lazy("Amount, yuan"))
    relative = SearchField(
        source=FamilyUseAuthorization._meta.get_field("relative"),
        label=gettext_lazy("For a relative"),
        required=False,
        help_text=gettext_lazy("Empty: for the holder. A relative must be authorized on this day."),
    )
    provider = SearchField(
        source=LedgerEntry._meta.get_field("provider"),
        label=gettext_lazy("Provider"),
        required=False,
        help_text=gettext_lazy("Where the expense arose: it is owed the amount. Empty for a premium only."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=36, initial=lambda: str(uuid.uuid4()))


def has_open_account(member: Member, user: Any) -> bool:
    """There is an account to pay from."""
    account = account_of(member)
    return account is not None and account.state == AccountState.OPEN


def has_frozen_account(member: Member, user: Any) -> bool:
    """There is an account that pays nothing for now."""
    account = account_of(member)
    return account is not None and account.state == AccountState.FROZEN


def can_close(member: Member, user: Any) -> bool:
    """There is an account, frozen or not, that is not closed."""
    return has_open_account(member, user) or has_frozen_account(member, user)


def can_receive(member: Member, user: Any) -> bool:
    return account_of(member) is None or can_close(member, user)


def has_account(member: Member, user: Any) -> bool:
    """An account was opened, closed since or not."""
    return account_of(member) is not None


@form_action(
    gettext_lazy("Pay from the account"),
    permission="accounts.spend_account",
    form=SpendForm,
    icon="account_balance_wallet",
    applies=has_open_account,
    description=gettext_lazy("The region's rules say what an account may pay, and for whom."),
)
def pay_from_account(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> str:
    purpose = Purpose(data.pop("purpose"))
    paid = spend(member, purpose=purpose, **data, on=localdate(), actor=request.user)
    return _("Paid. The balance is now %(balance)s yuan.") % {"balance": f"{paid.balance:,.2f}"}


@form_action(
    gettext_lazy("Authorize a relative"),
    permission="accounts.add_familyuseauthorization",
    form=AuthorizationForm,
    icon="family_restroom",
    applies=has_open_account,
    description=gettext_lazy("The account may pay for the relative once another person has approved it."),
)
def authorize_relative(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> Done:
    asked = submit_authorization(member, data.pop("relative"), **data, actor=request.user)
    return Done(_("The authorization waits for another person's decision."), asked)


@form_action(
    gettext_lazy("Transfer a balance in"),
    permission="accounts.add_accountrequest",
    form=TransferInForm,
    icon="move_to_inbox",
    applies=can_receive,
    description=gettext_lazy(
        "What another agency has sent with the member. Another person decides; without an account one is opened."
    ),
)
def transfer_in(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> Done:
    asked = submit_transfer_in(member, **data, actor=request.user)
    return Done(_("The transfer waits for another person's decision."), asked)


@form_action(
    gettext_lazy("Freeze the account"),
    permission="accounts.add_accountrequest",
    form=RequestForm,
    icon="ac_unit",
    applies=has_open_account,
    description=gettext_lazy("Another person decides. A frozen account is credited, but pays nothing."),
)
def freeze_account(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> Done:
    asked = submit_freeze(member, **data, actor=request.user)
    return Done(_("The freezing waits for another person's decision."), asked)


@form_action(
    gettext_lazy("Unfreeze the account"),
    permission="accounts.add_accountrequest",
    form=RequestForm,
    icon="lock_open",
    applies=has_frozen_account,
    description=gettext_lazy("Another person decides. The account then pays again."),
)
def unfreeze_account(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> Done:
    asked = submit_unfreeze(member, **data, actor=request.user)
    return Done(_("The unfreezing waits for another person's decision."), asked)


@form_action(
    gettext_lazy("Close the account"),
    permission="accounts.add_accountclosing",
    form=ClosingForm,
    icon="no_accounts",
    danger=True,
    applies=can_close,
    description=gettext_lazy("Another person decides. Approved, the balance is paid out and nothing moves any more."),
)
def close_account(page: Any, request: DeskRequest, member: Member, data: dict[str, Any]) -> Done:
    closing_reason = ClosingReason(data.pop("closing_reason"))
    asked = submit_closing(member, closing_reason=closing_reason, **data, actor=request.user)
    return Done(_("The closing waits for another person's decision."), asked)


@link_action(
    gettext_lazy("Statement of account"), permission="accounts.view_ledgerentry", icon="print", applies=has_account
)
def account_statement(page: Any, request: HttpRequest, member: Member) -> str:
    """Of the member's account; before the first credit the page itself."""
    account = account_of(member)
    return page_url(account, "statement") if account else page_url(member)


BUTTONS = Menu(
    gettext_lazy("Account"),
    (
        pay_from_account,
        authorize_relative,
        transfer_in,
        freeze_account,
        unfreeze_account,
        close_account,
        account_statement,
    ),
)
