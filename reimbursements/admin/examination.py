"""A reimbursement beside its papers: the calculation on one half of the page, the files on the other."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import link_action
from agency.admin.approval import decision_url
from agency.admin.case_queue import next_url
from agency.admin.formats import day, listed
from agency.admin.views import page_url, row_view
from agency.content import ContentType
from claims.admin.documents import document_url
from claims.admin.trials import invoice_notice
from claims.models import ClaimDocument
from claims.selectors.documents import same_files, same_invoice, standing_documents
from reimbursements.models import Reimbursement

_DECISIONS = ("approve", "return_to_clerk", "refuse", "accept_late")


@link_action(gettext_lazy("Examine side by side"), permission="claims.view_claimdocument", icon="vertical_split")
def examine(page: Any, request: HttpRequest, obj: Reimbursement) -> str:
    return page_url(obj, "side_by_side")


@row_view("side-by-side/", name="side_by_side", permission="claims.view_claimdocument")
def side_by_side(page: Any, request: HttpRequest, obj: Reimbursement) -> HttpResponse:
    """Both halves, for whoever may read the papers."""
    claim = obj.claim
    shown = [panel for panel in page.get_panels(request, obj) if panel.name in ("trial", "lines", "documents")]
    request.current_app = page.admin_site.name
    context = {
        **page.admin_site.each_context(request),
        "title": _("Examine side by side"),
        "opts": page.opts,
        "obj": obj,
        "facts": [
            (_("Member"), claim.member),
            (_("Provider"), claim.provider),
            (_("Served on"), day(claim.served_on)),
            (_("Filed on"), day(claim.filed_on)),
            (_("Invoice number"), claim.invoice_number or "—"),
            (_("Out of area"), claim.get_out_of_area_display() or "—"),
            (_("Place of service"), claim.place or "—"),
            (_("Payee"), obj.payee_name or "—"),
            (_("Bank"), obj.payee_bank or "—"),
            (_("Bank account number"), obj.masked_account or "—"),
        ],
        "notices": invoice_notice(same_invoice(claim)) + _file_notices(obj),
        "panels": shown,
        "papers": [_paper(document) for document in standing_documents(claim).order_by("pk")],
        "decisions": _decisions(page, request, obj),
        "next_url": next_url(request.user, obj),
        "back_url": page_url(obj),
    }
    return TemplateResponse(request, "reimbursements/examine.html", context)


def _decisions(page: Any, request: HttpRequest, obj: Reimbursement) -> list[dict[str, Any]]:
    """The decisions that this person may take now, with their forms."""
    actions = [(name, page.button(name).desk_action) for name in _DECISIONS]
    return [
        {
            "title": action.title,
            "url": decision_url(page_url(obj, name), obj),
            "attrs": action.attrs,
            "variant": "primary" if name == "approve" else "danger" if action.danger else "default",
        }
        for name, action in actions
        if action.offered_to(request.user, obj)
    ]


def _file_notices(obj: Reimbursement) -> list[str]:
    names = dict(standing_documents(obj.claim).values_list("digest", "name"))
    return [
        _("The file %(name)s stands with other claims, too: %(claims)s.")
        % {"name": names[digest], "claims": listed(claims)}
        for digest, claims in same_files(obj.claim).items()
    ]


def _paper(document: ClaimDocument) -> dict[str, Any]:
    return {
        "document": document,
        "url": document_url(document),
        "is_image": document.content_type != ContentType.PDF,
    }
