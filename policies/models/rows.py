"""What every row of law has in common."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.engine.vocabulary import ALL

_PUBLISHED_IS_FIXED = (
    "IF EXISTS (SELECT 1 FROM policies_policyversion WHERE state = 'published' AND id IN"
    " (CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END,"
    " CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END)) THEN"
    " RAISE EXCEPTION 'the rules of a published policy version never change'; END IF;"
    " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
)


class RuleRow(models.Model):
    """A row of a version's rules, with the article and the key phrase it rests on.

    `reading` numbers the note in docs/interpretations where the text leaves room; empty where it is plain.
    """

    region_path: ClassVar[str] = "version__region"
    # Fields that tell one row of a version from another; the first ones are what a clerk reads.
    key_fields: ClassVar[tuple[str, ...]] = ()
    value_fields: ClassVar[tuple[str, ...]] = ()

    version = models.ForeignKey("policies.PolicyVersion", models.CASCADE, related_name="%(class)s_rows")
    article = models.CharField(_("article"), max_length=32)
    phrase = models.CharField(_("phrase"), max_length=80)
    reading = models.CharField(_("reading"), max_length=4, blank=True)

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="published_rules_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_PUBLISHED_IS_FIXED,
            )
        ]

    def __str__(self) -> str:
        """What the row is about, as a clerk reads it."""
        names = []
        for name in self.key_fields:
            value = getattr(self, name)
            display = getattr(self, f"get_{name}_display", None)
            if value != ALL:
                names.append(str(display()) if display else str(value))
        return " · ".join(names)
