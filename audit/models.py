"""What people did and saw: one row for each act of a signed-in person, and for each try to sign in."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.append_only import APPEND_ONLY
from agency.fields import EncryptedTextField
from agency.scoping import region_or_everywhere

PURPOSE_ROOM = 200
# Of a key that somebody wrote into an address: those of rows are far shorter.
KEY_ROOM = 64


class Act(models.TextChoices):
    """What somebody did."""

    SIGNED_IN = "signed_in", _("signed in")
    FAILED = "failed", _("failed to sign in")
    SIGNED_OUT = "signed_out", _("signed out")
    OPENED = "opened", _("opened")
    LISTED = "listed", _("saw a list")
    SEARCHED = "searched", _("searched")
    TOOK = "took", _("took as a file")
    CHANGED = "changed", _("did")
    REVEALED = "revealed", _("revealed personal numbers")
    REFUSED = "refused", _("was refused")


class Access(models.Model):
    """Who did or saw what, when, from which address, in which request. Written once.

    `subject` and `object_id` are the row that was opened or changed, or only the model whose list it was; `view` is the
    name of the page. `people` are the members whose data was shown, as far as the page says it; `shown` is how many
    rows a list had on the page. `query` is what was asked for, which may be somebody's name. `region` is where
    all rows are; without one they may be anywhere. An unknown name at the sign-in is not kept: people type passwords
    there.

    Rows leave again by `audit.services.retention`, which only the tables' owner may do.
    """

    region_path: ClassVar[str] = region_or_everywhere("region")

    at = models.DateTimeField(_("when"), auto_now_add=True)
    act = models.CharField(_("act"), max_length=16, choices=Act.choices)
    actor = models.ForeignKey("agency.User", models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, null=True, related_name="+", verbose_name=_("pooling region")
    )
    subject = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=KEY_ROOM, blank=True)
    view = models.CharField(max_length=100, blank=True)
    people = ArrayField(models.BigIntegerField(), default=list)
    shown = models.PositiveIntegerField(_("rows"), null=True)
    query = EncryptedTextField(_("asked for"), blank=True)
    purpose = models.CharField(_("purpose"), max_length=PURPOSE_ROOM, blank=True)
    address = models.GenericIPAddressField(_("from the address"), null=True)
    request = models.UUIDField(_("request"), null=True)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("audit log")
        ordering = ("-id",)
        permissions = [("reveal_personal_numbers", "Can see a member's whole numbers")]
        indexes = [
            models.Index(fields=["region", "-id"], name="accesses_of_a_region"),
            models.Index(fields=["actor", "-id"], name="accesses_by_a_colleague"),
            models.Index(fields=["subject", "object_id", "-id"], name="accesses_to_a_row"),
            models.Index(fields=["at"], name="accesses_in_time"),
            GinIndex(fields=["people"], name="accesses_to_people"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(act=Act.REVEALED) | ~models.Q(purpose=""), name="revealing_has_a_purpose"
            )
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.pk}"
