"""What a member's page has of their claims: the claims, what was used of each benefit, a new claim."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import link_action
from agency.admin.panels import RowsPanel, Table, TablesPanel
from claims.admin.claims import STATE_TONES
from claims.models import BenefitUsage, Claim
from members.models import Member
from policies.engine.vocabulary import Benefit, CeilingScope
from policies.labels import LABELS

_SCOPES = {term.value: LABELS[term] for terms in (Benefit, CeilingScope) for term in terms}


class ClaimsPanel(RowsPanel):
    """The member's claims, newest first."""

    name = "claims"
    title = gettext_lazy("Claims")
    permission = "claims.view_claim"
    columns = (
        column.link(),
        column.day("served_on"),
        column.text("provider"),
        column.text("benefit"),
        column.badge("state", STATE_TONES),
        column.text("refusal_reason"),
    )
    empty = gettext_lazy("No claim.")

    def rows(self) -> Any:
        return Claim.objects.filter(member=self.obj).select_related("provider").order_by("-served_on", "-id")


class UsagePanel(TablesPanel):
    """What the member used of each benefit in a year."""

    name = "usage"
    title = gettext_lazy("Benefit usage")
    permission = "claims.view_benefitusage"

    def tables(self) -> list[Table]:
        """The last three years that have any, the newest first."""
        rows = list(
            BenefitUsage.objects.filter(member=self.obj, key="", year__gte=localdate().year - 2).order_by(
                "-year", "month", "scope"
            )
        )
        columns = (
            column.text("month", is_figure=True),
            column.text(lambda row: _SCOPES.get(row.scope, row.scope), _("Counts in")),
            column.yuan("covered"),
            column.yuan("deductible", _("Deductible borne")),
            column.yuan("paid", _("Paid by the fund")),
        )
        years = dict.fromkeys(row.year for row in rows)
        tables = [Table.of([row for row in rows if row.year == year], columns, caption=str(year)) for year in years]
        return tables or [Table((), (), empty=_("Nothing was used this year or in the two before."))]


@link_action(gettext_lazy("New claim"), permission="claims.add_claim", icon="receipt_long", primary=True)
def new_claim(page: Any, request: HttpRequest, member: Member) -> str:
    """The claim's form with this member in it."""
    return f"{reverse('admin:claims_claim_add')}?member={member.pk}"


@link_action(gettext_lazy("Trial calculation"), permission="claims.try_claim", icon="calculate")
def try_visit(page: Any, request: HttpRequest, member: Member) -> str:
    """The page of trial calculations with this member in it."""
    return f"{reverse('admin:claims_claim_trial')}?member={member.pk}"
