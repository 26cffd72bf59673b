"""What happened to a member's manual reimbursements."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from agency.admin.permissions import may
from agency.admin.timeline import Event, from_history, label_of_state
from members.models import Member
from reimbursements.models import Reimbursement


def reimbursement_events(user: Any, member: Member, before: datetime, limit: int) -> Iterable[Event]:
    """Each step of each, by whom."""
    if not may(user, "reimbursements.view_reimbursement", member):
        return
    rows = Reimbursement.history.filter(claim__member=member.pk).select_related("claim")
    yield from from_history(
        rows, before, limit, _("Manual reimbursements"), lambda row: f"{row.claim} · {label_of_state(row)}"
    )
