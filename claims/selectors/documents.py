"""Which papers a claim has, which are missing, and where the same file or invoice was handed in before."""

from collections import defaultdict

from django.db.models import Q, QuerySet

from claims.models import Claim, ClaimDocument, ClaimState, DocumentKind, Reimbursement, ReimbursementKind

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


def standing_documents(claim: Claim) -> QuerySet[ClaimDocument]:
    """The claim's documents without those withdrawn."""
    return ClaimDocument.objects.filter(claim=claim, withdrawn_by__isnull=True)


def missing_kinds(claim: Claim) -> list[DocumentKind]:
    """What the checklist asks for and is not there, in the order of the checklist."""
    there = set(standing_documents(claim).values_list("kind", flat=True))
    return [kind for kind in required_kinds(claim) if kind not in there]


def same_files(claim: Claim) -> dict[str, list[Claim]]:
    """By digest, the other claims of the region with which one of the claim's files stands too."""
    return _claims_by_digest(claim, list(standing_documents(claim).values_list("digest", flat=True)))


def _claims_by_digest(claim: Claim, digests: list[str]) -> dict[str, list[Claim]]:
    again = (
        ClaimDocument.objects.filter(digest__in=digests, claim__region_id=claim.region_id, withdrawn_by__isnull=True)
        .exclude(Q(claim_id=claim.pk) | Q(claim__state=ClaimState.WITHDRAWN))
        .select_related("claim")
        .order_by("claim_id")
    )
    found = defaultdict(list)
    for document in again:
        found[document.digest].append(document.claim)
    return dict(found)


def same_invoice(claim: Claim) -> list[Claim]:
    """Other claims, of any member, with the same invoice number of the same provider; none without a number."""
    if not claim.invoice_number:
        return []
    same = Claim.objects.filter(
        region_id=claim.region_id, invoice_number=claim.invoice_number, provider_id=claim.provider_id
    )
    return list(same.exclude(Q(pk=claim.pk) | Q(state=ClaimState.WITHDRAWN)).order_by("pk"))
