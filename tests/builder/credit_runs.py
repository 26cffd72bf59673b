"""Credit runs from draft to posted, and contributions that are corrected afterwards."""

from datetime import date
from decimal import Decimal

from accounts.models import CreditRun
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, submit_run
from agency.models import PoolingRegion, User
from members.models import Member
from members.services.contributions import record_contribution

MARCH, APRIL, MAY = date(2023, 3, 1), date(2023, 4, 1), date(2023, 5, 1)
MARCH_END, APRIL_END, MAY_END = date(2023, 3, 31), date(2023, 4, 30), date(2023, 5, 31)


def checked(region: PoolingRegion, month: date, as_of: date, maker: User) -> CreditRun:
    """A draft whose amounts are known."""
    return check_run(draft_run(region, month=month, as_of=as_of, actor=maker), actor=maker)


def post_all(run: CreditRun) -> CreditRun:
    """What the workers do with an approved run."""
    for chunk in waiting_chunks(run):
        post_chunk(chunk)
    run.refresh_from_db()
    return run


def carried_out(run: CreditRun, maker: User, checker: User) -> CreditRun:
    """A checked run, submitted, approved and posted."""
    post_all(approve_run(submit_run(run, actor=maker), actor=checker))
    run.refresh_from_db()
    return run


def posted(region: PoolingRegion, month: date, as_of: date, maker: User, checker: User) -> CreditRun:
    """From the draft to the last entry."""
    return carried_out(checked(region, month, as_of, maker), maker, checker)


def correct(member: Member, base: str, known_on: date, month: date = MARCH) -> None:
    """The month's base turns out to be another, or to be there at all."""
    record_contribution(member, month=month, base=Decimal(base), known_on=known_on, reason="corrected")
