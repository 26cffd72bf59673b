"""A list as somebody likes to have it: its filters, its order and its columns under a name."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.fields import EncryptedTextField
from agency.finality import Free
from agency.scoping import region_or_everywhere


class SavedList(models.Model):
    """Kept by its owner; with a region it is offered to every colleague who may see the list there.

    `listed` is the model whose list it is. `query` is the list's address with its filters, its order and its columns;
    it is encrypted, as somebody may have filtered by what tells a person.
    """

    region_path: ClassVar[str] = region_or_everywhere("region")
    finality: ClassVar[Any] = Free("how a person likes a list", deleted=True)

    owner = models.ForeignKey("agency.User", models.CASCADE, related_name="saved_lists", verbose_name=_("owner"))
    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, null=True, related_name="+", verbose_name=_("pooling region")
    )
    listed = models.CharField(_("list"), max_length=64)
    name = models.CharField(_("name"), max_length=40)
    query = EncryptedTextField(_("filters"))
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(fields=["owner", "listed", "name"], name="a_list_is_saved_once_under_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_saved_list_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
