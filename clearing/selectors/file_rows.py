"""What the rows of a file of direct settlements say: one row for each line of a bill, under the national field names.

Rows are kept as they stand in the file, and read again wherever somebody asks. A row is its cells by field name, with
the line of the file under `LINE`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from files.importing.cells import (
    AmountCell,
    CodeCell,
    Column,
    DivisionCell,
    FlagCell,
    FractionCell,
    NumberCell,
    TermCell,
    TextCell,
)
from files.importing.days import read_moment
from files.importing.spelling import CellRefused
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from policies.labels import choices, parse_term, spellings
from policies.resources import term_cell

LINE = "line"
ZERO = Decimal("0.00")
Row = Mapping[str, Any]
# 目录类别 (list_type): drugs of every kind, services, materials.
_LIST_TYPES = {
    **dict.fromkeys(("101", "102", "103", "104", "106"), ItemKind.DRUG),
    "201": ItemKind.TREATMENT,
    "301": ItemKind.CONSUMABLE,
}
# 医疗收费项目类别 (med_chrgitm_type) of an examination.
_EXAMINATIONS = frozenset({"03", "检查费"})


class Moment(NamedTuple):
    """A day, and the local time where one is given."""

    day: date
    time: time | None

    def __str__(self) -> str:
        """As somebody would write it."""
        return f"{self.day}" if self.time is None else f"{self.day} {self.time}"


class MomentCell(Widget):
    """A day, or a day and a time: 2023-03-01, 2023-03-01 14:30:05.

    Providers' systems write a day without its time as 00:00:00, so that this is no time at which somebody was seen.
    """

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Moment:
        """CellRefused for what the calendar or the day does not have."""
        day, moment = read_moment(value)
        return Moment(day, None if moment == time.min else moment)


class HoursCell(NumberCell):
    """A whole number of hours."""

    def __init__(self) -> None:
        """The room that the hours of a stay have."""
        super().__init__(digits=4, places=0)

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int:  # type: ignore[override]
        return int(super().clean(value))


def benefit_of(text: str) -> Benefit:
    """The benefit as terms are spelled. ValueError for another, and for inpatient care: others borrow its terms."""
    benefit = parse_term(Benefit, text)
    if benefit == Benefit.INPATIENT:
        raise ValueError(len(text))
    return benefit


def kind_of(text: str) -> ItemKind:
    """The kind of a line by its 目录类别, or as terms are spelled. ValueError for another."""
    known = spellings(ItemKind) | _LIST_TYPES
    if text not in known:
        raise ValueError(len(text))
    return known[text]


def _column(name: str, label: str, widget: Widget, **options: Any) -> tuple[str, Column]:
    column = Column(label, widget, **options)  # type: ignore[arg-type]
    column.column_name = name
    return name, column


_BENEFITS, _KINDS = dict(choices(Benefit)), dict(choices(ItemKind))
_LEFT_OUT: dict[str, Any] = {"in_header": False, "default": ""}
_NO_AMOUNT: dict[str, Any] = {"in_header": False, "default": ZERO}

# What all rows of a settlement repeat. The labels are the platform's names, in whatever language the screens are.
SETTLEMENT_COLUMNS: Mapping[str, Column] = dict(
    [
        _column("mdtrt_id", "就诊ID", CodeCell(64)),
        _column("fixmedins_code", "定点医药机构编号", CodeCell(32)),
        _column("psn_no", "人员编号", CodeCell(32)),
        _column(
            "med_type",
            "医疗类别",
            TermCell(benefit_of, [each for each in Benefit if each != Benefit.INPATIENT], _BENEFITS),
        ),
        _column("fee_ocur_time", "费用发生时间", MomentCell()),
        _column("invono", "发票号", CodeCell(64), **_LEFT_OUT),
        _column("acct_used_flag", "个人账户使用标志", FlagCell(), in_header=False, default=False),
        _column("mulaid_psn_no", "共济人员编号", CodeCell(32), **_LEFT_OUT),
        _column("dise_codg", "病种编码", CodeCell(32), **_LEFT_OUT),
        _column("rx_hosp_lv", "处方医疗机构等级", term_cell(Tier), **_LEFT_OUT),
        _column("out_fil_type", "异地备案类型", term_cell(OutOfAreaKind), **_LEFT_OUT),
        _column("mdtrtarea_admvs", "就医地医保区划", DivisionCell(), **_LEFT_OUT),
        _column("stay_hours", "日间手术小时数", HoursCell(), in_header=False, default=None),
        _column("medfee_sumamt", "医疗费总额", AmountCell(above_zero=True)),
        _column("fulamt_ownpay_amt", "全自费金额", AmountCell()),
        _column("overlmt_selfpay", "超限价自费费用", AmountCell()),
        _column("preselfpay_amt", "先行自付金额", AmountCell()),
        _column("inscp_scp_amt", "符合政策范围金额", AmountCell()),
        _column("act_pay_dedc", "实际支付起付线", AmountCell()),
        _column("hifp_pay", "统筹基金支出", AmountCell()),
        _column("fund_pay_sumamt", "基金支付总额", AmountCell(), in_header=False, default=None),
        _column("acct_pay", "个人账户支出", AmountCell()),
        _column("acct_mulaid_pay", "账户共济支付金额", AmountCell(), **_NO_AMOUNT),
        _column("psn_cash_pay", "个人现金支出", AmountCell()),
    ]
)
LINE_COLUMNS: Mapping[str, Column] = dict(
    [
        _column("list_type", "目录类别", TermCell(kind_of, [*_LIST_TYPES, *ItemKind], _KINDS)),
        _column("chrgitm_lv", "收费项目等级", term_cell(CatalogCategory)),
        _column("med_list_codg", "医疗目录编码", CodeCell(64), **_LEFT_OUT),
        _column("medins_list_name", "医药机构目录名称", TextCell(120), **_LEFT_OUT),
        _column("med_chrgitm_type", "医疗收费项目类别", CodeCell(16), **_LEFT_OUT),
        _column("det_item_fee_sumamt", "明细项目费用总额", AmountCell(above_zero=True)),
        _column("overlmt_amt", "超限价金额", AmountCell(), **_NO_AMOUNT),
        _column("selfpay_prop", "自付比例", FractionCell(), in_header=False, default=None),
        _column("hi_nego_drug_flag", "国家医保谈判药品标志", FlagCell(), in_header=False, default=False),
        _column("prenatal_flag", "产前检查标志", FlagCell(), in_header=False, default=False),
        _column("tcm_flag", "中医药标志", FlagCell(), in_header=False, default=False),
    ]
)
COLUMNS: Mapping[str, Column] = {**SETTLEMENT_COLUMNS, **LINE_COLUMNS}
# What a claim and its lines take over as it stands, by their fields.
CLAIM_CELLS = {
    "claim_number": "mdtrt_id",
    "benefit": "med_type",
    "prescribing_tier": "rx_hosp_lv",
    "out_of_area": "out_fil_type",
    "place": "mdtrtarea_admvs",
    "invoice_number": "invono",
    "stay_hours": "stay_hours",
    "pay_from_account": "acct_used_flag",
}
LINE_CELLS = {
    "kind": "list_type",
    "category": "chrgitm_lv",
    "code": "med_list_codg",
    "name": "medins_list_name",
    "amount": "det_item_fee_sumamt",
    "over_limit": "overlmt_amt",
    "upfront_rate": "selfpay_prop",
    "is_negotiated": "hi_nego_drug_flag",
    "is_prenatal": "prenatal_flag",
    "is_chinese_medicine": "tcm_flag",
}
_AGREEING = [name for name in SETTLEMENT_COLUMNS if name != "fee_ocur_time"]


class Problem(NamedTuple):
    """What is wrong: the line of the file, the column (empty where it is no single one), and a sentence."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A settlement as the provider reports it, yuan; named as in our settlements. `fund` is what the pooled fund pays,
    `funds` what all funds pay together.
    """

    total: Decimal
    self_paid: Decimal
    over_limit: Decimal
    upfront_share: Decimal
    covered: Decimal
    deductible: Decimal
    fund: Decimal
    funds: Decimal
    account: Decimal
    family_account: Decimal
    cash: Decimal


@dataclass(slots=True)
class Reading:
    """A record as its rows say: the values of each row, and what is wrong with them."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def head(self) -> dict[str, Any]:
        """The first row, which stands for the settlement."""
        return self.rows[0]

    @property
    def moment(self) -> tuple[date, time]:
        """When the service began, for the order; what has no time counts as the day's first."""
        return self.head["fee_ocur_time"][0], self.served_at or time.min

    @property
    def served_at(self) -> time | None:
        """The earliest time that a row names."""
        times = [row["fee_ocur_time"][1] for row in self.rows if row["fee_ocur_time"][1] is not None]
        return min(times, default=None)


def read_record(rows: Sequence[Row]) -> Reading:
    """The values of a record's rows, with every problem: cells first, then what has to fit together."""
    reading = Reading()
    for row in rows:
        values: dict[str, Any] = {LINE: row[LINE]}
        for name, column in COLUMNS.items():
            try:
                values[name] = column.clean(row)  # type: ignore[arg-type]
            except CellRefused as error:
                reading.problems.append(Problem(row[LINE], name, str(error)))
        reading.rows.append(values)
    reading.problems += _contradictions(reading)
    if not reading.problems:
        reading.problems += _broken_sums(reading)
    return reading


def _contradictions(reading: Reading) -> Iterator[Problem]:
    """Rows that do not repeat what the first one says of the settlement."""
    head = reading.head
    for row in reading.rows[1:]:
        for name in _AGREEING:
            if name in head and name in row and row[name] != head[name]:
                yield Problem(row[LINE], name, _("The rows of a settlement must agree in this."))
        days = [each["fee_ocur_time"][0] for each in (head, row) if "fee_ocur_time" in each]
        if len(set(days)) > 1:
            yield Problem(row[LINE], "fee_ocur_time", _("The rows of a settlement must be of one day."))


def _broken_sums(reading: Reading) -> Iterator[Problem]:
    """The identities of the platform: a bill is its parts, its lines, and what everybody pays of it."""
    reported, line = reported_in(reading), reading.head[LINE]
    if reported.total != reported.self_paid + reported.over_limit + reported.upfront_share + reported.covered:
        yield Problem(line, "medfee_sumamt", _("The parts of the bill do not add up to its total."))
    if reported.total != sum(row["det_item_fee_sumamt"] for row in reading.rows):
        yield Problem(line, "medfee_sumamt", _("The lines do not add up to the total of the bill."))
    if reported.total != reported.funds + reported.account + reported.family_account + reported.cash:
        yield Problem(line, "medfee_sumamt", _("What the funds and the patient pay does not add up to the total."))
    if reported.deductible > reported.covered:
        yield Problem(line, "act_pay_dedc", _("The deductible is larger than the policy-covered amount."))
    if reported.fund > reported.funds:
        yield Problem(line, "hifp_pay", _("The pooled fund pays more than all funds together."))


def reported_in(reading: Reading) -> Reported:
    """What the provider reports. reading: without problems in its cells."""
    head = reading.head
    funds = head["fund_pay_sumamt"]
    return Reported(
        total=head["medfee_sumamt"],
        self_paid=head["fulamt_ownpay_amt"],
        over_limit=head["overlmt_selfpay"],
        upfront_share=head["preselfpay_amt"],
        covered=head["inscp_scp_amt"],
        deductible=head["act_pay_dedc"],
        fund=head["hifp_pay"],
        funds=head["hifp_pay"] if funds is None else funds,
        account=head["acct_pay"],
        family_account=head["acct_mulaid_pay"],
        cash=head["psn_cash_pay"],
    )


def is_examination(values: Mapping[str, Any]) -> bool:
    """Whether a row's line is an examination, as monitoring counts them."""
    return values["med_chrgitm_type"] in _EXAMINATIONS
