"""What the fund pays of the expense above the deductible: its rates, within what is left under the ceilings."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.bill import FigureUnset
from policies.engine.citation import Citation
from policies.engine.errors import MissingLaw
from policies.engine.facts import Circumstances, Usage, tier_scope
from policies.engine.figures import CeilingTerm
from policies.engine.money import ZERO, to_fen
from policies.engine.outcome import BAND_NOTE, Step, StepCode
from policies.engine.policy import Terms

# Each named once (see `vocabulary`).
_YEAR, _ON_PAYMENT = v.CeilingPeriod.YEAR, v.CeilingBasis.PAYMENT
_REIMBURSEMENT, _CEILING, _POOLED_PAYMENT = StepCode.REIMBURSEMENT, StepCode.CEILING, StepCode.POOLED_PAYMENT
ONE = Decimal(1)


class Piece(NamedTuple):
    """A part of the expense, yuan, the rate that it has, where that stands, and the band it lies in (yuan)."""

    expense: Decimal
    rate: Decimal
    citation: Citation
    spent_from: Decimal = ZERO


class Raise(NamedTuple):
    """Points that are added to the rate of `part` of each `whole` yuan of the expense."""

    ground: v.RateGround
    points: Decimal
    citation: Citation
    part: Decimal
    whole: Decimal

    def of(self, expense: Decimal) -> Decimal:
        """What they pay of an expense, yuan. Divided last, so that nothing is rounded before the payment is."""
        return expense * self.part * self.points / self.whole


def raises_of(terms: Terms, circumstances: Circumstances, chinese: Decimal, covered: Decimal) -> tuple[Raise, ...]:
    """What is added to the rate of this visit. FigureUnset where its points are unset.

    chinese: yuan of the covered amount that is Chinese medicine. What comes off the covered amount before the rate, as
    the deductible, takes from it and from the rest in proportion.
    """
    parts = {
        v.RateGround.FAMILY_DOCTOR: ONE if circumstances.family_doctor else ZERO,
        v.RateGround.FAMILY_DOCTOR_THERE: ONE if circumstances.family_doctor_there else ZERO,
        v.RateGround.CHINESE_MEDICINE: chinese,
    }
    raised = []
    for ground, (points, citation) in terms.additions:
        if not parts[ground]:
            continue
        if points is None:
            raise FigureUnset(citation)
        whole = covered if ground == v.RateGround.CHINESE_MEDICINE else ONE
        raised.append(Raise(ground, points, citation, parts[ground], whole))
    return tuple(raised)


def pooled_payment(
    terms: Terms,
    circumstances: Circumstances,
    usage: Usage,
    base: Decimal,
    above: Decimal,
    raised: Sequence[Raise],
    steps: list[Step],
    explain: bool,
) -> tuple[Decimal, Decimal, Decimal]:
    """The first fund line: payment, the expense it stands for, and the expense that found no room (unrounded).

    base: yuan of covered spending, of which the deductible took the first part and left `above`. The rates and what
    raises them never pay more than the expense.
    """
    rate, citation = terms.rate
    pieces: Sequence[Piece] = ()
    if terms.bands:
        pieces = _pieces(terms, usage.covered + base - above, above)
        exact, citation = _sum(pieces), pieces[0].citation
    elif rate is None:
        raise FigureUnset(citation)
    else:
        # Nearly every visit: nothing is made for it that one product does not need.
        exact = above * rate
    if explain:
        if pieces:
            steps += [_step(piece) for piece in pieces]
        else:
            steps.append(Step(_REIMBURSEMENT, above, rate, to_fen(exact), citation))
        steps += [_step_of_raise(each, above) for each in raised]
    room, binding = _room(terms, circumstances, usage)
    if raised:
        exact = min(above, exact + sum((each.of(above) for each in raised), ZERO))
    on_payment = terms.rules.ceiling_basis == _ON_PAYMENT
    if room is None or (exact if on_payment else above) <= room:
        paid, counted, rest = to_fen(exact), above, ZERO
    else:
        pieces = [_raised(piece, raised) for piece in pieces or _pieces(terms, ZERO, above)]
        paid = to_fen(room if on_payment else _sum(_first(pieces, room)))
        expense = _expense_of(pieces, room) if on_payment else room
        counted, rest = to_fen(expense), above - expense
        if explain:
            steps.append(Step(_CEILING, to_fen(exact), binding.amount, paid, binding.citation, binding.period))
    if explain:
        steps.append(Step(_POOLED_PAYMENT, above, None, paid, citation))
    return paid, counted, rest


def payment_beyond(
    terms: Terms,
    circumstances: Circumstances,
    usage: Usage,
    base: Decimal,
    rest: Decimal,
    steps: list[Step],
    explain: bool,
) -> Decimal:
    """The second fund line: the expense beyond the ceiling, on the terms that the region names for it (Baoshan 9).

    While those terms are unset the line is nil and reported, not refused (docs/interpretations/0026).
    """
    if terms.rate.value is None or all(term.amount is None and not term.is_open for term in terms.ceilings):
        if explain:
            steps.append(Step(StepCode.BEYOND_CEILING_UNSET, to_fen(rest), None, ZERO, terms.rate.citation))
        return ZERO
    pieces = _pieces(terms, usage.covered + base - rest, rest)
    room, _binding = _room(terms, circumstances, usage)
    paid = to_fen(_sum(pieces))
    if room is not None:
        paid = min(paid, room)
    if explain:
        rate = pieces[0].rate if len(pieces) == 1 else None
        steps.append(Step(StepCode.BEYOND_CEILING, to_fen(rest), rate, paid, pieces[0].citation))
    return paid


def _pieces(terms: Terms, spent: Decimal, expense: Decimal) -> Sequence[Piece]:
    """The expense by the bands of the year's covered spending it lies in; whole where there are none.

    spent: yuan of covered spending before this expense, of earlier visits in the year and of this visit's deductible.
    """
    if not terms.bands:
        rate, citation = terms.rate
        if rate is None:
            raise FigureUnset(citation)
        return (Piece(expense, rate, citation),)
    pieces: list[Piece] = []
    for band, following in zip_longest(terms.bands, terms.bands[1:]):
        if following is not None and following.spent_from <= spent:
            continue
        part = expense if following is None else min(expense, following.spent_from - spent)
        if not part and pieces:
            break
        rate, citation = band.rate
        if rate is None:
            raise FigureUnset(citation)
        pieces.append(Piece(part, rate, citation, band.spent_from))
        spent, expense = spent + part, expense - part
    return pieces


def _step(piece: Piece) -> Step:
    paid = to_fen(piece.expense * piece.rate)
    note = f"{BAND_NOTE}{piece.spent_from}" if piece.spent_from else ""
    return Step(_REIMBURSEMENT, piece.expense, piece.rate, paid, piece.citation, note)


def _step_of_raise(raised: Raise, above: Decimal) -> Step:
    expense = to_fen(above * raised.part / raised.whole)
    return Step(
        StepCode.RATE_ADDITION, expense, raised.points, to_fen(raised.of(above)), raised.citation, raised.ground
    )


def _raised(piece: Piece, raised: Iterable[Raise]) -> Piece:
    """The piece at the rate with what is added to it, for what a payment up to the ceiling stands for."""
    added = sum((each.points * each.part / each.whole for each in raised), ZERO)
    return piece._replace(rate=min(ONE, piece.rate + added))


def _sum(pieces: Iterable[Piece]) -> Decimal:
    return sum((piece.expense * piece.rate for piece in pieces), ZERO)


def _first(pieces: Iterable[Piece], expense: Decimal) -> Iterable[Piece]:
    """The pieces up to so much expense."""
    for piece in pieces:
        part = min(piece.expense, expense)
        expense -= part
        yield piece._replace(expense=part)


def _expense_of(pieces: Iterable[Piece], payment: Decimal) -> Decimal:
    """How much of the expense a payment stands for, yuan, unrounded; the payment is less than that of all pieces."""
    expense = ZERO
    for piece in pieces:
        due = piece.expense * piece.rate
        if payment < due:
            return expense + payment / piece.rate
        expense += piece.expense
        payment -= due
    return expense


def _room(terms: Terms, circumstances: Circumstances, usage: Usage) -> tuple[Decimal | None, CeilingTerm]:
    """What is left under the tightest ceiling; None where the document says that there is no end.

    A benefit whose every ceiling is unset is not calculated (docs/interpretations/0027).
    """
    on_payment = terms.rules.ceiling_basis == _ON_PAYMENT
    year, month = (usage.paid_year, usage.paid_month) if on_payment else (usage.counted_year, usage.counted_month)
    tightest: tuple[Decimal | None, CeilingTerm] | None = None
    for term in holding_ceilings(terms.ceilings, circumstances.diseases) if terms.by_diseases else terms.ceilings:
        if term.amount is None:
            if term.is_open and tightest is None:
                tightest = (None, term)
            continue
        sums = year if term.period == _YEAR else month
        used = sums.get(term.scope, ZERO) if not term.pot else paid_at(term, sums)
        left = term.amount - used if used < term.amount else ZERO
        if tightest is None or tightest[0] is None or left < tightest[0]:
            tightest = (left, term)
    if tightest is None:
        if not terms.ceilings:
            raise MissingLaw(f"{terms.rules.benefit}: no ceiling")
        raise FigureUnset(terms.ceilings[0].citation)
    return tightest


def paid_at(term: CeilingTerm, sums: Mapping[str, Decimal]) -> Decimal:
    """What was paid, or counted, at the tiers of a ceiling of their own."""
    return sum((sums.get(tier_scope(term.scope, tier), ZERO) for tier in term.pot), ZERO)


def holding_ceilings(ceilings: tuple[CeilingTerm, ...], diseases: int) -> Iterable[CeilingTerm]:
    """Of the ceilings of one scope and period the one for the most diseases that the person reaches (Baoshan 10)."""
    holding: dict[tuple[str, str, str, bool], CeilingTerm] = {}
    for term in ceilings:
        key = (term.scope, term.period, term.tier, bool(term.pot))
        held = holding.get(key)
        if term.diseases_from <= max(diseases, 1) and (held is None or held.diseases_from < term.diseases_from):
            holding[key] = term
    return holding.values()
