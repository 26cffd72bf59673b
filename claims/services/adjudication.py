"""Claims of one region calculated one after the other, under the locks of their members, before anything is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountState, LedgerAccount
from accounts.services.ledger import book
from agency.exceptions import DomainError
from agency.models import PoolingRegion
from claims.models import BenefitUsage, Claim, ClaimLine, Settlement, SettlementUsage
from claims.rooms_above import is_awaited
from claims.selectors.documents import is_invoice_paid
from claims.selectors.facts import (
    Case,
    cases_of,
    circumstances_of,
    paid_with_the_same_invoice,
    usage_of,
    visit_of,
)
from claims.services.payment import BOOKS, Payment, plan_payment
from claims.services.years import AMOUNTS, Year, years_of
from members.models import Member
from policies.engine.adjudication import adjudicate
from policies.engine.deductibles import deductible_key
from policies.engine.errors import MissingFact, MissingLaw, OtherBenefit
from policies.engine.outcome import Outcome, Refusal, UsageChange
from policies.engine.policy import Policy
from policies.engine.vocabulary import Benefit, DeductibleBasis, RefusalReason
from policies.labels import label


@dataclass(frozen=True, slots=True)
class Calculation:
    """What settling a claim comes to before it is written. in_place_of: id of the settlement whose place it takes."""

    claim: Claim
    policy: Policy
    outcome: Outcome
    payment: Payment
    in_place_of: int | None = None


# Why nobody can calculate a claim: a fact is missing, or the law is.
Fault = DomainError | MissingLaw
# What the clerk enters, by the fact that the engine asks for.
_MISSING = {
    "prescribing_tier": _("A pharmacy claim needs the tier of the institution that wrote the prescription."),
    "place": _("The registration for care elsewhere is for a place. Enter where the visit was."),
}
# A settlement, or a counter-row, with what it adds to the accumulators.
Used = tuple[Settlement, Sequence[UsageChange]]


class Adjudication:
    """The members, claims, accumulators and accounts that a calculation reads, locked until the transaction ends.

    One that only tries (`reading`, `over_draft`) locks nothing: whoever looks at a page waits for nobody, and nobody
    waits for whoever looks. What is then decided on is tried again by a caller that holds the members' locks.

    Members are locked before claims, and both in the order of their ids, so that two adjudications never wait for
    each other in a circle. Each claim that is taken moves accumulators, accounts and invoices in memory, so that the
    next one is calculated on what the one before has left; `save_usage` and the caller's postings then write it.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        years: dict[tuple[int, int], Year],
        accounts: dict[int | str, LedgerAccount],
        invoices: set[tuple[int, str]],
    ) -> None:
        """Over what was read or, of a visit that nobody made, told.

        years: by member's id and year. accounts: the members' by their ids, the region's books by kind. invoices: paid
        already, by provider.
        """
        self.claims = [case.claim for case in cases]
        self.cases = {case.claim.pk: case for case in cases}
        self.years, self.accounts, self.invoices = years, accounts, invoices
        # Ids of the claims of which a room above waits for the outcome.
        self.awaited: set[int] = set()

    @classmethod
    def among(
        cls,
        claims: Sequence[Claim],
        members: Mapping[int, Member],
        invoices: set[tuple[int, str]],
        bills: Mapping[int, Sequence[ClaimLine]] | None = None,
        *,
        locks: bool = True,
    ) -> "Adjudication":
        """Over claims of one region with what is recorded of their members.

        members: by id, locked where `locks` is true, as the accumulators then are. invoices: paid already, by
        provider. bills: the lines, where not as written.
        """
        cases = cases_of(claims, bills)
        return cls(cases, years_of(claims, locks=locks), _accounts(claims[0].member.region, members), invoices)

    @classmethod
    def locking(cls, claims: Sequence[Claim]) -> "Adjudication":
        """Over registered claims, at least one, of one region, in the order in which they will be calculated.

        They are read again under their locks: the adjudication's own rows, in that order, are its `claims`.
        """
        rows = Claim.objects.select_for_update(of=("self",), no_key=True)
        return cls._over(claims, locked_members, rows, locks=True)

    @classmethod
    def reading(cls, claims: Sequence[Claim]) -> "Adjudication":
        """As `locking`, for a trial of which nothing is written."""
        return cls._over(claims, _members, Claim.objects.all(), locks=False)

    @classmethod
    def _over(
        cls,
        claims: Sequence[Claim],
        members_of: Callable[[Iterable[Claim]], dict[int, Member]],
        rows: QuerySet[Claim],
        *,
        locks: bool,
    ) -> "Adjudication":
        members = members_of(claims)
        annotated = rows.select_related("provider", "disease").annotate(
            invoice_paid=Exists(paid_with_the_same_invoice()), is_awaited=is_awaited()
        )
        held = {claim.pk: claim for claim in annotated.filter(pk__in=[claim.pk for claim in claims]).order_by("pk")}
        # A correction may have named another relative before the members were locked.
        members |= members_of(
            [claim for claim in held.values() if claim.account_holder_id and claim.account_holder_id not in members]
        )
        for claim in held.values():
            claim.member = members[claim.member_id]
            claim.account_holder = members[claim.account_holder_id] if claim.account_holder_id else None
        invoices = {_invoice(claim) for claim in held.values() if claim.invoice_paid}
        adjudication = cls.among([held[claim.pk] for claim in claims], members, invoices, locks=locks)
        adjudication.awaited = {claim.pk for claim in held.values() if claim.is_awaited}
        return adjudication

    @classmethod
    def over_draft(cls, claim: Claim, lines: Sequence[ClaimLine]) -> "Adjudication":
        """Over one claim as somebody types it, which is not registered, or not with these facts and lines; a trial."""
        members = _members([claim])
        claim.member = members[claim.member_id]
        paid = {_invoice(claim)} if is_invoice_paid(claim) else set()
        return cls.among([claim], members, paid, {claim.pk: lines}, locks=False)

    def year_of(self, claim: Claim) -> Year:
        """The accumulators that the claim reads and moves."""
        return self.years[claim.member_id, claim.served_on.year]

    def calculate(self, claim: Claim, *, from_account_at_most: Decimal | None = None) -> Calculation | Refusal:
        """What the claim comes to after everything that was taken before it. claim: one of the adjudication's.

        from_account_at_most: yuan that an account pays of the patient's share, None for as much as it holds.

        DomainError for what nobody can calculate: a pharmacy claim without the prescriber's tier, a benefit that is not
        claimed here; MissingLaw where the version does not decide.
        """
        case = self.cases[claim.pk]
        if case.policy is None:
            return Refusal(RefusalReason.NOT_IN_FORCE, None)
        outcome = self._adjudicate(case, case.policy)
        if isinstance(outcome, Refusal):
            return outcome
        wanted = outcome.patient_share
        if from_account_at_most is not None:
            wanted = min(wanted, from_account_at_most)
        payment = plan_payment(claim, case.policy, wanted, self.accounts)
        return Calculation(claim, case.policy, outcome, payment)

    def _adjudicate(self, case: Case, policy: Policy) -> Outcome | Refusal:
        claim = case.claim
        if claim.benefit == Benefit.INPATIENT:
            raise DomainError(_("Inpatient care is not claimed here."))
        if claim.benefit not in policy.benefits:
            return Refusal(RefusalReason.TERMS_UNSET, policy.in_force)
        rules = policy.benefits[Benefit(claim.benefit)]
        if rules.deductible_basis == DeductibleBasis.PER_DRUG and not all(
            line.is_negotiated and line.code for line in case.lines
        ):
            raise DomainError(_("Every line of this benefit is a negotiated drug with its code."))
        visit = visit_of(case)
        usage = usage_of(claim, self.year_of(claim).rows.values(), deductible_key(rules, visit))
        try:
            circumstances = circumstances_of(case, policy, invoice_paid=_invoice(claim) in self.invoices)
            return adjudicate(policy, case.situation.person, visit, circumstances, usage)
        except MissingFact as error:
            raise DomainError(_MISSING[error.fact]) from error
        except OtherBenefit as error:
            raise DomainError(
                _("By %(article)s this is %(benefit)s. Register the claim as that.")
                % {"article": error.citation.article, "benefit": label(error.benefit, Benefit)}
            ) from error

    def take(self, calculation: Calculation) -> None:
        """Let later claims find what this one leaves."""
        claim, payment = calculation.claim, calculation.payment
        self.year_of(claim).move(claim.member_id, claim.served_on, calculation.outcome.usage)
        if payment.source is not None and payment.source.balance is not None:
            payment.source.balance -= payment.account + payment.family_account
        if claim.invoice_number:
            self.invoices.add(_invoice(claim))

    def give_back(self, settlement: Settlement) -> list[UsageChange]:
        """Let later claims find what this settlement of one of the claims had used; returns that, negative."""
        claim = self.cases[settlement.claim_id].claim
        changes = [
            UsageChange(part.scope, part.key, -part.deductible, -part.covered, -part.paid, -part.counted)
            for part in settlement.usage.all()
        ]
        self.year_of(claim).move(claim.member_id, claim.served_on, changes)
        self.invoices.discard(_invoice(claim))
        source = self.accounts.get(claim.account_holder_id or claim.member_id)
        if source is not None and source.balance is not None:
            source.balance += settlement.account + settlement.family_account
            # What it paid once it would pay again: that it was frozen or closed since changes no earlier payment.
            source.state = AccountState.OPEN
        return changes

    def save_usage(self, used: Iterable[Used]) -> None:
        """Keep what each settlement used, and write the accumulators that were moved."""
        SettlementUsage.objects.bulk_create(
            SettlementUsage(
                settlement=settlement,
                year=settlement.served_on.year,
                month=settlement.served_on.month,
                **change._asdict(),
            )
            for settlement, changes in used
            for change in changes
        )
        moved = [row for year in self.years.values() for row in year.moved.values()]
        for row in moved:
            # An upsert finds the row by its natural key alone.
            row.pk = None
        BenefitUsage.objects.bulk_create(
            moved,
            update_conflicts=True,
            unique_fields=["member", "year", "month", "scope", "key"],
            update_fields=list(AMOUNTS),
        )


def locked_members(claims: Iterable[Claim]) -> dict[int, Member]:
    """Those whom the claims concern, by id, locked: the patients, and the relatives whose accounts pay."""
    return _members(claims, Member.objects.select_for_update(no_key=True, of=("self",)))


def _members(claims: Iterable[Claim], rows: QuerySet[Member] | None = None) -> dict[int, Member]:
    people = {number for claim in claims for number in (claim.member_id, claim.account_holder_id) if number is not None}
    members = (Member.objects.all() if rows is None else rows).select_related("region")
    return {member.pk: member for member in members.filter(pk__in=people).order_by("pk")}


def _accounts(region: PoolingRegion, people: Mapping[int, Member]) -> dict[int | str, LedgerAccount]:
    rows = LedgerAccount.objects.filter(Q(member__in=list(people)) | Q(region=region, kind__in=BOOKS))
    accounts: dict[int | str, LedgerAccount] = {each.member_id or each.kind: each for each in rows}
    for kind in BOOKS:
        if kind.value not in accounts:
            accounts[kind.value] = book(region, kind)
    return accounts


def _invoice(claim: Claim) -> tuple[int, str]:
    return claim.provider_id, claim.invoice_number
