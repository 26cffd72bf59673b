"""Which commands get by without a database, so that they need not start one."""

from collections.abc import Sequence
from pathlib import Path

_COMMANDS = frozenset(
    {"collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages", "version"}
)
_HELP = frozenset({"-h", "--help", "--version"})


def needs_no_server(argv: Sequence[str]) -> bool:
    """Whether this process is ``manage.py`` with a command that only reads and writes files."""
    if not argv or Path(argv[0]).name not in {"manage.py", "django-admin"}:
        return False
    words = list(argv[1:])
    if not words or words[0] in _COMMANDS or _HELP.intersection(words):
        return True
    return words[0] == "check" and "--database" not in words
