"""What a reimbursement comes to: as it was submitted, or as it would be now."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.formats import instant
from agency.admin.panels import Panel
from claims.admin.documents import DocumentsPanel
from claims.admin.panels import LinesPanel, reads_amounts, reads_steps
from claims.selectors.explanations import explain, explained_warnings
from claims.selectors.trials import read_back
from claims.services.reimbursements import EDITABLE
from claims.services.settlement import trial
from policies.admin.figures import clauses_in
from policies.engine.outcome import Refusal
from policies.engine.vocabulary import RefusalReason
from policies.labels import label


class TrialPanel(Panel):
    """The calculation with its articles. Before the submission it is made anew whenever the page is read."""

    name = "trial"
    title = gettext_lazy("Calculation")
    tab = False
    permission = "claims.view_settlement"
    template = "claims/trial.html"

    def context(self) -> dict[str, Any]:
        """The amounts and steps, the refusal, or what keeps the claim from being calculated."""
        claim = self.thing.claim
        notices = self._notices()
        found: dict[str, Any] = {"heading": self._heading(), "notices": notices}
        try:
            outcome = trial(claim) if self._is_open else read_back(claim, self.thing.calculation)
        except self.admin.refusals as error:
            return found | {"fault": self.admin.sentence_for(error)}
        if isinstance(outcome, Refusal):
            return found | {"refusal": label(outcome.reason, RefusalReason), "citation": outcome.citation}
        steps = explain(outcome)
        tables = [reads_amounts(outcome), reads_steps(steps)]
        notices += explained_warnings(outcome)
        return found | {"tables": tables, "clauses": clauses_in(steps)}

    @property
    def _is_open(self) -> bool:
        return self.thing.state in EDITABLE

    def _heading(self) -> str:
        if self._is_open:
            return _("Trial calculation: what the claim would come to now. It is kept when it is submitted.")
        return _("As submitted on %(instant)s; an approval pays exactly this.") % {
            "instant": instant(self.thing.submitted_at)
        }

    def _notices(self) -> list[str]:
        claim = self.thing.claim
        if claim.late_filing_accepted_by_id is None:
            return []
        accepted = {"name": claim.late_filing_accepted_by, "reason": claim.late_filing_reason}
        return [_("Filed late; accepted by %(name)s: %(reason)s") % accepted]


class BillPanel(LinesPanel):
    """The lines of the claim."""

    def __init__(self, admin: Any, request: Any, thing: Any) -> None:
        """thing: the reimbursement."""
        super().__init__(admin, request, thing.claim)


class PapersPanel(DocumentsPanel):
    """The documents of the claim, with the checklist and where the invoice was seen before."""

    def __init__(self, admin: Any, request: Any, thing: Any) -> None:
        """thing: the reimbursement."""
        super().__init__(admin, request, thing.claim)
