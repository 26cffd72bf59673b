"""A visit as a provider's system tells it, step by step, until it is settled."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.append_only import APPEND_ONLY
from agency.fields import EncryptedTextField
from agency.finality import kept
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind
from policies.labels import choices


class Visit(models.Model):
    """A registration (2201) with what was told of it later (2203). Cancelled by 2202, which needs it unsettled.

    `number` is the 就诊ID that we gave, unique everywhere. `diagnoses` says what somebody has, so it is encrypted.
    """

    region_path: ClassVar[str] = "provider__region"

    provider = models.ForeignKey("providers.Provider", models.PROTECT, related_name="+", verbose_name=_("provider"))
    member = models.ForeignKey("members.Member", models.PROTECT, related_name="+", verbose_name=_("member"))
    number = models.CharField(_("visit number"), max_length=32, unique=True)
    provider_number = models.CharField(_("the provider's number"), max_length=40, blank=True)
    begun_at = models.DateTimeField(_("begun at"))
    benefit = models.CharField(_("benefit"), max_length=32, choices=choices(Benefit), blank=True)
    disease = models.ForeignKey(
        "policies.Disease", models.PROTECT, null=True, related_name="+", verbose_name=_("disease")
    )
    diagnoses = EncryptedTextField(blank=True, editable=False, keeps_token=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-id",)
        triggers = kept(
            always=("cancelled_at", "benefit", "disease", "diagnoses"), once={"OLD.cancelled_at IS NOT NULL": ()}
        )

    def __str__(self) -> str:
        return self.number


class VisitClaim(models.Model):
    """A claim that was made of a visit: the first has the visit's number, a later one the number and which one it is.

    There is a second one where the first was taken back, or where a visit is settled in parts.
    """

    region_path: ClassVar[str] = "visit__provider__region"

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="claims", verbose_name=_("visit"))
    claim = models.OneToOneField("claims.Claim", models.PROTECT, related_name="live_visit", verbose_name=_("claim"))

    class Meta:
        verbose_name = _("claim of a visit")
        verbose_name_plural = _("claims of visits")
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.visit} {self.claim}"


class FeeDetail(models.Model):
    """A line of a visit's bill as it was uploaded (2204), until 2205 takes it back; `claim` is the last that had it.

    `quantity` and `price` are kept as told. `category` and what follows from it are the catalogue's on the day, or the
    provider's where the catalogue does not list the code (docs/interpretations/0071).
    """

    region_path: ClassVar[str] = "visit__provider__region"

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="details", verbose_name=_("visit"))
    number = models.CharField(_("line's number"), max_length=40)
    batch = models.CharField(_("batch of charges"), max_length=40)
    incurred_at = models.DateTimeField(_("incurred at"))
    kind = models.CharField(_("kind"), max_length=16, choices=choices(ItemKind))
    category = models.CharField(_("category"), max_length=1, choices=choices(CatalogCategory))
    code = models.CharField(_("catalogue code"), max_length=64, blank=True)
    name = models.CharField(_("item name"), max_length=120, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    quantity = models.DecimalField(_("quantity"), max_digits=16, decimal_places=4, null=True)
    price = models.DecimalField(_("price"), max_digits=16, decimal_places=6, null=True)
    over_limit = models.DecimalField(_("above the price limit"), max_digits=12, decimal_places=2, default=0)
    upfront_rate = models.DecimalField(_("upfront share"), max_digits=5, decimal_places=4, null=True)
    is_negotiated = models.BooleanField(_("negotiated drug"), default=False)
    is_chinese_medicine = models.BooleanField(_("Chinese medicine"), default=False)
    is_examination = models.BooleanField(_("examination"), default=False)
    claim = models.ForeignKey(
        "claims.Claim", models.PROTECT, null=True, related_name="fee_details", verbose_name=_("claim")
    )

    class Meta:
        verbose_name = _("fee detail")
        verbose_name_plural = _("fee details")
        ordering = ("visit_id", "id")
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="a_line_of_a_visit_is_uploaded_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_fee_detail_has_a_positive_amount"),
        ]
        triggers = kept(always=("claim",), deleted=True)

    def __str__(self) -> str:
        return f"{self.visit} {self.number}"
