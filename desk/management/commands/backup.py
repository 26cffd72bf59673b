"""`manage.py backup`: the office of this moment in one encrypted file; with --every-night-at, of every night."""

import logging
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseFault
from django.utils.timezone import localtime, now

from agency.exceptions import DomainError
from desk.services.backups.writing import Backup, keep_newest, made_backups, make_backup

_AGAIN_AFTER = timedelta(minutes=15)
_FAULTS = (DomainError, OSError, DatabaseFault)
_logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Writes a file, and deletes old ones once the new one is whole."""

    help = (
        "Write rows, private files and keys into one file, encrypted to BACKUP_RECIPIENTS. The office goes on working."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """[--folder FOLDER] [--keep N] [--every-night-at HH:MM | --newest-within HOURS]."""
        parser.add_argument("--folder", type=Path, default=settings.BACKUP_FOLDER)
        parser.add_argument("--keep", type=int, metavar="N", help="delete all but the N newest backups of the folder")
        parser.add_argument("--every-night-at", type=_clock, metavar="HH:MM", help="stay, and make one every night")
        parser.add_argument(
            "--newest-within", type=int, metavar="HOURS", help="make none; fail where the newest is older than that"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder, keep, nightly = options["folder"], options["keep"], options["every_night_at"]
        if options["newest_within"] is not None:
            _check_age(folder, timedelta(hours=options["newest_within"]))
        elif nightly is not None:
            self._every_night(folder, keep, nightly)
        else:
            try:
                self._make(folder, keep)
            except _FAULTS as error:
                raise CommandError(str(error)) from error

    def _make(self, folder: Path, keep: int | None) -> None:
        made = make_backup(folder, settings.BACKUP_RECIPIENTS, datetime.now(UTC))
        self.stdout.write(summary(made))
        for path in keep_newest(folder, keep) if keep is not None else []:
            self.stdout.write(f"deleted {path.name}")
        self.stdout.flush()

    def _every_night(self, folder: Path, keep: int | None, at: time_of_day) -> None:
        """Begin at once where there is no backup since the last time of day; try again where one fails."""
        while True:
            due = _last_before(localtime(now()), at)
            if _newest(folder) < due:
                try:
                    self._make(folder, keep)
                except _FAULTS:
                    _logger.exception("The backup failed; it is tried again in %s.", _AGAIN_AFTER)
                    due = now() + _AGAIN_AFTER - timedelta(days=1)
            time.sleep(max((due + timedelta(days=1) - now()).total_seconds(), 1))


def summary(made: Backup) -> str:
    """What the office has in it, and by what the file is known."""
    manifest = made.manifest
    rows, files = sum(manifest.tables.values()), manifest.files["count"]
    return (
        f"{made.path}\n{made.size:,} bytes, sha256 {made.digest}\n"
        f"{rows:,} rows of {len(manifest.tables)} tables, {files:,} files"
    )


def _check_age(folder: Path, limit: timedelta) -> None:
    if _newest(folder) < now() - limit:
        raise CommandError(f"There is no backup in {folder} from the last {limit.total_seconds() / 3600:.0f} hours.")


def _newest(folder: Path) -> datetime:
    """When the newest backup was whole."""
    newest = next(iter(made_backups(folder)), None)
    return datetime.fromtimestamp(newest.stat().st_mtime if newest else 0, UTC)


def _last_before(moment: datetime, at: time_of_day) -> datetime:
    """The last time that it was so late, on the office's clock."""
    today = moment.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today <= moment else today - timedelta(days=1)


def _clock(text: str) -> time_of_day:
    try:
        return time_of_day.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("write a time of day as 02:30") from None
