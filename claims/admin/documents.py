"""A claim's papers on its page: what is there, what is missing, what was seen before; uploaded, viewed, withdrawn."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from unfold.widgets import UnfoldAdminSelectWidget

from agency.admin import column
from agency.admin.actions import DeskRequest, form_action
from agency.admin.fields import ChoiceField, UploadField
from agency.admin.formats import NOTHING, badge, link
from agency.admin.forms import DeskForm, ReasonedForm
from agency.admin.panels import Table, TablesPanel
from agency.admin.papers import shown_file
from agency.admin.permissions import may
from agency.admin.views import page_url, row_view
from agency.services.file_checks import LARGEST_MB
from claims.models import Claim, ClaimDocument, DocumentKind
from claims.rooms_above import papers_asked_for
from claims.selectors.documents import missing_of, same_files, same_invoice, standing_documents
from claims.services import documents


def takes_documents(claim: Claim, user: Any) -> bool:
    return claim.state in documents.OPEN_STATES and not documents.is_submitted(claim)


def gives_documents_back(claim: Claim, user: Any) -> bool:
    """There is one that can still be withdrawn."""
    return takes_documents(claim, user) and standing_documents(claim).exists()


def document_url(document: ClaimDocument) -> str:
    """Where whoever may read the claim's documents views one."""
    return reverse("admin:claims_claim_document", args=[document.claim_id, document.pk])


class AttachForm(DeskForm):
    """A file, and what it is."""

    kind = ChoiceField(label=gettext_lazy("Kind of paper"), choices=DocumentKind.choices)
    content = UploadField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **options: Any) -> None:
        """The limits are said before somebody waits for a file to be sent."""
        super().__init__(*args, **options)
        self.fields["content"].help_text = _("PDF, JPEG or PNG, at most %(megabytes)s MB") % {"megabytes": LARGEST_MB}


class WithdrawForm(ReasonedForm):
    document = forms.ModelChoiceField(
        ClaimDocument.objects.none(),
        label=gettext_lazy("File"),
        empty_label=gettext_lazy("Choose…"),
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["document"].queryset = standing_documents(self.obj)  # type: ignore[attr-defined,arg-type]


class DocumentsPanel(TablesPanel):
    """The checklist, the files, and other claims with the same invoice."""

    name = "documents"
    title = gettext_lazy("Documents")
    tab = False
    permission = "claims.view_claimdocument"

    def tables(self) -> list[Table]:
        """Warnings first; a claim that is no manual reimbursement has no checklist."""
        invoices, checklist = same_invoice(self.obj), papers_asked_for(self.obj)
        return [
            *([self._invoices(invoices)] if invoices else []),
            *([self._checklist(checklist)] if checklist else []),
            self._files(),
        ]

    def _invoices(self, claims: list[Claim]) -> Table:
        columns = (
            column.link(),
            column.text("state"),
            column.text(
                lambda claim: badge(_("same invoice number of the same provider"), "warning"), _("Look at this")
            ),
        )
        return Table.of(claims, columns, caption=_("Same invoice"))

    def _checklist(self, kinds: Sequence[DocumentKind]) -> Table:
        missing = missing_of(self.obj, kinds)
        columns = (
            column.text("label", _("Paper")),
            column.text(
                lambda kind: badge(_("missing"), "warning") if kind in missing else badge(_("there"), "success"),
                _("State"),
            ),
        )
        return Table.of(kinds, columns, caption=_("Checklist"))

    def _files(self) -> Table:
        again = same_files(self.obj)
        open_to_change = takes_documents(self.obj, None) and may(
            self.request.user, "claims.change_claimdocument", self.obj
        )
        columns = [
            column.text(_view_link, _("File")),
            column.text("kind", _("Kind of paper")),
            column.written(filesizeformat, "size", _("Size"), is_figure=True),
            column.text("uploaded_by"),
            column.instant("uploaded_at"),
            column.text(lambda document: _found_again(document, again), _("Found again on")),
            column.text(lambda document: _withdrawn(document, open_to_change), _("Withdrawn")),
        ]
        files = ClaimDocument.objects.filter(claim=self.obj).select_related("uploaded_by", "withdrawn_by")
        return Table.of(files, columns, caption=_("Files"), empty=_("No file was uploaded."))


def _view_link(document: ClaimDocument) -> Any:
    return format_html(
        '<a class="desk-link" href="{}" target="_blank" rel="noopener">{}</a>', document_url(document), document.name
    )


def _found_again(document: ClaimDocument, again: dict[str, list[Claim]]) -> Any:
    if document.withdrawn_by_id is not None or document.digest not in again:
        return NOTHING
    between = pgettext("between the things of a list", ", ")
    links = format_html_join(between, "{}", ((link(page_url(claim), claim),) for claim in again[document.digest]))
    return format_html("{} {}", badge(_("same file"), "warning"), links)


def _withdrawn(document: ClaimDocument, open_to_change: bool) -> Any:
    if document.withdrawn_by_id is not None:
        return f"{document.withdrawn_by}: {document.withdrawn_reason}"
    if not open_to_change:
        return NOTHING
    form = reverse("admin:claims_claim_withdraw_document", args=[document.claim_id])
    return link(f"{form}?document={document.pk}", _("Withdraw"))


@row_view("documents/<int:document_id>/", name="document", permission="claims.view_claimdocument")
def document_file(page: Any, request: HttpRequest, claim: Claim, document_id: int) -> HttpResponseBase:
    """The file as the browser shows it."""
    document = ClaimDocument.objects.filter(claim=claim, pk=document_id).first()
    if document is None:
        raise Http404
    return shown_file(document.file, document.name, document.content_type, digest=document.digest)


@form_action(
    gettext_lazy("Upload a document"),
    permission="claims.add_claimdocument",
    form=AttachForm,
    icon="upload_file",
    applies=takes_documents,
    description=gettext_lazy("A scan or a photograph of one paper. The file itself is looked at, not its name."),
)
def attach_document(page: Any, request: DeskRequest, claim: Claim, data: dict[str, Any]) -> str:
    content = data["content"]
    documents.attach_document(
        claim, kind=DocumentKind(data["kind"]), content=content, name=content.name, actor=request.user
    )
    return _("The document was uploaded.")


@form_action(
    gettext_lazy("Withdraw a document"),
    permission="claims.change_claimdocument",
    form=WithdrawForm,
    icon="scan_delete",
    applies=gives_documents_back,
    description=gettext_lazy("For a file uploaded by mistake. It stays with the claim, marked, with the reason."),
)
def withdraw_document(page: Any, request: DeskRequest, claim: Claim, data: dict[str, Any]) -> str:
    documents.withdraw_document(data["document"], actor=request.user, reason=data["reason"])
    return _("The document was withdrawn.")
