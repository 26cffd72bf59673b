"""Family use: whom an account may pay for, submitted with evidence and approved by another person."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import EvidenceKind, FamilyUseAuthorization
from accounts.selectors.uses import family_uses
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import REGISTERED
from agency.services.moves import refuse, submit_new
from agency.services.requests import approve_request, end_request, period_of
from members.models import Member
from policies.engine.spending import account_use
from policies.engine.vocabulary import Beneficiary, Purpose, Relationship, UseRule
from policies.labels import label
from policies.selectors.versions import policy_in_force


class RelationshipNotAllowed(DomainError):
    """Only a spouse, a parent or a child may be authorized."""


def _payload(authorization: FamilyUseAuthorization) -> dict[str, object]:
    return {
        "holder": authorization.holder_id,
        "relative": authorization.relative_id,
        "relationship": authorization.relationship,
        "evidence_kind": authorization.evidence_kind,
        "evidence": authorization.evidence,
        "scopes": authorization.scopes,
        "since": authorization.period.lower,
        "until": authorization.period.upper,
    }


@transaction.atomic
def submit_authorization(
    holder: Member,
    relative: Member,
    *,
    relationship: str,
    evidence_kind: str,
    evidence: str,
    since: date,
    until: date | None = None,
    scopes: Collection[Purpose] | None = None,
    actor: User,
    reason: str = REGISTERED,
) -> FamilyUseAuthorization:
    """Ask that the holder's account may pay for a relative from a day on, both days inside.

    evidence_kind and evidence: which paper proves the relationship, and its number or description. scopes: the purposes
    that it covers; None for all that the region allows for family on the first day.

    RelationshipNotAllowed for anybody but spouse, parent, child; DomainError without evidence, for days that are no
    period, for a purpose that the region never allows for family, or for the holder themselves; PolicyNotInForce where
    the region has no rules on the first day. Pingliang 16, Dazhou 5, Zaozhuang 8, Kaifeng 17, Baoshan 18.
    """
    if relationship not in list(Relationship):
        raise RelationshipNotAllowed(_("Only a spouse, a parent or a child may use the account."))
    if holder.pk == relative.pk:
        raise DomainError(_("The account pays for its holder without an authorization."))
    if evidence_kind not in EvidenceKind.values or not evidence.strip():
        raise DomainError(
            _("Name the paper that proves the relationship, with its number or a description."), field="evidence"
        )
    authorization = FamilyUseAuthorization(
        holder=holder,
        relative=relative,
        relationship=relationship,
        evidence_kind=evidence_kind,
        evidence=evidence.strip(),
        scopes=_scopes(holder.region, since, scopes),
        period=period_of(since, until),
    )
    return submit_new(authorization, _payload(authorization), actor, reason)


def _scopes(region: PoolingRegion, since: date, wanted: Collection[Purpose] | None) -> list[str]:
    """The purposes in the order of the vocabulary, each once. One that waits for the region's switch may be named."""
    if wanted is None:
        wanted = family_uses(region, since, rules=frozenset({UseRule.ALLOWED}))
    if not wanted:
        raise DomainError(_("Choose at least one purpose that the account may pay for the relative."), field="scopes")
    policy = policy_in_force(region, since)
    for purpose in wanted:
        use = account_use(policy, purpose, Beneficiary.FAMILY)
        if use.rule == UseRule.FORBIDDEN:
            raise DomainError(
                _("The region never lets an account pay this for family: %(purpose)s (%(instrument)s %(article)s).")
                % {
                    "purpose": label(purpose, Purpose),
                    "instrument": use.citation.instrument,
                    "article": use.citation.article,
                },
                field="scopes",
            )
    return [purpose.value for purpose in Purpose if purpose in wanted]


def approve_authorization(
    authorization: FamilyUseAuthorization, *, actor: User, reason: str = "", seen: str = ""
) -> FamilyUseAuthorization:
    """Approve as another person. DomainError where the relative is authorized for these days already."""
    overlap = _("This relative is authorized for these days already. Revoke that authorization first.")
    return approve_request(authorization, _payload, actor=actor, reason=reason, seen=seen, overlap=overlap)


def refuse_authorization(
    authorization: FamilyUseAuthorization, *, actor: User, reason: str, seen: str = ""
) -> FamilyUseAuthorization:
    """Refuse an authorization; the reason is required."""
    return refuse(authorization, actor=actor, reason=reason, seen=seen)


def revoke_authorization(
    authorization: FamilyUseAuthorization, *, last_day: date, actor: User, reason: str
) -> FamilyUseAuthorization:
    """Let an approved authorization end with a day of its period; MoveNotAllowed otherwise."""
    return end_request(authorization, last_day=last_day, actor=actor, reason=reason)
