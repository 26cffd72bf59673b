"""`manage.py load_instrument_text REGION FILE`: keep an issued document's clauses."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agency.exceptions import DomainError
from policies.models import Instrument
from policies.services.instruments import load_instrument_text


class Command(BaseCommand):
    """With the agency's own documents, explanations show the whole clause."""

    help = "Load the text of a region's document, so that explanations show the whole clause of each article."

    def add_arguments(self, parser: CommandParser) -> None:
        """Region, file, and the document where the region has several."""
        parser.add_argument("region", help="the region's slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--number", help="the document's number, where the region has several")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many articles got their text."""
        instruments = Instrument.objects.filter(region__slug=options["region"])
        if options["number"]:
            instruments = instruments.filter(number=options["number"])
        try:
            instrument = instruments.get()
        except Instrument.DoesNotExist as error:
            raise CommandError("There is no such document; load the region's pack first.") from error
        except Instrument.MultipleObjectsReturned as error:
            raise CommandError("The region has several documents: name one with --number.") from error
        try:
            loaded = load_instrument_text(instrument, options["file"])
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{instrument.number}: {loaded} articles")
