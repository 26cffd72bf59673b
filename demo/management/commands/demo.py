"""`manage.py demo`: an office with an invented population in the middle of its day, served until Ctrl-C."""

import signal
import socket
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.models import LedgerEntry
from agency.exceptions import DomainError
from agency.models import PoolingRegion, Role
from demo.files import write_files
from demo.office import DemoFailed, Office
from demo.office.summary import finds
from demo.office.year import office_day, work_until_now
from demo.population import Calendar, invent
from demo.schema import is_empty, make_tables_from_models, note_migrations_as_done
from demo.staff import Colleague, prepare_staff
from demo.tables import aligned, summary_lines
from demo.worker import Worker, WorkerFailed
from desk.selectors import month_summary

HOST = "127.0.0.1"


class Command(BaseCommand):
    """Done again, it finds its data and adds nothing; only the passwords are new."""

    help = "Load the demonstration data where it is missing, do a year's work on it, and serve the admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """[--once] [--seed N] [--port 8000]."""
        parser.add_argument("--once", action="store_true", help="exit instead of serving")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="another population")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demonstration invents people and prints passwords: it runs only with DEBUG on.")
        if not options["once"]:
            _check_port(options["port"])
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _leave)
        folder = Path(settings.LOCAL_DIR) / "demo"
        try:
            # It gets ready while the database is made.
            with Worker(folder / "worker.log", is_awaited=False, say=self.tell) as worker:
                self.work(folder, worker, options["seed"], keeps_worker=not options["once"])
                if not options["once"]:
                    self.stdout.write(f"\nThe admin: http://{HOST}:{options['port']}/  (Ctrl-C ends it)\n")
                    call_command("runserver", f"{HOST}:{options['port']}", use_reloader=False, skip_checks=True)
        except (DemoFailed, WorkerFailed, DomainError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Interrupted. Started again, it goes on where it stopped.") from None

    def work(self, folder: Path, worker: Worker, seed: int, *, keeps_worker: bool) -> None:
        """Everything up to the summary."""
        began = time.monotonic()
        self.say("Database, roles and the regions' law")
        self.make_tables()
        call_command("sync_roles", verbosity=0)
        call_command("load_packs", verbosity=0)
        entries = LedgerEntry.objects.count()
        staff = prepare_staff()
        calendar = Calendar.on(office_day())
        invented = invent(seed, calendar)
        files = write_files(folder / "files", invented, calendar)
        regions = {region.slug: region for region in PoolingRegion.objects.filter(slug__in=files)}
        office = Office(staff, calendar, regions, self.tell)
        self.say(f"The office on {office.today:%Y-%m-%d}; the files of its people are in {folder / 'files'}")
        work_until_now(office, invented, files, worker, keeps_worker=keeps_worker)
        self.say(f"{calendar.last:%Y-%m}")
        self.stdout.write("\n".join(summary_lines(month_summary(calendar.last, regions.values()))))
        posted = LedgerEntry.objects.count() - entries
        self.stdout.write(f"\n{posted} entries posted in {time.monotonic() - began:.0f} seconds.\n")
        self.introduce(staff)

    def make_tables(self) -> None:
        """Bring the database up to date."""
        if is_empty():
            make_tables_from_models()
            self.tell("  tables made")
            note_migrations_as_done()
        else:
            call_command("migrate", verbosity=0, interactive=False)

    def say(self, heading: str) -> None:
        """A heading, as soon as what it names begins."""
        self.stdout.write(self.style.MIGRATE_HEADING(heading))
        self.stdout.flush()

    def tell(self, line: str) -> None:
        """A line, as soon as it is known."""
        self.stdout.write(line)
        self.stdout.flush()

    def introduce(self, staff: dict[Role, list[Colleague]]) -> None:
        """Who should sign in to see what, and the fresh password."""
        self.say("Who signs in")
        colleagues = [each for of_role in staff.values() for each in of_role]
        with override("en"):
            rows = [(each.user.username, str(each.role.label), str(each.user), finds(each)) for each in colleagues]
        self.stdout.write("\n".join(aligned([("name", "role", "shown as", "finds"), *rows])))
        self.stdout.write(f"The password of all of them: {colleagues[0].password}")
        self.stdout.flush()


def _check_port(port: int) -> None:
    """CommandError before any work is done, if the admin could not be served in the end."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken ({error.strerror}): choose another with --port.") from error


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """End like a command that was interrupted, so that the worker is stopped on the way out."""
    raise SystemExit(128 + number)
