"""`manage.py seal [--export FILE] [--check FILE]`: continue the chain, keep its last seals outside, compare them."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from agency.models import Seal
from agency.selectors.sealed import last_seals
from agency.services.sealing import seal


class Command(BaseCommand):
    """What is kept outside, on paper or with somebody else, shows that nobody has made the whole chain anew."""

    help = "Seal what was written since, and write the last seal of each region to a file or compare it with one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """[--export FILE] [--check FILE]."""
        parser.add_argument("--export", metavar="FILE", help="write the last seals as JSON; the file must not exist")
        parser.add_argument("--check", metavar="FILE", help="compare seals that were exported with the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        """CommandError where a seal of the file is not in the chain."""
        if options["check"]:
            self._check(Path(options["check"]))
            return
        self.stdout.write(f"{seal():,} rows sealed.")
        kept = [
            {
                "region": each.region.slug if each.region else "",
                "number": each.number,
                "sealed_at": each.sealed_at.isoformat(),
                "seal": each.seal,
            }
            for each in last_seals()
        ]
        if options["export"]:
            with Path(options["export"]).open("x") as file:
                json.dump(kept, file, indent=2)
        for each in kept:
            self.stdout.write(f"{each['region'] or 'agency':>12} #{each['number']} {each['sealed_at']} {each['seal']}")

    def _check(self, path: Path) -> None:
        missing = [
            each
            for each in json.loads(path.read_text())
            if not Seal.objects.filter(number=each["number"], seal=each["seal"])
            .filter(Q(region__slug=each["region"]) if each["region"] else Q(region=None))
            .exists()
        ]
        if missing:
            named = ", ".join(f"{each['region'] or 'agency'} #{each['number']}" for each in missing)
            raise CommandError(f"Not in the chain any more: {named}. It was made anew, or cut off.")
        self.stdout.write("Every seal of the file is in the chain.")
