"""The chain of seals over rows that carry money, law, decisions or history."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.append_only import APPEND_ONLY
from agency.scoping import region_or_everywhere


class Seal(models.Model):
    """Some thousand rows of one table and region, as they were when they were sealed, and the seal before.

    `number` counts the seals of a region; rows of the whole agency have a chain without a region. `columns` are those
    that were sealed; `ids` the rows, in order, and `marks` the first eight bytes of each one's digest, by which a row
    that differs is named. `content` is the SHA-256 over the rows' digests, `seal` that over this row and `previous`,
    hexadecimal (`agency.services.sealing`).
    """

    region_path: ClassVar[str] = region_or_everywhere("region")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, null=True, related_name="+", verbose_name=_("pooling region")
    )
    number = models.PositiveIntegerField(_("number"))
    table = models.CharField(_("table"), max_length=63)
    columns = ArrayField(models.CharField(max_length=63))
    ids = ArrayField(models.BigIntegerField())
    marks = models.BinaryField()
    last_id = models.BigIntegerField()
    content = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    seal = models.CharField(_("seal"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["region", "number"], nulls_distinct=False, name="seals_of_a_region_are_numbered"
            ),
            models.CheckConstraint(condition=Q(ids__len__gt=0), name="a_seal_is_of_a_row"),
        ]
        indexes = [models.Index(fields=["table", "last_id"], name="seals_of_a_table")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"#{self.number} {self.seal[:16]}"
