"""A member as somebody who is described: what the rules ask about them on a day, and nothing that names them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

from accounts.models import LedgerAccount
from claims.models import Claim
from claims.selectors.facts import usage_of
from claims.services.trials import Described, Question, UsedSoFar
from claims.services.years import years_of
from members.models import Member
from members.selectors.insured import situations
from policies.engine.absence import Registered, is_registered
from policies.engine.deductibles import deductible_key
from policies.engine.errors import MissingFact, MissingLaw
from policies.engine.facts import Usage, Visit, age_on
from policies.engine.vocabulary import (
    AccountScheme,
    Benefit,
    CeilingBasis,
    CeilingScope,
    Employment,
    InsuredStatus,
    OutOfAreaKind,
    Tier,
)
from policies.selectors.versions import policies_in_force
from providers.selectors import agreement_on

ZERO = Decimal("0.00")


def born(age: int, on: date) -> date:
    """A date of birth of somebody who is so old on a day."""
    return date(on.year - age, 1, 1)


def describe(question: Question) -> Question:
    """The same visit of somebody of the member's age, status and registrations, to a provider of the same tier, with
    what the member used so far. Somebody described stays as they are.

    Somebody without an enrollment on the day is described as active and without a contribution.
    """
    member = question.patient
    if not isinstance(member, Member):
        return question
    (situation,) = situations([(member, question.served_on)])
    person = situation.person
    code = question.disease.code if question.disease else ""
    patient = Described(
        birth_date=born(age_on(member.birth_date, question.served_on), question.served_on),
        status=person.status or InsuredStatus.ACTIVE,
        scheme=person.scheme or AccountScheme.COMBINED,
        employment=person.employment or Employment.EMPLOYEE,
        contribution=person.contribution,
        registered_in=frozenset(Benefit(each) for each, registered in situation.registrations if registered == code),
        diseases=sum(benefit == question.benefit for benefit, _code in situation.registrations),
        is_away_registered=_is_away_registered(question, situation.away),
        in_hospital=situation.in_hospital,
        in_special_nursing=situation.in_special_nursing,
        died=member.died_on == question.served_on,
        family_doctor=_doctor(question, situation.family_doctors),
        used=_used(question, member),
        balance=_balance(member) if question.pay_from_account else ZERO,
    )
    return at_its_tier(replace(question, patient=patient))


def at_its_tier(question: Question) -> Question:
    """The same visit to a provider that is not named: of the tier that the named one has on the day."""
    if question.provider is None:
        return question
    agreement = agreement_on(question.provider, question.served_on)
    return replace(
        question,
        provider=None,
        tier=Tier(agreement.tier) if agreement else Tier.PRIMARY,
        is_designated=agreement is not None and agreement.is_designated,
    )


def _is_away_registered(question: Question, held: Iterable[Registered]) -> bool:
    """Whether a registration serves the visit by the rules of the day, which say what kinds and places it reaches."""
    if not question.out_of_area:
        return False
    kind = OutOfAreaKind(question.out_of_area)
    policy = policies_in_force(question.region, [question.served_on]).get(question.served_on)
    try:
        return policy is not None and is_registered(policy, kind, question.place, held)
    except (MissingFact, MissingLaw):
        return any(each.kind == kind for each in held)


def _doctor(question: Question, doctors: frozenset[int]) -> Literal["", "there", "elsewhere"]:
    if question.provider is not None and question.provider.pk in doctors:
        return "there"
    return "elsewhere" if doctors else ""


def _balance(member: Member) -> Decimal:
    account = LedgerAccount.objects.filter(member=member).first()
    return (account.balance if account else None) or ZERO


def _used(question: Question, member: Member) -> UsedSoFar:
    """What the rules of the day would find used; nothing on a day without rules."""
    policy = policies_in_force(question.region, [question.served_on]).get(question.served_on)
    if policy is None or question.benefit not in policy.benefits:
        return UsedSoFar()
    rules = policy.benefits[question.benefit]
    provider = question.provider.pk if question.provider else 0
    visit = Visit(question.served_on, str(provider), question.tier, question.benefit, ())
    claim = Claim(member=member, benefit=question.benefit, served_on=question.served_on)
    (year,) = years_of([claim], locks=False).values()
    usage: Usage = usage_of(claim, year.rows.values(), deductible_key(rules, visit))
    by_expense = rules.ceiling_basis == CeilingBasis.EXPENSE
    of_year, of_month = (usage.counted_year, usage.counted_month) if by_expense else (usage.paid_year, usage.paid_month)
    scopes = [CeilingScope(scope) for scope in rules.scopes]
    return UsedSoFar(
        deductible=max([usage.deductible_borne, *usage.drug_deductibles.values()]),
        covered=usage.covered,
        covered_month=usage.covered_month,
        year={scope: of_year[scope] for scope in scopes if of_year.get(scope)},
        month={scope: of_month[scope] for scope in scopes if of_month.get(scope)},
    )
