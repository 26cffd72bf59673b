"""The member's page with everything the office knows of them."""

import uuid
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from accounts.admin.ledger import entries_of, entry_columns
from accounts.models import LedgerAccount
from agency.admin.actions import FormAction, link_action, page_url
from agency.admin.formats import badge, day, link, yuan
from agency.admin.panels import Column, RowsPanel, Table, TablesPanel
from claims.models import BenefitUsage, Claim, ClaimState
from desk.admin.member_account import AccountButtons, FamilyPanel, SpendForm, account_of
from members.admin.panels import ContributionsPanel, DiseasesPanel, EnrollmentsPanel, RegistrationsPanel
from members.admin.people import MemberAdmin
from members.models import Member
from policies.admin.refusals import AppliesLaw
from policies.engine.vocabulary import Benefit, CeilingScope
from policies.labels import LABELS

CLAIM_TONES = {
    ClaimState.REGISTERED: "info",
    ClaimState.SETTLED: "success",
    ClaimState.REFUSED: "danger",
    ClaimState.REVERSED: "",
    ClaimState.WITHDRAWN: "",
}
_SCOPES = {term.value: LABELS[term] for terms in (Benefit, CeilingScope) for term in terms}


class AccountPanel(RowsPanel):
    """The personal account's entries, newest first."""

    name = "account"
    title = gettext_lazy("Personal account")
    permission = "accounts.view_ledgerentry"
    empty = gettext_lazy("Nothing was credited or paid yet.")

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """From the account's point of view."""
        return entry_columns(account_of(self.thing) or LedgerAccount())

    def rows(self) -> Any:
        """Of the account, if there is one."""
        account = account_of(self.thing)
        return entries_of(account) if account else []


class ClaimsPanel(RowsPanel):
    """The member's claims, newest first."""

    name = "claims"
    title = gettext_lazy("Claims")
    permission = "claims.view_claim"
    columns = (
        Column(gettext_lazy("Claim"), lambda claim: link(page_url(claim), claim)),
        Column(gettext_lazy("Served on"), lambda claim: day(claim.served_on)),
        Column(gettext_lazy("Provider"), lambda claim: claim.provider),
        Column(gettext_lazy("Benefit"), lambda claim: claim.get_benefit_display()),
        Column(
            gettext_lazy("State"), lambda claim: badge(claim.get_state_display(), CLAIM_TONES[ClaimState(claim.state)])
        ),
        Column(gettext_lazy("Refused because"), lambda claim: claim.get_refusal_reason_display()),
    )
    empty = gettext_lazy("No claim.")

    def rows(self) -> Any:
        """Newest first."""
        return Claim.objects.filter(member=self.thing).select_related("provider").order_by("-served_on", "-id")


class UsagePanel(TablesPanel):
    """What the member used of each benefit in a year."""

    name = "usage"
    title = gettext_lazy("Benefit usage")
    permission = "claims.view_benefitusage"

    def tables(self) -> list[Table]:
        """The last three years that have any, the newest first."""
        rows = list(
            BenefitUsage.objects.filter(member=self.thing, key="", year__gte=localdate().year - 2).order_by(
                "-year", "month", "scope"
            )
        )
        columns = (
            Column(_("Month"), lambda row: row.month, is_figure=True),
            Column(_("Counts in"), lambda row: _SCOPES.get(row.scope, row.scope)),
            Column(_("Policy-covered amount"), lambda row: yuan(row.covered), is_figure=True),
            Column(_("Deductible borne"), lambda row: yuan(row.deductible), is_figure=True),
            Column(_("Paid by the fund"), lambda row: yuan(row.paid), is_figure=True),
        )
        years = dict.fromkeys(row.year for row in rows)
        tables = [Table.of([row for row in rows if row.year == year], columns, caption=str(year)) for year in years]
        return tables or [Table((), (), empty=_("Nothing was used this year or in the two before."))]


def has_account(member: Member, user: Any) -> bool:
    """An account was opened, closed since or not."""
    return account_of(member) is not None


@admin.register(Member)
class MemberPage(AccountButtons, AppliesLaw, MemberAdmin):
    """Identity and insurance, and under tabs what was contributed, registered, credited, claimed and used."""

    panels = (
        EnrollmentsPanel,
        ContributionsPanel,
        AccountPanel,
        ClaimsPanel,
        UsagePanel,
        DiseasesPanel,
        RegistrationsPanel,
        FamilyPanel,
    )
    actions_detail = (
        "new_claim",
        {
            "title": gettext_lazy("Account"),
            "items": [
                "pay_from_account",
                "authorize_relative",
                "transfer_in",
                "freeze_account",
                "unfreeze_account",
                "close_account",
                "account_statement",
            ],
        },
        *MemberAdmin.actions_detail,
    )
    fieldsets = (
        *MemberAdmin.fieldsets,
        (gettext_lazy("Personal account"), {"fields": (("balance_yuan", "account_state"),)}),
    )

    def initial_of(self, action: FormAction, thing: Any) -> dict[str, Any]:
        """Each payment form has a key of its own."""
        return {"key": str(uuid.uuid4())} if action.form is SpendForm else super().initial_of(action, thing)

    @display(description=gettext_lazy("balance"))
    def balance_yuan(self, member: Member) -> str:
        """A dash before the first credit."""
        account = account_of(member)
        return yuan(account.balance if account else None)

    @display(description=gettext_lazy("state of the account"))
    def account_state(self, member: Member) -> str:
        """Open, frozen, closed, or not yet opened."""
        account = account_of(member)
        return account.get_state_display() if account else _("no account yet")

    @link_action(gettext_lazy("New claim"), permission="claims.add_claim", icon="receipt_long", primary=True)
    def new_claim(self, request: HttpRequest, member: Member) -> str:
        """The claim's form with this member in it."""
        return f"{reverse('admin:claims_claim_add')}?member={member.pk}"

    @link_action(
        gettext_lazy("Statement of account"), permission="accounts.view_ledgerentry", icon="print", applies=has_account
    )
    def account_statement(self, request: HttpRequest, member: Member) -> str:
        """Of the member's account; before the first credit the page itself."""
        account = account_of(member)
        return reverse("admin:accounts_ledgeraccount_statement", args=[account.pk]) if account else page_url(member)
