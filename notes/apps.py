"""Notes between colleagues, and the tasks that they ask each other to do."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_note", "view_task"]
_WRITE = [*_READ, "add_note", "finish_task"]
_PANEL = ["notes.admin.panels.NotesPanel"]
_BUTTON = ["notes.admin.writing.write_a_note"]
# Every model that `notes.models.THINGS` names has them on its page.
_PAGES = ("members.member", "claims.claim", "reimbursements.reimbursement", "providers.provider")


class NotesConfig(AppConfig):
    """Who wrote what about a member, a claim, a reimbursement or a provider, and who is to do something about it."""

    name = "notes"
    verbose_name = _("Notes")

    page_panels = dict.fromkeys(_PAGES, _PANEL)
    page_buttons = dict.fromkeys(_PAGES, _BUTTON)

    navigation = ("notes.admin.navigation.PAGES",)
    worklist = ("notes.admin.worklist.QUEUES",)

    role_permissions = {
        "clerk": _WRITE,
        "supervisor": [*_WRITE, "hand_on_task_of_colleagues"],
        "policy_officer": _WRITE,
        "finance": _WRITE,
        "auditor": _READ,
    }
