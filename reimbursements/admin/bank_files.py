"""The bank's two files on a batch's page: the one it gets, and the one it answers with."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, link_action
from agency.admin.moves import OpenTo
from agency.admin.views import page_url, row_view
from agency.exceptions import MoveNotAllowed, SamePersonDecides
from files.admin.downloads import csv_download
from files.admin.file_import_forms import bring_url
from reimbursements.models import BatchState, PaymentBatch
from reimbursements.selectors.payments import bank_file_headers
from reimbursements.services import payments as service

CHANGE = "reimbursements.change_paymentbatch"


def is_approved(batch: PaymentBatch, user: Any) -> bool:
    """The bank may get it."""
    return batch.state == BatchState.APPROVED


@link_action(gettext_lazy("File for the bank"), permission=CHANGE, icon="download", applies=OpenTo("take_file"))
def download_bank_file(page: Any, request: HttpRequest, batch: PaymentBatch) -> str:
    return page_url(batch, "bank_file")


@row_view("bank-file.csv", name="bank_file", permission=CHANGE)
def bank_file(page: Any, request: DeskRequest, batch: PaymentBatch) -> HttpResponseBase:
    """The file; the batch's history keeps who took it. Http404 before it was approved.

    Whoever had a hand in a claim is told so on the batch's page.
    """
    try:
        rows = service.take_bank_file(batch, actor=request.user)
    except MoveNotAllowed as error:
        raise Http404 from error
    except SamePersonDecides as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(page_url(batch))
    return csv_download(f"payments-{batch.region.slug}-{batch.number}", bank_file_headers(), rows)


@link_action(
    gettext_lazy("Read the bank's answer"),
    permission=CHANGE,
    icon="upload_file",
    applies=OpenTo("read_answer", also=is_approved),
)
def upload_answer(page: Any, request: DeskRequest, batch: PaymentBatch) -> str:
    return bring_url("bank_answers", region=batch.region_id, about=batch.pk)
