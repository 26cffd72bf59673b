"""What a provider's system proves itself with."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.fields import EncryptedTextField
from agency.finality import kept
from agency.history import HistoricalRecords


class ProviderCredential(models.Model):
    """A key with which a provider's system signs its messages. In force from its issue until it is withdrawn.

    A provider may have several, so that its system changes from one to the next without a break. `key_id` names the key
    in a message; `secret` is shown once, when it is issued, and kept encrypted, because a signature is checked with it.
    """

    region_path: ClassVar[str] = "provider__region"
    named_by: ClassVar[tuple[str, ...]] = ("key_id",)

    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, related_name="credentials", verbose_name=_("provider")
    )
    key_id = models.CharField(_("key"), max_length=32, unique=True, editable=False)
    secret = EncryptedTextField(editable=False, keeps_token=True)
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    issued_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("issued by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=100, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["secret"])

    class Meta:
        verbose_name = _("provider's key")
        verbose_name_plural = _("providers' keys")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="a_key_is_withdrawn_with_a_reason",
            ),
        ]
        triggers = kept(
            always=("withdrawn_at", "withdrawn_by", "withdrawn_reason"), once={"OLD.withdrawn_at IS NOT NULL": ()}
        )

    def __str__(self) -> str:
        return self.key_id
