"""A reimbursement beside its papers: the calculation on one half of the page, the files on the other."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import link_action, page_url
from agency.admin.approval import decision_url
from agency.admin.formats import day, listed
from agency.admin.permissions import may
from claims.admin.documents import document_url
from claims.admin.trials import invoice_notice
from claims.models import ClaimDocument, ContentType
from claims.selectors.documents import same_files, same_invoice, standing_documents
from reimbursements.models import Reimbursement

_DECISIONS = ("approve", "return_to_clerk", "refuse", "accept_late")


class ExaminesSideBySide:
    """Adds the page and the button that leads to it."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """One page for each reimbursement."""
        page = ("<path:object_id>/side-by-side/", "reimbursements_reimbursement_side_by_side", self.examine_view)
        return (*super().get_custom_urls(), page)  # type: ignore[misc]

    @link_action(
        gettext_lazy("Examine side by side"),
        permission="claims.view_claimdocument",
        icon="vertical_split",
    )
    def examine(self, request: HttpRequest, thing: Reimbursement) -> str:
        """The page."""
        return reverse("admin:reimbursements_reimbursement_side_by_side", args=[thing.pk])

    def examine_view(self, request: HttpRequest, object_id: str, **options: Any) -> HttpResponse:
        """Both halves. Http404 for whoever may not read the papers."""
        admin: Any = self
        thing: Reimbursement | None = (
            admin.get_object(request, object_id) if admin.has_view_permission(request) else None
        )
        if thing is None or not may(request.user, "claims.view_claimdocument", thing):
            raise Http404
        claim = thing.claim
        shown = [panel for panel in admin.get_panels(request, thing) if panel.name in ("trial", "lines", "documents")]
        request.current_app = admin.admin_site.name
        context = {
            **admin.admin_site.each_context(request),
            "title": _("Examine side by side"),
            "opts": admin.opts,
            "thing": thing,
            "facts": [
                (_("Member"), claim.member),
                (_("Provider"), claim.provider),
                (_("Served on"), day(claim.served_on)),
                (_("Filed on"), day(claim.filed_on)),
                (_("Invoice number"), claim.invoice_number or "—"),
                (_("Out of area"), claim.get_out_of_area_display() or "—"),
                (_("Place of service"), claim.place or "—"),
                (_("Payee"), thing.payee_name or "—"),
                (_("Bank"), thing.payee_bank or "—"),
                (_("Bank account number"), thing.masked_account or "—"),
            ],
            "notices": invoice_notice(same_invoice(claim)) + _file_notices(thing),
            "panels": shown,
            "papers": [_paper(document) for document in standing_documents(claim).order_by("pk")],
            "decisions": self._decisions(request, thing),
            "back_url": page_url(thing),
        }
        return TemplateResponse(request, "reimbursements/examine.html", context)

    def _decisions(self, request: HttpRequest, thing: Reimbursement) -> list[dict[str, Any]]:
        """The decisions that this person may take now, with their forms."""
        actions = [(name, getattr(self, name).desk_action) for name in _DECISIONS]
        return [
            {
                "title": action.title,
                "url": decision_url(reverse(f"admin:reimbursements_reimbursement_{name}", args=[thing.pk]), thing),
                "variant": "primary" if name == "approve" else "danger" if action.danger else "default",
            }
            for name, action in actions
            if action.offered_to(request.user, thing)
        ]


def _file_notices(thing: Reimbursement) -> list[str]:
    names = dict(standing_documents(thing.claim).values_list("digest", "name"))
    return [
        _("The file %(name)s stands with other claims, too: %(claims)s.")
        % {"name": names[digest], "claims": listed(claims)}
        for digest, claims in same_files(thing.claim).items()
    ]


def _paper(document: ClaimDocument) -> dict[str, Any]:
    return {
        "document": document,
        "url": document_url(document),
        "is_image": document.content_type != ContentType.PDF,
    }
