"""The papers of a manual reimbursement, by kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims.models import DocumentKind
from demo.papers.pdf import pdf_of
from demo.papers.picture import png_of
from demo.papers.sheet import Paper, Sheet


@dataclass(frozen=True, slots=True)
class Facts:
    """What the papers say. lines: name, kind and yuan of each; identity and account numbers as they are shown."""

    place: str
    number: str
    name: str
    sex: str
    identity: str
    member_number: str
    provider: str
    served_on: date
    invoice: str
    lines: Sequence[tuple[str, str, Decimal]]
    bank: str
    account: str

    @property
    def total(self) -> Decimal:
        return sum((amount for _name, _kind, amount in self.lines), Decimal("0.00"))


def _invoice(facts: Facts) -> Sheet:
    sheet = Sheet()
    sheet.head(f"{facts.place}医疗门诊收费票据")
    sheet.print_line(f"票据号码：{facts.invoice}", f"开票日期：{facts.served_on}")
    sheet.print_line(f"交款人：{facts.name}", f"性别：{facts.sex}")
    sheet.print_line(f"医保编号：{facts.member_number}", "医保类型：职工基本医疗保险")
    sheet.rule()
    sheet.print_line("项目", "类别", "金额（元）")
    for name, kind, amount in facts.lines:
        sheet.print_line(name, kind, f"{amount:,.2f}")
    sheet.rule()
    sheet.print_line("合计（小写）", "", f"¥ {facts.total:,.2f}", size=11)
    sheet.print_line(f"收款单位：{facts.provider}")
    sheet.print_line("收款人：刘示例", "复核人：王示例")
    sheet.foot("收费专用章")
    return sheet


def _itemised_list(facts: Facts) -> Sheet:
    sheet = Sheet()
    sheet.head("门诊费用明细清单")
    sheet.print_line(f"姓名：{facts.name}", f"就诊日期：{facts.served_on}")
    sheet.print_line(f"就诊机构：{facts.provider}")
    sheet.print_line(f"单据号：{facts.number}", f"对应票据：{facts.invoice}")
    sheet.rule()
    sheet.print_line("名称", "数量", "单价", "金额")
    for name, _kind, amount in facts.lines:
        sheet.print_line(name, "1", f"{amount:,.2f}", f"{amount:,.2f}")
    sheet.rule()
    sheet.print_line("合计", "", "", f"{facts.total:,.2f}")
    sheet.foot("医疗机构公章")
    return sheet


def _record(facts: Facts) -> Sheet:
    sheet = Sheet()
    sheet.head("门诊病历")
    sheet.print_line(f"姓名：{facts.name}", f"性别：{facts.sex}", f"日期：{facts.served_on}")
    sheet.print_line(f"门诊号：{facts.number}")
    sheet.rule()
    sheet.print_line("主诉：反复头晕、乏力一周。")
    sheet.print_line("查体：血压 152/94 mmHg，心率 78 次/分，律齐。")
    sheet.print_line("初步诊断：1. 高血压病 2. 上呼吸道感染")
    sheet.print_line("处理：")
    for name, _kind, _amount in facts.lines:
        sheet.print_line(f"    {name}")
    sheet.print_line("医嘱：低盐饮食，两周后复诊。", "医师：赵示例")
    sheet.foot("门诊专用章")
    return sheet


def _identity(facts: Facts) -> Sheet:
    sheet = Sheet()
    sheet.head("社会保障卡（复印件）")
    sheet.print_line(f"姓名：{facts.name}", f"性别：{facts.sex}")
    sheet.print_line(f"社会保障号码：{facts.identity}")
    sheet.print_line(f"发卡地：{facts.place}", f"医保编号：{facts.member_number}")
    sheet.rule()
    sheet.print_line("仅供办理医疗费用零星报销使用")
    sheet.foot("与原件一致")
    return sheet


def _bank_account(facts: Facts) -> Sheet:
    sheet = Sheet()
    sheet.head("收款账户确认单")
    sheet.print_line(f"户名：{facts.name}")
    sheet.print_line(f"开户银行：{facts.bank}")
    sheet.print_line(f"账号：{facts.account}")
    sheet.rule()
    sheet.print_line("本人确认上述账户用于接收医疗费用报销款。")
    sheet.print_line(f"签名：{facts.name}", f"单据号：{facts.number}")
    sheet.foot("窗口受理章")
    return sheet


def _referral_form(facts: Facts) -> Sheet:
    sheet = Sheet()
    sheet.head("异地就医（转诊）备案表")
    sheet.print_line(f"姓名：{facts.name}", f"医保编号：{facts.member_number}")
    sheet.print_line(f"参保地：{facts.place}", f"拟就诊机构：{facts.provider}")
    sheet.print_line("备案类型：临时外出就医", f"申请日期：{facts.served_on}")
    sheet.rule()
    sheet.print_line("申请理由：本地医疗机构条件所限，需外出进一步检查治疗。")
    sheet.print_line("经办机构意见：同意备案，有效期自申请之日起六个月。")
    sheet.foot("医保经办章")
    return sheet


def _emergency_certificate(facts: Facts) -> Sheet:
    sheet = Sheet()
    sheet.head("急诊抢救证明")
    sheet.print_line(f"兹证明 {facts.name} 于 {facts.served_on} 因突发胸痛在我院急诊救治。")
    sheet.print_line(f"就诊机构：{facts.provider}", f"急诊号：{facts.number}")
    sheet.rule()
    sheet.print_line("经心电图等检查并对症处理后病情平稳，离院。", "医师：孙示例")
    sheet.foot("急诊科专用章")
    return sheet


# Whether somebody photographed it, or it came as a file.
_FORMS: dict[DocumentKind, tuple[str, Callable[[Facts], Sheet], bool]] = {
    DocumentKind.IDENTITY: ("社保卡复印件", _identity, True),
    DocumentKind.INVOICE: ("门诊收费票据", _invoice, False),
    DocumentKind.ITEMISED_LIST: ("费用明细清单", _itemised_list, False),
    DocumentKind.RECORD: ("门诊病历", _record, True),
    DocumentKind.BANK_ACCOUNT: ("收款账户确认单", _bank_account, True),
    DocumentKind.REFERRAL_FORM: ("异地就医备案表", _referral_form, False),
    DocumentKind.EMERGENCY_CERTIFICATE: ("急诊抢救证明", _emergency_certificate, False),
}


def draw(kind: DocumentKind, facts: Facts) -> Paper:
    """The paper of a kind: a photograph where it is one and the machine can draw it, otherwise a PDF."""
    title, form, is_photographed = _FORMS[kind]
    sheet = form(facts)
    picture = png_of(sheet) if is_photographed else None
    if picture is not None:
        return Paper(f"{title}.png", picture)
    return Paper(f"{title}.pdf", pdf_of(sheet))
