"""How providers' statements are chosen: the list's filter by month, and the form that drafts them."""

from datetime import date, timedelta
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.fields import MonthField, RegionField, SearchField, parse_month
from agency.admin.formats import month
from agency.admin.forms import DeskForm
from agency.scoping import scoped
from clearing.models import ProviderStatement

# The newest months that the list's filter offers.
MONTHS = 24


class MonthFilter(SimpleListFilter):
    """By month, among the newest that have a statement."""

    title = gettext_lazy("month")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        months = scoped(ProviderStatement.objects.all(), request.user).dates("month", "month", order="DESC")
        return [(f"{each:%Y-%m}", month(each)) for each in months[:MONTHS]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = parse_month(self.value() or "")
        return queryset.filter(month=chosen) if chosen else queryset


def last_month() -> date:
    return (localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


class DraftForm(DeskForm):
    region = RegionField()
    month = MonthField(label=gettext_lazy("Month"), initial=last_month)
    provider = SearchField(
        source=ProviderStatement._meta.get_field("provider"),
        label=gettext_lazy("Provider"),
        required=False,
        help_text=gettext_lazy("Left out: every provider of the region with something to settle."),
    )

    def clean(self) -> dict[str, Any]:
        """The provider is one of the region."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        region, provider = data.get("region"), data.get("provider")
        if region and provider and provider.region_id != region.pk:
            self.add_error("provider", _("This provider belongs to another region."))
        return data
