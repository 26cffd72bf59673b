"""What a reimbursement comes to: as it was submitted, or as it would be now."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.formats import NOTHING, instant, listed
from agency.admin.panels import Panel, Table, TablesPanel
from claims.admin.documents import DocumentsPanel
from claims.admin.panels import LinesPanel
from claims.admin.trials import reads_outcome
from claims.models import ClaimLine
from claims.services.settlement import trial
from reimbursements.admin.payment_items import ITEM_TONES
from reimbursements.models import ReimbursementState
from reimbursements.models.reimbursements import EDITABLE
from reimbursements.selectors.papers import missing_kinds
from reimbursements.selectors.reimbursements import Move, earlier_moves
from reimbursements.selectors.trials import read_back


class TrialPanel(Panel):
    """The calculation with its articles. Before the submission it is made anew whenever the page is read."""

    name = "trial"
    title = gettext_lazy("Calculation")
    tab = False
    permission = "claims.view_settlement"
    template = "reimbursements/trial.html"

    def is_shown(self) -> bool:
        """What was withdrawn before it was ever submitted has no calculation to show, and gets none any more."""
        return super().is_shown() and (self._is_open or bool(self.obj.calculation))

    def context(self) -> dict[str, Any]:
        """The amounts and steps, the refusal, or what keeps the claim from being calculated."""
        claim = self.obj.claim
        notices = self._notices()
        context: dict[str, Any] = {"heading": self._heading(), "notices": notices}
        try:
            outcome = trial(claim) if self._is_open else read_back(claim, self.obj.calculation)
        except tuple(self.admin.refusals) as error:
            return context | {"fault": self.admin.sentence_for(error)}
        read = reads_outcome(outcome)
        return context | read | {"notices": notices + read["notices"]}

    @property
    def _is_open(self) -> bool:
        return self.obj.state in EDITABLE

    def _heading(self) -> str:
        if self._is_open:
            return _("Trial calculation: what the claim would come to now. It is kept when it is submitted.")
        return _("As submitted on %(instant)s; an approval pays exactly this.") % {
            "instant": instant(self.obj.submitted_at)
        }

    def _notices(self) -> list[str]:
        claim, reason = self.obj.claim, self.obj.accepted_without
        notices = [_told(move) for move in earlier_moves(self.obj)]
        if claim.late_filing_accepted_by_id is not None:
            accepted = {"name": claim.late_filing_accepted_by, "reason": claim.late_filing_reason}
            notices.append(_("Filed late; accepted by %(name)s: %(reason)s") % accepted)
        missing = missing_kinds(claim) if reason else []
        if missing:
            papers = listed(kind.label for kind in missing)
            notices.append(
                _("No file of: %(papers)s. The clerk says why: %(reason)s") % {"papers": papers, "reason": reason}
            )
        return notices


def _told(move: Move) -> str:
    """An earlier decision in words, or why it was submitted again after one."""
    words = {
        ReimbursementState.RETURNED: gettext_lazy("Returned by %(name)s on %(instant)s: %(reason)s"),
        ReimbursementState.REFUSED: gettext_lazy("Refused by %(name)s on %(instant)s: %(reason)s"),
        ReimbursementState.SUBMITTED: gettext_lazy("Submitted again by %(name)s on %(instant)s: %(reason)s"),
    }
    said = {"name": move.person or NOTHING, "instant": instant(move.at), "reason": move.reason}
    return str(words[move.state] % said)


class BillPanel(LinesPanel):
    """The lines of the claim, and those that corrections replaced."""

    def __init__(self, admin: Any, request: Any, obj: Any) -> None:
        super().__init__(admin, request, obj.claim)

    def tables(self) -> list[Table]:
        """What was replaced comes after what stands, the newest first, each line with who replaced it and why."""
        columns = (
            column.text("name", _("Item")),
            column.text("kind"),
            column.text("category"),
            column.yuan("amount"),
            column.instant("history_date", _("Replaced at")),
            column.text("history_user", _("Replaced by")),
            column.text("history_change_reason", _("Reason")),
        )
        replaced = ClaimLine.history.filter(claim_id=self.obj.pk, history_type="-").select_related("history_user")
        earlier = [Table.of(replaced, columns, caption=_("Lines before a correction"))] if replaced else []
        return super().tables() + earlier


class PapersPanel(DocumentsPanel):
    """The documents of the claim, with the checklist and where the invoice was seen before."""

    def __init__(self, admin: Any, request: Any, obj: Any) -> None:
        super().__init__(admin, request, obj.claim)


class PaymentsPanel(TablesPanel):
    """What the bank was asked to pay for it, and what it answered."""

    name = "payments"
    title = gettext_lazy("Payments")
    tab = False
    permission = "reimbursements.view_paymentitem"

    def is_shown(self) -> bool:
        """Once it was in a batch."""
        return super().is_shown() and self.obj.payments.exists()

    def tables(self) -> list[Table]:
        columns = (
            column.link("batch"),
            column.text("payee_name"),
            column.text("payee_bank"),
            column.text("masked_account", _("Bank account number")),
            column.yuan("amount"),
            column.badge("state", ITEM_TONES),
            column.day("answered_on", _("Answered on")),
            column.text("failure"),
        )
        return [Table.of(self.obj.payments.select_related("batch__region").order_by("-pk"), columns)]
