"""What was looked into: patterns among claims, the books, and the months of the fund."""

from decimal import Decimal

from django.db import transaction

from demo.office.house import Office
from desk.selectors import last_verifications
from desk.services.books import verify_books
from desk.services.months import add_up_months
from monitoring.models import FlagKind, FlagState, ReviewFlag
from monitoring.services.flags import decide_flag, raise_flags
from monitoring.services.standards import Limits, set_standard

STRICTER_IN = "zaozhuang"
_DECIDED = (
    (FlagKind.SPLIT_BILL, True, "调阅病历，同一次就诊被拆为多张票据，已约谈机构并责令退费"),
    (FlagKind.MANY_DAYS, False, "参保人每日换药，病历与处方记录完整，属合理就诊"),
)


def look_for_patterns(office: Office) -> None:
    """Search the last months of every region; some of what was found is decided."""
    if ReviewFlag.objects.exists():
        return
    with transaction.atomic():
        stricter = Limits(45, 30, 4, 2, 4, 7, Decimal("800.00"))
        set_standard(
            office.regions[STRICTER_IN],
            stricter,
            actor=office.supervisor,
            reason="本季度开展门诊统筹专项检查，适当收紧筛查标准",
        )
        for region in office.regions.values():
            for month in office.calendar.months[-2:]:
                raise_flags(region, month=month, today=office.today, actor=None)
        for kind, confirmed, reason in _DECIDED:
            flag = ReviewFlag.objects.filter(kind=kind, state=FlagState.OPEN).order_by("pk").first()
            if flag is not None:
                decide_flag(flag, confirmed=confirmed, actor=office.supervisor, reason=reason)


def verify(office: Office) -> None:
    """Verify the books of the regions where nobody has yet."""
    for region, job in last_verifications(office.regions.values()):
        if job is None:
            verify_books(region)


def add_up(office: Office) -> None:
    """Add up the months of every region, with all that was done today."""
    for region in office.regions.values():
        add_up_months(region, today=office.today)
