"""A credit's steps, in the reader's language: what it was taken of, by which rule, what was credited before."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import LedgerEntry
from policies.engine.vocabulary import CreditMethod, CreditSchedule
from policies.labels import LABELS
from policies.selectors.instruments import clauses_of


@dataclass(frozen=True, slots=True)
class ExplainedCredit:
    """One row: `parameter` is "2.8 %" or empty, `amount` yuan; then where the rule stands, and its clause if loaded."""

    label: str
    amount_in: Decimal | None
    parameter: str
    amount: Decimal
    instrument: str = ""
    article: str = ""
    phrase: str = ""
    reading: str = ""
    clause: str = ""


def explain_credit(entry: LedgerEntry) -> list[ExplainedCredit]:
    """The steps of a monthly credit or a true-up in order; nothing for other entries."""
    rule = entry.rule
    if rule is None or entry.entitlement_after is None:
        return []
    instrument = rule.version.instrument
    clause = clauses_of(entry.region_id, [instrument.number]).get((instrument.number, rule.article), "")
    parameter = "" if rule.rate is None else f"{(rule.rate * 100).normalize():f} %"
    if rule.full_months:
        parameter = _("%(amount)s × contribution months / %(full)s") % {
            "amount": rule.amount,
            "full": rule.full_months,
        }
    label = str(LABELS[CreditMethod(rule.method)])
    if rule.schedule == CreditSchedule.YEAR_IN_ADVANCE:
        label = f"{label} ({LABELS[CreditSchedule.YEAR_IN_ADVANCE]})"
    rows = [
        ExplainedCredit(
            label=label,
            amount_in=entry.basis,
            parameter=parameter,
            amount=entry.entitlement_after,
            instrument=instrument.number,
            article=rule.article,
            phrase=rule.phrase,
            reading=rule.reading,
            clause=clause,
        )
    ]
    if entry.entitlement_before:
        rows.append(ExplainedCredit(_("Credited for this month before"), None, "", entry.entitlement_before))
    rows.append(ExplainedCredit(_("Credited now"), None, "", entry.amount))
    return rows
