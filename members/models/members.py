"""Insured persons and their relatives (参保人员)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.fields import EncryptedTextField
from agency.finality import TRACKED_AND_TAKEN_BACK
from agency.history import HistoricalRecords
from members.documents import IdentityDocument, Sex, identity_hash, masked_number
from members.pinyin import spelled

MOST_MONTHS = 1200  # Nobody contributes for a hundred years.


class Member(models.Model):
    """A person known to one region: insured while an enrollment holds, or a relative of somebody insured.

    `member_number` is the region's own (个人编号). `name` has the form of `members.names`; `pinyin` and `initials` find
    it by Latin letters. Identity and phone numbers are encrypted; `identity_hash` finds a document again by its kind
    and number and is unique in the region. `old_retiree_credit` is the imported fixed monthly amount of before the
    reform, yuan. `contribution_months` is for how many months the member contributed until retirement, deemed ones
    included; null where nobody has entered it.
    """

    region_path: ClassVar[str] = "region"
    finality: ClassVar[Any] = TRACKED_AND_TAKEN_BACK
    named_by: ClassVar[tuple[str, ...]] = ("name", "member_number")

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="members", verbose_name=_("pooling region")
    )
    member_number = models.CharField(_("member number"), max_length=32)
    name = models.CharField(_("name"), max_length=64)
    document_kind = models.CharField(
        _("kind of document"), max_length=16, choices=IdentityDocument.choices, default=IdentityDocument.RESIDENT_CARD
    )
    identity_number = EncryptedTextField(_("identity number"))
    identity_hash = models.CharField(max_length=64, editable=False)
    pinyin = models.CharField(max_length=400, blank=True, default="", db_default="", editable=False)
    initials = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"))
    died_on = models.DateField(_("date of death"), null=True, blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    employer = models.CharField(_("employer"), max_length=120, blank=True)
    old_retiree_credit = models.DecimalField(
        _("old retiree standard, yuan a month"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    contribution_months = models.PositiveSmallIntegerField(_("contribution months"), null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["pinyin", "initials"])

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("region_id", "member_number")
        constraints = [
            models.UniqueConstraint(fields=["region", "member_number"], name="a_member_number_is_used_once_per_region"),
            models.UniqueConstraint(fields=["region", "identity_hash"], name="a_person_is_a_member_once_per_region"),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("birth_date")),
                name="nobody_dies_before_birth",
            ),
            models.CheckConstraint(
                condition=Q(old_retiree_credit__isnull=True) | Q(old_retiree_credit__gte=0),
                name="an_old_standard_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(contribution_months__isnull=True) | Q(contribution_months__lte=MOST_MONTHS),
                name="contribution_months_are_those_of_a_life",
            ),
        ]
        # A name's beginning is looked for in one region or in a few.
        indexes = [
            models.Index(
                fields=["region", column], name=f"members_by_{column}", opclasses=["int8_ops", "text_pattern_ops"]
            )
            for column in ("name", "pinyin", "initials")
        ]

    def __str__(self) -> str:
        return self.named(self.name, self.member_number)

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep in step with name and document what finds them."""
        self.pinyin, self.initials = spelled(self.name)
        self.identity_hash = identity_hash(self.document_kind, self.identity_number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @staticmethod
    def named(name: str, member_number: str) -> str:
        """Name and number; never the identity number."""
        return f"{name} {member_number}"

    @property
    def masked_identity_number(self) -> str:
        """The identity number as screens show it."""
        return masked_number(self.document_kind, self.identity_number)
