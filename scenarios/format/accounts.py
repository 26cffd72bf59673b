"""Steps that move a personal account, and what comes of them."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.engine import vocabulary as v
from scenarios.format.values import Month, Strict, Yuan


class EntryExpectation(Strict):
    """One entry of a credit run."""

    month: Month
    component: v.CreditComponent
    amount: Yuan


class ListedExpectation(Strict):
    """One line of what a credit run lists for a person to look at.

    Who cannot be credited, with the reason; or what was credited above the entitlement, with the amount in yuan.
    """

    month: Month
    component: v.CreditComponent
    reason: Literal[
        "no_contribution",
        "no_average_pension",
        "no_old_standard",
        "no_contribution_months",
        "no_civil_servant_basis",
        "unset_figure",
        "account_closed",
        "above_entitlement",
    ]
    amount: Yuan = Decimal("0.00")


class MoneyExpectation(Strict):
    """What an account step comes to."""

    account: Yuan | None = None
    balance: Yuan | None = None
    paid_out: Yuan | None = None
    recovered: Yuan | None = None
    credited: Yuan | None = None
    entries: list[EntryExpectation] | None = None
    listed: list[ListedExpectation] | None = None
    refused: str | None = None


class CreditStep(Strict):
    """The region's run of a month, on its last day unless another is named."""

    do: Literal["credit"]
    month: Month
    on: date | None = None
    expect: MoneyExpectation = MoneyExpectation()


class SpendStep(Strict):
    """The account pays without a claim."""

    do: Literal["spend"]
    on: date
    amount: Yuan
    purpose: v.Purpose
    beneficiary: str = Field(default="own", alias="for")
    expect: MoneyExpectation = MoneyExpectation()


class AuthorizeStep(Strict):
    """The holder's account may pay for a relative; both by id, or "own" for the story's member."""

    do: Literal["authorize"]
    holder: str = "own"
    relative: str
    relationship: str
    since: date
    expect: MoneyExpectation = MoneyExpectation()


class CloseStep(Strict):
    """The account is closed and paid out."""

    do: Literal["close"]
    reason: v.ClosingReason
    on: date
    expect: MoneyExpectation = MoneyExpectation()


Step = CreditStep | SpendStep | AuthorizeStep | CloseStep
