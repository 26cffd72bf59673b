"""Family use: whom an account may pay for, submitted with evidence and approved by another person."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import DecisionState, FamilyUseAuthorization
from agency.exceptions import DomainError
from agency.models import User
from agency.services.approval import record_submission
from agency.services.history import tracked_save
from agency.services.requests import approve_request, end_request, period_of, refuse_request
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
    authorization = FamilyUseAuthorization(
        holder=holder,
        relative=relative,
        relationship=relationship,
        evidence=evidence,
        period=period_of(since, until),
    )
    record_submission(authorization, actor, _payload(authorization))
    tracked_save(authorization, actor, reason)
    return authorization


def approve_authorization(
    authorization: FamilyUseAuthorization, *, actor: User, reason: str = ""
) -> FamilyUseAuthorization:
    """Approve as another person. DomainError where the relative is authorized for these days already."""
    overlap = _("This relative is authorized for these days already.")
    return approve_request(authorization, _payload, actor=actor, reason=reason, overlap=overlap)


def refuse_authorization(authorization: FamilyUseAuthorization, *, actor: User, reason: str) -> FamilyUseAuthorization:
    """Refuse an authorization; the reason is required."""
    return refuse_request(authorization, _payload, actor=actor, reason=reason)


def revoke_authorization(
    authorization: FamilyUseAuthorization, *, last_day: date, actor: User, reason: str
) -> FamilyUseAuthorization:
    """Let an approved authorization end with a day of its period; MoveNotAllowed otherwise."""
    return end_request(authorization, last_day=last_day, actor=actor, reason=reason)


def is_authorized(holder: Member, relative: Member, day: date) -> bool:
    """Whether the holder's account may pay for the relative on a day."""
    return FamilyUseAuthorization.objects.filter(
        holder=holder, relative=relative, state=DecisionState.APPROVED, period__contains=day
    ).exists()
