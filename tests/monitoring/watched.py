"""A region that is watched: visits and payments of one member, and what a search finds among them."""

from datetime import date, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from accounts.services.spending import spend
from agency.models import Role, User
from claims.models import Claim
from members.models import Member
from monitoring.models import FlagKind
from monitoring.services.flags import raise_flags
from monitoring.services.standards import Limits, set_standard
from policies.engine.vocabulary import Purpose, Tier
from providers.models import Provider
from tests import builder
from tests.builder.claims import a_claim

TODAY = date(2023, 6, 1)
MARCH = date(2023, 3, 1)
FIRST = Limits(
    minutes=60,
    kilometres=50,
    consecutive_days=5,
    visits_a_day=2,
    payments=5,
    payment_days=7,
    payments_yuan=Decimal("1000.00"),
)
_keys = count(1)


class Desk:
    """A region with an insured member, an institution and a pharmacy."""

    def __init__(self) -> None:
        self.region = builder.region("kaifeng")
        self.member: Member = builder.insured(self.region)
        self.clinic: Provider = builder.a_provider(self.region)
        self.pharmacy: Provider = builder.a_provider(self.region, Tier.PHARMACY)
        self.supervisor: User = builder.staff("supervisor", Role.SUPERVISOR)
        set_standard(self.region, FIRST, actor=self.supervisor, reason="test")

    def visit(self, day: date, provider: Provider | None = None, at: time | None = None, **more: Any) -> Claim:
        return a_claim(self.member, served_on=day, provider=provider or self.clinic, served_at=at, **more)

    def visits(self, *days: int) -> list[Claim]:
        """A claim on each of these days of March; a day below 1 lies in February."""
        return [self.visit(MARCH + timedelta(days=day - 1)) for day in days]

    def pay(self, day: int, amount: str, pharmacy: Provider | None = None) -> Any:
        """From the account at a pharmacy, on a day of March."""
        return spend(
            self.member,
            amount=Decimal(amount),
            purpose=Purpose.PHARMACY_DRUG,
            on=MARCH + timedelta(days=day - 1),
            key=str(next(_keys)),
            provider=pharmacy or self.pharmacy,
        ).entry

    def look(self, month: date = MARCH) -> dict[FlagKind, int]:
        """What a search finds anew."""
        return raise_flags(self.region, month=month, today=TODAY, actor=None)


@pytest.fixture(name="desk")
def watched_desk(db: None) -> Desk:
    """A new one for each test."""
    return Desk()


def a_place(desk: Desk, latitude: str | None, longitude: str | None = "114.300000") -> Provider:
    """An institution at a place. On one meridian a degree is 111.195 km (of a globe of 6371.0088 km)."""
    provider = builder.a_provider(desk.region)
    provider.latitude = None if latitude is None else Decimal(latitude)
    provider.longitude = None if latitude is None or longitude is None else Decimal(longitude)
    provider.save()
    return provider
