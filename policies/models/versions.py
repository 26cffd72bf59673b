"""Policy versions: dated, complete snapshots of one region's rules."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.finality import DECISION, kept
from agency.history import HistoricalRecords
from agency.models import FourEyes, PoolingRegion
from agency.models.process import Process, decided, made


class VersionState(models.TextChoices):
    """Draft: being edited. Submitted: waits for another person. Published: law. Discarded: never became law."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("discarded")


class PolicyVersion(FourEyes):
    """One region's complete rules for a period (from its first day, up to but not including `period.upper`).

    A draft is copied from another version and edited; submitted by one person and published by another. A published
    version never changes, save that a successor may end its period. Packs seed versions that are published from the
    start.
    """

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("region__name", "region__name_en", "label")
    process = Process(
        tones={
            VersionState.DRAFT: "info",
            VersionState.SUBMITTED: "warning",
            VersionState.PUBLISHED: "success",
            VersionState.DISCARDED: "",
        },
        moves={
            "edit": made(VersionState.DRAFT, needs_reason=True),
            "submit": made(VersionState.DRAFT, to=VersionState.SUBMITTED),
            "publish": decided(VersionState.PUBLISHED, verb="publish"),
            "return": decided(VersionState.DRAFT, verb="publish", needs_reason=True),
            "discard": made(VersionState.DRAFT, to=VersionState.DISCARDED, needs_reason=True),
        },
    )

    region = models.ForeignKey(
        "agency.PoolingRegion",
        models.PROTECT,
        related_name="policy_versions",
        verbose_name=_("pooling region"),
    )
    instrument = models.ForeignKey("policies.Instrument", models.PROTECT, verbose_name=_("instrument"))
    label = models.CharField(_("label"), max_length=32)
    period = DateRangeField(_("in force"))
    state = models.CharField(
        _("state"), max_length=16, choices=VersionState.choices, default=VersionState.DRAFT, editable=False
    )
    article = models.CharField(_("article on entry into force"), max_length=32)
    phrase = models.CharField(_("phrase"), max_length=80)
    reading = models.CharField(_("reading"), max_length=4, blank=True)
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("copied from"),
    )
    drafted_by = models.ForeignKey(
        "agency.User", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # Why each warning about it is right: the warning's key, the reason. Whoever publishes sees them.
    explained = models.JSONField(default=dict, editable=False)
    # Names every figure that a change of several touched.
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(FourEyes.Meta):
        abstract = False
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ("region_id", "-period")
        permissions = [("publish_policyversion", "Can publish a policy version")]
        constraints = [
            *FourEyes.Meta.constraints,
            models.UniqueConstraint(fields=["region", "label"], name="a_version_label_is_used_once_per_region"),
            ExclusionConstraint(
                name="published_versions_never_overlap",
                expressions=[("region", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state="published"),
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False) & Q(period__lower_inf=False),
                name="a_version_has_a_first_day",
            ),
        ]
        triggers = [
            *kept(
                {VersionState.SUBMITTED: DECISION},
                onwards={VersionState.DRAFT: (VersionState.PUBLISHED,)},
                deleted_in=(VersionState.DRAFT,),
            ),
            pgtrigger.Protect(
                name="a_published_version_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            ),
            pgtrigger.Trigger(
                name="a_published_version_only_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="published"),
                func=(
                    "IF (to_jsonb(NEW) - 'period') IS DISTINCT FROM (to_jsonb(OLD) - 'period')"
                    " OR lower(NEW.period) <> lower(OLD.period) OR NOT (NEW.period <@ OLD.period) THEN"
                    " RAISE EXCEPTION 'a published policy version never changes, it only ends'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.named(self.region.name, self.region.name_en, self.label)

    @staticmethod
    def named(name: str, name_en: str, label: str) -> str:
        """The region and the label."""
        return f"{PoolingRegion.named(name, name_en)} {label}"
