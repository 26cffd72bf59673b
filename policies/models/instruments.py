"""The documents that hold the law (文号) and their articles."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.finality import Free, kept
from policies.engine.vocabulary import ArticleClass
from policies.labels import choices


def random_name(instrument: "Instrument", filename: str) -> str:
    """A name that says nothing, where no address leads; the service has looked at the content."""
    return f"instruments/{uuid4().hex}.pdf"


class Instrument(models.Model):
    """A regulation or local document, by its number; its file and who entered it, where that was done at the desk."""

    region_path: ClassVar[str] = "region"
    named_by: ClassVar[tuple[str, ...]] = ("number",)

    region = models.ForeignKey(
        "agency.PoolingRegion", models.PROTECT, related_name="instruments", verbose_name=_("pooling region")
    )
    number = models.CharField(_("document number"), max_length=64)
    title = models.CharField(_("title"), max_length=200)
    issued_on = models.DateField(_("issued on"))
    file = models.FileField(_("file"), upload_to=random_name, max_length=120, blank=True)
    # SHA-256 of the file's content.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    entered_by = models.ForeignKey(
        "agency.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="an_instrument_is_listed_once_per_region")
        ]
        triggers = kept(always=("file", "digest"), once={"OLD.file <> ''": ()})

    def __str__(self) -> str:
        return self.number


class Article(models.Model):
    """One article and what the software makes of it. `text` is the clause, where the agency has loaded its document."""

    region_path: ClassVar[str] = "instrument__region"
    finality: ClassVar[Any] = Free(
        "which articles the software carries out, and their text once it is loaded", deleted=True
    )

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="articles", verbose_name=_("instrument"))
    position = models.PositiveSmallIntegerField(_("position"))
    number = models.CharField(_("article"), max_length=32)
    classification = models.CharField(_("class"), max_length=16, choices=choices(ArticleClass))
    note = models.CharField(_("note"), max_length=300, blank=True)
    text = models.TextField(_("text of the clause"), blank=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ("instrument_id", "position")
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="an_article_is_listed_once")]

    def __str__(self) -> str:
        return self.number
