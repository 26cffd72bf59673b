"""Which papers a claim has, which of a checklist are missing, and where a file or an invoice was handed in before."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from claims.models import Claim, ClaimDocument, ClaimState, DocumentKind


def standing_documents(claim: Claim) -> QuerySet[ClaimDocument]:
    """The claim's documents without those withdrawn."""
    return ClaimDocument.objects.filter(claim=claim, withdrawn_by__isnull=True)


def missing_of(claim: Claim, kinds: Iterable[DocumentKind]) -> list[DocumentKind]:
    """Those of a checklist of which no file stands with the claim, in the order of the checklist."""
    there = set(standing_documents(claim).values_list("kind", flat=True))
    return [kind for kind in kinds if kind not in there]


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
    claims = defaultdict(list)
    for document in again:
        claims[document.digest].append(document.claim)
    return dict(claims)


def same_invoice(claim: Claim) -> list[Claim]:
    """Other claims, of any member, with the same invoice number of the same provider; none without a number."""
    if not claim.invoice_number:
        return []
    same = Claim.objects.filter(
        region_id=claim.region_id, invoice_number=claim.invoice_number, provider_id=claim.provider_id
    )
    return list(same.exclude(Q(pk=claim.pk) | Q(state=ClaimState.WITHDRAWN)).order_by("pk"))


def is_invoice_paid(claim: Claim) -> bool:
    """Whether the fund has paid the claim's invoice in another claim."""
    return any(other.state == ClaimState.SETTLED for other in same_invoice(claim))
