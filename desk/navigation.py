"""What stands in the sidebar: pages grouped by subject, each shown to whoever may open it."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency.admin.imports import kinds_of
from agency.admin.permissions import may

# Whoever may import some kind of file finds the page.
IMPORTS = "imports"
# Pages of their own whose addresses lie within a list's.
_INNER_PAGES = (
    "admin:agency_job_import",
    "admin:accounts_ledgeraccount_year_end",
    "admin:monitoring_reviewflag_provider_months",
)

# Subject → pages: title, icon, permission that opens it, address.
_SUBJECTS: tuple[tuple[Any, tuple[tuple[Any, str, str, str], ...]], ...] = (
    (
        _("Insured persons"),
        (
            (_("Members"), "group", "members.view_member", "members_member_changelist"),
            (
                _("Disease registrations"),
                "vaccines",
                "members.view_diseaseregistration",
                "members_diseaseregistration_changelist",
            ),
            (_("Providers"), "local_hospital", "providers.view_provider", "providers_provider_changelist"),
        ),
    ),
    (
        _("Claims"),
        (
            (_("Claims"), "receipt_long", "claims.view_claim", "claims_claim_changelist"),
            (
                _("Manual reimbursements"),
                "request_quote",
                "reimbursements.view_reimbursement",
                "reimbursements_reimbursement_changelist",
            ),
            (_("Files of settlements"), "upload_file", "clearing.view_settledfile", "clearing_settledfile_changelist"),
            (
                _("Settled records"),
                "compare_arrows",
                "clearing.view_settledrecord",
                "clearing_settledrecord_changelist",
            ),
            (_("Reversals"), "undo", "claims.view_reversal", "claims_reversal_changelist"),
            (_("Re-settlements"), "swap_horiz", "claims.view_resettlement", "claims_resettlement_changelist"),
            (
                _("Payment batches"),
                "payments",
                "reimbursements.view_paymentbatch",
                "reimbursements_paymentbatch_changelist",
            ),
            (
                _("Provider statements"),
                "request_page",
                "clearing.view_providerstatement",
                "clearing_providerstatement_changelist",
            ),
            (
                _("Audit deductions"),
                "remove_circle",
                "clearing.view_auditdeduction",
                "clearing_auditdeduction_changelist",
            ),
            (
                _("Years' clearings"),
                "event_available",
                "clearing.view_yearclearing",
                "clearing_yearclearing_changelist",
            ),
            (_("Review flags"), "flag", "monitoring.view_reviewflag", "monitoring_reviewflag_changelist"),
            (
                _("Providers by month"),
                "monitoring",
                "monitoring.view_reviewflag",
                "monitoring_reviewflag_provider_months",
            ),
            (
                _("Monitoring standards"),
                "tune",
                "monitoring.view_monitoringstandard",
                "monitoring_monitoringstandard_changelist",
            ),
        ),
    ),
    (
        _("Personal accounts"),
        (
            (_("Credit runs"), "event_repeat", "accounts.view_creditrun", "accounts_creditrun_changelist"),
            (
                _("Credits above entitlement"),
                "rule",
                "accounts.view_creditdifference",
                "accounts_creditdifference_changelist",
            ),
            (
                _("Accounts"),
                "account_balance_wallet",
                "accounts.view_ledgeraccount",
                "accounts_ledgeraccount_changelist",
            ),
            (_("Ledger"), "menu_book", "accounts.view_ledgerentry", "accounts_ledgerentry_changelist"),
            (
                _("Yearly interest"),
                "savings",
                "accounts.view_yearlyinterest",
                "accounts_yearlyinterest_changelist",
            ),
            (
                _("Year-end carry-over"),
                "event_available",
                "accounts.view_ledgeraccount",
                "accounts_ledgeraccount_year_end",
            ),
            (
                _("Family use"),
                "family_restroom",
                "accounts.view_familyuseauthorization",
                "accounts_familyuseauthorization_changelist",
            ),
            (
                _("Account requests"),
                "assignment",
                "accounts.view_accountrequest",
                "accounts_accountrequest_changelist",
            ),
            (
                _("Closings"),
                "no_accounts",
                "accounts.view_accountclosing",
                "accounts_accountclosing_changelist",
            ),
        ),
    ),
    (
        _("The law"),
        (
            (_("Policy versions"), "gavel", "policies.view_policyversion", "policies_policyversion_changelist"),
            (_("Local figures"), "edit_note", "policies.view_localfigure", "policies_localfigure_changelist"),
            (_("Diseases"), "coronavirus", "policies.view_disease", "policies_disease_changelist"),
            (_("Catalogue"), "medication", "providers.view_catalogitem", "providers_catalogitem_changelist"),
            (_("Instruments"), "description", "policies.view_instrument", "policies_instrument_changelist"),
            (_("Articles"), "format_list_numbered", "policies.view_article", "policies_article_changelist"),
            (
                _("Average pensions"),
                "elderly",
                "policies.view_averagepension",
                "policies_averagepension_changelist",
            ),
        ),
    ),
    (
        _("The office"),
        (
            (_("Imports"), "upload_file", IMPORTS, "agency_job_import"),
            (_("Jobs"), "pending_actions", "agency.view_job", "agency_job_changelist"),
            (_("Staff"), "badge", "agency.view_user", "agency_user_changelist"),
            (_("Roles"), "key", "agency.view_roleassignment", "agency_roleassignment_changelist"),
            (_("Role requests"), "how_to_reg", "agency.view_rolerequest", "agency_rolerequest_changelist"),
            (_("Pooling regions"), "map", "agency.view_poolingregion", "agency_poolingregion_changelist"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The subjects with the pages that this person may open."""
    groups: list[dict[str, Any]] = [{"items": [{"title": _("Home"), "icon": "home", "link": reverse("admin:index")}]}]
    for title, pages in _SUBJECTS:
        items = [
            _page(request, name, icon, reverse(f"admin:{address}"))
            for name, icon, permission, address in pages
            if (kinds_of(request.user) if permission == IMPORTS else may(request.user, permission))
        ]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups


def _page(request: HttpRequest, name: Any, icon: str, link: str) -> dict[str, Any]:
    inner = [address for address in map(reverse, _INNER_PAGES) if request.path.startswith(address)]
    active = link in inner if inner else request.path.startswith(link)
    return {"title": name, "icon": icon, "link": link, "active": active}


def stylesheet(request: HttpRequest) -> str:
    """The desk's own looks."""
    return static("desk/desk.css")


def script(request: HttpRequest) -> str:
    """The desk's own behaviour: names for screen readers, lines of a form."""
    return static("desk/desk.js")


def favicon(request: HttpRequest) -> str:
    """The desk's mark on the browser's tab."""
    return static("desk/favicon.svg")
