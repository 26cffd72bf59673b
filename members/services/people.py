"""People: registering a member, death, personal standards."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as NumberError

from agency.exceptions import DomainError
from agency.fields import search_hash
from agency.models import PoolingRegion, User
from agency.services.history import tracked_save
from members.models import ChangeCause, CivilServantBasis, Member, Sex
from members.models.contributions import BasisKind
from members.selectors import enrollment_on
from members.services.changes import note_change
from policies.engine.vocabulary import Employment, InsuredStatus


class IdentityNumberRefused(DomainError):
    """An identity number with a wrong checksum, or one that contradicts the date of birth or the sex."""


class NotACivilServant(DomainError):
    """A civil servant's basis for somebody who is none."""


def check_identity_number(number: str, *, birth_date: date, sex: str) -> str:
    """The resident identity number in its canonical form.

    IdentityNumberRefused where its checksum is wrong, or its date of birth or sex is not the member's.
    """
    compact = ric.compact(number)
    # The library also knows today's counties; a number issued in one that has since been renamed is as good.
    if (
        len(compact) != 18
        or not (compact.isascii() and compact[:17].isdigit())
        or ric.calc_check_digit(compact) != compact[-1]
    ):
        raise IdentityNumberRefused(
            _("The identity number is not valid (its check digit does not fit)."), field="identity_number"
        )
    try:
        born = ric.get_birth_date(compact)
    except NumberError as error:
        raise IdentityNumberRefused(
            _("The identity number holds no possible date of birth."), field="identity_number"
        ) from error
    if born != birth_date:
        raise IdentityNumberRefused(_("The identity number gives another date of birth."), field="identity_number")
    if (Sex.MALE if int(compact[16]) % 2 else Sex.FEMALE) != sex:
        raise IdentityNumberRefused(_("The identity number gives another sex."), field="identity_number")
    return str(compact)


@transaction.atomic
def register_member(
    region: PoolingRegion,
    *,
    member_number: str,
    name: str,
    identity_number: str,
    sex: str,
    birth_date: date,
    phone: str = "",
    employer: str = "",
    old_retiree_credit: Decimal | None = None,
    known_on: date | None = None,
    actor: User | None = None,
    reason: str,
) -> Member:
    """Add a person to a region: somebody to be enrolled, or a relative.

    known_on: the day of registration, None to leave a date of birth in the future unnoticed. IdentityNumberRefused for
    a wrong identity number; DomainError where the person or the number is known already or is not born yet, or for an
    old standard that is no amount of yuan.
    """
    if known_on is not None and birth_date > known_on:
        raise DomainError(_("The date of birth lies in the future."), field="birth_date")
    identity = check_identity_number(identity_number, birth_date=birth_date, sex=sex)
    if Member.objects.filter(region=region, member_number=member_number).exists():
        raise DomainError(
            _("The member number %(number)s is taken.") % {"number": member_number}, field="member_number"
        )
    if Member.objects.filter(region=region, identity_hash=search_hash(identity)).exists():
        raise DomainError(
            _("A person with this identity number is a member of this region already."), field="identity_number"
        )
    _check_old_standard(old_retiree_credit, "old_retiree_credit")
    member = Member(
        region=region,
        member_number=member_number,
        name=name,
        identity_number=identity,
        sex=sex,
        birth_date=birth_date,
        phone=phone,
        employer=employer,
        old_retiree_credit=old_retiree_credit,
    )
    tracked_save(member, actor, reason)
    return member


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
