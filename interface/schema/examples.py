"""One visit told by every transaction, in an order in which they can be sent.

What stands in angle brackets comes from an earlier answer, or is the reader's own.
"""

from typing import Any

_VISIT = {"mdtrt_id": "<mdtrt_id>", "psn_no": "<psn_no>"}
_SETTLEMENT = {**_VISIT, "setl_id": "<setl_id>"}
_BILL = {
    **_VISIT,
    "mdtrt_cert_type": "02",
    "mdtrt_cert_no": "<certno>",
    "med_type": "11",
    "medfee_sumamt": 300.00,
    "psn_setlway": "01",
    "chrg_bchno": "B001",
    "acct_used_flag": "0",
    "insutype": "310",
}
_DAYS = {"stmt_begndate": "<today>", "stmt_enddate": "<today>", "insutype": "310", "clr_type": "11"}
_TIME = "<today> 09:30:00"


def _line(number: str, amount: float, name: str, **more: str) -> dict[str, Any]:
    return {
        **_VISIT,
        "feedetl_sn": number,
        "chrg_bchno": "B001",
        "fee_ocur_time": _TIME,
        "med_list_codg": "",
        "medins_list_name": name,
        "det_item_fee_sumamt": amount,
        "cnt": 1,
        "pric": amount,
        "chrgitm_lv": "01",
        **more,
    }


EXAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("9001", {"signIn": {"opter_no": "0001", "mac": "00-00-00-00-00-00", "ip": "10.0.0.8"}}),
    (
        "1101",
        {"data": {"mdtrt_cert_type": "02", "psn_cert_type": "01", "certno": "<certno>", "psn_name": "<psn_name>"}},
    ),
    ("2001", {"data": {"psn_no": "<psn_no>", "insutype": "310", "med_type": "11", "begntime": _TIME}}),
    (
        "2201",
        {
            "data": {
                "psn_no": "<psn_no>",
                "insutype": "310",
                "begntime": _TIME,
                "ipt_otp_no": "MZ20260001",
                "dr_name": "李医生",
                "dept_name": "内科",
            }
        },
    ),
    (
        "2203",
        {
            "mdtrtinfo": {**_VISIT, "med_type": "11", "begntime": _TIME},
            "diseinfo": [{"diag_type": "1", "diag_srt_no": "1", "diag_code": "J06.9", "diag_name": "急性上呼吸道感染"}],
        },
    ),
    (
        "2204",
        {
            "feedetail": [
                _line("1", 260.00, "阿莫西林胶囊", list_type="101"),
                _line("2", 40.00, "血常规", list_type="201", med_chrgitm_type="03"),
                _line("3", 15.00, "多传的一条", list_type="301") | {"chrg_bchno": "B002"},
            ]
        },
    ),
    ("2205", {"data": {**_VISIT, "chrg_bchno": "B002"}}),
    ("2206", {"data": _BILL}),
    ("2207", {"data": {**_BILL, "invono": "FP0001"}}),
    ("5203", {"data": _SETTLEMENT}),
    ("5206", {"data": {"psn_no": "<psn_no>", "cum_ym": ""}}),
    ("2208", {"data": _SETTLEMENT}),
    ("2601", {"data": {"psn_no": "<psn_no>", "omsgid": "<msgid>", "oinfno": "2207"}}),
    (
        "3201",
        {
            "data": {
                **_DAYS,
                "medfee_sumamt": 0.00,
                "fund_pay_sumamt": 0.00,
                "acct_pay": 0.00,
                "fixmedins_setl_cnt": 0,
            }
        },
    ),
    ("3202", {"data": _DAYS, "detail": []}),
    ("2202", {"data": {**_VISIT, "ipt_otp_no": "MZ20260001"}}),
    ("9002", {"signOut": {"sign_no": "<sign_no>", "opter_no": "0001"}}),
)
