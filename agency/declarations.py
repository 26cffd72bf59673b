"""What each room of the house brings: it declares that on its AppConfig, so that no room below needs to know it.

An attribute names lists by their dotted paths. Whoever draws or runs them collects those of all installed apps:

`navigation`      pages of the sidebar (`agency.admin.navigation.Page`)
`worklist`        what waits for whom (`agency.admin.worklist.Queue`)
`books_checks`    what has to hold in the books (`accounts.selectors.books.BooksCheck`)
`built_upon`      what stands on rows that a file brought in (`agency.importing.outcomes.BuiltUpon`)
"""

from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string


def declared(name: str) -> list[Any]:
    """What the installed apps declare under a name, the lowest floor first."""
    entries: list[Any] = []
    for config in apps.get_app_configs():
        for path in getattr(config, name, ()):
            entries.extend(import_string(path))
    return entries
