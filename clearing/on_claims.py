"""What settling with providers has to do with claims: their files reported some, audits deduct for some."""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from claims.models import Claim, Settlement
from claims.rooms_above import Outcome, RoomAbove
from clearing.models import SettledRecord, StatementEntry, StatementState
from clearing.services.comparing import compare_again
from clearing.services.deductions import check_deductions


class Clearing(RoomAbove):
    def reported(self, claim: Claim) -> bool:
        """In a provider's file."""
        return SettledRecord.objects.filter(claim=claim).exists()

    def awaiting_outcome(self) -> QuerySet[SettledRecord]:
        """The record that reported it."""
        return SettledRecord.objects.filter(claim=OuterRef("pk"))

    def note_outcomes(self, outcomes: Mapping[int, Outcome]) -> None:
        """Beside what a file reported of the claim and had left registered or refused."""
        compare_again(outcomes)

    def check_reversal(self, remaining: Mapping[int, Decimal]) -> None:
        """An audit's deduction would count twice."""
        check_deductions(remaining)

    def check_provider_reversal(self, settlement: Settlement) -> None:
        """Once somebody has submitted the month, what changes in it is the office's to decide."""
        held = StatementEntry.objects.filter(entry__cause=f"settlement:{settlement.pk}")
        if held.exclude(statement__state=StatementState.DRAFT).exists():
            raise DomainError(
                _("This settlement stands in a monthly statement already. Ask the agency to take it back.")
            )
