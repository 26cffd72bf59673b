"""A bill split into what lies outside and inside the covered amount."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.citation import Citation
from policies.engine.facts import Line
from policies.engine.figures import Figure
from policies.engine.money import ZERO, to_fen
from policies.engine.outcome import Step, StepCode
from policies.engine.policy import Policy, Terms

# Each named once (see `vocabulary`).
_B, _C = v.CatalogCategory.B, v.CatalogCategory.C
_UPFRONT_SHARE, _TOTAL, _COVERED = StepCode.UPFRONT_SHARE, StepCode.TOTAL, StepCode.COVERED


class FigureUnset(Exception):
    """A figure that this calculation needs is not set."""

    def __init__(self, citation: Citation) -> None:
        super().__init__(citation.article)
        self.citation = citation


class Bill(NamedTuple):
    """A bill split into what lies outside and inside the covered amount, yuan.

    `drugs` is the latter by drug, `chinese` the part of it that is Chinese medicine.
    """

    total: Decimal
    self_paid: Decimal
    excluded: Decimal
    over_limit: Decimal
    upfront: Decimal
    drugs: Mapping[str, Decimal]
    steps: list[Step]
    chinese: Decimal = ZERO


def split_bill(policy: Policy, terms: Terms, lines: tuple[Line, ...], explain: bool) -> Bill:
    """Each line's self-paid part, its part above the price limit and its upfront share (rounded on its line)."""
    total = self_paid = excluded = over_limit = upfront = chinese = ZERO
    drugs: dict[str, Decimal] = {}
    steps: list[Step] = []
    left_out, own = terms.rules.excluded, terms.rules.upfront
    for line in lines:
        # At once: a bill's lines are what there is most of.
        kind, category, amount, over, _catalogue, _negotiated, _prenatal, drug, chinese_medicine = line
        total += amount
        if category == _C:
            self_paid += amount
        elif left_out and _is_excluded(left_out, line):
            self_paid += amount
            excluded += amount
        else:
            over_limit += over
            within = amount - over
            if own is not None or category == _B:
                rate, citation = _upfront_rate(policy, own, line)
                share = to_fen(within * rate)
                upfront += share
                within -= share
                if explain:
                    steps.append(Step(_UPFRONT_SHARE, within + share, rate, share, citation, kind))
            if chinese_medicine:
                chinese += within
            if drug:
                drugs[drug] = drugs.get(drug, ZERO) + within
    bill = Bill(total, self_paid, excluded, over_limit, upfront, drugs, steps, chinese)
    if explain:
        _explain_bill(bill, terms)
    return bill


def _explain_bill(bill: Bill, terms: Terms) -> None:
    head = [Step(_TOTAL, bill.total, None, bill.total, None)]
    if bill.self_paid > bill.excluded:
        own = bill.self_paid - bill.excluded
        head.append(Step(StepCode.SELF_PAID, bill.total, None, own, None))
    if bill.excluded:
        head.append(Step(StepCode.EXCLUDED, bill.total, None, bill.excluded, terms.rules.citation))
    if bill.over_limit:
        head.append(Step(StepCode.OVER_LIMIT, bill.total, None, bill.over_limit, None))
    covered = bill.total - bill.self_paid - bill.over_limit - bill.upfront
    bill.steps[:0] = head
    bill.steps.append(Step(_COVERED, bill.total, None, covered, terms.rules.citation))


def _is_excluded(left_out: frozenset[v.Exclusion], line: Line) -> bool:
    return (line.negotiated and v.Exclusion.NEGOTIATED in left_out) or (
        line.prenatal and v.Exclusion.PRENATAL in left_out
    )


def _upfront_rate(policy: Policy, own: Figure | None, line: Line) -> tuple[Decimal, Citation]:
    """The share that a line bears first.

    The benefit's own share where it has one (Baoshan 14); otherwise, of category B, the region's for the kind, or the
    catalogue's for the item (docs/interpretations/0016).
    """
    if own is not None:
        if own.value is None:
            raise FigureUnset(own.citation)
        return own.value, own.citation
    term = policy.upfront[line.kind]
    rate = line.upfront_rate if term.from_catalogue else term.share.value
    if rate is None:
        raise FigureUnset(term.share.citation)
    return rate, term.share.citation
