"""Four-eyes approval (四眼): the fields every decided thing carries."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.models.process import Move, Process, Whose


class FourEyes(models.Model):
    """Something one person submits and another decides.

    `authors` are the ids of everybody who wrote a part of it, whoever submitted it among them; none of them decides it.
    `payload_hash` is the digest of what was submitted; a decision compares it with what is there now, so that only what
    was seen is applied. The states and the `process` belong to the concrete model; the moves go through
    `agency.services.moves`. `move` is the one for which a row is locked.
    """

    process: ClassVar[Process]
    state: Any
    move: Move

    # What a set-based statement lists, such as a credit run's differences, nobody has written.
    authors = ArrayField(models.BigIntegerField(), default=list, db_default=[], editable=False)

    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decision_reason = models.TextField(_("reason for the decision"), blank=True, editable=False)
    payload_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
        # What waits is asked for by everybody's home page, and is little beside what was decided long ago.
        indexes = [models.Index(fields=["submitted_at"], condition=Q(state="submitted"), name="%(class)s_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(submitted_by__isnull=False) & ~Q(decided_by=F("submitted_by")),
                name="%(class)s_decided_by_differs_from_submitted_by",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(authors__contains=[F("decided_by")]),
                name="%(class)s_is_decided_by_no_author",
            ),
        ]

    @classmethod
    def permission_for(cls, move: str) -> str:
        """Who makes a move holds this permission."""
        verb = cls.process.moves[move].verb
        return verb if "." in verb else f"{cls._meta.app_label}.{verb}_{cls._meta.model_name}"

    def is_open_to(self, user: Any, move: str) -> bool:
        """Whether the move begins in this state, and the person is not kept from it by an earlier step of theirs."""
        offered = self.process.moves[move]
        earlier: dict[Whose, list[int | None]] = {
            Whose.MAKER: [],
            Whose.ANOTHER: [*self.authors],
            Whose.THIRD: [self.submitted_by_id, self.decided_by_id],
        }
        return self.state in offered.begins and user.pk not in earlier[offered.whose]
