"""What a member is told to bring: asked once, everything at once, on a slip to take home."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, link_action
from agency.admin.formats import day
from agency.admin.moves import move_button
from agency.admin.views import page_url, row_view
from claims.models import DocumentKind
from reimbursements.admin.forms import MissingPapersForm, missing_papers_of, told_kinds
from reimbursements.admin.states import was_not_told, was_told
from reimbursements.models import Reimbursement
from reimbursements.selectors.papers import missing_kinds
from reimbursements.services import reimbursements

PERMISSION = "reimbursements.view_missingpapers"


@move_button(
    Reimbursement,
    "tell",
    title=gettext_lazy("Tell what is missing"),
    also=was_not_told,
    form=MissingPapersForm,
    initial=lambda obj: {"kinds": missing_kinds(obj.claim)},
    icon="playlist_remove",
    description=gettext_lazy("The member is told once, everything at once. The slip can be printed afterwards."),
)
def tell_missing(page: Any, request: DeskRequest, obj: Reimbursement, data: dict[str, Any]) -> str:
    kinds = [DocumentKind(kind) for kind in data["kinds"]]
    told: dict[str, Any] = {"note": data["note"], "on": data["on"], "today": localdate()}
    reimbursements.tell_missing_papers(obj, kinds=kinds, **told, actor=request.user)
    return _("The notice is recorded. Print the slip for the member.")


@link_action(gettext_lazy("Slip of missing papers"), permission=PERMISSION, icon="print", applies=was_told)
def print_missing(page: Any, request: HttpRequest, obj: Reimbursement) -> str:
    return page_url(obj, "missing")


@row_view("missing/", name="missing", permission=PERMISSION)
def slip(page: Any, request: HttpRequest, obj: Reimbursement) -> HttpResponse:
    """The page to print. Http404 where nothing was told."""
    papers = missing_papers_of(obj)
    if papers is None:
        raise Http404
    claim, region = obj.claim, obj.claim.member.region
    context = {
        "claim": claim,
        "region": region,
        "facts": [
            (_("Name"), claim.member.name),
            (_("Identity number"), claim.member.masked_identity_number),
            (_("Claim number"), claim.claim_number),
            (_("Provider"), claim.provider),
            (_("Served on"), day(claim.served_on)),
            (_("Filed on"), day(claim.filed_on)),
            (_("Told on"), day(papers.told_on)),
        ],
        "papers": told_kinds(papers),
        "note": papers.note,
        "days": region.reimbursement_days,
        "days_at_most": region.reimbursement_days_at_most,
        "signatures": [(_("Handled by"), papers.told_by or ""), (_("Member"), "")],
        "printed_on": day(localdate()),
        "back_url": page_url(obj),
    }
    return TemplateResponse(request, "reimbursements/missing_papers.html", context)
