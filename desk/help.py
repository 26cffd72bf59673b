"""The pages of the handbook, and which task of it belongs to which page of the desk."""

from typing import Any

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agency.models import Role
from agency.scoping import roles_held
from desk import handbook

# The task of a page, by the name of its address: a list's, a button's, or of all pages of a table. The first of a role
# that the reader holds is theirs.
PLACES: dict[str, tuple[str, ...]] = {
    "fund": ("supervisor#month", "finance#month"),
    "index": ("supervisor#queue", "first_steps#sign-in"),
    "pages": ("first_steps#pages",),
    "password_change": ("first_steps#login-menu",),
    "own_sign_in": ("first_steps#login-menu",),
    "locked_logins": ("system_administrator#password",),
    "audit_access_reveal": ("clerk#whole-numbers",),
    "audit_access": ("auditor#log", "system_administrator#log"),
    "agency_export": ("auditor#exports", "system_administrator#exports", "first_steps#lists"),
    "agency_export_monthly_reports": ("supervisor#month", "finance#month"),
    "agency_job": ("system_administrator#jobs", "auditor#books"),
    "agency_poolingregion": ("system_administrator#region", "auditor#law", "policy_officer#in-time"),
    "agency_roleassignment": ("system_administrator#roles", "auditor#roles"),
    "agency_rolerequest": ("system_administrator#requests", "auditor#roles"),
    "agency_user": ("system_administrator#open", "auditor#roles"),
    "agency_user_give_role": ("system_administrator#roles",),
    "agency_user_end_sessions": ("system_administrator#password",),
    "agency_user_reset_second_factor": ("system_administrator#password",),
    "agency_user_set_password": ("system_administrator#password",),
    "accounts_accountclosing": ("clerk#account", "supervisor#requests"),
    "accounts_accountrequest": ("clerk#account", "supervisor#requests"),
    "accounts_creditdifference": ("finance#recover",),
    "accounts_creditrun": ("finance#credits", "supervisor#credits"),
    "accounts_familyuseauthorization": ("clerk#account", "supervisor#requests"),
    "accounts_ledgeraccount": ("clerk#account", "auditor#follow"),
    "accounts_ledgeraccount_year_end": ("finance#month",),
    "accounts_ledgerentry": ("auditor#follow", "clerk#account"),
    "accounts_yearlyinterest": ("finance#interest",),
    "claims_batchyear": ("policy_officer#publish",),
    "claims_claim": ("clerk#claim", "auditor#follow"),
    "claims_claim_trial": ("clerk#trial",),
    "claims_resettlement": ("finance#recover",),
    "claims_resettlementbatch": ("policy_officer#publish",),
    "claims_reversal": ("supervisor#requests", "clerk#claim"),
    "clearing_auditdeduction": ("clerk#statements",),
    "clearing_providerstatement": ("clerk#statements", "supervisor#payments", "finance#providers"),
    "clearing_settledfile": ("clerk#statements",),
    "clearing_settledrecord": ("clerk#statements",),
    "clearing_yearclearing": ("clerk#statements", "supervisor#payments", "finance#providers"),
    "files_fileimport": ("clerk#import",),
    "interface_message": ("clerk#messages", "auditor#follow"),
    "interface_reconciliation": ("clerk#reconciliation", "auditor#follow"),
    "interface_reconciliationrow": ("clerk#reconciliation", "auditor#follow"),
    "interface_providercredential": ("system_administrator#keys", "auditor#roles"),
    "members_diseaseregistration": ("supervisor#requests", "clerk#registrations"),
    "members_member": ("clerk#member",),
    "members_member_add": ("clerk#enroll",),
    "members_member_enroll": ("clerk#enroll",),
    "members_member_register_disease": ("clerk#registrations",),
    "monitoring_monitoringstandard": ("supervisor#flags",),
    "monitoring_reviewflag": ("supervisor#flags", "auditor#monitoring"),
    "monitoring_reviewflag_provider_months": ("supervisor#month", "auditor#monitoring"),
    "notes_note": ("first_steps#notes",),
    "notes_task": ("first_steps#notes",),
    "policies_article": ("policy_officer#document", "auditor#law"),
    "policies_averagepension": ("policy_officer#pensions", "supervisor#law"),
    "policies_disease": ("clerk#registrations",),
    "policies_instrument": ("policy_officer#document",),
    "policies_localfigure": ("policy_officer#figures",),
    "policies_policyversion": ("policy_officer#draft", "supervisor#law", "auditor#law"),
    "policies_policyversion_publish": ("policy_officer#publish",),
    "policies_policyversion_submit": ("policy_officer#publish",),
    "providers_catalogitem": ("policy_officer#catalogue",),
    "providers_provider": ("clerk#statements", "auditor#monitoring"),
    "reimbursements_paymentbatch": ("finance#payments", "supervisor#payments"),
    "reimbursements_reimbursement": ("clerk#reimbursement", "supervisor#examine"),
    "simulation_simulation": ("policy_officer#simulate", "supervisor#law"),
    "simulation_workedcase": ("policy_officer#cases",),
}


def contents(request: HttpRequest) -> HttpResponse:
    """The tasks of the reader's roles, then everybody else's."""
    own = _chapters_of(request.user)
    own_chapters = [handbook.chapter(name) for name in handbook.CHAPTERS if name in own]
    others = [handbook.chapter(name) for name in handbook.CHAPTERS if name not in own]
    return _page(request, "desk/help.html", _("Help"), own=own_chapters, others=others)


def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """A chapter to read or print."""
    try:
        read = handbook.chapter(name)
    except KeyError as error:
        raise Http404 from error
    return _page(request, "desk/help_chapter.html", f"{_('Help')} · {read.title}", chapter=read)


def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the demonstration."""
    try:
        return FileResponse(handbook.picture(name).open("rb"), content_type="image/png")
    except FileNotFoundError as error:
        raise Http404 from error


def address_for(request: HttpRequest) -> str:
    """Where the handbook speaks of the page that the request asked for; its contents where it does not."""
    match = request.resolver_match
    place = place_of(match.url_name or "" if match else "", _chapters_of(request.user))
    if not place:
        return reverse("admin:help")
    name, anchor = place.split("#")
    return f"{reverse('admin:help_chapter', args=[name])}#{anchor}"


def place_of(url_name: str, own: set[str]) -> str:
    """Of the page itself, or of all pages of its table: `members_member_enroll`, then `members_member`."""
    while url_name:
        if url_name in PLACES:
            places = PLACES[url_name]
            return next((place for place in places if place.split("#")[0] in own), places[0])
        url_name = url_name.rpartition("_")[0]
    return ""


def _chapters_of(user: Any) -> set[str]:
    """A superuser administers."""
    roles = {Role.SYSTEM_ADMINISTRATOR.value} if user.is_superuser else roles_held(user)
    return {handbook.FIRST_STEPS, *roles}


def _page(request: HttpRequest, template: str, title: str, **shown: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **shown})
