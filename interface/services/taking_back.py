"""A settlement taken back (2208), and a message taken back of which the sender never saw the answer (2601)."""

from dataclasses import replace

from django.db.models import Sum
from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from claims.models import Settlement
from claims.services.providers_reversal import put_back_for_provider, take_back_for_provider
from interface.models import Message, MessageState, RecalledMessage, Visit
from interface.schema.requests import OfSettlementInput, RecallInput
from interface.selectors.answers import settled
from interface.services.calls import Call, Reply
from interface.services.keys import hold_key
from interface.services.settling import settlement_of
from interface.services.visits import visit_of

SETTLES, TAKES_BACK = "2207", "2208"


def take_back(call: Call, asked: OfSettlementInput) -> Reply:
    """2208. Asked for again under another number it answers what stands, and gives nothing back twice."""
    visit_of(call, asked.data.mdtrt_id, asked.data.psn_no)
    settlement = settlement_of(call, asked)
    if settlement.reverses_id is not None:
        raise DomainError(_("This setl_id is that of a row that takes a settlement back."))
    counter = Settlement.objects.filter(reverses=settlement).select_related("claim__member__region").first()
    if counter is not None:
        # It is not this message that did it, so that 2601 of this one undoes nothing.
        return replace(_reply(call, counter, _("This settlement had been taken back before.")), settlement=None)
    return _take_back(call, settlement)


def _take_back(call: Call, settlement: Settlement) -> Reply:
    taken = take_back_for_provider(settlement, call.provider, today=call.today, reason=call.reason)
    taken.row.claim = settlement.claim
    return _reply(call, taken.row, _others(taken.others))


def _others(count: int) -> str:
    if not count:
        return ""
    return _("Settled anew for it: %(count)s later settlements of this member. Reconcile with 3202.") % {"count": count}


def _reply(call: Call, row: Settlement, warning: str) -> Reply:
    visit = _visit(row)
    return Reply(settled(row, visit, call.now), warning, visit.member, row)


def _visit(row: Settlement) -> Visit:
    rows = Visit.objects.select_related("member__region", "provider__region")
    return rows.get(claims__claim=row.claim_id)


def recall(call: Call, asked: RecallInput) -> Reply:
    """2601: whatever the message with this number did is undone, and it does nothing if it comes later.

    The number's lock is waited for, so that a message that is being worked on ends first.
    """
    number, infno = asked.data.omsgid, asked.data.oinfno[:4]
    if infno not in (SETTLES, TAKES_BACK):
        raise DomainError(_("Only 2207 and 2208 are taken back with 2601."))
    hold_key(call.provider, number)
    rows = Message.objects.filter(provider=call.provider, msgid=number, state=MessageState.ANSWERED)
    message = rows.select_related("settlement__claim__member__region").first()
    if message is not None and message.infno[:4] != infno:
        raise DomainError(_("The message with this number is no %(infno)s.") % {"infno": infno})
    if (
        message is not None
        and asked.data.psn_no
        and message.member
        and (message.member.member_number != asked.data.psn_no)
    ):
        raise DomainError(_("The message with this number is about another person: psn_no does not fit."))
    if RecalledMessage.objects.filter(provider=call.provider, msgid=number).exists():
        return Reply(warning=_("This message had been taken back before."))
    RecalledMessage.objects.create(provider=call.provider, msgid=number, recalled_at=call.now)
    if message is None:
        return Reply(warning=_("No message with this number has arrived. If it comes later, it does nothing."))
    if message.settlement is None:
        return Reply(warning=_("The message with this number had changed nothing."), member=message.member)
    return _undo(call, message.settlement)


def _undo(call: Call, row: Settlement) -> Reply:
    visit = visit_of(call, _visit(row).number, row.claim.member.member_number)
    if row.reverses_id is None:
        if Settlement.objects.filter(reverses=row).exists():
            return Reply(warning=_("This settlement had been taken back before."), member=row.claim.member)
        return _take_back(call, row)
    if visit.details.filter(claim=row.claim_id).aggregate(sum=Sum("amount"))["sum"] != row.total:
        raise DomainError(_("The lines of this visit were taken back or settled anew since, so that 2208 stands."))
    back = put_back_for_provider(row, call.provider, today=call.today)
    back.row.claim.member = row.claim.member
    return _reply(call, back.row, _others(back.others))
