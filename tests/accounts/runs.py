"""Credit runs from draft to posted, for tests of accounts."""

from datetime import date

from accounts.models import (
    CreditRun,
)
from accounts.services.credit_checks import check_run
from accounts.services.credit_posting import post_chunk, waiting_chunks
from accounts.services.credit_runs import approve_run, draft_run, submit_run
from agency.models import PoolingRegion, User

MARCH, APRIL = date(2023, 3, 1), date(2023, 4, 1)
MARCH_END, APRIL_END = date(2023, 3, 31), date(2023, 4, 30)


def posted(region: PoolingRegion, month: date, as_of: date, maker: User, checker: User) -> CreditRun:
    run = draft_run(region, month=month, as_of=as_of, actor=maker)
    check_run(run, actor=maker)
    submit_run(run, actor=maker)
    approve_run(run, actor=checker)
    for chunk in waiting_chunks(run):
        post_chunk(chunk)
    run.refresh_from_db()
    return run
