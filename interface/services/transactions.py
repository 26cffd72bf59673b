"""The transactions of the platform that are answered here, by their numbers."""

from interface.schema import requests as asks
from interface.services import people, reconciling, settling, taking_back, visits
from interface.services.calls import Transaction

_ALL = (
    Transaction("9001", "签到", asks.SignInInput, people.sign_in),
    Transaction("9002", "签退", asks.SignOutInput, people.sign_out),
    Transaction("1101", "人员信息获取", asks.IdentityInput, people.identify),
    Transaction("2001", "人员待遇享受检查", asks.EntitlementInput, people.check_entitlement),
    Transaction("2201", "门诊挂号", asks.RegistrationInput, visits.register_visit),
    Transaction("2202", "门诊挂号撤销", asks.OfVisitInput, visits.cancel_visit),
    Transaction("2203", "门诊就诊信息上传", asks.VisitFactsInput, visits.tell_visit),
    Transaction("2204", "门诊费用明细信息上传", asks.DetailsInput, visits.upload_details),
    Transaction("2205", "门诊费用明细信息撤销", asks.DetailsOfInput, visits.take_back_details),
    Transaction("2206", "门诊预结算", asks.BillInput, settling.try_bill),
    Transaction("2207", "门诊结算", asks.BillInput, settling.settle_bill),
    Transaction("2208", "门诊结算撤销", asks.OfSettlementInput, taking_back.take_back),
    Transaction("2601", "冲正", asks.RecallInput, taking_back.recall),
    Transaction("3201", "医药机构费用结算对总账", asks.TotalsInput, reconciling.compare_totals),
    Transaction("3202", "医药机构费用结算对明细账", asks.RowsInput, reconciling.compare_rows),
    Transaction("5203", "结算信息查询", asks.OfSettlementInput, settling.look_up),
    Transaction("5206", "人员累计信息查询", asks.UsedInput, people.add_up_use),
)
# Newer systems write some numbers with an A; they ask the same.
_NEWER = ("2203", "2206", "2207", "2208")
TRANSACTIONS = {each.infno: each for each in _ALL}
BY_INFNO = TRANSACTIONS | {f"{infno}A": TRANSACTIONS[infno] for infno in _NEWER}
