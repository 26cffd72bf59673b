"""`manage.py check_citations`: find every cited phrase in its article of the regulations' texts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies import citations
from policies.pack import PackError, read_pack
from policies.services.packs import PACK_DIRECTORY


class Command(BaseCommand):
    """Needs the packs and a folder with the texts; no database."""

    help = "Check that each phrase a pack cites stands in its article, and that every article is classed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder of texts, and the packs if not all of them."""
        parser.add_argument(
            "--regulations", required=True, type=Path, help="folder with one text per regulation, UTF-8"
        )
        parser.add_argument("--pack", nargs="+", type=Path, default=[], help="pack files; without it all packs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each failure and a closing count; exit status 1 on any failure."""
        folder: Path = options["regulations"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder")
        packs: list[Path] = options["pack"] or sorted(PACK_DIRECTORY.glob("*.toml"))
        phrases, articles, problems = 0, 0, []
        for path in packs:
            try:
                pack = read_pack(path)
                text = citations.read_regulation(folder, pack.instrument.text)
            except PackError as error:
                problems += [f"{error.file}: {problem}" for problem in error.problems]
                continue
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{path.name}: {error}")
                continue
            phrases += len(citations.citations_of(pack))
            articles += len(pack.instrument.articles)
            problems += [str(failure) for failure in citations.check_pack(path.name, pack, text)]
        for problem in problems:
            self.stdout.write(problem)
        self.stdout.write(
            f"{len(packs)} packs, {phrases} phrases, {articles} articles checked, {len(problems)} failures"
        )
        if problems:
            raise CommandError(f"{len(problems)} citations do not agree with the texts")
