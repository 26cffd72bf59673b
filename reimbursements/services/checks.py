"""What keeps a reimbursement from a move: its state, its days, papers that are missing."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from agency.exceptions import DomainError
from agency.services.moves import locked
from claims.models import Claim
from claims.selectors.documents import same_files, same_invoice
from claims.services.adjudication import locked_members
from reimbursements.models import Reimbursement
from reimbursements.selectors.papers import missing_kinds


def locked_reimbursement(reimbursement: Reimbursement, move: str) -> Reimbursement:
    """The reimbursement and its claim, `locked` for a move, and before them the members whom the claim concerns.

    In this order settlements lock, too, so that the two never wait for each other in a circle (decision 0005); what is
    tried under these locks still holds when it is settled.
    """
    locked_members([Claim.objects.get(reimbursement=reimbursement.pk)])
    of_claim = ("claim__member__region", "claim__provider", "claim__disease", "claim__account_holder")
    return locked(reimbursement, move, *of_claim, of=("self", "claim"))


def check_day(reimbursement: Reimbursement, on: date, today: date) -> None:
    """DomainError for a day before the filing, or to come."""
    if on > today:
        raise DomainError(_("This day lies in the future. Enter the day on which it happened."), field="on")
    filed_on = reimbursement.claim.filed_on
    if filed_on is not None and on < filed_on:
        raise DomainError(_("This day lies before the day of filing."), field="on")


def check_papers(reimbursement: Reimbursement) -> None:
    """DomainError while the checklist asks for a paper that has no file, and nobody said why it needs none."""
    missing = missing_kinds(reimbursement.claim)
    if missing and not reimbursement.accepted_without:
        raise DomainError(
            _(
                "These papers are missing: %(papers)s. Upload them, tell the member what is missing, or say that the "
                "originals were seen."
            )
            % {"papers": pgettext("between the things of a list", ", ").join(str(kind.label) for kind in missing)},
            field="accepted_without",
        )


def check_invoice(claim: Claim) -> None:
    """DomainError without an invoice number, by which an invoice is known that was paid before (0010)."""
    if not claim.invoice_number:
        raise DomainError(
            _("The claim has no invoice number, so nobody would notice an invoice paid twice. Correct the bill first.")
        )


def check_exceptions(claim: Claim, reason: str) -> None:
    """DomainError where somebody approves, without a reason, what the checks of the papers question.

    That is a paper of the checklist without a file, and a file or an invoice that stands with another claim, too.
    """
    if not reason.strip() and (missing_kinds(claim) or same_invoice(claim) or same_files(claim)):
        raise DomainError(
            _(
                "Papers have no file here, or a file or the invoice number stands with another claim, too. Say why you "
                "approve it all the same, or return it to the clerk."
            ),
            field="reason",
        )
