"""Notes that are written once, and the tasks they give to colleagues."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agency.append_only import APPEND_ONLY, NEVER_TRUNCATED
from agency.finality import Guarded
from agency.history import HistoricalRecords

TEXT_ROOM = 1000
# What notes are about: the names of the models, which are those of the columns.
THINGS = ("member", "claim", "reimbursement", "provider")
_SHOWN = 40


def _about(model: str, label: Any) -> Any:
    return models.ForeignKey(model, models.PROTECT, null=True, editable=False, related_name="notes", verbose_name=label)


class Note(models.Model):
    """What a colleague wrote about one thing, for everybody who may see it there. Written once and kept for ever.

    `region` is the thing's. `key` names the form that was sent, so that sending it twice writes one note.
    """

    region_path: ClassVar[str] = "region"

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="+", verbose_name=_("pooling region")
    )
    member = _about("members.Member", _("member"))
    claim = _about("claims.Claim", _("claim"))
    reimbursement = _about("reimbursements.Reimbursement", _("manual reimbursement"))
    provider = _about("providers.Provider", _("provider"))
    text = models.CharField(_("text"), max_length=TEXT_ROOM)
    author = models.ForeignKey("agency.User", models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)
    key = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = pgettext_lazy("of colleagues", "note")
        verbose_name_plural = pgettext_lazy("of colleagues", "notes")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Exact(Func(*map(F, THINGS), function="num_nonnulls", output_field=models.IntegerField()), 1),
                name="a_note_is_about_one_thing",
            ),
            models.CheckConstraint(condition=Q(text__regex=r"^\S(.*\S)?$"), name="a_note_says_something"),
            models.UniqueConstraint(fields=["author", "key"], name="a_form_that_is_sent_twice_writes_one_note"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return Truncator(self.text).chars(_SHOWN)

    @property
    def thing(self) -> Any:
        """The row that it is about."""
        return next(thing for name in THINGS if (thing := getattr(self, name)) is not None)


class TaskState(models.TextChoices):
    """Open until the colleague has done it, or it was handed on to another."""

    OPEN = "open", _("to do")
    DONE = "done", _("done")
    HANDED_ON = "handed_on", _("handed on")


class Task(models.Model):
    """What a note asks one colleague to do. It ends once, and is never deleted.

    Open: nobody has ended it. Done: its colleague has. Handed on: a second note, which says why, gave it to another as
    `continued_by`.
    """

    region_path: ClassVar[str] = "note__region"
    finality: ClassVar[Any] = Guarded("a task ends once and is never deleted")

    note = models.ForeignKey(
        Note, models.PROTECT, editable=False, related_name="tasks", verbose_name=pgettext_lazy("of colleagues", "note")
    )
    assignee = models.ForeignKey(
        "agency.User", models.PROTECT, editable=False, related_name="+", verbose_name=_("colleague who is to do it")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=TaskState.choices, default=TaskState.OPEN, editable=False
    )
    ended_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    continued_by = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="continues", verbose_name=_("handed on as")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("-id",)
        permissions = [
            ("finish_task", "Can finish and hand on their own tasks"),
            ("hand_on_task_of_colleagues", "Can hand on tasks of colleagues"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["note", "assignee"], name="a_note_gives_a_colleague_one_task"),
            models.CheckConstraint(
                condition=Q(state="open", ended_by__isnull=True, ended_at__isnull=True)
                | ~Q(state="open") & Q(ended_by__isnull=False, ended_at__isnull=False),
                name="an_ended_task_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(state="handed_on", continued_by__isnull=False)
                | ~Q(state="handed_on") & Q(continued_by__isnull=True),
                name="a_task_that_is_handed_on_goes_on",
            ),
        ]
        indexes = [models.Index(fields=["assignee"], condition=Q(state="open"), name="open_tasks_of_a_colleague")]
        triggers = [
            pgtrigger.Protect(name="a_task_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_task_ends_once_and_stays_its_colleagues",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'open' OR NEW.note_id <> OLD.note_id OR NEW.assignee_id <> OLD.assignee_id"
                ),
            ),
            NEVER_TRUNCATED,
        ]

    def __str__(self) -> str:
        return str(self.note)
