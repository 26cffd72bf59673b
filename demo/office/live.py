"""What a hospital's system settled at its counter today, and the books of the evening."""

from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import make_aware

from agency.models import Role
from demo.hospital import Hospital
from demo.hospital.counter import Counter
from demo.hospital.lines import here
from demo.office.house import Office
from interface.models import Message, ReconciliationRow
from interface.services.credentials import issue_credential, withdraw_credential
from interface.services.reconciling import decide_difference
from members.models import Member
from providers.models import Provider, ProviderKind

SETTLED_IN = "pingliang"
_VISITS = 12
_PATIENTS = 60
_OPENS = time(8, 30)
_EVERY = timedelta(minutes=7)
_FAULTS = 0.15


class _Clock:
    """The day's clock, which goes on with each visit."""

    def __init__(self, office: Office) -> None:
        self.at = make_aware(datetime.combine(office.today, _OPENS))

    def __call__(self) -> datetime:
        return self.at


def settle_at_the_counter(office: Office) -> None:
    """A hospital of one region settles its visits live; in the evening a row of its books is not in ours."""
    if Message.objects.exists():
        return
    region = office.regions[SETTLED_IN]
    rows = Provider.objects.filter(region=region, kind=ProviderKind.MEDICAL_INSTITUTION, is_out_of_area=False)
    provider = rows.order_by("code").first()
    patients = Member.objects.filter(region=region, enrollments__isnull=False, died_on__isnull=True)
    numbers = list(patients.order_by("pk").values_list("member_number", flat=True)[:_PATIENTS])
    if provider is None:
        return
    administrator = office.first(Role.SYSTEM_ADMINISTRATOR)
    with transaction.atomic():
        old = issue_credential(provider, actor=administrator, reason="接口联调")
        withdraw_credential(old, actor=administrator, reason="联调结束，换发正式密钥")
        held = issue_credential(provider, actor=administrator, reason="正式启用实时结算")
        clock = _Clock(office)
        hospital = Hospital(provider.code, held.key_id, held.secret, here(clock), clock)
        counter = Counter(hospital, numbers, Random(provider.code), _FAULTS)  # noqa: S311 - no secret.
        for _visit in range(_VISITS):
            counter.serve()
            clock.at += _EVERY
        _reconcile(office, counter)


def _reconcile(office: Office, counter: Counter) -> None:
    """The evening before agrees; of today one row is in the hospital's books alone, and one with another amount."""
    yesterday = office.today - timedelta(days=1)
    rows = list(counter.books.rows.values())
    days = {"stmt_begndate": f"{office.today}", "stmt_enddate": f"{office.today}"}
    wrong = [{**rows[0], "acct_pay": "1.00"}, *rows[1:], {**rows[0], "setl_id": "900000001", "mdtrt_id": "MZ-LOST"}]
    counter.ask("3202", {"data": days, "detail": wrong})
    past = {"stmt_begndate": f"{yesterday}", "stmt_enddate": f"{yesterday}"}
    nothing = {"medfee_sumamt": 0, "fund_pay_sumamt": 0, "acct_pay": 0, "fixmedins_setl_cnt": 0}
    counter.ask("3201", {"data": past | nothing})
    decided = ReconciliationRow.objects.order_by("pk").first()
    if decided is not None:
        decide_difference(decided, finding="已与机构核对：机构误记个人账户支付，次日更正。", actor=office.clerk)
