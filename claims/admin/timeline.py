"""What happened to a member's claims: registered, settled or refused, reversed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from agency.admin.formats import day
from agency.admin.permissions import may
from agency.admin.timeline import Event
from agency.admin.views import page_url
from claims.models import Claim, Settlement
from members.models import Member


def claim_events(user: Any, member: Member, before: datetime, limit: int) -> Iterable[Event]:
    """Claims when they were registered, and each settlement, also one that takes another back."""
    if not may(user, "claims.view_claim", member):
        return
    kind = _("Claims")
    claims = Claim.objects.filter(member=member, created_at__lt=before).select_related("provider")
    for claim in claims.order_by("-created_at")[:limit]:
        title = _("Claim %(number)s") % {"number": claim.claim_number}
        text = " · ".join((day(claim.served_on), str(claim.provider), claim.get_benefit_display()))
        yield Event(claim.created_at, kind, title, f"{text} · {claim.get_state_display()}", page_url(claim))
    # Without the steps, which are most of a settlement.
    settled = Settlement.objects.filter(member=member, settled_at__lt=before).defer("steps", "warnings")
    for each in settled.select_related("claim", "settled_by").order_by("-settled_at")[:limit]:
        said = _("Settlement of %(number)s taken back") if each.reverses_id else _("Claim %(number)s settled")
        amounts = _("the fund %(pooled)s, the patient %(patient)s yuan") % {
            "pooled": f"{each.pooled + each.pooled_inpatient:,.2f}",
            "patient": f"{each.patient_share:,.2f}",
        }
        title = said % {"number": each.claim.claim_number}
        yield Event(each.settled_at, kind, title, amounts, page_url(each.claim), who=str(each.settled_by or ""))
