"""A day at a hospital's counter: visits are registered, billed and settled, and answers get lost on the way."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.utils.timezone import localtime

from demo.hospital.books import Books, agree
from demo.hospital.system import Hospital, Lost

# Drugs and services that no catalogue needs to list: name, 目录类别, yuan.
_ITEMS = (("感冒清热颗粒", "101", 38), ("阿莫西林胶囊", "101", 26), ("血常规", "201", 20), ("普通门诊诊查", "201", 15))
_COSTLY = (("腹部超声", "201", 160), ("心电图", "201", 90), ("调脂药片", "101", 210))
_DEPARTMENTS = ("内科", "外科", "中医科", "全科门诊")
# How often a settled visit is taken back, and how often a lost answer is given up instead of asked for again.
_CHANGES_MIND, _GIVES_UP = 0.1, 0.3


class Faulty:
    """A line that loses every so many messages or answers. rate: of the messages, between 0 and 1."""

    def __init__(self, hospital: Hospital, random: Random, rate: float) -> None:
        self.random, self.rate = random, rate
        self._through = hospital.transport

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> str:
        chance = self.random.random()
        if chance < self.rate / 2:
            raise Lost
        answer = self._through(body, headers)
        if chance < self.rate:
            raise Lost
        return answer


class Counter:
    """One hospital at work. patients: member numbers of the region; who is not insured is refused, as in life."""

    def __init__(self, hospital: Hospital, patients: Sequence[str], random: Random, fault_rate: float = 0.0) -> None:
        self.hospital, self.patients, self.random = hospital, patients, random
        self.books = Books()
        hospital.transport = Faulty(hospital, random, fault_rate)

    def serve(self) -> str:
        """One visit from its registration to its end; a line that says what became of it."""
        psn_no = self.random.choice(self.patients)
        begntime = f"{localtime(self.hospital.clock()):%Y-%m-%d %H:%M:%S}"
        visit = {
            "psn_no": psn_no,
            "begntime": begntime,
            "ipt_otp_no": f"MZ{self.random.randrange(10**8):08d}",
            "dept_name": self.random.choice(_DEPARTMENTS),
        }
        begun = self.ask("2201", {"data": visit})
        if begun["infcode"]:
            return f"{psn_no} 2201 {begun['err_msg']}"
        place = {"mdtrt_id": begun["output"]["data"]["mdtrt_id"], "psn_no": psn_no}
        lines = self._lines(place, begntime)
        self.ask("2204", {"feedetail": lines})
        total = sum((line["det_item_fee_sumamt"] for line in lines), Decimal("0.00"))
        bill = {**place, "med_type": "11", "medfee_sumamt": total, "acct_used_flag": self.random.choice("01")}
        self.ask("2206", {"data": bill})
        return f"{psn_no} {total} {self._settle(bill)}"

    def _settle(self, bill: Mapping[str, Any]) -> str:
        message = self.hospital.message("2207", {"data": bill})
        try:
            answer = self.hospital.send(message)
        except Lost:
            if self.random.random() < _GIVES_UP:
                return self._recalled(message)
            answer = self._until_answered(message)
        if answer["infcode"]:
            return str(answer["err_msg"])
        info = answer["output"]["setlinfo"]
        self.books.enter(info)
        said = f"{info['fund_pay_sumamt']} + {info['acct_pay']} + {info['psn_cash_pay']}"
        return self._taken_back(info, said) if self.random.random() < _CHANGES_MIND else said

    def _recalled(self, message: bytes) -> str:
        """Nobody waits any longer; what was settled is taken back."""
        data = {"omsgid": self.hospital.number_of(message), "oinfno": "2207", "psn_no": ""}
        answer = self.ask("2601", {"data": data})
        return f"2601 {answer['warn_msg'] or answer['err_msg']}".strip()

    def _taken_back(self, info: Mapping[str, Any], said: str) -> str:
        data = {name: info[name] for name in ("psn_no", "setl_id", "mdtrt_id")}
        answer = self.ask("2208", {"data": data})
        if answer["infcode"] == 0:
            self.books.enter(answer["output"]["setlinfo"])
        return f"{said} 2208 {answer['warn_msg'] or answer['err_msg']}".strip()

    def _lines(self, place: Mapping[str, str], begntime: str) -> list[dict[str, Any]]:
        chosen = self.random.sample(_ITEMS, 2) + self.random.sample(_COSTLY, self.random.randrange(3))
        return [
            {
                **place,
                "feedetl_sn": str(number),
                "chrg_bchno": "1",
                "fee_ocur_time": begntime,
                "medins_list_name": name,
                "list_type": kind,
                "chrgitm_lv": "01",
                "det_item_fee_sumamt": Decimal(f"{yuan}.00"),
                "cnt": 1,
                "pric": Decimal(f"{yuan}.00"),
            }
            for number, (name, kind, yuan) in enumerate(chosen, 1)
        ]

    def ask(self, infno: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a new message, however often it has to be sent."""
        return self._until_answered(self.hospital.message(infno, asked))

    def _until_answered(self, message: bytes) -> dict[str, Any]:
        """The same message until an answer comes: that is what the number is for."""
        while True:
            try:
                return self.hospital.send(message)
            except Lost:
                continue

    def close(self, day: date) -> bool:
        """Reconcile the day; whether both sides agree."""
        while True:
            try:
                return agree(self.hospital, self.books, day, day)
            except Lost:
                continue
