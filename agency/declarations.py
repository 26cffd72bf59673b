"""What each room of the house brings: it declares that on its AppConfig, so that no room below needs to know it.

Whoever draws or runs it collects what all installed apps declare. An attribute names lists by their dotted paths:

`navigation`      pages of the sidebar (`agency.admin.navigation.Page`)
`searches`        what the office's search finds (`agency.admin.search.Search`)
`worklist`        what waits for whom (`agency.admin.worklist.Queue`)
`alerts`          what somebody has to look at (`agency.admin.alerts.Watch`)
`books_checks`    what has to hold in the books (`accounts.selectors.books.BooksCheck`)
`built_upon`      what stands on rows that a file brought in (`files.importing.outcomes.BuiltUpon`)
`monthly_reports` tables of a region's month (`agency.admin.monthly.MonthlyTable`)
`law_warnings`    what a draft of law does to what was done under the law before (`policies.selectors.checks.About`)
`law_effects`     what publishing a version for past days concerns (`policies.admin.checks.Effect`)
`trial_uses`      what is made of a trial calculation (`claims.admin.trial_page.TrialUse`)
`schedule`        what the clock sends (`agency.schedule.Periodic`)
`backup_facts`    what has to be the same in a restored office (`agency.backup_facts.BackupFact`)

`second_factor_roles` roles that need a second factor, by their names

or is a table:

`addresses`         addresses beside the admin, and the module that answers what is below each
`import_resources`  kinds of files and the resource that reads each
`upload_pages`      pages that take a file, and the kind of file by which its size is bounded
`job_kinds`         what a kind of job is called
`job_results`       what a number is called that a job ends with
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


def declared_by_name(name: str) -> dict[str, Any]:
    """What the installed apps declare in tables under a name, as one."""
    table: dict[str, Any] = {}
    for config in apps.get_app_configs():
        table |= getattr(config, name, {})
    return table
