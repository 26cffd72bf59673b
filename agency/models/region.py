"""Pooling regions (统筹区)."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agency.finality import TRACKED
from agency.history import HistoricalRecords


class PoolingRegion(models.Model):
    """A city that pools its outpatient funds and issues its own rules.

    `admdvs` is the national six-digit administrative division code (医保区划). `pays_account_interest` is the region's
    switch for yearly interest on personal accounts.
    """

    region_path: ClassVar[str] = "pk"
    finality: ClassVar[Any] = TRACKED
    named_by: ClassVar[tuple[str, ...]] = ("name", "name_en")

    slug = models.SlugField(_("slug"), max_length=64, unique=True)
    name = models.CharField(_("Chinese name"), max_length=64)
    name_en = models.CharField(_("English name"), max_length=64)
    admdvs = models.CharField(_("administrative division code"), max_length=6, validators=[RegexValidator(r"^\d{6}$")])
    pays_account_interest = models.BooleanField(_("pays interest on personal accounts"), default=False)
    # The office's own standard of service, in working days; no regulation of the five sets one.
    reimbursement_days = models.PositiveSmallIntegerField(_("working days for a manual reimbursement"), default=10)
    reimbursement_days_at_most = models.PositiveSmallIntegerField(_("working days at the most"), default=20)
    # From where on the office asks why a figure of law changes so much; no regulation says.
    notable_rule_change = models.DecimalField(
        _("a figure's change that needs a reason, more than"), max_digits=5, decimal_places=4, default=Decimal("0.3333")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("pooling region")
        verbose_name_plural = _("pooling regions")
        ordering = ("admdvs", "slug")
        constraints = [
            models.CheckConstraint(
                condition=Q(reimbursement_days__gte=1, reimbursement_days_at_most__gte=F("reimbursement_days")),
                name="a_reimbursement_has_a_day_and_its_last_day_comes_not_before",
            ),
            models.CheckConstraint(condition=Q(notable_rule_change__gt=0), name="a_notable_change_is_more_than_none"),
        ]

    def __str__(self) -> str:
        return self.named(self.name, self.name_en)

    @staticmethod
    def named(name: str, name_en: str) -> str:
        """The name in the active language."""
        return name if (get_language() or "").startswith("zh") else name_en
