"""What a clerk does with providers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.history import REGISTERED, tracked_create, tracked_save
from agency.services.together import checked_each
from policies.engine.vocabulary import Tier
from providers.models import GRADES, Agreement, Provider, ProviderKind


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says beside its days; as of `register_provider`."""

    tier: Tier | None
    is_designated: bool
    is_dual_channel: bool
    hospital: Provider | None
    retention_rate: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class NewProvider:
    """A provider that is not saved yet, and its first agreement, open-ended from a day."""

    provider: Provider
    first_day: date
    terms: Terms


# Days, tier and grade.
_Part = tuple[DateRange, Tier, str]


@transaction.atomic
def register_provider(
    region: PoolingRegion,
    *,
    code: str,
    name: str,
    kind: ProviderKind,
    tier: Tier | None = None,
    first_day: date,
    is_designated: bool = True,
    is_out_of_area: bool = False,
    is_dual_channel: bool = False,
    hospital: Provider | None = None,
    retention_rate: Decimal = Decimal(0),
    grade: str = "",
    actor: User | None = None,
    reason: str = REGISTERED,
) -> Provider:
    """Add a provider with its first agreement, open-ended from first_day.

    retention_rate: the share of the pooled payment that is kept until the year's clearing, a fraction below 1. grade:
    the hospital's, a code of `HospitalGrade`, or "" where it is not known; it has to fit the tier.
    With a hospital it is an internet hospital, and its tier and grade are the hospital's (see change_agreement).
    DomainError where the code is taken, or the terms do not fit the kind: a pharmacy has the tier pharmacy, nobody else
    sells through the dual channel, only an institution is an internet hospital.
    """
    provider = Provider(region=region, code=code, name=name, kind=kind, is_out_of_area=is_out_of_area)
    terms = Terms(tier, is_designated, is_dual_channel, hospital, retention_rate, grade)
    register_providers(region, [NewProvider(provider, first_day, terms)], actor=actor, reason=reason)
    return provider


@transaction.atomic
def register_providers(
    region: PoolingRegion, new: Sequence[NewProvider], *, actor: User | None = None, reason: str
) -> None:
    """Add providers to a region in a few statements, each as `register_provider` does; all of them or none."""
    codes = [one.provider.code for one in new]
    taken = set(Provider.objects.filter(region=region, code__in=codes).values_list("code", flat=True))

    def check(one: NewProvider) -> None:
        if one.provider.code in taken:
            raise DomainError(_("There is a provider %(code)s already in this region.") % {"code": one.provider.code})
        _lock(one.terms.hospital)
        _check_terms(one.provider, one.terms)

    checked_each(new, check)
    tracked_create([one.provider for one in new], actor, reason)
    agreements = [_agreements(one.provider, one.terms, one.first_day) for one in new]
    tracked_create([agreement for parts in agreements for agreement in parts], actor, reason)


@transaction.atomic
def change_agreement(
    provider: Provider,
    *,
    tier: Tier | None = None,
    first_day: date,
    is_designated: bool,
    is_dual_channel: bool = False,
    hospital: Provider | None = None,
    retention_rate: Decimal = Decimal(0),
    grade: str = "",
    actor: User | None = None,
    reason: str,
) -> Agreement:
    """From first_day on the provider has other terms; what held before ends the day before.

    With a hospital the provider is an internet hospital, which has the tier and the grade of the hospital behind it on
    every day (Baoshan 28): the tier may be left out and the grade is, the agreement has a part for every agreement of
    the hospital from first_day on, and a later change of the hospital's is carried over. Returns the part that holds on
    first_day. DomainError where an agreement begins on that day or later, or the terms do not fit the kind or the
    hospital.
    """
    terms = Terms(tier, is_designated, is_dual_channel, hospital, retention_rate, grade)
    _lock(hospital, provider)
    _check_terms(provider, terms)
    if Agreement.objects.filter(provider=provider, period__startswith__gte=first_day).exists():
        raise DomainError(_("An agreement begins on %(day)s or later already.") % {"day": first_day})
    if hospital is not None and _resting_on(provider, first_day).exists():
        raise DomainError(
            _("Internet hospitals rest on this provider. Put another hospital behind them first."), field="hospital"
        )
    for earlier in Agreement.objects.filter(provider=provider, period__contains=first_day):
        earlier.period = DateRange(earlier.period.lower, first_day)
        tracked_save(earlier, actor, reason)
    begun = _agreements(provider, terms, first_day)
    for agreement in begun:
        tracked_save(agreement, actor, reason)
    if tier is not None and hospital is None:
        _carry_over(begun[0], actor, reason)
    return begun[0]


@transaction.atomic
def end_agreement(provider: Provider, *, last_day: date, actor: User | None = None, reason: str) -> Agreement:
    """Let the provider's newest agreement hold until last_day; afterwards the provider is not designated.

    DomainError where the newest agreement does not hold on last_day, or an internet hospital rests on it longer.
    """
    _lock(provider)
    newest = Agreement.objects.filter(provider=provider).order_by("-period").first()
    if newest is None or last_day not in newest.period:
        raise DomainError(
            _("The newest agreement does not hold on %(day)s. Choose a last day within it.") % {"day": last_day},
            field="last_day",
        )
    after = last_day + timedelta(days=1)
    resting = _resting_on(provider, after).select_related("provider").first()
    if resting is not None:
        raise DomainError(
            _("The internet hospital %(name)s rests on this agreement. End its agreement first.")
            % {"name": resting.provider.name}
        )
    newest.period = DateRange(newest.period.lower, after)
    tracked_save(newest, actor, reason)
    return newest


def _lock(*providers: Provider | None) -> None:
    """One after the other: a hospital first, as its own change locks it before the agreements that rest on it."""
    for provider in providers:
        if provider is not None:
            Provider.objects.select_for_update().get(pk=provider.pk)


def _check_terms(provider: Provider, terms: Terms) -> None:
    """DomainError where the terms do not fit the provider's kind."""
    is_pharmacy = provider.kind == ProviderKind.RETAIL_PHARMACY
    if not 0 <= terms.retention_rate < 1:
        raise DomainError(_("Enter a retention of at least 0 % and below 100 %."), field="retention_rate")
    if terms.hospital is not None:
        _check_hospital(provider, terms.hospital)
    if terms.tier is not None and is_pharmacy != (terms.tier == Tier.PHARMACY):
        raise DomainError(
            _("A retail pharmacy has the tier “retail pharmacy”, an institution one of the others."), field="tier"
        )
    if terms.hospital is not None and terms.grade:
        raise DomainError(
            _("An internet hospital has the grade of the hospital behind it. Leave the grade out."), field="grade"
        )
    if terms.grade and terms.grade not in GRADES.get(terms.tier or Tier.PHARMACY, ()):
        raise DomainError(_("A provider of this tier does not have this grade. Correct one of the two."), field="grade")
    if terms.is_dual_channel and not is_pharmacy:
        raise DomainError(
            _("Only a retail pharmacy is dual channel. Leave it off for a medical institution."),
            field="is_dual_channel",
        )


def _check_hospital(provider: Provider, hospital: Provider) -> None:
    """DomainError unless this medical institution may stand behind that one."""
    if provider.kind != ProviderKind.MEDICAL_INSTITUTION:
        raise DomainError(
            _("A retail pharmacy has no hospital behind it. Leave the hospital out."),
            field="hospital",
        )
    if hospital == provider:
        raise DomainError(_("No hospital stands behind itself. Choose another one."), field="hospital")
    if hospital.kind != ProviderKind.MEDICAL_INSTITUTION or hospital.region_id != provider.region_id:
        raise DomainError(
            _("The hospital behind an internet hospital is a medical institution of the same region."),
            field="hospital",
        )


def _agreements(provider: Provider, terms: Terms, first_day: date) -> list[Agreement]:
    """What begins on a day, not saved; of an internet hospital in one part per agreement behind it."""
    return [
        Agreement(
            provider=provider,
            tier=tier,
            period=period,
            is_designated=terms.is_designated,
            is_dual_channel=terms.is_dual_channel,
            grade=grade,
            hospital=terms.hospital,
            retention_rate=terms.retention_rate,
        )
        for period, tier, grade in _parts(terms, first_day)
    ]


def _parts(terms: Terms, first_day: date) -> list[_Part]:
    """The days, tiers and grades of what begins on a day."""
    if terms.hospital is not None:
        return _parts_behind(terms.hospital, terms.tier, first_day)
    if terms.tier is None:
        raise DomainError(
            _("Choose the tier. Only an internet hospital has that of the hospital behind it."), field="tier"
        )
    return [(DateRange(first_day, None), terms.tier, terms.grade)]


def _parts_behind(hospital: Provider, tier: Tier | None, first_day: date) -> list[_Part]:
    """The hospital's own agreements from a day on. DomainError without one on that day, or with another tier."""
    behind = list(
        Agreement.objects.filter(
            Q(period__endswith__gt=first_day) | Q(period__upper_inf=True), provider=hospital
        ).order_by("period")
    )
    if not behind or first_day not in behind[0].period:
        raise DomainError(
            _("The hospital has no agreement on %(day)s. Record that one first.") % {"day": first_day},
            field="hospital",
        )
    if any(agreement.hospital_id for agreement in behind):
        raise DomainError(_("An internet hospital stands behind no other. Choose its own hospital."), field="hospital")
    if tier is not None and tier != behind[0].tier:
        raise DomainError(
            _("An internet hospital has the tier of the hospital behind it: %(tier)s. Leave the tier out.")
            % {"tier": behind[0].get_tier_display()},
            field="tier",
        )
    return [
        (
            DateRange(max(agreement.period.lower, first_day), agreement.period.upper),
            Tier(agreement.tier),
            agreement.grade,
        )
        for agreement in behind
    ]


def _resting_on(hospital: Provider, first_day: date) -> QuerySet[Agreement]:
    """The agreements of internet hospitals that rest on this one on that day or later."""
    return Agreement.objects.filter(
        Q(period__endswith__gt=first_day) | Q(period__upper_inf=True), hospital=hospital
    ).order_by("pk")


def _carry_over(begun: Agreement, actor: User | None, reason: str) -> None:
    """Give the internet hospitals behind which its provider stands the new tier and grade from the same day on."""
    hospital, tier, grade, first_day = begun.provider, begun.tier, begun.grade, begun.period.lower
    for agreement in _resting_on(hospital, first_day).exclude(tier=tier, grade=grade).select_for_update():
        if agreement.period.lower < first_day:
            rest = Agreement(
                provider_id=agreement.provider_id,
                tier=tier,
                grade=grade,
                period=DateRange(first_day, agreement.period.upper),
                is_designated=agreement.is_designated,
                hospital=hospital,
                retention_rate=agreement.retention_rate,
            )
            agreement.period = DateRange(agreement.period.lower, first_day)
            tracked_save(agreement, actor, reason)
            tracked_save(rest, actor, reason)
        else:
            agreement.tier, agreement.grade = tier, grade
            tracked_save(agreement, actor, reason)
