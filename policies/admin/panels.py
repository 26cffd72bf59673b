"""The tabs of a version's page."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.panels import RowsPanel, Table, TablesPanel
from agency.admin.permissions import may
from policies import models
from policies.admin.comparing import differences_table
from policies.admin.differences import book_of
from policies.admin.edit_tables import FAMILIES, tables_url
from policies.admin.tables import credit_table, exemption_table, plain_table, tier_grids, use_table
from policies.models import RuleRow, VersionState
from policies.selectors.versions import base_of


class RulesPanel(TablesPanel):
    """Part of a version's rules. Of a draft, whoever may change a kind finds the way to its forms and tables."""

    template = "policies/panels/rules.html"
    families: ClassVar[Sequence[str]] = ()

    def context(self) -> dict[str, Any]:
        return {**super().context(), "edit_links": [*self._edit_links()]}

    def _edit_links(self) -> Iterator[tuple[Any, str]]:
        """The tables in which these rules are edited."""
        for family in map(FAMILIES.__getitem__, self.families):
            kind = family.models[0]._meta.model_name
            if self.obj.state == VersionState.DRAFT and may(self.request.user, f"policies.change_{kind}", self.obj):
                yield family.title, tables_url(self.obj, family.name)

    def link(self, row: RuleRow) -> str:
        """The form of a row; empty where it cannot be changed (now, or by this person)."""
        kind = str(row._meta.model_name)
        if self.obj.state != VersionState.DRAFT or not row.value_fields:
            return ""
        if not may(self.request.user, f"policies.change_{kind}", self.obj):
            return ""
        return reverse("admin:policies_policyversion_rule", args=[self.obj.pk, kind, row.pk])

    def plain(self, *kinds: type[RuleRow]) -> list[Table]:
        """A table per kind that has rows."""
        book = book_of(self.obj)
        return [plain_table(book[kind], self.link) for kind in kinds if book[kind]]


class BenefitsPanel(RulesPanel):
    name = "benefits"
    title = gettext_lazy("Benefits")
    families = ("rates", "deductibles", "ceilings")

    def tables(self) -> list[Table]:
        """What a clerk looks up most comes first."""
        book = book_of(self.obj)
        return [
            *tier_grids(book[models.ReimbursementRate], "rate", self.link),
            *self.plain(models.RateAddition),
            *tier_grids(book[models.Deductible], "amount", self.link),
            *self.plain(models.DeductibleFactor),
            *self._exemptions(),
            *self.plain(
                models.Ceiling,
                models.BenefitUpfrontShare,
                models.StayLimit,
                models.BenefitTerms,
                models.CeilingScopeRow,
            ),
        ]

    def _exemptions(self) -> list[Table]:
        rows = book_of(self.obj)[models.DeductibleExemption]
        if not rows:
            return []
        codes = {row.disease for row in rows}
        listed = models.Disease.objects.filter(region_id=self.obj.region_id, code__in=codes)
        return [exemption_table(rows, {disease.code: str(disease) for disease in listed})]


class ConductPanel(RulesPanel):
    """Shares borne first, refusals, deadlines, ways of the region."""

    name = "conduct"
    title = gettext_lazy("Shares and refusals")
    families = ("shares",)

    def tables(self) -> list[Table]:
        """In the order of a calculation."""
        return self.plain(
            models.UpfrontShare,
            models.ExclusionRow,
            models.OutOfAreaShare,
            models.OutOfAreaBenefit,
            models.RefusalRule,
            models.FilingDeadline,
            models.Conduct,
        )


class CreditsPanel(RulesPanel):
    """What a personal account is credited, and what it may pay."""

    name = "credits"
    title = gettext_lazy("Personal account")
    families = ("credits",)

    def tables(self) -> list[Table]:
        book = book_of(self.obj)
        return [
            credit_table(book[models.CreditRule], self.link),
            use_table(book[models.AccountUse], self.link),
            *self.plain(models.ClosingRule),
        ]


class DifferencesPanel(TablesPanel):
    """What changes against the version it was copied from, or the one before it."""

    name = "differences"
    title = gettext_lazy("Differences")

    def tables(self) -> list[Table]:
        """One table; none where there is nothing to compare with."""
        base = base_of(self.obj)
        if base is None:
            return [Table((), (), empty=_("This is the region's first version."))]
        return [differences_table(base, self.obj)]


class ArticlesPanel(RowsPanel):
    """An instrument's articles and what the software makes of each."""

    name = "articles"
    title = gettext_lazy("Articles")
    tab = False
    permission = "policies.view_article"
    per_page = 200
    columns = (
        column.text("number"),
        column.text("classification"),
        column.text("note"),
    )

    def rows(self) -> Any:
        """In the order of the document."""
        return self.obj.articles.order_by("position")
