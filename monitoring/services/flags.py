"""Review flags: raised where a pattern looks unusual, decided by a person with a reason. A flag blocks nothing."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import Job, JobState, PoolingRegion, User
from agency.services.cases import let_go
from agency.services.history import tracked_save
from agency.services.jobs import fail_job, finish_job, queue_job, send_job, start_job
from monitoring.models import FlagKind, FlagState, MonitoringStandard, ReviewFlag
from monitoring.selectors.account_patterns import cash_out
from monitoring.selectors.flag_patterns import (
    Pattern,
    Search,
    after_deaths,
    during_stays,
    far_apart,
    many_days,
    split_bills,
)
from monitoring.services.standards import standard_of

TASK = "monitoring.tasks.raise_review_flags"
# A death, a stay or a provider's file is often known only weeks later, so the clock looks at as many months again.
MONTHS_OF_THE_CLOCK = 3
PATTERNS: tuple[Callable[[Search], Iterator[Pattern]], ...] = (
    far_apart,
    many_days,
    split_bills,
    cash_out,
    during_stays,
    after_deaths,
)
REASON_ROOM = 300


@transaction.atomic
def raise_flags(region: PoolingRegion, *, month: date, today: date, actor: User | None) -> dict[FlagKind, int]:
    """Raise a flag for each pattern that touches a month; returns how many new ones by kind, kinds without any left
    out.

    month: any of its days. actor: who asked, None for the clock. A pattern known already raises nothing: where its
    flag is open the flag takes the figures of now, where it was decided nothing changes. What has grown beside a
    decided flag is a new pattern where it is one without the days that were decided on. A flag whose pattern is gone,
    because a claim was taken back, stays for a person to decide. DomainError for a month that has not begun.
    """
    first = month.replace(day=1)
    if first > today:
        raise DomainError(gettext_lazy("This month has not begun."), field="month")
    standard_of(region)
    # Locked, so that two searches of a region come one after the other.
    limits = MonitoringStandard.objects.select_for_update(no_key=True).get(region=region)
    search = Search(region, first, first.replace(day=monthrange(first.year, first.month)[1]), limits)
    new: Counter[FlagKind] = Counter()
    for patterns in PATTERNS:
        matches = list(patterns(search))
        known = _Known(matches)
        for pattern in chain.from_iterable(map(known.undecided, matches)):
            flag = known.flag_of(pattern)
            if flag is None:
                known.add(_raise(pattern, region, actor))
                new[pattern.kind] += 1
            elif flag.state == FlagState.OPEN:
                _bring_up_to_date(flag, pattern, actor)
    return dict(new)


class _Known:
    """The flags, of any month, that patterns may have raised; locked, so that nobody decides them meanwhile."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.by_key: dict[str, ReviewFlag] = {}
        self.by_place: defaultdict[tuple[str, int, int | None], list[ReviewFlag]] = defaultdict(list)
        members = {pattern.member for pattern in patterns}
        kinds = {pattern.kind for pattern in patterns}
        flags = ReviewFlag.objects.filter(kind__in=kinds, member__in=members).prefetch_related("claims")
        for flag in flags.select_for_update(of=("self",), no_key=True).order_by("pk"):
            self.add(flag)

    def add(self, flag: ReviewFlag) -> None:
        self.by_key[flag.key] = flag
        self.by_place[flag.kind, flag.member_id, flag.provider_id].append(flag)

    def flag_of(self, pattern: Pattern) -> ReviewFlag | None:
        """The pattern's own flag; of one that may grow, the one that shares a day with it, decided or not."""
        beside = self._beside(pattern) if pattern.outside is not None else []
        return next(iter(beside), None) or self.by_key.get(pattern.key)

    def undecided(self, pattern: Pattern) -> Iterator[Pattern]:
        """The pattern; of one that has grown beside flags that were decided, what it is without their days."""
        decided = [flag for flag in self._beside(pattern) if flag.state != FlagState.OPEN]
        if pattern.outside is None or not decided:
            yield pattern
        else:
            yield from pattern.outside([(flag.first_day, flag.last_day) for flag in decided])

    def _beside(self, pattern: Pattern) -> list[ReviewFlag]:
        """The flags of its kind, member and provider that share a day with it."""
        beside = self.by_place[pattern.kind, pattern.member, pattern.provider]
        return [flag for flag in beside if _share_a_day(flag, pattern)]


def _share_a_day(flag: ReviewFlag, pattern: Pattern) -> bool:
    return flag.first_day <= pattern.last_day and flag.last_day >= pattern.first_day


def _raise(pattern: Pattern, region: PoolingRegion, actor: User | None) -> ReviewFlag:
    flag = ReviewFlag(
        region=region,
        kind=pattern.kind,
        key=pattern.key,
        member_id=pattern.member,
        provider_id=pattern.provider,
        first_day=pattern.first_day,
        last_day=pattern.last_day,
        facts=pattern.facts,
    )
    tracked_save(flag, actor, "found by a search")
    flag.claims.set(pattern.claims)
    return flag


def _bring_up_to_date(flag: ReviewFlag, pattern: Pattern, actor: User | None) -> None:
    if {claim.pk for claim in flag.claims.all()} != set(pattern.claims):
        flag.claims.set(pattern.claims)
    if (flag.first_day, flag.last_day, flag.facts) == (pattern.first_day, pattern.last_day, pattern.facts):
        return
    flag.first_day, flag.last_day, flag.facts = pattern.first_day, pattern.last_day, pattern.facts
    tracked_save(flag, actor, "the pattern has changed")


@transaction.atomic
def decide_flag(flag: ReviewFlag, *, confirmed: bool, actor: User, reason: str) -> ReviewFlag:
    """Decide once what a flag was: confirmed as improper, or dismissed. Nothing else follows from it by itself.

    DomainError without a reason or with one of more than 300 characters, MoveNotAllowed where it has been decided.
    """
    if not reason.strip() or len(reason) > REASON_ROOM:
        raise DomainError(gettext_lazy("Give the reason for the decision, in at most 300 characters."), field="reason")
    flag = ReviewFlag.objects.select_for_update(of=("self",), no_key=True).get(pk=flag.pk)
    if flag.state != FlagState.OPEN:
        raise MoveNotAllowed(gettext_lazy("This has been decided already."))
    flag.state = FlagState.CONFIRMED if confirmed else FlagState.DISMISSED
    flag.decided_by, flag.decided_at, flag.decision_reason = actor, timezone.now(), reason
    tracked_save(flag, actor, reason)
    let_go(flag, actor)
    return flag


@transaction.atomic
def queue_flags(region: PoolingRegion, *, month: date, today: date, actor: User | None, months: int = 1) -> Job:
    """Have a worker look for patterns in a month, and in the months before it until it is so many months.

    DomainError for a month that has not begun.
    """
    first = month.replace(day=1)
    if first > today:
        raise DomainError(gettext_lazy("This month has not begun."), field="month")
    job = queue_job("raise_flags", region=region, actor=actor, subject=f"{first:%Y-%m}")
    send_job(job, TASK, first.isoformat(), today.isoformat(), months)
    return job


def perform_search(job: Job, *, month: date, today: date, months: int) -> None:
    """Do a search that was queued; one that has ended is left alone, so that a second worker with it does nothing.

    The job counts months; its result is how many flags are new. All of it is kept, or nothing.
    """
    _start(job, months)
    try:
        _search(job, month, today, months)
    except (OSError, OperationalError):
        # The database or the network is away: the task is tried again.
        raise
    except Exception:
        fail_job(job, _("The search broke off because of a fault in the program. Start it again."))
        raise


@transaction.atomic
def _start(job: Job, months: int) -> None:
    if _locked(job).state == JobState.QUEUED:
        start_job(job, total=months)


def _locked(job: Job) -> Job:
    return Job.objects.select_for_update(of=("self",)).select_related("region", "requested_by").get(pk=job.pk)


@transaction.atomic
def _search(job: Job, month: date, today: date, months: int) -> None:
    job = _locked(job)
    if job.state != JobState.RUNNING or job.region is None:
        return
    new = 0
    for _number in range(months):
        new += sum(raise_flags(job.region, month=month, today=today, actor=job.requested_by).values())
        month = month.replace(day=1) - timedelta(days=1)
    finish_job(job, {"flags": new})
