"""Local figures: what a regulation leaves to other documents, set by the agency with its own document."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import KEPT_AND_ENDED
from agency.history import HistoricalRecords
from agency.models import FourEyes
from agency.models.process import LASTING_REQUEST
from policies.engine import vocabulary as v
from policies.labels import LABELS, choices
from policies.models.fields import term_field


class FigureKind(models.TextChoices):
    """What the figure is: yuan for a deductible or ceiling, a fraction for a rate."""

    DEDUCTIBLE = "deductible", _("deductible")
    RATE = "rate", _("reimbursement rate")
    CEILING = "ceiling", _("ceiling")


class FigureState(models.TextChoices):
    """Submitted by one person; approved (it holds in its period) or refused by another."""

    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class LocalFigure(FourEyes):
    """One figure that a region's regulation leaves open, with the document that sets it.

    It fills unset figures of the versions in force in its period and never replaces one that the regulation gives.
    The more exact one (of a tier, of a status) goes before the one for all.
    """

    region_path: ClassVar[str] = "region"
    process = LASTING_REQUEST

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="local_figures", verbose_name=_("pooling region")
    )
    kind = models.CharField(_("figure"), max_length=16, choices=FigureKind.choices)
    benefit = models.CharField(
        _("of"),
        max_length=32,
        choices=[*choices(v.Benefit), (v.CeilingScope.ANNUAL_MAXIMUM.value, LABELS[v.CeilingScope.ANNUAL_MAXIMUM])],
    )
    tier = term_field(_("tier"), v.Tier, with_all=True)
    status = term_field(_("status"), v.InsuredStatus, with_all=True)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    period = DateRangeField(_("in force"))
    document_number = models.CharField(_("document number"), max_length=64)
    article = models.CharField(_("article"), max_length=32)
    phrase = models.CharField(_("phrase"), max_length=80)
    state = models.CharField(
        _("state"), max_length=16, choices=FigureState.choices, default=FigureState.SUBMITTED, editable=False
    )
    history = HistoricalRecords()

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("local figure")
        verbose_name_plural = _("local figures")
        ordering = ("region_id", "benefit", "kind")
        permissions = [("approve_localfigure", "Can approve a local figure")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="rate", value__gte=0, value__lte=1) | ~Q(kind="rate") & Q(value__gte=0),
                name="a_local_figure_is_yuan_or_a_fraction",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="a_local_figure_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(decided_by__isnull=False),
                name="a_local_figure_holds_after_approval",
            ),
            ExclusionConstraint(
                name="approved_local_figures_never_overlap",
                expressions=[
                    ("region", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("benefit", RangeOperators.EQUAL),
                    ("tier", RangeOperators.EQUAL),
                    ("status", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="approved"),
            ),
        ]
        triggers = [
            *KEPT_AND_ENDED,
            pgtrigger.Protect(
                name="an_approved_local_figure_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="approved"),
            ),
            pgtrigger.Trigger(
                name="an_approved_local_figure_only_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="approved"),
                func=(
                    "IF (to_jsonb(NEW) - 'period') IS DISTINCT FROM (to_jsonb(OLD) - 'period')"
                    " OR lower(NEW.period) <> lower(OLD.period) OR NOT (NEW.period <@ OLD.period) THEN"
                    " RAISE EXCEPTION 'an approved local figure never changes, it only ends'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_benefit_display()} · {self.get_kind_display()} {self.value:f}"
