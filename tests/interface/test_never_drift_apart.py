"""Whatever is sent, lost, repeated, taken back or broken off on the way, both books agree in the evening."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from claims.models import BenefitUsage, Settlement
from demo.hospital import Books, Hospital, Lost, agree
from interface.models import Message, ReconciliationRow
from members.models import Member
from tests.builder import retiree
from tests.builder.damage import differing
from tests.builder.interface import NOON, a_hospital, begun, bill, told

DAY = NOON.date()
CEILING = Decimal("2500.00")  # Pingliang, retired, a year.
FATES = ["answered", "lost on the way", "answer lost", "broken off"]


class Broken(Exception):
    """The process ends just before its transaction does."""


class Line:
    """A line between hospital and agency that does to the next message what it is told."""

    def __init__(self, hospital: Hospital) -> None:
        self.fate = "answered"
        self._through = hospital.transport
        hospital.transport = self

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> str:
        fate, self.fate = self.fate, "answered"
        if fate == "lost on the way":
            raise Lost
        if fate == "broken off":
            return self._broken_off(body, headers)
        answer = self._through(body, headers)
        if fate == "answer lost":
            raise Lost
        return answer

    def _broken_off(self, body: bytes, headers: Mapping[str, str]) -> str:
        def breaks(execute: Any, sql: str, *how: Any) -> Any:
            result = execute(sql, *how)
            if sql.startswith('INSERT INTO "interface_message"'):
                raise Broken
            return result

        try:
            with transaction.atomic(), connection.execute_wrapper(breaks):
                self._through(body, headers)
        except Broken:
            raise Lost from None
        raise AssertionError("every message is written")


class Counter:
    """One hospital with its line, its books, and the messages of which it has no answer."""

    def __init__(self) -> None:
        self.hospital, self.books = a_hospital(), Books()
        self.line = Line(self.hospital)
        self.sent: list[bytes] = []
        self.unanswered: list[bytes] = []

    def send(self, message: bytes, fate: str) -> None:
        """Send a message, new or again, and write down what is answered."""
        self.line.fate = fate
        self.sent.append(message)
        try:
            answer = self.hospital.send(message)
        except Lost:
            self.unanswered.append(message)
            return
        self.unanswered = [each for each in self.unanswered if each != message]
        if "setlinfo" in answer["output"]:
            self.books.enter(answer["output"]["setlinfo"])


class BothBooks(RuleBasedStateMachine):
    """Two hospitals and two members; every message meets one of the fates."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.counters: list[Counter] = []
        self.members: list[Member] = []

    def teardown(self) -> None:
        """Both sides compare, and agree; then the database is as it was."""
        try:
            for counter in self.counters:
                assert agree(counter.hospital, counter.books, DAY, DAY)
                assert agree(counter.hospital, counter.books, DAY, DAY)
            self._agree_to_the_row()
            assert differing(self.members[0].region) == {}
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _agree_to_the_row(self) -> None:
        """Counted here, apart from what 3201 says."""
        for counter in self.counters:
            rows = Settlement.objects.filter(claim__provider__code=counter.hospital.code)
            ours = {str(row.pk): (-1 if row.reverses_id else 1) * (row.pooled + row.pooled_inpatient) for row in rows}
            theirs = {number: Decimal(row["fund_pay_sumamt"]) for number, row in counter.books.rows.items()}
            assert ours == theirs

    @initialize()
    def open_the_counters(self) -> None:
        self.counters = [Counter() for _ in range(2)]
        self.members = [retiree() for _ in range(2)]

    @rule(counter=st.integers(0, 1), member=st.integers(0, 1), yuan=st.integers(1, 3000), fate=st.sampled_from(FATES))
    def settle(self, counter: int, member: int, yuan: int, fate: str) -> None:
        it, patient = self.counters[counter], self.members[member]
        amount = f"{yuan}.00"
        place = begun(it.hospital, patient, told(it.hospital, amount))
        it.send(it.hospital.message("2207", bill(place, amount)), fate)

    @rule(counter=st.integers(0, 1), which=st.integers(0, 20), fate=st.sampled_from(FATES))
    def take_back(self, counter: int, which: int, fate: str) -> None:
        it = self.counters[counter]
        standing = [row for row in it.books.rows.values() if row["refd_setl_flag"] == "0"]
        if standing:
            row = standing[which % len(standing)]
            asked = {"data": {name: row[name] for name in ("psn_no", "setl_id", "mdtrt_id")}}
            it.send(it.hospital.message("2208", asked), fate)

    @rule(counter=st.integers(0, 1), which=st.integers(0, 20), fate=st.sampled_from(FATES))
    def repeat(self, counter: int, which: int, fate: str) -> None:
        """Send again what was sent, whether it was answered or not."""
        it = self.counters[counter]
        if it.sent:
            it.send(it.sent[which % len(it.sent)], fate)

    @rule(counter=st.integers(0, 1), which=st.integers(0, 20), fate=st.sampled_from(FATES))
    def recall(self, counter: int, which: int, fate: str) -> None:
        """Take back a message of which no answer came."""
        it = self.counters[counter]
        waiting = [each for each in it.unanswered if json.loads(each)["infno"] in ("2207", "2208")]
        if waiting:
            told_before = json.loads(waiting[which % len(waiting)])
            data = {"omsgid": told_before["msgid"], "oinfno": told_before["infno"], "psn_no": ""}
            it.send(it.hospital.message("2601", {"data": data}), fate)

    @rule(counter=st.integers(0, 1), fate=st.sampled_from(FATES))
    def reconcile(self, counter: int, fate: str) -> None:
        """In the middle of the day; it may be lost as well."""
        it = self.counters[counter]
        it.line.fate = fate
        try:
            assert agree(it.hospital, it.books, DAY, DAY)
        except Lost:
            it.line.fate = "answered"

    @invariant()
    def nobody_is_paid_above_the_ceiling(self) -> None:
        for usage in BenefitUsage.objects.filter(key="", scope="general_outpatient"):
            assert 0 <= usage.paid <= CEILING

    @invariant()
    def a_number_is_answered_once(self) -> None:
        answered = Message.objects.filter(state="answered")
        assert answered.count() == answered.values("provider", "msgid").distinct().count()

    @invariant()
    def what_waits_for_a_clerk_differs(self) -> None:
        for row in ReconciliationRow.objects.filter(agrees=False):
            assert (row.our_total, row.our_fund, row.our_account) != (
                row.their_total,
                row.their_fund,
                row.their_account,
            )


@pytest.mark.django_db
def test_both_books_agree_in_the_evening() -> None:
    run_state_machine_as_test(
        BothBooks,
        settings=settings(
            max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
