"""People: registering a member, death, personal standards."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import REGISTERED, tracked_create, tracked_save
from agency.services.together import checked_each
from members.documents import check_identity_number, identity_hash
from members.models import ChangeCause, CivilServantBasis, IdentityDocument, Member
from members.models.contributions import BasisKind
from members.models.members import MOST_MONTHS
from members.names import normal_name
from members.pinyin import spelled
from members.selectors import enrollment_on
from members.services.changes import note_change
from policies.engine.vocabulary import Employment, InsuredStatus


class NotACivilServant(DomainError):
    """A civil servant's basis for somebody who is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """A person to be added to a region, neither checked nor saved. The kind of document, the sex and the date of birth
    are None where the identity number says them.
    """

    member_number: str
    name: str
    document_kind: IdentityDocument | None = None
    identity_number: str
    sex: str | None = None
    birth_date: date | None = None
    phone: str = ""
    employer: str = ""
    old_retiree_credit: Decimal | None = None

    def draft(self, region: PoolingRegion, known_on: date | None) -> Member:
        """The member, not saved; raises what `register_member` raises of this person alone."""
        identity = check_identity_number(
            self.identity_number, kind=self.document_kind, birth_date=self.birth_date, sex=self.sex
        )
        if known_on is not None and identity.birth_date > known_on:
            raise DomainError(_("The date of birth lies in the future."), field="birth_date")
        _check_old_standard(self.old_retiree_credit, "old_retiree_credit")
        name = normal_name(self.name)
        pinyin, initials = spelled(name)
        return Member(
            region=region,
            member_number=self.member_number,
            name=name,
            pinyin=pinyin,
            initials=initials,
            document_kind=identity.kind,
            identity_number=identity.number,
            identity_hash=identity_hash(identity.kind, identity.number),
            sex=identity.sex,
            birth_date=identity.birth_date,
            phone=self.phone,
            employer=self.employer,
            old_retiree_credit=self.old_retiree_credit,
        )


@transaction.atomic
def register_member(
    region: PoolingRegion,
    *,
    member_number: str,
    name: str,
    document_kind: IdentityDocument | None = None,
    identity_number: str,
    sex: str | None = None,
    birth_date: date | None = None,
    phone: str = "",
    employer: str = "",
    old_retiree_credit: Decimal | None = None,
    known_on: date | None = None,
    actor: User | None = None,
    reason: str = REGISTERED,
) -> Member:
    """Add a person to a region: somebody to be enrolled, or a relative.

    document_kind, sex, birth_date: None where the identity number says them. known_on: the day of registration, None to
    leave a date of birth in the future unnoticed. IdentityNumberRefused for a number that the document cannot have;
    DomainError where the person or the member number is known already, where the person is not born yet,
    where nobody says the date of birth or the sex, or for an old standard that is no amount of yuan.
    """
    person = NewMember(
        member_number=member_number,
        name=name,
        document_kind=document_kind,
        identity_number=identity_number,
        sex=sex,
        birth_date=birth_date,
        phone=phone,
        employer=employer,
        old_retiree_credit=old_retiree_credit,
    )
    member = person.draft(region, known_on)
    _check_free(region, [member])
    tracked_save(member, actor, reason)
    return member


@transaction.atomic
def register_members(
    region: PoolingRegion,
    people: Sequence[NewMember],
    *,
    known_on: date | None = None,
    actor: User | None = None,
    reason: str,
) -> list[Member]:
    """Add people to a region at once, in a few statements; all of them or none. Raises what `register_member` raises of
    any of them; IntegrityError where two have one number.
    """
    members = checked_each(people, lambda person: person.draft(region, known_on))
    _check_free(region, members)
    tracked_create(members, actor, reason)
    return members


def _check_free(region: PoolingRegion, members: Sequence[Member]) -> None:
    """DomainError where the region has a member with the number or the document of one of these."""
    there = Member.objects.filter(region=region)
    numbers, people = (
        set(there.filter(**{f"{name}__in": [getattr(each, name) for each in members]}).values_list(name, flat=True))
        for name in ("member_number", "identity_hash")
    )

    def check(member: Member) -> None:
        if member.member_number in numbers:
            taken = _("The member number %(number)s is taken.") % {"number": member.member_number}
            raise DomainError(taken, field="member_number")
        if member.identity_hash in people:
            raise DomainError(
                _("A person with this identity number is a member of this region already."), field="identity_number"
            )

    checked_each(members, check)


def locked_member(member: Member) -> Member:
    """The member's row, locked against a second change until the transaction ends."""
    return Member.objects.select_for_update(no_key=True, of=("self",)).select_related("region").get(pk=member.pk)


@transaction.atomic
def record_death(member: Member, *, died_on: date, known_on: date, actor: User | None = None, reason: str) -> Member:
    """Record a death: the enrollment ends with that day, and later months are marked for the next credit run.

    DomainError where a death is recorded already or lies before birth.
    """
    member = locked_member(member)
    if member.died_on is not None:
        raise DomainError(_("A death is recorded already. Correct it on the member's page."))
    if died_on < member.birth_date:
        raise DomainError(_("The date of death lies before the date of birth."))
    if died_on > known_on:
        raise DomainError(_("The date of death lies in the future."))
    member.died_on = died_on
    tracked_save(member, actor, reason)
    day_after = died_on + timedelta(days=1)
    current = member.enrollments.filter(period__contains=died_on).first()
    if current is not None and (current.period.upper is None or current.period.upper > day_after):
        current.period = DateRange(current.period.lower, day_after)
        tracked_save(current, actor, reason)
    note_change(member, ChangeCause.DEATH, first_day=died_on, known_on=known_on)
    return member


def _check_old_standard(amount: Decimal | None, field: str) -> None:
    if amount is not None and (amount < 0 or amount != amount.quantize(Decimal("0.01"))):
        raise DomainError(
            _("The old standard is an amount of yuan with at most two decimals, not below zero."), field=field
        )


@transaction.atomic
def set_old_standard(
    member: Member, *, amount: Decimal | None, known_on: date, actor: User | None = None, reason: str
) -> Member:
    """Set a retiree's imported fixed monthly amount of before the reform, yuan ≥ 0, None to unset it (Zaozhuang 7).

    Every month is marked for the next credit run. DomainError for a negative amount or more than two decimals.
    """
    member = locked_member(member)
    _check_old_standard(amount, "amount")
    member.old_retiree_credit = amount
    tracked_save(member, actor, reason)
    note_change(member, ChangeCause.OLD_STANDARD, first_day=member.birth_date, known_on=known_on)
    return member


@transaction.atomic
def set_contribution_months(
    member: Member, *, months: int | None, known_on: date, actor: User | None = None, reason: str
) -> Member:
    """Set for how many months a member contributed until retirement, deemed ones included; None to unset it.

    Some regions credit retirees in proportion to them. Every month is marked for the next credit run. DomainError
    for more months than a life has.
    """
    if months is not None and not 0 <= months <= MOST_MONTHS:
        raise DomainError(
            _("Contribution months are a whole number from 0 to %(most)s.") % {"most": MOST_MONTHS}, field="months"
        )
    member = locked_member(member)
    member.contribution_months = months
    tracked_save(member, actor, reason)
    note_change(member, ChangeCause.CONTRIBUTION_MONTHS, first_day=member.birth_date, known_on=known_on)
    return member


@transaction.atomic
def set_civil_servant_basis(
    member: Member,
    *,
    since: date,
    kind: BasisKind,
    amount: Decimal,
    known_on: date,
    actor: User | None = None,
    reason: str,
) -> CivilServantBasis:
    """From a month on the civil-servant subsidy is a share of this amount, yuan a month (Zaozhuang 7 (3)).

    A second basis from the same month corrects the first. DomainError for an amount that is not positive or has more
    than two decimals, NotACivilServant for an active flexible worker.
    """
    locked = locked_member(member)
    month = since.replace(day=1)
    held = enrollment_on(locked, month.replace(day=monthrange(month.year, month.month)[1]))
    if held and (held.status, held.employment) == (InsuredStatus.ACTIVE, Employment.FLEXIBLE):
        raise NotACivilServant(
            _("The member is an active flexible worker in that month; civil servants are insured by their employer."),
            field="since",
        )
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise DomainError(_("The basis is a positive amount of yuan with at most two decimals."), field="amount")
    basis = CivilServantBasis.objects.filter(member=member, since=month).first() or CivilServantBasis(
        member=member, since=month
    )
    basis.kind, basis.amount = kind, amount
    tracked_save(basis, actor, reason)
    note_change(member, ChangeCause.CIVIL_SERVANT_BASIS, first_day=month, known_on=known_on)
    return basis
