"""Who a story is about, how they are insured, and the steps that change it."""

from datetime import date
from typing import Literal

from policies.engine import vocabulary as v
from scenarios.format.accounts import MoneyExpectation
from scenarios.format.values import Month, Strict, Yuan


class MemberSpec(Strict):
    """Who the story is about."""

    birth_date: date
    sex: Literal["M", "F"] = "M"
    died_on: date | None = None
    old_retiree_credit: Yuan | None = None
    contribution_months: int | None = None
    civil_servant_basis: Yuan | None = None


class RelativeSpec(MemberSpec):
    """A further member of the same region; insured unless said otherwise."""

    id: str
    insured: bool = True


class EnrollmentSpec(Strict):
    """From `since` on, until the next one."""

    since: date
    scheme: v.AccountScheme
    employment: v.Employment
    status: v.InsuredStatus
    had_account_before: bool = True


class ContributionSpec(Strict):
    """Months from first to last; without received_on each came by its month's end."""

    first: Month
    last: Month
    base: Yuan
    received_on: date | None = None


class EnrollStep(EnrollmentSpec):
    """A change of enrollment during the story."""

    do: Literal["enroll"]
    expect: MoneyExpectation = MoneyExpectation()


class ContributeStep(ContributionSpec):
    """Contributions that arrive during the story."""

    do: Literal["contribute"]
    expect: MoneyExpectation = MoneyExpectation()


class RegisterOutOfAreaStep(Strict):
    """A registration for care elsewhere."""

    do: Literal["register_out_of_area"]
    kind: v.OutOfAreaKind
    place: str = ""
    since: date
    until: date | None = None


class SignFamilyDoctorStep(Strict):
    """A family doctor of an institution is signed; the institution by its name, or the default one of a tier."""

    do: Literal["sign_family_doctor"]
    provider: str = ""
    tier: v.Tier = v.Tier.PRIMARY
    since: date
    until: date | None = None


class StayStep(Strict):
    """A stay, both days inside."""

    do: Literal["hospital_stay", "special_nursing"]
    since: date
    until: date


class CivilServantBasisStep(Strict):
    """What a civil servant's subsidy is a share of, from a month on."""

    do: Literal["civil_servant_basis"]
    since: Month
    kind: Literal["december_2022_base", "december_2022_pension", "trainee_pay", "confirmed_pay", "first_pension"]
    amount: Yuan
    expect: MoneyExpectation = MoneyExpectation()


class ContributionMonthsStep(Strict):
    """For how many months the member contributed becomes known."""

    do: Literal["contribution_months"]
    months: int
    on: date


class DieStep(Strict):
    do: Literal["die"]
    on: date


class RegisterDiseaseStep(Strict):
    """A chronic or special disease is registered."""

    do: Literal["register_disease"]
    disease: str
    benefit: v.Benefit
    since: date
    until: date | None = None


Step = (
    EnrollStep
    | ContributeStep
    | RegisterOutOfAreaStep
    | SignFamilyDoctorStep
    | StayStep
    | CivilServantBasisStep
    | ContributionMonthsStep
    | DieStep
    | RegisterDiseaseStep
)
