"""Settling what a file of direct settlements reports: chunk by chunk, each in one transaction, beside the others."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from agency.exceptions import DomainError
from agency.models import Job, JobState, PoolingRegion
from agency.services.jobs import advance_job, fail_job, finish_job
from claims.models import Claim, ClaimLine, ClaimState, Settlement, SettlementChannel
from claims.rooms_above import rooms_above
from claims.selectors.resettlements import standing
from claims.services.new_claims import NewClaim, asks_the_catalogue, take_shares
from claims.services.registration import check_facts, check_line, with_number
from claims.services.settlement import settle_claims
from clearing.models import RecordState, SettledChunk, SettledFile, SettledRecord
from clearing.selectors.file_rows import (
    CLAIM_CELLS,
    LINE,
    LINE_CELLS,
    Problem,
    Reading,
    is_examination,
    read_record,
    reported_in,
)
from clearing.selectors.settled_sides import differing
from clearing.services.comparing import note_outcome
from files.importing.resource import fetch
from members.resources.lookup import MemberLookup, unknown_member
from policies.models import Disease
from providers.models import Provider
from providers.selectors import catalog_items_on_days

# Where a file says what the checks of a claim name.
_FIELDS = {**CLAIM_CELLS, **LINE_CELLS, "served_on": "fee_ocur_time", "disease": "dise_codg"}

_SAVE = """
UPDATE clearing_settledrecord AS record
SET state = found.state, problems = found.problems::jsonb, claim_id = found.claim_id, differs = found.differs
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::boolean[])
    AS found(id, state, problems, claim_id, differs)
WHERE record.id = found.id
"""


@dataclass(slots=True)
class _Taken:
    """A record on its way: what its rows say, and the claim with its lines that they make."""

    record: SettledRecord
    reading: Reading
    claim: Claim | None = None
    lines: Sequence[ClaimLine] = ()

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands in the order of service, member by member."""
        return (self.record.member_number, *self.reading.moment, self.record.line)


def settle_file_chunk(chunk_id: int) -> int:
    """Settle the records of one chunk in one transaction; returns how many.

    0 where it was done before, where another worker is at it, or where the file's job has ended. Every record is
    adjudicated here again, member by member in the order of service, whatever the provider calculated. The last chunk
    finishes the job.
    """
    try:
        return _settle_once(chunk_id)
    except IntegrityError:
        # A claim with one of the numbers was entered elsewhere in between; now it is there to be found.
        return _settle_once(chunk_id)


def _settle_once(chunk_id: int) -> int:
    chunk = SettledChunk.objects.select_related("file__job").get(pk=chunk_id)
    try:
        return _settle_chunk(chunk_id)
    except (OSError, OperationalError, IntegrityError):
        # The database or the network is away, or somebody was faster: it is tried again.
        raise
    except Exception:
        fail_job(chunk.file.job, _("The file broke off because of a fault in the program. Have it continued."))
        raise


@transaction.atomic
def _settle_chunk(chunk_id: int) -> int:
    rows = SettledChunk.objects.select_related("file__region", "file__job", "file__uploaded_by")
    free = rows.select_for_update(of=("self",), skip_locked=True)
    chunk = free.filter(pk=chunk_id, done_at__isnull=True, file__job__state=JobState.RUNNING).first()
    if chunk is None:
        return 0
    records = list(chunk.records.filter(state=RecordState.WAITING))
    readings = read_records(records, chunk.file.region, chunk.file.settled_on)
    _enter(readings, chunk.file)
    _settle(readings, chunk.file)
    _save(records)
    chunk.done_at = timezone.now()
    chunk.save(update_fields=["done_at"])
    advance_job(chunk.file.job, len(records))
    finish_file(chunk.file)
    return len(records)


def _save(records: Sequence[SettledRecord]) -> None:
    """What became of the records, in one statement; one with a case for each would take as long as everything else."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            [
                [record.pk for record in records],
                [record.state for record in records],
                [json.dumps(record.problems, ensure_ascii=False) for record in records],
                [record.claim.pk if record.claim else None for record in records],
                [record.differs for record in records],
            ],
        )


def read_records(records: Sequence[SettledRecord], region: PoolingRegion, today: date) -> list[_Taken]:
    """The records that can be claims, in the order of service; the others get their state and their problems.

    records: of one region, saved or not. today: the day of settlement.
    """
    lookup = _Lookup(region, records)
    readings = []
    for record in records:
        taken = _Taken(record, read_record(record.rows))
        taken.reading.problems += _make_claim(taken, lookup, today)
        known = lookup.known.get(record.claim_number)
        if known is not None and taken.claim is not None:
            taken.reading.problems += _taken_number(known, taken.claim, record.line)
        if taken.reading.problems:
            record.state, record.problems = RecordState.WRONG, taken.reading.problems
        elif known is not None:
            record.state = RecordState.KNOWN
            if known.pk in lookup.met:
                taken.record.claim = known
                record.differs = bool(differing(reported_in(taken.reading), lookup.met[known.pk]))
        else:
            readings.append(taken)
    return sorted(readings, key=lambda taken: taken.place)


def _taken_number(known: Claim, claim: Claim, line: int) -> Iterator[Problem]:
    """Why a number that is registered already is not this settlement's, if it is not."""
    if (known.member_id, known.provider_id, known.served_on) != (claim.member_id, claim.provider_id, claim.served_on):
        said = _("Another visit is registered under this number. Have the provider report this one under its own.")
        yield Problem(line, "mdtrt_id", said)
    elif known.state == ClaimState.REVERSED:
        said = _("The claim with this number was taken back. Have the provider report the right one under a new one.")
        yield Problem(line, "mdtrt_id", said)


class _Lookup:
    """What the rows of a chunk refer to, fetched at once."""

    def __init__(self, region: PoolingRegion, records: Sequence[SettledRecord]) -> None:
        cells = [row for record in records for row in record.rows]
        self.region = region
        people = {record.member_number for record in records} | _all(cells, "mulaid_psn_no")
        self.members = MemberLookup(region, numbers=people)
        providers = Provider.objects.filter(region=region)
        self.providers = {each.code: each for each in fetch(providers, "code", _all(cells, "fixmedins_code"))}
        diseases = Disease.objects.filter(region=region)
        self.diseases = {each.code: each for each in fetch(diseases, "code", _all(cells, "dise_codg"))}
        numbers = [record.claim_number for record in records]
        self.known = _standing(region, numbers)
        self.met = _not_reported_yet(self.known.values())

    def problems(self, reading: Reading) -> Iterator[Problem]:
        """What a record names and the region does not have."""
        head, line = reading.head, reading.head[LINE]
        for name in ("psn_no", "mulaid_psn_no"):
            if head.get(name) and self.members.with_number(head[name]) is None:
                yield Problem(line, name, str(unknown_member(name).reason))
        if "fixmedins_code" in head and head["fixmedins_code"] not in self.providers:
            said = _("The region has no such provider. Import or register it first.")
            yield Problem(line, "fixmedins_code", said)
        if head.get("dise_codg") and head["dise_codg"] not in self.diseases:
            yield Problem(line, "dise_codg", _("This disease code is not in the region's catalogue."))


def _standing(region: PoolingRegion, numbers: Sequence[str]) -> dict[str, Claim]:
    """The claim of each number that was entered before; of a visit that was settled again live, the one that stands."""
    known = {each.claim_number: each for each in with_number(region.pk, numbers)}
    taken_back = [number for number, claim in known.items() if claim.state == ClaimState.REVERSED]
    for room in rooms_above() if taken_back else ():
        known |= room.settled_again(region, taken_back)
    return known


def _not_reported_yet(known: Iterable[Claim]) -> dict[int, Settlement]:
    """What stands of direct claims that no record of a file has, by claim id: settled at a counter or at the desk."""
    settled = [each.pk for each in known if each.state == ClaimState.SETTLED]
    rows = standing().filter(claim__in=settled, claim__channel=SettlementChannel.DIRECT)
    return {each.claim_id: each for each in rows.filter(claim__settled_record__isnull=True)}


def _all(cells: Sequence[Mapping[str, Any]], name: str) -> set[str]:
    return {row[name] for row in cells if name in row}


def _make_claim(taken: _Taken, lookup: _Lookup, today: date) -> list[Problem]:
    """Put the claim and its lines together; returns what stands against it."""
    reading = taken.reading
    problems = list(lookup.problems(reading))
    if problems or reading.problems:
        return problems
    head = reading.head
    new = NewClaim(
        member=lookup.members.by_number[head["psn_no"]],
        provider=lookup.providers[head["fixmedins_code"]],
        served_on=head["fee_ocur_time"][0],
        served_at=reading.served_at,
        disease=lookup.diseases.get(head["dise_codg"]),
        account_holder=lookup.members.by_number.get(head["mulaid_psn_no"]),
        lines=[_line(row) for row in reading.rows],
        **{name: head[cell] for name, cell in CLAIM_CELLS.items()},
    )
    claim = taken.claim = new.draft()
    lines = taken.lines = new.lines
    for row, line in zip(reading.rows, lines, strict=True):
        problems += _refused(row[LINE], lambda line=line: check_line(line))
    return problems or _refused(head[LINE], lambda: check_facts(claim, lines, today))


def _refused(line: int, check: Any) -> list[Problem]:
    try:
        check()
    except DomainError as error:
        return [Problem(line, _FIELDS.get(error.details.get("field", ""), ""), str(error))]
    return []


def _line(row: Mapping[str, Any]) -> ClaimLine:
    return ClaimLine(
        **{name: row[cell] for name, cell in LINE_CELLS.items()},
        is_examination=is_examination(row),
    )


def _enter(taken_rows: Sequence[_Taken], file: SettledFile) -> None:
    """Register the claims as `register_claim` does one by one."""
    entered = [(taken.claim, taken.lines) for taken in taken_rows if taken.claim is not None]
    reason = _("imported from %(file)s") % {"file": file.name}
    claims = [claim for claim, _lines in entered]
    bulk_create_with_history(claims, Claim, default_user=file.uploaded_by, default_change_reason=reason[:100])
    asked = {(line.code, claim.served_on) for claim, lines in entered for line in lines if asks_the_catalogue(line)}
    items = catalog_items_on_days(file.region, asked)
    for claim, lines in entered:
        take_shares(lines, items.get(claim.served_on, {}))
        for line in lines:
            line.claim = claim
    ClaimLine.objects.bulk_create([line for _claim, lines in entered for line in lines])


def _settle(taken_rows: Sequence[_Taken], file: SettledFile) -> None:
    """Adjudicate the claims in their order, and put what came of each beside what was reported.

    An account pays no more than was taken from it at the counter: the rest was paid in cash there.
    """
    claims = [taken.claim for taken in taken_rows if taken.claim is not None]
    reported = [reported_in(taken.reading) for taken in taken_rows]
    counted = {claim.pk: each.account + each.family_account for claim, each in zip(claims, reported, strict=True)}
    outcomes = settle_claims(claims, today=file.settled_on, actor=file.uploaded_by, from_accounts_at_most=counted)
    for taken, each, outcome in zip(taken_rows, reported, outcomes, strict=True):
        taken.record.claim = taken.claim
        note_outcome(taken.record, each, outcome)


def finish_file(file: SettledFile) -> None:
    """Finish the file's job once no chunk waits, with the number of records by outcome.

    The job's row is locked, so that one of two last chunks does it.
    """
    job = Job.objects.select_for_update(of=("self",), no_key=True).get(pk=file.job_id)
    if job.state != JobState.RUNNING or file.chunks.filter(done_at__isnull=True).exists():
        return
    finish_job(job, counts_of(file))


def counts_of(file: SettledFile) -> dict[str, int]:
    """How many records of the file have which outcome, and how many differ from what was reported."""
    ended = [state for state in RecordState if state != RecordState.WAITING]
    outcomes = {state.value: Count("pk", filter=Q(state=state)) for state in ended}
    return file.records.aggregate(**outcomes, differences=Count("pk", filter=Q(differs=True)))
