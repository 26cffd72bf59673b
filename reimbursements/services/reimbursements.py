"""Manual reimbursement (零星报销): registered, papers complete, submitted by the clerk, decided by another person."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, SubmissionVoided
from agency.models import User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from agency.services.moves import arrive, decide, submit, turn_down
from claims.models import Claim, DocumentKind, Settlement, SettlementChannel
from claims.selectors.documents import is_invoice_paid
from claims.services.settlement import prepare_settlement, refuse_claim, settle_prepared, trial
from claims.services.withdrawal import withdraw_claim
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import OutOfAreaKind
from reimbursements.models import MissingPapers, Reimbursement, ReimbursementKind, ReimbursementState
from reimbursements.selectors.handlers import handlers_of_papers
from reimbursements.selectors.reimbursements import submitted_content
from reimbursements.selectors.trials import kept, read_back
from reimbursements.services.checks import (
    check_day,
    check_exceptions,
    check_invoice,
    check_papers,
    locked_reimbursement,
)
from reimbursements.services.deadlines import deadlines
from reimbursements.services.late_filing import accept_late_filing

ACCEPTED_WITHOUT_LENGTH = 200  # What the row keeps of it.


def usual_kind(claim: Claim) -> ReimbursementKind:
    """The reason for manual reimbursement that the claim's own facts speak for; a clerk may name another."""
    if not claim.out_of_area:
        return ReimbursementKind.GENERAL
    if claim.out_of_area == OutOfAreaKind.REFERRAL:
        return ReimbursementKind.REFERRAL
    return ReimbursementKind.OUT_OF_AREA


@transaction.atomic
def register_reimbursement(
    claim: Claim,
    *,
    kind: ReimbursementKind | None = None,
    payee_name: str = "",
    payee_bank: str = "",
    payee_account: str = "",
    actor: User | None,
    reason: str,
) -> Reimbursement:
    """Begin the reimbursement of a manual claim. kind: `usual_kind` unless it is named; the payee may come later.

    DomainError for a claim that is settled directly, or one that has its reimbursement already.
    """
    held = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if held.channel != SettlementChannel.MANUAL:
        raise DomainError(_("This claim is settled directly with the provider and is not reimbursed by hand."))
    if Reimbursement.objects.filter(claim=held).exists():
        raise DomainError(_("This claim has its reimbursement already. Go on with that."))
    reimbursement = Reimbursement(
        claim=claim,
        kind=kind or usual_kind(held),
        payee_name=payee_name,
        payee_bank=payee_bank,
        payee_account=payee_account,
    )
    registered_by = Claim.history.filter(id=held.pk).values_list("history_user", flat=True)
    note_author(reimbursement, actor.pk if actor else None, *registered_by)
    tracked_save(reimbursement, actor, reason)
    return reimbursement


@transaction.atomic
def describe_reimbursement(
    reimbursement: Reimbursement,
    *,
    kind: ReimbursementKind,
    payee_name: str,
    payee_bank: str,
    payee_account: str,
    actor: User,
    reason: str,
) -> Reimbursement:
    """Correct the kind and the payee before it is submitted, or submitted again. MoveNotAllowed otherwise."""
    reimbursement = locked_reimbursement(reimbursement, "edit")
    reimbursement.kind = kind
    reimbursement.payee_name, reimbursement.payee_bank, reimbursement.payee_account = (
        payee_name,
        payee_bank,
        payee_account,
    )
    note_author(reimbursement, actor.pk)
    tracked_save(reimbursement, actor, reason)
    return reimbursement


@transaction.atomic
def tell_missing_papers(
    reimbursement: Reimbursement, *, kinds: Sequence[DocumentKind], note: str = "", on: date, today: date, actor: User
) -> MissingPapers:
    """Note what the member was told to bring, all at once (一次性告知).

    DomainError without a paper, on a day before the filing or to come, or where the member was told already.
    """
    reimbursement = locked_reimbursement(reimbursement, "tell")
    if not kinds:
        raise DomainError(_("Name at least one missing paper."), field="kinds")
    check_day(reimbursement, on, today)
    if MissingPapers.objects.filter(reimbursement=reimbursement).exists():
        raise DomainError(_("The member was told already; everything that is missing is told once. Print that slip."))
    return MissingPapers.objects.create(
        reimbursement=reimbursement, kinds=[kind.value for kind in kinds], note=note, told_on=on, told_by=actor
    )


@transaction.atomic
def complete_papers(
    reimbursement: Reimbursement, *, on: date, today: date, accepted_without: str = "", actor: User, reason: str
) -> Reimbursement:
    """Every paper is there: the office's time limit begins, counted in working days of the region.

    accepted_without: why papers of the checklist need no file, such as originals that were seen at the counter; the
    history keeps it, and whoever decides is shown it. DomainError for a paper that is missing otherwise, for a day
    before the filing or to come, or before the member was told what is missing.
    """
    reimbursement = locked_reimbursement(reimbursement, "complete")
    check_day(reimbursement, on, today)
    told = MissingPapers.objects.filter(reimbursement=reimbursement).first()
    if told is not None and on < told.told_on:
        raise DomainError(_("On this day the member was not yet told what is missing."), field="on")
    reimbursement.accepted_without = accepted_without.strip()[:ACCEPTED_WITHOUT_LENGTH]
    check_papers(reimbursement)
    reimbursement.completed_on = on
    reimbursement.due_on, reimbursement.latest_on = deadlines(reimbursement.claim.member.region, on)
    note_author(reimbursement, actor.pk)
    return arrive(reimbursement, actor, reason)


@transaction.atomic
def submit_reimbursement(reimbursement: Reimbursement, *, actor: User, reason: str = "") -> Reimbursement:
    """Hand it to another person for decision, with the trial calculation as it is now.

    What adjudication refuses may be submitted too: somebody else decides that it is refused. reason: required after a
    refusal, for whoever decides again. DomainError where money would be paid and the payee is not known, a paper or the
    invoice's number is missing; whatever else keeps the claim from being settled.
    """
    reimbursement = locked_reimbursement(reimbursement, "submit")
    if reimbursement.state == ReimbursementState.REFUSED and not reason.strip():
        raise DomainError(_("It was refused. Say what has changed since, for whoever decides again."), field="reason")
    # One may have been withdrawn since, or the kind corrected to one that asks for more.
    check_papers(reimbursement)
    check_invoice(reimbursement.claim)
    outcome = trial(reimbursement.claim)
    # What is not cash is paid out to the member.
    pays_out = not isinstance(outcome, Refusal) and outcome.cash < outcome.total
    if pays_out and not (reimbursement.payee_name and reimbursement.payee_bank and reimbursement.payee_account):
        raise DomainError(_("Enter the payee, the bank and the account number first."))
    reimbursement.calculation = kept(outcome)
    content = submitted_content(reimbursement, reimbursement.calculation)
    return submit(reimbursement, content, actor, reason, authors=handlers_of_papers(reimbursement))


@transaction.atomic
def approve_reimbursement(
    reimbursement: Reimbursement, *, today: date, actor: User, reason: str = "", seen: str = ""
) -> Settlement:
    """Agree to what was submitted and settle the claim with it, all or nothing. today: the day of settlement.

    What is compared with the submission under the members' locks is what is written. seen: as of `record_decision`.
    SamePersonDecides; SubmissionVoided if the papers, the payee or any amount is not what was submitted, or another
    submission stands than was seen; DomainError where adjudication refuses the claim, or what `check_exceptions` asks
    has no reason.
    """
    reimbursement = locked_reimbursement(reimbursement, "approve")
    claim = reimbursement.claim
    prepared = prepare_settlement(claim)
    calculation = kept(prepared if isinstance(prepared, Refusal) else prepared.draft)
    decide(reimbursement, submitted_content(reimbursement, calculation), actor, reason, seen)
    if isinstance(prepared, Refusal):
        raise DomainError(_("The rules refuse this claim. Refuse it, or return it to the clerk."))
    check_exceptions(claim, reason)
    try:
        settlement = settle_prepared(prepared, today=today, actor=actor)
    except IntegrityError as error:
        if not is_invoice_paid(claim):
            raise
        # Another member's claim was settled in between.
        raise SubmissionVoided(_("The same invoice was paid a moment ago. Return it to the clerk.")) from error
    arrive(reimbursement, actor, reason or "approved")
    return settlement


@transaction.atomic
def return_reimbursement(reimbursement: Reimbursement, *, actor: User, reason: str, seen: str = "") -> Reimbursement:
    """Give it back to the clerk; the reason is required. seen: as of `record_decision`. SamePersonDecides."""
    return turn_down(locked_reimbursement(reimbursement, "return"), actor, reason, seen)


@transaction.atomic
def refuse_reimbursement(reimbursement: Reimbursement, *, actor: User, reason: str, seen: str = "") -> Reimbursement:
    """Pay nothing; the reason is required. seen: as of `record_decision`. SamePersonDecides.

    Where the calculation that was submitted is a refusal by law, it stands on the claim from now on with its article;
    what the office refuses for reasons of its own leaves the claim as it is.
    """
    reimbursement = turn_down(locked_reimbursement(reimbursement, "refuse"), actor, reason, seen)
    outcome = read_back(reimbursement.claim, reimbursement.calculation)
    if isinstance(outcome, Refusal):
        refuse_claim(reimbursement.claim, outcome, actor)
    return reimbursement


@transaction.atomic
def withdraw_reimbursement(reimbursement: Reimbursement, *, actor: User, reason: str) -> Reimbursement:
    """Give up one that nobody has approved, as where it names the wrong member or provider, and its claim with it.

    The reason is required; what is right is registered as another claim. MoveNotAllowed once it is submitted.
    """
    locked_reimbursement(reimbursement, "withdraw")
    withdraw_claim(reimbursement.claim, actor=actor, reason=reason)
    reimbursement.refresh_from_db()
    return reimbursement


def decide_by_the_rules(reimbursement: Reimbursement, *, today: date, actor: User, reason: str) -> Settlement | Refusal:
    """Approve what the submitted calculation pays, refuse what it refuses. Raises what those two raise."""
    seen = read_back(reimbursement.claim, reimbursement.calculation)
    if isinstance(seen, Refusal):
        refuse_reimbursement(reimbursement, actor=actor, reason=reason)
        return seen
    return approve_reimbursement(reimbursement, today=today, actor=actor, reason=reason)


@transaction.atomic
def accept_late_reimbursement(
    reimbursement: Reimbursement, *, actor: User, reason: str, seen: str = ""
) -> Reimbursement:
    """Let it be paid although it was filed after the region's last day, and return it to be submitted with that.

    The reason is required and stays on the claim. seen: as of `record_decision`. SamePersonDecides.
    """
    reimbursement = turn_down(locked_reimbursement(reimbursement, "accept_late"), actor, reason, seen)
    accept_late_filing(reimbursement.claim, actor=actor, reason=reason)
    return reimbursement
