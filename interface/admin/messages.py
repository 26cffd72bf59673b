"""Messages of providers' systems as they came, and what was answered."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.base import ComposedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, badge, link
from agency.admin.panels import Table, TablesPanel
from agency.admin.views import page_url
from agency.fields import masked
from interface.models import Message, MessageState
from interface.services.transactions import BY_INFNO, TRANSACTIONS

TONES: dict[str, str] = {
    MessageState.ANSWERED.value: "success",
    MessageState.REPEATED.value: "info",
    MessageState.TURNED_AWAY.value: "danger",
}
# Numbers of documents are masked here as everywhere.
_PERSONAL = frozenset({"certno", "mdtrt_cert_no", "card_sn"})


class InfnoFilter(SimpleListFilter):
    title = gettext_lazy("transaction")
    parameter_name = "infno"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(infno, f"{infno} {each.name}") for infno, each in TRANSACTIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """With the newer spelling of the number."""
        return queryset.filter(infno__in=[self.value(), f"{self.value()}A"]) if self.value() else queryset


class OutcomeFilter(SimpleListFilter):
    title = gettext_lazy("answer")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("0", _("done")), ("-1", _("not done"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the code of the answer."""
        return queryset.filter(infcode=int(self.value())) if self.value() in ("0", "-1") else queryset  # type: ignore[arg-type]


def readable(text: str) -> SafeString | str:
    """A message with a line for each field; numbers of documents masked. What is no JSON is not shown."""
    if not text:
        return NOTHING
    try:
        told = json.loads(text, parse_float=str)
    except (ValueError, RecursionError):
        return _("What came is no JSON.")
    written = json.dumps(_masked(told), ensure_ascii=False, indent=2)
    return format_html('<pre class="desk-message">{}</pre>', written)


def _masked(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _one_masked(name, value) for name, value in told.items()}
    return [_masked(each) for each in told] if isinstance(told, list) else told


def _one_masked(name: str, value: Any) -> Any:
    return masked(str(value), head=6) if name in _PERSONAL and value else _masked(value)


class TextPanel(TablesPanel):
    """What came, and what was answered, side by side."""

    name = "texts"
    title = gettext_lazy("Message and answer")
    tab = False

    def tables(self) -> list[Table]:
        columns = (column.heading(_("Message")), column.heading(_("Answer")))
        answered = self.obj.first or self.obj
        return [Table(columns, [[readable(answered.request), readable(answered.answer)]])]


class RepeatsPanel(TablesPanel):
    """When the same message came again."""

    name = "repeats"
    title = gettext_lazy("Sent again")
    tab = False

    def is_shown(self) -> bool:
        return self.obj.repeats.exists()

    def tables(self) -> list[Table]:
        columns = (column.instant("received_at").leading(), column.text("credential"), column.number("milliseconds"))
        return [Table.of(self.obj.repeats.select_related("credential").order_by("pk"), columns)]


def _transaction(infno: str) -> str:
    known = BY_INFNO.get(infno)
    return f"{infno} {known.name}" if known else infno or NOTHING


def _code(infcode: int) -> Any:
    return badge(_("done"), "success") if infcode == 0 else badge(_("not done"), "warning")


def _linked(name: str) -> Callable[[Message], Any]:
    def written(message: Message) -> Any:
        obj = getattr(message, name)
        return link(page_url(obj), obj) if obj is not None else NOTHING

    return written


@admin.register(Message)
class MessageAdmin(ComposedAdmin):
    panels = (TextPanel, RepeatsPanel)
    list_display = ("received", "transaction", "provider_name", "msgid", "state_label", "code_label", "complaint_text")
    list_filter = (RegionFilter, InfnoFilter, "state", OutcomeFilter)
    list_select_related = ("provider",)
    search_fields = ("msgid__exact", "provider__code__exact", "member__member_number__exact")
    search_help_text = gettext_lazy("Sender's number, provider code or member number")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("transaction", "provider_name"),
                    ("received", "milliseconds_taken"),
                    ("state_label", "code_label"),
                    "complaint_text",
                    ("key", "first_link"),
                    ("member_link", "claim_link"),
                )
            },
        ),
    )

    received = column.instant("received_at")
    transaction = column.text(lambda row: _transaction(row.infno), gettext_lazy("transaction")).filed_from(
        _transaction, "infno"
    )
    provider_name = column.text("provider")
    state_label = column.badge("state", TONES)
    code_label = column.text(lambda row: _code(row.infcode), gettext_lazy("answer")).filed_from(_code, "infcode")
    complaint_text = column.text("complaint")
    milliseconds_taken = column.number("milliseconds")
    key = column.text("credential")
    first_link = column.text(_linked("first"), gettext_lazy("first of this number"))
    member_link = column.text(_linked("member"), gettext_lazy("member"))
    claim_link = column.text(
        lambda row: _linked("claim")(row.settlement) if row.settlement else NOTHING, gettext_lazy("claim")
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the page names; the texts are read where they are shown."""
        named = ("provider__region", "credential", "first", "member__region", "settlement__claim")
        rows = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.view_name.endswith("_changelist"):
            return rows.defer("request", "answer")
        return rows.select_related(*named)
