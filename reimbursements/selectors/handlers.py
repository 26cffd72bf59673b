"""Who had a hand in a claim filed by hand, and so has none in its payment."""

from collections import defaultdict
from collections.abc import Collection

from claims.models import Claim, ClaimDocument, ResettlementBatch, Reversal
from reimbursements.models import MissingPapers, Reimbursement, ReimbursementState

# States that a reimbursement has while the office examines it. Whoever moves it in later ones pays it.
_EXAMINED = (
    ReimbursementState.REGISTERED,
    ReimbursementState.COMPLETE,
    ReimbursementState.SUBMITTED,
    ReimbursementState.RETURNED,
    ReimbursementState.REFUSED,
)


def handlers_of(claim_ids: Collection[int]) -> dict[int, set[int]]:
    """By claim id the ids of everybody who made or changed what it pays, or to whom.

    They registered or corrected the claim, accepted its late filing, entered the payee or corrected it after a failure,
    noted its papers, submitted or decided the reimbursement, also before the last time, or the reversal or the batch
    that had the claim settled anew. What no person did, such as an import by the machine, names nobody.
    """
    reimbursed = Reimbursement.history.filter(claim__in=claim_ids)
    decided = ("claim", "submitted_by", "decided_by", "payee_corrected_by")
    sources = (
        Claim.history.filter(id__in=claim_ids).values_list("id", "history_user", "late_filing_accepted_by"),
        reimbursed.filter(state__in=_EXAMINED).values_list("claim", "history_user"),
        reimbursed.values_list(*decided),
        Reimbursement.objects.filter(claim__in=claim_ids).values_list(*decided),
        Reversal.objects.filter(resettlements__claim__in=claim_ids).values_list(
            "resettlements__claim", "submitted_by", "decided_by"
        ),
        ResettlementBatch.objects.filter(years__resettlements__claim__in=claim_ids).values_list(
            "years__resettlements__claim", "submitted_by", "decided_by"
        ),
    )
    handlers: dict[int, set[int]] = defaultdict(set)
    for source in sources:
        for claim, *people in source.order_by().distinct():
            handlers[claim].update(person for person in people if person is not None)
    return handlers


def handlers_of_papers(reimbursement: Reimbursement) -> set[int | None]:
    """The ids of those who attached or withdrew a paper of its claim, or told the member what was missing."""
    documents = ClaimDocument.objects.filter(claim=reimbursement.claim_id)
    told = MissingPapers.objects.filter(reimbursement=reimbursement)
    people = (*documents.values_list("uploaded_by", "withdrawn_by"), *told.values_list("told_by"))
    return {person for row in people for person in row}
