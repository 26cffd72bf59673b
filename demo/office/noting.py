"""What colleagues wrote to each other: some of it is done, some was handed on, some waits."""

from django.db import transaction
from django.db.models import Model

from agency.models import Role
from claims.models import Claim, ClaimState, SettlementChannel
from demo.office.house import Office
from members.models import Member
from notes.models import Note
from notes.services.notes import finish_task, hand_on_task, write_note
from providers.models import Provider
from reimbursements.models import Reimbursement, ReimbursementState

NOTED_IN = "zaozhuang"


def write_notes(office: Office) -> None:
    """A few about each kind of thing."""
    if Note.objects.exists():
        return
    with transaction.atomic():
        _about_a_member(office)
        _about_a_claim(office)
        _about_reimbursements(office)
        _about_a_provider(office)


def _about_a_member(office: Office) -> None:
    """Done, handed on, and open with the policy officer."""
    clerk, supervisor, finance = office.clerk, office.supervisor, office.first(Role.FINANCE)
    member = _first(Member, region=office.regions[NOTED_IN], account__isnull=False)
    write_note(member, text="参保人听力不便，来电请放慢语速；代办人为其女儿，已核对委托书。", author=clerk)
    asked = write_note(member, text=f"来电反映上月划账金额有误，请@{finance} 核对缴费基数。", author=clerk)
    answer = "已核对：单位上月按新基数申报，划账金额无误，已电话告知参保人。"
    finish_task(asked.tasks.get(), actor=finance, answer=answer)
    wants = write_note(
        member, text=f"参保人询问异地长期居住备案后药店购药能否报销，@{supervisor} 请答复。", author=clerk
    )
    hand_on_task(
        wants.tasks.get(),
        to=office.first(Role.POLICY_OFFICER),
        text="涉及待遇口径，请政策岗对照文件条款给出书面答复。",
        actor=supervisor,
    )


def _about_a_claim(office: Office) -> None:
    claim = _first(Claim, state=ClaimState.REFUSED, channel=SettlementChannel.DIRECT)
    text = f"机构来函称该笔费用为急诊，请@{office.second(Role.CLERK)} 调取急诊病历后再定是否重新录入。"
    write_note(claim, text=text, author=office.clerk)


def _about_reimbursements(office: Office) -> None:
    submitted = _first(Reimbursement, state=ReimbursementState.SUBMITTED)
    text = "发票联为复印件，原件已于窗口核验并退还本人；@周宁 复核时请留意。"
    write_note(submitted, text=text, author=office.clerk)
    incomplete = _first(Reimbursement, missing_papers__isnull=False)
    text = "参保人本周四下午来补交费用清单，@陈晓 请提前备好受理回执。"
    write_note(incomplete, text=text, author=office.second(Role.CLERK))


def _about_a_provider(office: Office) -> None:
    provider = _first(Provider, region=office.regions[NOTED_IN], is_out_of_area=False)
    write_note(provider, text="医保办联系人已更换，结算事宜请先电话预约，周一、周三下午接待。", author=office.clerk)
    text = f"上月对账单对方迟迟未回传盖章件，@{office.clerk} 请本周内电话催办。"
    write_note(provider, text=text, author=office.first(Role.FINANCE))


def _first(model: type[Model], **lookups: object) -> Model:
    """The first such row; the office's year leaves one of each."""
    return model._default_manager.filter(**lookups).order_by("pk")[0]
