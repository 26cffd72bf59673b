"""Files of direct settlements among the kinds of file."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO

from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from clearing.models import RecordState, SettledFile, SettledRecord
from clearing.selectors.file_rows import COLUMNS, LINE, MomentCell, Problem
from clearing.services.file_reading import CHUNK_SIZE, Gathered, gathered, repeated
from clearing.services.file_settling import read_records
from clearing.services.file_text import rows_of
from clearing.services.settled_files import refuse_taken, take_file
from files.importing.cells import Column
from files.importing.explaining import Accepted, accepted
from files.importing.handed import HandedFile, JudgedRow
from files.importing.refusals import whole_file
from files.importing.table import Table
from files.models import RowOutcome


class DirectSettlements(HandedFile):
    """One row for each line of a bill, as `direct-settlements.md` describes them. A settlement with a wrong row is left
    out as a whole; one that is registered already changes nothing. Confirmed, the file gets a page of its own: workers
    calculate every settlement again and list there where the result differs.
    """

    label = _("direct settlements")
    permission = "clearing.add_settledfile"
    about = "clearing.SettledFile"
    examples = {
        "mdtrt_id": "Z2023-0001",
        "fixmedins_code": "H37040200001",
        "mulaid_psn_no": "",
        "dise_codg": "",
        "rx_hosp_lv": "",
        "out_fil_type": "",
        "mdtrtarea_admvs": "",
        "stay_hours": "",
        **dict.fromkeys(("fulamt_ownpay_amt", "overlmt_selfpay", "overlmt_amt"), "0.00"),
        **dict.fromkeys(("acct_pay", "acct_mulaid_pay"), "0.00"),
        "medfee_sumamt": "300.00",
        "preselfpay_amt": "20.00",
        "inscp_scp_amt": "280.00",
        "act_pay_dedc": "200.00",
        **dict.fromkeys(("hifp_pay", "fund_pay_sumamt"), "60.00"),
        "psn_cash_pay": "240.00",
        "med_list_codg": "XC09AAY014A001010100001",
        "medins_list_name": "降压药片",
        "med_chrgitm_type": "",
        "det_item_fee_sumamt": "100.00",
        "selfpay_prop": "",
    }
    outcome = _(
        "Once the file is confirmed, workers calculate every settlement again. Its page shows how far they are, and "
        "where the result differs from what was reported."
    )

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """Those of the national platform."""
        return dict(COLUMNS)

    def check(self, digest: str) -> None:
        """FileRefused for a file that the region has taken before."""
        try:
            refuse_taken(self.context.region, digest)
        except DomainError as error:
            raise whole_file(str(error)) from error

    def judged(self, table: Table) -> Iterator[JudgedRow]:
        """By what the workers will register: they ask the same of each settlement again."""
        found, first_lines = gathered(rows_of(table)), dict[str, int]()
        while some := list(islice(found, CHUNK_SIZE)):
            records = [_record(each, first_lines) for each in some]
            waiting = [record for record in records if record.state == RecordState.WAITING]
            read_records(waiting, self.context.region, self.context.today)
            for record in records:
                yield from _rows(record, table.names)

    def hand_over(self, content: IO[bytes], name: str) -> SettledFile:
        """Take the file."""
        context = self.context
        return take_file(context.region, content=content, name=name, today=context.today, actor=context.actor)


@accepted.register
def _moment(widget: MomentCell) -> Accepted:
    return Accepted(str(_("A day, or a day and a time, such as 2024-03-01 09:15.")), "2024-03-01 09:15")


def _record(each: Gathered, first_lines: dict[str, int]) -> SettledRecord:
    """The record that rows become, not saved; wrong as a whole where they are none or their number came further up."""
    record = SettledRecord(
        line=each.line, claim_number=each.claim_number, member_number=each.member_number, rows=each.rows
    )
    first = first_lines.setdefault(each.claim_number, each.line) if each.claim_number else each.line
    if each.problem:
        record.problems = [Problem(each.line, "", each.problem)]
    elif first != each.line:
        record.problems = [Problem(each.line, "mdtrt_id", repeated(first))]
    if record.problems:
        record.state = RecordState.WRONG
    return record


_OUTCOMES = {RecordState.WAITING: RowOutcome.NEW, RecordState.KNOWN: RowOutcome.UNCHANGED}


def _rows(record: SettledRecord, names: Sequence[str]) -> Iterator[JudgedRow]:
    """The rows of a record, each with what is wrong in its own line."""
    outcome = _OUTCOMES.get(RecordState(record.state), RowOutcome.WRONG)
    for row in record.rows or [{LINE: record.line}]:
        problems = [(problem.column, problem.reason) for problem in record.problems if problem.line == row[LINE]]
        cells = [str(row.get(name, "")) for name in names] if record.rows else ()
        yield JudgedRow(row[LINE], cells, outcome, problems)
