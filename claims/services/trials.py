"""A trial calculation (试算): what a visit would come to that nobody registers, for a member or for somebody described.

The calculation is the one that settles claims (`Adjudication`); only where its facts come from differs. Nothing is
locked and nothing is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext_lazy as _

from accounts.models import AccountKind, AccountState, LedgerAccount
from agency.exceptions import DomainError
from agency.models import PoolingRegion
from claims.models import BenefitUsage, Claim, ClaimLine, Settlement, SettlementChannel
from claims.selectors.facts import Case
from claims.services.adjudication import Adjudication, Fault
from claims.services.new_claims import take_catalogue_shares
from claims.services.payment import BOOKS
from claims.services.registration import check_bill
from claims.services.settlement import draft_settlement
from claims.services.years import AMOUNTS, Year, years_of
from members.models import Member
from members.selectors.insured import Situation, situations
from policies.engine.absence import Registered
from policies.engine.deductibles import drug_key
from policies.engine.errors import MissingLaw
from policies.engine.facts import ContributionState, Person, tier_key
from policies.engine.outcome import Refusal
from policies.engine.policy import Policy
from policies.engine.vocabulary import (
    AccountScheme,
    Benefit,
    CeilingScope,
    Employment,
    InsuredStatus,
    OutOfAreaKind,
    Tier,
)
from policies.models import Disease
from policies.selectors.versions import policies_in_force
from providers.models import Agreement, Provider
from providers.selectors import agreement_on

ZERO = Decimal("0.00")
# Of a visit to no provider, and of a patient who is no member: no row has it.
_NOBODY = 0
_ANOTHER_PROVIDER = -1
# What was used in the year before the month of service, among the accumulators by month.
_EARLIER = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedSoFar:
    """What somebody described used in the year of service before the visit, in yuan ≥ 0.

    deductible: borne of the one that the visit shares; where each drug has its own, of that of each drug on the bill.
    covered: policy-covered spending in the benefit, covered_month the part of it in the month of service. year, month:
    what counts against the ceilings of a scope, be it payments or expense; where a ceiling counts one tier alone, at
    the tier that is visited.
    """

    deductible: Decimal = ZERO
    covered: Decimal = ZERO
    covered_month: Decimal = ZERO
    year: Mapping[CeilingScope, Decimal] = field(default_factory=dict)
    month: Mapping[CeilingScope, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Somebody who is described as far as the rules ask about people.

    contribution: of the month of service; of retired members none is asked for. registered_in: benefits for which the
    treated disease is registered. diseases: how many are registered for the visit's benefit. is_away_registered: for
    care of the visit's kind outside the region. family_doctor: with whom one is signed. balance: yuan in the personal
    account, where that pays.
    """

    birth_date: date
    status: InsuredStatus
    scheme: AccountScheme = AccountScheme.COMBINED
    employment: Employment = Employment.EMPLOYEE
    contribution: ContributionState = ContributionState.ON_TIME
    registered_in: frozenset[Benefit] = frozenset()
    diseases: int = 0
    is_away_registered: bool = False
    in_hospital: bool = False
    in_special_nursing: bool = False
    died: bool = False
    family_doctor: Literal["", "there", "elsewhere"] = ""
    used: UsedSoFar = UsedSoFar()
    balance: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A visit that is tried. region: whose rules are asked. tier: where no provider is named, of one that has an
    agreement on the day; `is_designated` whether for outpatient pooling. filed_on: of a manual claim. lines: not saved.
    """

    region: PoolingRegion
    patient: Member | Described
    served_on: date
    lines: Sequence[ClaimLine]
    benefit: Benefit = Benefit.GENERAL_OUTPATIENT
    provider: Provider | None = None
    tier: Tier = Tier.PRIMARY
    is_designated: bool = True
    prescribing_tier: Tier | Literal[""] = ""
    out_of_area: OutOfAreaKind | Literal[""] = ""
    place: str = ""
    filed_on: date | None = None
    disease: Disease | None = None
    stay_hours: int | None = None
    pay_from_account: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """What a visit would come to, or why nobody can say. is_assumed: the day lies ahead, and that the contribution of
    its month will have arrived on time was assumed.
    """

    question: Question
    outcome: Settlement | Refusal | Fault
    is_assumed: bool = False


def try_visit(question: Question, *, today: date) -> Tried:
    """The visit under the law in force on its day, which may lie ahead. What keeps it from being calculated is the
    outcome, so that of two visits the other is told all the same.
    """
    policies = policies_in_force(question.region, [question.served_on])
    return try_under(question, policies.get(question.served_on), today=today)


def try_under(question: Question, policy: Policy | None, *, today: date) -> Tried:
    """The same under given rules, None where none are in force."""
    is_assumed = False
    try:
        claim, lines = _claim(question)
        situation = _situation(claim, question)
        if question.served_on > today and situation.person.contribution == ContributionState.MISSING:
            is_assumed = isinstance(question.patient, Member) and situation.person.status is not None
        if is_assumed:
            situation = situation._replace(person=situation.person._replace(contribution=ContributionState.ON_TIME))
        case = Case(claim, lines, policy, _agreement(question), situation)
        year = (claim.member_id, claim.served_on.year)
        calculated = Adjudication([case], {year: _used(case, question)}, _accounts(claim, question), set()).calculate(
            claim
        )
    except (DomainError, MissingLaw) as fault:
        return Tried(question, fault)
    return Tried(question, calculated if isinstance(calculated, Refusal) else draft_settlement(calculated), is_assumed)


def _claim(question: Question) -> tuple[Claim, list[ClaimLine]]:
    """The visit as a claim, with lines of its own: what they take from the catalogue depends on region and day."""
    patient = question.patient
    if question.served_on < patient.birth_date:
        raise DomainError(_("The day of service lies before the patient's birth."), field="served_on")
    if question.filed_on is not None and question.filed_on < question.served_on:
        raise DomainError(_("The claim was filed before the day of service."), field="filed_on")
    claim = Claim(
        region=question.region,
        member=patient if isinstance(patient, Member) else _as_member(patient, question),
        provider_id=question.provider.pk if question.provider else _NOBODY,
        channel=SettlementChannel.MANUAL if question.filed_on else SettlementChannel.DIRECT,
        benefit=question.benefit,
        served_on=question.served_on,
        filed_on=question.filed_on,
        prescribing_tier=question.prescribing_tier,
        out_of_area=question.out_of_area,
        place=question.place,
        disease=question.disease,
        stay_hours=question.stay_hours,
        pay_from_account=question.pay_from_account,
    )
    lines = [ClaimLine(**line.entered()) for line in question.lines]
    check_bill(claim, lines)
    take_catalogue_shares(claim, lines)
    return claim, lines


def _as_member(patient: Described, question: Question) -> Member:
    died_on = question.served_on if patient.died else None
    return Member(pk=_NOBODY, region=question.region, birth_date=patient.birth_date, died_on=died_on)


def _agreement(question: Question) -> Agreement | None:
    if question.provider is not None:
        return agreement_on(question.provider, question.served_on)
    return Agreement(tier=question.tier, is_designated=question.is_designated, is_dual_channel=True)


def _situation(claim: Claim, question: Question) -> Situation:
    patient = question.patient
    if isinstance(patient, Member):
        return situations([(patient, question.served_on)])[0]
    is_active = patient.status == InsuredStatus.ACTIVE
    contribution = patient.contribution if is_active else ContributionState.NOT_DUE
    code = question.disease.code if question.disease else ""
    registrations = [(benefit.value, code) for benefit in sorted(patient.registered_in)]
    others = patient.diseases - (question.benefit in patient.registered_in)
    registrations += [(question.benefit.value, f"another {number}") for number in range(others)]
    doctors = {"there": frozenset({claim.provider_id}), "elsewhere": frozenset({_ANOTHER_PROVIDER})}
    is_away = bool(question.out_of_area) and patient.is_away_registered
    return Situation(
        Person(patient.birth_date, patient.status, patient.scheme, contribution, patient.employment),
        patient.in_hospital,
        patient.in_special_nursing,
        frozenset({Registered(OutOfAreaKind(question.out_of_area), "")}) if is_away else frozenset(),
        registrations,
        doctors.get(patient.family_doctor, frozenset()),
    )


def _accounts(claim: Claim, question: Question) -> dict[int | str, LedgerAccount]:
    """The account that pays, and books that stand for the region's: what a trial pays moves nowhere."""
    accounts: dict[int | str, LedgerAccount] = {kind.value: LedgerAccount(kind=kind) for kind in BOOKS}
    patient = question.patient
    if isinstance(patient, Described):
        own = LedgerAccount(kind=AccountKind.PERSONAL, balance=patient.balance, state=AccountState.OPEN)
        return accounts | {claim.member_id: own}
    if question.pay_from_account:
        accounts.update((patient.pk, each) for each in LedgerAccount.objects.filter(member=patient))
    return accounts


def _used(case: Case, question: Question) -> Year:
    patient = question.patient
    if isinstance(patient, Member):
        (year,) = years_of([case.claim], locks=False).values()
        return year
    used, own, month = patient.used, question.benefit.value, question.served_on.month
    if used.covered_month > used.covered:
        raise DomainError(_("Less was spent in the year than in the month of service."), field="covered_month")
    year = Year()
    _put(year, month, own, "", covered=used.covered_month)
    _put(year, _EARLIER, own, "", covered=used.covered - used.covered_month)
    # Which of these the visit shares, the rules say.
    drugs = {drug_key(line.code) for line in case.lines if line.is_negotiated and line.code}
    day = question.served_on
    for key in ("", f"{day:%Y-%m}", f"{day.isoformat()} {case.claim.provider_id}", *sorted(drugs)):
        _put(year, month, own, key, deductible=used.deductible)
    tier = tier_key(question.prescribing_tier or Tier(case.agreement.tier)) if case.agreement else ""
    for scope in {*used.year, *used.month}:
        of_month = used.month.get(scope, ZERO)
        earlier = used.year.get(scope, ZERO) - of_month
        if earlier < 0:
            raise DomainError(_("Less was used in the year than in the month of service."), field="used_month")
        for key in {"", tier}:
            _put(year, month, scope, key, paid=of_month, counted=of_month)
            _put(year, _EARLIER, scope, key, paid=earlier, counted=earlier)
    return year


def _put(year: Year, month: int, scope: str, key: str, **amounts: Decimal) -> None:
    """Add to an accumulator of somebody described."""
    row = year.rows.setdefault(
        (month, scope, key), BenefitUsage(month=month, scope=scope, key=key, **dict.fromkeys(AMOUNTS, ZERO))
    )
    for name, amount in amounts.items():
        setattr(row, name, getattr(row, name) + amount)
