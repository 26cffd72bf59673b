"""The checklist of a manual reimbursement: which papers it needs, and which of them are missing."""

from claims.models import Claim, DocumentKind
from claims.selectors.documents import missing_of
from reimbursements.models import Reimbursement, ReimbursementKind

_ALWAYS = (
    DocumentKind.IDENTITY,
    DocumentKind.INVOICE,
    DocumentKind.ITEMISED_LIST,
    DocumentKind.RECORD,
    DocumentKind.BANK_ACCOUNT,
)

# Papers of a manual reimbursement, by why the visit was not settled at the provider.
REQUIRED: dict[ReimbursementKind, tuple[DocumentKind, ...]] = {
    ReimbursementKind.GENERAL: _ALWAYS,
    ReimbursementKind.NO_CARD: _ALWAYS,
    ReimbursementKind.OUT_OF_AREA: (*_ALWAYS, DocumentKind.REFERRAL_FORM),
    ReimbursementKind.EMERGENCY: (*_ALWAYS, DocumentKind.EMERGENCY_CERTIFICATE),
    ReimbursementKind.REFERRAL: (*_ALWAYS, DocumentKind.REFERRAL_FORM),
}


def required_kinds(claim: Claim) -> tuple[DocumentKind, ...]:
    """The checklist of a claim; empty for one that is no manual reimbursement."""
    kind = Reimbursement.objects.filter(claim=claim).values_list("kind", flat=True).first()
    return REQUIRED[ReimbursementKind(kind)] if kind else ()


def missing_kinds(claim: Claim) -> list[DocumentKind]:
    """What the checklist asks for and is not there, in the order of the checklist."""
    return missing_of(claim, required_kinds(claim))
