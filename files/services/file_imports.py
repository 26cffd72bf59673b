"""What a person does with a file: bring it, match its columns, confirm its rows or discard them, take them back."""

import hashlib
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agency.exceptions import DomainError, MoveNotAllowed, NotPermitted
from agency.models import PoolingRegion, User
from agency.scoping import region_path_of
from agency.services.jobs import queue_job, send_job
from files.importing.reading import MAX_BYTES, opened_sheet, opened_table, read_sheet
from files.importing.refusals import FileRefused, whole_file
from files.importing.spelling import header_parts
from files.importing.table import named, wanted_of
from files.models import FileImport, ImportedRow, ImportState, KnownHeading, RowOutcome, StagedRow
from files.services.import_kinds import (
    can_be_taken_back,
    columns_of,
    import_kinds,
    is_handed,
    is_large,
    may_import,
    model_about,
    resource_of,
)
from files.services.import_runs import GOES_IN, context_of, discard_rows, known_headings, note_table

TASK = "files.tasks.go_on_with_import"
# Of kinds that are carried row by row the whole file is in memory.
LARGEST_MB: int = settings.UPLOAD_MEGABYTES["settled_file"]
_PIECE = 1024 * 1024
# A preview that nobody has confirmed by then says nothing any more.
PREVIEW_LASTS = timedelta(hours=24)
# As long the rows of an import are kept: to be looked at, and to be taken back.
ROWS_LAST = timedelta(days=90)


# --- Bringing a file ------------------------------------------------------------------------------


def guess_kind(content: IO[bytes], region: PoolingRegion, actor: User | None) -> str:
    """The kind of file that its header names, among those that the person may import for the region.

    DomainError where none has all the columns that it must have, two fit equally well, or a kind that lacks a column
    knows more of them.
    """
    fitting: dict[str, int] = {}
    lacking = 0
    for kind in import_kinds():
        if not resource_of(kind.name).is_guessed:
            continue
        if actor is not None and not may_import(kind.name, region=region, actor=actor):
            continue
        columns, known = columns_of(kind.name), known_headings(region.pk, kind.name)
        try:
            with opened_sheet(content, columns, known) as table:
                fitting[kind.name] = len(table.names)
        except FileRefused as refusal:
            names = named(refusal.cells, wanted_of(columns, known))
            lacking = max(lacking, sum(name is not None for name, _unit in names))
    most = max(fitting.values(), default=0)
    best = [kind for kind, count in fitting.items() if count == most >= lacking]
    if len(best) != 1:
        raise DomainError(_("The header does not say what kind of file this is. Choose the kind."), field="kind")
    return best[0]


def bring_file(
    kind: str,
    content: bytes | IO[bytes],
    *,
    region: PoolingRegion,
    actor: User | None,
    name: str,
    about: int | None = None,
) -> FileImport:
    """Keep a file (CSV, XLSX or XLS) and have the workers say what each of its rows would do.

    kind: "" where its header says it. A file whose header lacks columns waits until a person has matched them. about:
    the id of what the file is about, where its kind knows such a thing.
    NotPermitted where the actor may not import this in the region; DomainError for a file that is no table, or too
    large: a kind that is read piece by piece takes CSV of `LARGEST_MB`, any other one file of `MAX_BYTES`.
    """
    content = io.BytesIO(content) if isinstance(content, bytes) else content
    digest = _checked_digest(content, LARGEST_MB)
    kind = kind or guess_kind(content, region, actor)
    check_permission(kind, region, actor)
    file_import = FileImport(
        region=region,
        kind=kind,
        name=PurePath(name.replace("\\", "/")).name[-200:],
        digest=digest,
        brought_by=actor,
        about=checked_about(kind, region, about),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    try:
        _note_content(file_import, content)
    except FileRefused as refusal:
        if not refusal.missing or not refusal.cells:
            raise DomainError(" ".join(error.reason for error in refusal.errors[:3]), field="file") from refusal
        file_import.state = ImportState.MATCHING
        file_import.heading = {"line": refusal.errors[0].line, "cells": list(refusal.cells), "names": []}
    with transaction.atomic():
        content.seek(0)
        file_import.file.save("import", File(content), save=False)
        file_import.save()
        if file_import.state == ImportState.READING:
            _begin(file_import, "import_preview", actor)
    return file_import


def checked_about(kind: str, region: PoolingRegion, about: int | None) -> int | None:
    """What a file is about, where its kind knows such a thing. DomainError for what the region does not have."""
    model = model_about(kind)
    if about is None or model is None or is_handed(resource_of(kind)):
        return None
    if not model._default_manager.filter(**{"pk": about, region_path_of(model): region}).exists():
        raise DomainError(_("What the file is about belongs to another region. Choose that one."), field="region")
    return about


def _checked_digest(content: IO[bytes], megabytes: int) -> str:
    """The SHA-256 of the content, read in pieces. DomainError where it is too large."""
    hashed, size = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(_PIECE):
        size += len(piece)
        if size > megabytes * 1024**2:
            raise DomainError(_("The file is larger than %(size)s MB.") % {"size": megabytes}, field="file")
        hashed.update(piece)
    return hashed.hexdigest()


def _note_content(file_import: FileImport, content: IO[bytes]) -> None:
    """Keep what the header says. FileRefused where no row can be read, and for a kind carried row by row wherever
    reading ends.
    """
    columns, known = columns_of(file_import.kind), known_headings(file_import.region_id, file_import.kind)
    resource = resource_of(file_import.kind)
    if is_large(resource):
        opened = opened_table(content, wanted_of(columns, known)) if is_handed(resource) else None
        with opened or opened_sheet(content, columns, known) as table:
            note_table(file_import, table.heading, table.names, table.notes)
            if next(table.rows, None) is None:
                raise whole_file(_("The file has a header and no rows."))
        if is_handed(resource):
            resource(context_of(file_import, timezone.localdate())).check(file_import.digest)
        return
    _checked_digest(content, MAX_BYTES // 1024**2)
    content.seek(0)
    sheet = read_sheet(content.read(), columns, known)
    note_table(file_import, sheet.heading, sheet.headers or [], sheet.notes)


def check_permission(kind: str, region: PoolingRegion, actor: User | None) -> None:
    """NotPermitted where the person may not import this in the region; nobody asks for a command's permission."""
    if actor is not None and not may_import(kind, region=region, actor=actor):
        raise NotPermitted(_("You may not import this in %(region)s.") % {"region": region})


def _begin(file_import: FileImport, kind: str, actor: User | None) -> None:
    job = queue_job(kind, region=file_import.region, actor=actor, subject=file_import.name)
    file_import.job, file_import.is_cancelled = job, False
    file_import.save()
    send_job(job, TASK)


def _locked(file_import: FileImport, actor: User, *states: ImportState) -> FileImport:
    """The import, locked, in one of these states. MoveNotAllowed in another; NotPermitted as for `bring_file`."""
    rows = FileImport.objects.select_for_update(of=("self",), no_key=True).select_related("region", "job")
    held = rows.get(pk=file_import.pk)
    check_permission(held.kind, held.region, actor)
    if held.state not in states:
        raise MoveNotAllowed(
            _("This import is “%(state)s”, which does not allow it. Look at the page again.")
            % {"state": held.get_state_display()}
        )
    return held


# --- Matching columns -----------------------------------------------------------------------------


@transaction.atomic
def match_columns(file_import: FileImport, matching: Mapping[int, str], *, actor: User) -> FileImport:
    """Say which column each place of the header is, "" for one to be left out, and have the file read with that.

    The region's next files of the kind are read so without asking. DomainError for a column that is named twice, or one
    that must be there and is not.
    """
    held = _locked(file_import, actor, ImportState.MATCHING, ImportState.PREVIEWED)
    columns = columns_of(held.kind)
    named = [column for column in matching.values() if column]
    twice = {column for column in named if named.count(column) > 1}
    missing = [column for column, each in columns.items() if each.in_header and column not in named]
    for column, said in (
        *((column, _("%(column)s is named twice.")) for column in sorted(twice)),
        *((column, _("%(column)s must be one of the columns.")) for column in missing),
    ):
        raise DomainError(said % {"column": columns[column].label})
    cells = held.heading["cells"]
    for place, column in matching.items():
        heading = header_parts(cells[place])[0]
        if heading:
            KnownHeading.objects.update_or_create(
                region=held.region, kind=held.kind, heading=heading[:200], defaults={"column": column}
            )
    held.state = ImportState.READING
    _begin(held, "import_preview", actor)
    return held


def headings_of(file_import: FileImport) -> dict[int, str]:
    """By place the column that the header names, as far as it does."""
    wanted = wanted_of(columns_of(file_import.kind), known_headings(file_import.region_id, file_import.kind))
    cells = file_import.heading.get("cells", [])
    return {place: name for place, (name, _unit) in enumerate(named(cells, wanted)) if name}


# --- Confirming, discarding, cancelling -----------------------------------------------------------


@transaction.atomic
def confirm_import(
    file_import: FileImport, *, actor: User, only_good_rows: bool, with_doubtful: bool = False, reason: str = ""
) -> FileImport:
    """Have the previewed rows go in. only_good_rows: although others are wrong. with_doubtful: those that are unlikely
    as well, for the reason given, which changed rows need too.

    DomainError where a row is wrong and nobody said that the good ones go in alone, where a reason is missing, or where
    nothing would be left to go in.
    """
    held = _locked(file_import, actor, ImportState.PREVIEWED)
    counts = {outcome: held.counts.get(outcome, 0) for outcome in RowOutcome.values}
    if counts[RowOutcome.WRONG] and not only_good_rows:
        raise DomainError(_("Rows are wrong. Correct the file and bring it again, or import the good rows only."))
    if counts[RowOutcome.DOUBTFUL] and not (with_doubtful or only_good_rows):
        raise DomainError(_("Rows are doubtful. Confirm them with a reason, or import the good rows only."))
    if not sum(counts[each] for each in GOES_IN) + (counts[RowOutcome.DOUBTFUL] if with_doubtful else 0):
        raise DomainError(_("Nothing of this file would change anything."))
    if not reason.strip() and (counts[RowOutcome.CHANGED] or (counts[RowOutcome.DOUBTFUL] and with_doubtful)):
        raise DomainError(_("Say why recorded values change, or doubtful rows go in."), field="reason")
    held.only_good_rows, held.with_doubtful, held.reason = only_good_rows, with_doubtful, reason.strip()[:100]
    held.confirmed_by, held.confirmed_at = actor, timezone.now()
    held.state = ImportState.IMPORTING
    _begin(held, f"import_{held.kind}", actor)
    return held


@transaction.atomic
def discard_import(file_import: FileImport, *, actor: User) -> FileImport:
    """Forget a file of which nothing went in."""
    held = _locked(file_import, actor, ImportState.MATCHING, ImportState.PREVIEWED)
    discard_rows(held, ImportState.DISCARDED)
    return held


@transaction.atomic
def cancel_run(file_import: FileImport, *, actor: User) -> FileImport:
    """Have the worker stop; nothing of the file goes in. A run that has ended by then stays as it is."""
    held = _locked(file_import, actor, ImportState.READING, ImportState.IMPORTING)
    FileImport.objects.filter(pk=held.pk).update(is_cancelled=True)
    return held


@transaction.atomic
def request_taking_back(file_import: FileImport, *, actor: User, reason: str) -> FileImport:
    """Have everything that a file brought in undone, or nothing where something stands on it by now."""
    held = _locked(file_import, actor, ImportState.IMPORTED)
    if held.taken_back_by is not None:
        raise MoveNotAllowed(_("It is being taken back already."))
    if not can_be_taken_back(held.kind):
        raise MoveNotAllowed(_("Files of this kind cannot be taken back. Correct what is wrong by hand."))
    if not held.rows.filter(is_in=True).exists():
        raise MoveNotAllowed(_("Nothing of this file is kept that could be taken back."))
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."), field="reason")
    held.taken_back_by, held.taken_back_reason = actor, reason.strip()[:100]
    _begin(held, "import_taken_back", actor)
    return held


def expire_previews(now: datetime) -> int:
    """Forget previews that nobody confirmed in time, and the rows of imports that are long past; how many imports."""
    waiting = FileImport.objects.filter(
        state__in=(ImportState.MATCHING, ImportState.PREVIEWED), brought_at__lt=now - PREVIEW_LASTS
    )
    expired = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            held = waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=pk).first()
            if held is not None:
                discard_rows(held, ImportState.EXPIRED)
                expired += 1
    kept, staged = (model.objects.filter(file_import=OuterRef("pk")) for model in (ImportedRow, StagedRow))
    for old in FileImport.objects.filter(Exists(kept) | Exists(staged), brought_at__lt=now - ROWS_LAST):
        old.rows.all().delete()
        old.staged.all().delete()
        expired += 1
    return expired
