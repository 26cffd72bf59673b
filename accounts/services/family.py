"""Family use: whom an account may pay for, submitted with evidence and approved by another person."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts.models import DecisionState, FamilyUseAuthorization
from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.approval import record_decision, record_submission
from agency.services.history import tracked_save
from members.models import Member
from policies.engine.vocabulary import Relationship


class RelationshipNotAllowed(DomainError):
    """Only a spouse, a parent or a child may be authorized."""


def _payload(authorization: FamilyUseAuthorization) -> dict[str, object]:
    return {
        "holder": authorization.holder_id,
        "relative": authorization.relative_id,
        "relationship": authorization.relationship,
        "evidence": authorization.evidence,
        "since": authorization.period.lower,
        "until": authorization.period.upper,
    }


@transaction.atomic
def submit_authorization(
    holder: Member,
    relative: Member,
    *,
    relationship: str,
    since: date,
    until: date | None = None,
    evidence: str = "",
    actor: User,
    reason: str,
) -> FamilyUseAuthorization:
    """Ask that the holder's account may pay for a relative from a day on, both days inside.

    RelationshipNotAllowed for anybody but spouse, parent, child; DomainError for days that are no period, or for the
    holder themselves. Pingliang 16, Dazhou 5, Zaozhuang 8, Kaifeng 17, Baoshan 18.
    """
    if relationship not in list(Relationship):
        raise RelationshipNotAllowed(_("Only a spouse, a parent or a child may use the account."))
    if holder.pk == relative.pk:
        raise DomainError(_("The account pays for its holder without an authorization."))
    if until is not None and until < since:
        raise DomainError(_("The last day lies before the first."))
    authorization = FamilyUseAuthorization(
        holder=holder,
        relative=relative,
        relationship=relationship,
        evidence=evidence,
        period=DateRange(since, until + timedelta(days=1) if until else None),
    )
    record_submission(authorization, actor, _payload(authorization))
    tracked_save(authorization, actor, reason)
    return authorization


def _locked(authorization: FamilyUseAuthorization, state: DecisionState) -> FamilyUseAuthorization:
    found = FamilyUseAuthorization.objects.select_for_update(of=("self",)).get(pk=authorization.pk)
    if found.state != state:
        raise MoveNotAllowed(_("This authorization has been decided already."))
    return found


@transaction.atomic
def approve_authorization(
    authorization: FamilyUseAuthorization, *, actor: User, reason: str = ""
) -> FamilyUseAuthorization:
    """Approve as another person. DomainError where the relative is authorized for these days already."""
    found = _locked(authorization, DecisionState.SUBMITTED)
    record_decision(found, actor, _payload(found), reason)
    found.state = DecisionState.APPROVED
    try:
        with transaction.atomic():
            tracked_save(found, actor, reason or "approved")
    except IntegrityError as error:
        raise DomainError(_("This relative is authorized for these days already.")) from error
    return found


@transaction.atomic
def refuse_authorization(authorization: FamilyUseAuthorization, *, actor: User, reason: str) -> FamilyUseAuthorization:
    """Refuse an authorization; the reason is required."""
    found = _locked(authorization, DecisionState.SUBMITTED)
    record_decision(found, actor, _payload(found), reason, reason_required=True)
    found.state = DecisionState.REFUSED
    tracked_save(found, actor, reason)
    return found


@transaction.atomic
def revoke_authorization(
    authorization: FamilyUseAuthorization, *, last_day: date, actor: User, reason: str
) -> FamilyUseAuthorization:
    """Let an approved authorization end with a day, neither before its first nor after its last.

    A longer one is a new authorization, which another person approves.
    """
    found = _locked(authorization, DecisionState.APPROVED)
    if last_day < found.period.lower:
        raise DomainError(_("The last day lies before the first."))
    if found.period.upper is not None and last_day >= found.period.upper:
        raise MoveNotAllowed(_("It ends before that day already."))
    found.period = DateRange(found.period.lower, last_day + timedelta(days=1))
    tracked_save(found, actor, reason)
    return found


def is_authorized(holder: Member, relative: Member, day: date) -> bool:
    """Whether the holder's account may pay for the relative on a day."""
    return FamilyUseAuthorization.objects.filter(
        holder=holder, relative=relative, state=DecisionState.APPROVED, period__contains=day
    ).exists()
