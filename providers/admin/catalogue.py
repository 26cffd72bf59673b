"""Pages of the catalogue: what it says of each item, from which day to which."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, as_it_is, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, DayField, PercentField, RegionField, SwitchField, TextField, YuanField
from agency.admin.filters import RegionFilter
from agency.admin.forms import ReasonedForm
from agency.admin.panels import RowsPanel
from policies.engine.vocabulary import CatalogCategory, ItemKind
from policies.labels import choices
from providers.models import CatalogItem
from providers.services.catalogue import FACTS, end_catalog_item, record_catalog_item


class EntryForm(ReasonedForm):
    """What the catalogue says of an item from a day on."""

    name = TextField(label=gettext_lazy("Item name"), max_length=120)
    kind = ChoiceField(label=gettext_lazy("Kind"), choices=choices(ItemKind))
    category = ChoiceField(label=gettext_lazy("Category"), choices=choices(CatalogCategory))
    upfront_rate = PercentField(
        label=gettext_lazy("Upfront share, %"),
        required=False,
        help_text=gettext_lazy("Category B only; empty where the regulation itself gives the share."),
    )
    price_limit = YuanField(
        label=gettext_lazy("Price limit, yuan a unit"),
        required=False,
        help_text=gettext_lazy(
            "For reference: no claim is limited by it; enter the part above it on the line. Empty without one."
        ),
    )
    is_negotiated = SwitchField(label=gettext_lazy("Negotiated drug"))
    first_day = DayField(label=gettext_lazy("From"))


class EndForm(ReasonedForm):
    last_day = DayField(label=gettext_lazy("Last day"))


class ItemForm(EntryForm):
    """The first entry of an item."""

    field_order = ("region", "code", *FACTS, "first_day", "reason")
    region = RegionField()
    code = TextField(label=gettext_lazy("Catalogue code"), max_length=64)


def _said(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"kind": ItemKind(data["kind"]), "category": CatalogCategory(data["category"])}


class EntriesPanel(RowsPanel):
    """All entries of the item's code, newest first."""

    name = "entries"
    title = gettext_lazy("Entries over time")
    tab = False
    columns = (
        column.days("period"),
        column.text("name"),
        column.text("category"),
        column.percent("upfront_rate", gettext_lazy("Upfront share")),
        column.yuan("price_limit"),
        column.yes_no("is_negotiated", gettext_lazy("Negotiated")),
    )

    def rows(self) -> Any:
        return CatalogItem.objects.filter(region=self.obj.region_id, code=self.obj.code).order_by("-period")


@admin.register(CatalogItem)
class CatalogItemAdmin(TrackedAdmin):
    """Entries of the catalogue by code, the newest of a code first."""

    adds_with = "record"
    panels = (EntriesPanel,)
    buttons = ("change_entry", "end_entry")
    list_display = ("code", "name", "region", "kind", "category", "share", "limit", "is_negotiated", "in_force")
    list_filter = (RegionFilter, "kind", "category", "is_negotiated")
    list_select_related = ("region",)
    search_fields = ("=code", "name__startswith")
    search_help_text = gettext_lazy("The code, or the beginning of the name")
    ordering = ("region_id", "code", "-period")
    fields = (
        ("code", "name"),
        ("region", "in_force"),
        ("kind", "category"),
        ("share", "limit"),
        "is_negotiated",
    )

    share = column.percent("upfront_rate")
    limit = column.yuan("price_limit")
    in_force = column.days("period")

    @form_action(
        gettext_lazy("Record a catalogue item"), permission="providers.add_catalogitem", form=ItemForm, icon="add"
    )
    def record(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        """A new code, or another entry of one."""
        item = record_catalog_item(**_said(data), actor=request.user)
        return Done(_("The catalogue item is recorded."), item)

    @form_action(
        gettext_lazy("Change from a day on"),
        permission="providers.change_catalogitem",
        form=EntryForm,
        initial=as_it_is(*FACTS),
        icon="edit",
        description=gettext_lazy("What the catalogue says now ends the day before. Claims settled already keep it."),
        applies=lambda item, user: item.period.upper is None,
    )
    def change_entry(self, request: DeskRequest, item: CatalogItem, data: dict[str, Any]) -> Done:
        """Another entry of the same code."""
        changed = record_catalog_item(item.region, code=item.code, **_said(data), actor=request.user)
        return Done(_("The catalogue item is recorded."), changed)

    @form_action(
        gettext_lazy("End the entry"),
        permission="providers.change_catalogitem",
        form=EndForm,
        icon="event_busy",
        description=gettext_lazy("From the day after on, the catalogue does not have the item."),
        danger=True,
        applies=lambda item, user: item.period.upper is None,
    )
    def end_entry(self, request: DeskRequest, item: CatalogItem, data: dict[str, Any]) -> str:
        """The entry holds until a day."""
        end_catalog_item(item, **data, actor=request.user)
        return _("The entry ends on %(day)s.") % {"day": data["last_day"]}
