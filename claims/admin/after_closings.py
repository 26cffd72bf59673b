"""What of a reversal goes to whoever got the balance of an account that was closed since, in sentences."""

from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from accounts.models import AccountClosing
from accounts.selectors.closings import due_after_closings, recovered
from claims.models import Reversal, ReversalState
from claims.selectors.resettlements import back_to_accounts


def said(reversal: Reversal) -> str:
    """Before the decision what will be due, after it what is; empty where no account concerned is closed."""
    return format_html_join("\n", "<p>{}</p>", ((sentence,) for sentence in sentences(reversal)))


def sentences(reversal: Reversal) -> list[str]:
    """As `said`, one for each payee and one for what is recovered first."""
    if reversal.state == ReversalState.SUBMITTED:
        return _intended(reversal)
    return _done(reversal) if reversal.state == ReversalState.APPROVED else []


def _intended(reversal: Reversal) -> list[str]:
    sentences = []
    for due in due_after_closings(back_to_accounts(reversal.plan, reversal.settlement)):
        named = _named(due.closing)
        sentences.append(
            _("The account of %(holder)s is closed. Of what comes back to it, %(amount)s yuan go to %(payee)s.")
            % (named | {"amount": f"{due.paid_out:,.2f}"})
        )
        if taken := recovered(due.set_off):
            sentences.append(
                _("%(amount)s yuan that were credited to %(holder)s above entitlement are recovered first.")
                % (named | {"amount": f"{taken:,.2f}"})
            )
    return sentences


def _done(reversal: Reversal) -> list[str]:
    sentences = []
    rows = AccountClosing.objects.filter(cause=f"reversal:{reversal.pk}").select_related("account__member")
    for row in rows.prefetch_related("set_off").order_by("pk"):
        named = _named(row)
        sentences.append(
            _("The account of %(holder)s was closed. Of what came back to it, %(amount)s yuan are due to %(payee)s.")
            % (named | {"amount": f"{row.amount:,.2f}"})
        )
        if taken := sum(each.taken or 0 for each in row.set_off.all()):
            sentences.append(
                _("%(amount)s yuan that were credited to %(holder)s above entitlement were recovered first.")
                % (named | {"amount": f"{taken:,.2f}"})
            )
    return sentences


def _named(closing: AccountClosing) -> dict[str, object]:
    return {"holder": closing.account, "payee": closing.payee or closing.account}
