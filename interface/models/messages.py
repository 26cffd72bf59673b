"""What came from providers' systems and what was answered, kept as it was."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.append_only import APPEND_ONLY
from agency.fields import EncryptedTextField
from agency.scoping import region_or_everywhere


class MessageState(models.TextChoices):
    """Answered: the first of its number, with the answer that every later one gets. Repeated: the same again. Turned
    away: not signed, not understood, or not the same; its number stays free.
    """

    ANSWERED = "answered", _("answered")
    REPEATED = "repeated", _("repeated")
    TURNED_AWAY = "turned_away", _("turned away")


class Message(models.Model):
    """One message as it arrived, written once, together with what it did.

    `msgid` is the sender's number (发送方报文ID), once per provider among those that were answered. `digest` is that of
    what it asks, so that the same number with something else is seen; `signature` is the one it was signed with, that
    nobody may use twice. `request` and `answer` hold names and numbers of people, so both are encrypted. Region and
    provider are those of the key; nobody is named where no key fitted. `settlement` is what it settled or took back,
    `member` whom it was about: every look-up of a person is found by it.
    """

    region_path: ClassVar[str] = region_or_everywhere("region")
    named_by: ClassVar[tuple[str, ...]] = ("msgid",)

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, null=True, related_name="+", verbose_name=_("pooling region")
    )
    provider = models.ForeignKey(
        "providers.Provider", models.PROTECT, null=True, related_name="messages", verbose_name=_("provider")
    )
    credential = models.ForeignKey(
        "interface.ProviderCredential", models.PROTECT, null=True, related_name="+", verbose_name=_("key")
    )
    infno = models.CharField(_("transaction"), max_length=8, blank=True)
    msgid = models.CharField(_("sender's number"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=MessageState.choices)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    signature = models.CharField(max_length=64, blank=True, editable=False)
    request = EncryptedTextField(blank=True, editable=False)
    answer = EncryptedTextField(blank=True, editable=False)
    infcode = models.SmallIntegerField(_("answer's code"))
    complaint = models.CharField(_("why not"), max_length=300, blank=True)
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeats", verbose_name=_("first of this number")
    )
    member = models.ForeignKey("members.Member", models.PROTECT, null=True, related_name="+", verbose_name=_("member"))
    settlement = models.ForeignKey(
        "claims.Settlement", models.PROTECT, null=True, related_name="messages", verbose_name=_("settlement")
    )
    received_at = models.DateTimeField(_("received at"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))

    class Meta:
        verbose_name = _("provider's message")
        verbose_name_plural = _("providers' messages")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "msgid"],
                condition=Q(state="answered"),
                name="a_message_is_answered_once_per_provider",
            ),
            models.UniqueConstraint(fields=["signature"], condition=~Q(signature=""), name="a_signature_is_used_once"),
            models.CheckConstraint(
                condition=Q(state="turned_away")
                | Q(provider__isnull=False, credential__isnull=False) & ~Q(msgid="") & ~Q(signature=""),
                name="whoever_is_answered_has_signed",
            ),
            models.CheckConstraint(
                condition=Q(state="repeated", first__isnull=False) | ~Q(state="repeated") & Q(first__isnull=True),
                name="a_repeated_message_names_the_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="turned_away") | Q(settlement__isnull=True),
                name="what_was_turned_away_settled_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "-received_at"], name="messages_of_a_region"),
            models.Index(fields=["provider", "-received_at"], name="messages_of_a_provider"),
            models.Index(fields=["msgid"], name="messages_by_number"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.infno} {self.msgid}".strip() or f"#{self.pk}"


class RecalledMessage(models.Model):
    """A number that its sender gave up with 2601 (冲正): whatever comes under it later does nothing."""

    region_path: ClassVar[str] = "provider__region"

    provider = models.ForeignKey("providers.Provider", models.PROTECT, related_name="+", verbose_name=_("provider"))
    msgid = models.CharField(_("sender's number"), max_length=40)
    recalled_at = models.DateTimeField(_("taken back at"))

    class Meta:
        verbose_name = _("message taken back")
        verbose_name_plural = _("messages taken back")
        constraints = [
            models.UniqueConstraint(fields=["provider", "msgid"], name="a_message_is_taken_back_once"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.msgid
