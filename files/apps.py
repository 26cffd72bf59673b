"""Files in and out."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_fileimport"]
_BRING = [*_READ, "add_fileimport"]


class FilesConfig(AppConfig):
    """Floor two: a file of any kind that a room above declares (`import_resources`)."""

    name = "files"
    verbose_name = _("Files")

    navigation = ("files.admin.navigation.PAGES",)
    worklist = ("files.admin.worklist.QUEUES",)
    schedule = ("files.tasks.SCHEDULE",)
    upload_pages = {"admin:files_fileimport_add": "settled_file"}
    job_results = {
        "rows": _("rows of the file"),
        "new": _("new"),
        "changed": _("changed"),
        "doubtful": _("doubtful"),
        "imported": _("imported"),
        "unchanged": _("there already"),
        "left_out": _("left out"),
    }

    role_permissions = {
        "clerk": _BRING,
        "supervisor": _BRING,
        "policy_officer": _BRING,
        "finance": _BRING,
        "auditor": _READ,
    }

    @property
    def job_kinds(self) -> dict[str, Any]:
        """An import of each kind of file, the previews and what is taken back."""
        from django.utils.text import format_lazy

        from files.services.import_kinds import import_kinds

        imports = {
            f"import_{each.name}": format_lazy(_("import of {kind}"), kind=each.label) for each in import_kinds()
        }
        return imports | {"import_preview": _("preview of a file"), "import_taken_back": _("import taken back")}
