"""One person's monthly credit to the personal account.

The monthly run computes the same set-based in SQL (`accounts.services.credit_sql`); a test proves both equal.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from policies.engine import vocabulary as v
from policies.engine.errors import MissingLaw
from policies.engine.money import ZERO, to_fen
from policies.engine.policy import CreditTerm, Policy

# Each named once (see `vocabulary`).
_FIXED_AMOUNT = v.CreditMethod.FIXED_AMOUNT
_NONE = v.CreditMethod.NONE
_OLD_STANDARD = v.CreditMethod.OLD_STANDARD
_PROPORTIONAL_AMOUNT = v.CreditMethod.PROPORTIONAL_AMOUNT
_SHARE_OF_BASE = v.CreditMethod.SHARE_OF_BASE
_SHARE_OF_CIVIL_SERVANT_BASIS = v.CreditMethod.SHARE_OF_CIVIL_SERVANT_BASIS


class NotCreditable(StrEnum):
    """Why a member who would be credited cannot be."""

    NO_CONTRIBUTION = "no_contribution"
    NO_AVERAGE_PENSION = "no_average_pension"
    NO_OLD_STANDARD = "no_old_standard"
    NO_CONTRIBUTION_MONTHS = "no_contribution_months"
    NO_CIVIL_SERVANT_BASIS = "no_civil_servant_basis"
    UNSET_FIGURE = "unset_figure"


class CreditFacts(NamedTuple):
    """A member in a month, on its last day or the day of death (docs/interpretations/0030).

    `base` is the contribution base received for the month, None while it is not. `civil_servant_basis` is the one of
    the status, None for whoever has none; `lacks_civil_servant_basis`: there is one, but of the other status, as for a
    retiree whose first pension is not entered (docs/interpretations/0041). Amounts are yuan a month.
    `contribution_months`: for how many months the member contributed, None where nobody entered it.
    """

    birth_date: date
    status: v.InsuredStatus
    employment: v.Employment
    scheme: v.AccountScheme
    had_account_before: bool
    base: Decimal | None
    old_retiree_credit: Decimal | None
    civil_servant_basis: Decimal | None
    lacks_civil_servant_basis: bool = False
    contribution_months: int | None = None


class Pension(NamedTuple):
    """An average pension: yuan a month, and whether it is final."""

    monthly: Decimal
    is_final: bool


class Credit(NamedTuple):
    """What is due for one component: yuan, the basis it was taken of (None for a fixed amount), and the rule."""

    term: CreditTerm
    amount: Decimal
    basis: Decimal | None
    missing: NotCreditable | None


def monthly_credits(
    policy: Policy, facts: CreditFacts, month: date, pensions: Mapping[int, Pension]
) -> tuple[Credit, ...]:
    """The member's entitlement for the month, a Credit per component.

    policy: in force on the month's last day. month: its first day. pensions: the region's averages by year. The
    amount is 0.00 where nothing is due; `missing` says where a fact is lacking. MissingLaw unless one rule decides.

    Pingliang 9, 15; Dazhou 4, 6, 7; Zaozhuang 7; Kaifeng 16; Baoshan 16, 17.
    """
    age = credit_age(policy, facts.birth_date, month)
    return tuple(
        credit_by(credit_rule(policy, component, facts, age), facts, pensions) for component in v.CreditComponent
    )


def credit_age(policy: Policy, birth_date: date, month: date) -> int:
    """Full years that count in the month, from the birthday's month or the next (docs/interpretations/0013)."""
    months = (month.year - birth_date.year) * 12 + month.month - birth_date.month
    if policy.senior_from == v.SeniorFrom.NEXT_MONTH:
        months -= 1
    return months // 12


def applicable_pension(pensions: Mapping[int, Pension], year: int | None, stand_in_year: int | None) -> Decimal | None:
    """The named year's average once final, the stand-in year's until then (Dazhou 4); None while neither is known."""
    named = pensions.get(year) if year else None
    if named is not None and named.is_final:
        return named.monthly
    stand_in = pensions.get(stand_in_year) if stand_in_year else None
    return stand_in.monthly if stand_in is not None else None


def credit_rule(policy: Policy, component: v.CreditComponent, facts: CreditFacts, age: int) -> CreditTerm:
    """The rule for a component; only how somebody is insured counts, and the age (`credit_age`), not what is paid.

    MissingLaw unless one rule decides.
    """
    prior = "yes" if facts.had_account_before else "no"
    rules = [
        term
        for term in policy.credits
        if term.component == component
        and term.status in (v.ALL, facts.status)
        and term.employment in (v.ALL, facts.employment)
        and term.scheme in (v.ALL, facts.scheme)
        and term.prior_account in (v.ALL, prior)
        and term.age_from <= age < term.age_until
    ]
    if len(rules) != 1:
        raise MissingLaw(f"{policy.region} {policy.version_id}: {len(rules)} credit rules for {component}")
    return rules[0]


def credit_by(term: CreditTerm, facts: CreditFacts, pensions: Mapping[int, Pension]) -> Credit:
    """What a rule gives."""
    if term.method == _NONE:
        return Credit(term, ZERO, None, None)
    if term.method == _SHARE_OF_CIVIL_SERVANT_BASIS and facts.civil_servant_basis is None:
        lacking = NotCreditable.NO_CIVIL_SERVANT_BASIS if facts.lacks_civil_servant_basis else None
        return Credit(term, ZERO, None, lacking)
    if term.needs_contribution and facts.base is None:
        return Credit(term, ZERO, None, NotCreditable.NO_CONTRIBUTION)
    if term.method in _OF_NO_BASIS:
        return _of_no_basis(term, facts)
    basis = _basis(term, facts, pensions)
    if basis is None:
        return Credit(term, ZERO, None, NotCreditable.NO_AVERAGE_PENSION)
    if term.rate is None:
        return Credit(term, ZERO, basis, NotCreditable.UNSET_FIGURE)
    return Credit(term, to_fen(basis * term.rate), basis, None)


_OF_NO_BASIS = (_FIXED_AMOUNT, _PROPORTIONAL_AMOUNT, _OLD_STANDARD)


def _of_no_basis(term: CreditTerm, facts: CreditFacts) -> Credit:
    if term.method == _PROPORTIONAL_AMOUNT:
        return _proportional(term, facts.contribution_months)
    if term.method == _OLD_STANDARD:
        return _fixed(term, facts.old_retiree_credit, NotCreditable.NO_OLD_STANDARD)
    return _fixed(term, term.amount, NotCreditable.UNSET_FIGURE)


def _fixed(term: CreditTerm, amount: Decimal | None, lacking: NotCreditable) -> Credit:
    return Credit(term, ZERO, None, lacking) if amount is None else Credit(term, to_fen(amount), None, None)


def _proportional(term: CreditTerm, months: int | None) -> Credit:
    """The amount in proportion to the months, never more than the whole; multiplied first, rounded once."""
    if months is None:
        return Credit(term, ZERO, None, NotCreditable.NO_CONTRIBUTION_MONTHS)
    if term.amount is None:
        return Credit(term, ZERO, None, NotCreditable.UNSET_FIGURE)
    return Credit(term, to_fen(term.amount * min(months, term.full_months) / term.full_months), None, None)


def _basis(term: CreditTerm, facts: CreditFacts, pensions: Mapping[int, Pension]) -> Decimal | None:
    if term.method == _SHARE_OF_BASE:
        return facts.base
    if term.method == _SHARE_OF_CIVIL_SERVANT_BASIS:
        return facts.civil_servant_basis
    return applicable_pension(pensions, term.pension_year, term.stand_in_year)
