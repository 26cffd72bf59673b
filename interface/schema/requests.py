"""The envelope of every message, and what each transaction asks (`input`)."""

from typing import Annotated, Any

from pydantic import Field

from interface.schema.fields import (
    Amount,
    Code,
    Day,
    MaybeAmount,
    MaybeCode,
    MaybeMoment,
    MaybeText,
    Moment,
    MsgId,
    Part,
    Price,
    Quantity,
    SetlId,
    Text,
)

# So many lines come with one message at the most; a longer bill comes in several.
MOST_LINES = 1_000


class Envelope(Part):
    """What surrounds every message. `msgid` is the sender's number for it, by which a repetition is known."""

    infno: Code
    msgid: MsgId
    fixmedins_code: Code
    insuplc_admdvs: MaybeCode = ""
    mdtrtarea_admvs: MaybeCode = ""
    opter: MaybeCode = ""
    opter_name: MaybeCode = ""
    sign_no: MaybeCode = ""
    inf_time: MaybeMoment = None
    input: dict[str, Any]


class SignIn(Part):
    opter_no: MaybeCode = ""
    mac: MaybeCode = ""
    ip: MaybeCode = ""


class SignInInput(Part):
    signIn: SignIn  # noqa: N815 - the platform's own name.


class SignOut(Part):
    sign_no: Code
    opter_no: MaybeCode = ""


class SignOutInput(Part):
    signOut: SignOut  # noqa: N815 - the platform's own name.


class Identity(Part):
    """Whom somebody at the counter says to be. The name always, and the number of a document."""

    mdtrt_cert_type: MaybeCode = ""
    mdtrt_cert_no: MaybeCode = ""
    psn_cert_type: MaybeCode = ""
    certno: MaybeCode = ""
    psn_name: Code
    begntime: MaybeMoment = None


class IdentityInput(Part):
    data: Identity


class Entitlement(Part):
    psn_no: Code
    insutype: MaybeCode = ""
    med_type: MaybeCode = ""
    begntime: Moment
    endtime: MaybeMoment = None
    dise_codg: MaybeCode = ""


class EntitlementInput(Part):
    data: Entitlement


class Registration(Part):
    psn_no: Code
    insutype: MaybeCode = ""
    begntime: Moment
    ipt_otp_no: Code
    atddr_no: MaybeCode = ""
    dr_name: MaybeCode = ""
    dept_code: MaybeCode = ""
    dept_name: MaybeText = ""
    caty: MaybeCode = ""


class RegistrationInput(Part):
    data: Registration


class OfVisit(Part):
    mdtrt_id: Code
    psn_no: Code
    ipt_otp_no: MaybeCode = ""


class OfVisitInput(Part):
    data: OfVisit


class VisitFacts(Part):
    mdtrt_id: Code
    psn_no: Code
    med_type: Code
    begntime: MaybeMoment = None
    main_cond_dscr: MaybeText = ""
    dise_codg: MaybeCode = ""
    dise_name: MaybeText = ""


class Diagnosis(Part):
    diag_type: MaybeCode = ""
    diag_srt_no: MaybeCode = ""
    diag_code: Code
    diag_name: Text
    vali_flag: MaybeCode = ""


class VisitFactsInput(Part):
    mdtrtinfo: VisitFacts
    diseinfo: Annotated[list[Diagnosis], Field(max_length=50)] = []


class Detail(Part):
    """A line of the bill. `list_type` and `chrgitm_lv` are asked for where our catalogue does not list the code."""

    feedetl_sn: Code
    mdtrt_id: Code
    psn_no: Code
    chrg_bchno: Code
    fee_ocur_time: Moment
    med_list_codg: MaybeCode = ""
    medins_list_codg: MaybeCode = ""
    medins_list_name: Annotated[MaybeText, Field(max_length=120)] = ""
    det_item_fee_sumamt: Amount
    cnt: Quantity = None
    pric: Price = None
    list_type: MaybeCode = ""
    chrgitm_lv: MaybeCode = ""
    overlmt_amt: MaybeAmount = None
    selfpay_prop: Quantity = None
    med_chrgitm_type: MaybeCode = ""
    tcm_flag: MaybeCode = ""


class DetailsInput(Part):
    feedetail: Annotated[list[Detail], Field(min_length=1, max_length=MOST_LINES)]


class DetailsOf(Part):
    mdtrt_id: Code
    psn_no: Code
    chrg_bchno: Code


class DetailsOfInput(Part):
    data: DetailsOf


class Bill(Part):
    """What is to be settled of a visit: everything uploaded and not settled, or one batch of it."""

    psn_no: Code
    mdtrt_id: Code
    med_type: Code
    medfee_sumamt: Amount
    mdtrt_cert_type: MaybeCode = ""
    mdtrt_cert_no: MaybeCode = ""
    psn_setlway: MaybeCode = ""
    chrg_bchno: MaybeCode = ""
    acct_used_flag: MaybeCode = ""
    insutype: MaybeCode = ""
    invono: MaybeCode = ""
    fulamt_ownpay_amt: MaybeAmount = None
    overlmt_selfpay: MaybeAmount = None
    preselfpay_amt: MaybeAmount = None
    inscp_scp_amt: MaybeAmount = None
    mulaid_psn_no: MaybeCode = ""
    rx_hosp_lv: MaybeCode = ""
    out_fil_type: MaybeCode = ""
    stay_hours: Annotated[int | None, Field(ge=0, le=9999)] = None


class BillInput(Part):
    data: Bill


class OfSettlement(Part):
    psn_no: Code
    setl_id: SetlId
    mdtrt_id: Code


class OfSettlementInput(Part):
    data: OfSettlement


class Recall(Part):
    psn_no: MaybeCode = ""
    omsgid: MsgId
    oinfno: Code


class RecallInput(Part):
    data: Recall


class Used(Part):
    psn_no: Code
    cum_ym: MaybeCode = ""


class UsedInput(Part):
    data: Used


class Totals(Part):
    """A provider's own books of some days, both included. Amounts of what was taken back count below zero."""

    insutype: MaybeCode = ""
    clr_type: MaybeCode = ""
    setl_optins: MaybeCode = ""
    stmt_begndate: Day
    stmt_enddate: Day
    medfee_sumamt: Amount
    fund_pay_sumamt: Amount
    acct_pay: Amount
    fixmedins_setl_cnt: Annotated[int, Field(ge=-1_000_000, le=10_000_000)]


class TotalsInput(Part):
    data: Totals


class BookRow(Part):
    """One row of a provider's books: a settlement, or with refd_setl_flag 1 what took one back, below zero."""

    setl_id: SetlId
    mdtrt_id: Code
    medfee_sumamt: Amount
    fund_pay_sumamt: Amount
    acct_pay: Amount
    refd_setl_flag: MaybeCode = "0"


class Period(Part):
    insutype: MaybeCode = ""
    clr_type: MaybeCode = ""
    setl_optins: MaybeCode = ""
    stmt_begndate: Day
    stmt_enddate: Day


class RowsInput(Part):
    data: Period
    detail: Annotated[list[BookRow], Field(max_length=10_000)] = []
