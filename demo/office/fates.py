"""What happened to people in between and became known late: a death, a stay in hospital, much paid at one pharmacy."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import AccountKind, EntryKind, LedgerEntry
from accounts.services.spending import spend
from agency.models import PoolingRegion
from claims.models import Claim, ClaimState
from demo.office.house import Office
from demo.population import Invented
from members.models import HospitalStay, Member
from members.services.people import record_death
from members.services.registrations import record_hospital_stay
from policies.engine.vocabulary import Purpose
from providers.models import Provider, ProviderKind

# Where it happened.
HAPPENED_IN = "kaifeng"
DEATHS = 2
_PURCHASES, _EACH = 6, Decimal("188.00")


def learn_of_deaths(office: Office, region: PoolingRegion, invention: Invented) -> None:
    """Two retirees died months ago; the office learns it when it has credited them since. Somebody went on using the
    card of one of them.
    """
    calendar = office.calendar
    died_in, known_in = calendar.months[-4], calendar.months[-2]
    used = [bill.person for bill in invention.bills if bill.served_on >= calendar.last and not bill.filed_on]
    retired = [person for person in used if [each.status for each in person.enrollments] == ["retired"]]
    numbers = sorted({each.member_number for each in retired if each.enrollments[0].scheme == "combined"})[:DEATHS]
    with transaction.atomic():
        for day, member in enumerate(Member.objects.filter(region=region, member_number__in=numbers), start=9):
            if member.died_on is None:
                record_death(
                    member,
                    died_on=died_in.replace(day=day),
                    known_on=known_in.replace(day=day),
                    **office.by_clerk("家属持死亡医学证明申报，核对户口注销信息无误"),
                )


def learn_of_a_stay(office: Office, region: PoolingRegion) -> None:
    """A hospital reports a stay during which somebody's bill was settled elsewhere."""
    if HospitalStay.objects.filter(member__region=region).exists():
        return
    claims = Claim.objects.filter(region=region, state=ClaimState.SETTLED, served_on__gte=office.calendar.last)
    claim = claims.filter(member__died_on__isnull=True).select_related("member").order_by("served_on", "pk")[5]
    record_hospital_stay(
        claim.member,
        since=claim.served_on - timedelta(days=2),
        until=claim.served_on + timedelta(days=4),
        **office.by_clerk("医院补报住院登记"),
    )


def pay_much_at_one_pharmacy(office: Office, region: PoolingRegion) -> None:
    """The fullest account pays a pharmacy day after day; and another one pays once, which is refunded later."""
    if LedgerEntry.objects.filter(region=region, kind=EntryKind.SPENDING).exists():
        return
    living = Member.objects.filter(region=region, died_on__isnull=True, account__kind=AccountKind.PERSONAL)
    fullest, second = living.select_related("region").order_by("-account__balance", "pk")[:2]
    pharmacy = Provider.objects.filter(region=region, kind=ProviderKind.RETAIL_PHARMACY).order_by("code")[0]
    first = office.calendar.last.replace(day=12)
    with transaction.atomic():
        for number in range(_PURCHASES):
            spend(
                fullest,
                amount=_EACH,
                purpose=Purpose.PHARMACY_DRUG,
                on=first + timedelta(days=number),
                key=f"purchase-{number}",
                provider=pharmacy,
                actor=office.clerk,
            )
        spend(
            second,
            amount=Decimal("64.50"),
            purpose=Purpose.PHARMACY_DEVICE,
            on=first,
            key="blood-pressure-monitor",
            provider=pharmacy,
            actor=office.clerk,
        )
