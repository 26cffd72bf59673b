"""The page of this room in the sidebar."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import OFFICE, Page
from agency.admin.permissions import may
from files.services.import_kinds import import_kinds


def _may_import_something(user: Any) -> bool:
    return any(may(user, kind.permission) for kind in import_kinds())


PAGES = (Page(OFFICE, 10, _("Imports"), "upload_file", "files_fileimport_changelist", opens=_may_import_something),)
