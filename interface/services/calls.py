"""What a transaction gets and gives: who calls, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion
from claims.models import Settlement
from interface.models import ProviderCredential
from interface.schema.fields import Part
from interface.schema.requests import Envelope
from members.models import Member
from providers.models import Provider


@dataclass(frozen=True, slots=True)
class Call:
    """A message that is signed and understood. now: by our clock, which decides the day of settlement."""

    credential: ProviderCredential
    envelope: Envelope
    now: datetime

    @property
    def provider(self) -> Provider:
        return self.credential.provider

    @property
    def region(self) -> PoolingRegion:
        return self.provider.region

    @property
    def today(self) -> date:
        return localtime(self.now).date()

    @property
    def reason(self) -> str:
        """What histories keep as the reason of what the message does."""
        return f"{self.envelope.infno} {self.envelope.msgid}"

    def member(self, number: str) -> Member:
        """The region's member with this 人员编号. DomainError for another."""
        member = Member.objects.filter(region=self.region, member_number=number).select_related("region").first()
        if member is None:
            raise DomainError(_("Nobody of this region has this psn_no. Ask for it with 1101."))
        return member


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered. warning: a sentence beside a good answer. member, settlement: whom and what it was about."""

    output: Mapping[str, Any] = field(default_factory=dict)
    warning: str = ""
    member: Member | None = None
    settlement: Settlement | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction of the platform: its number and name, what it asks, and what does it."""

    infno: str
    name: str
    asks: type[Part]
    perform: Callable[[Call, Any], Reply]
