"""Pages of providers and their agreements."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import ChoiceField, DayField, PercentField, RegionField, SearchField, SwitchField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import NOTHING, listed
from agency.admin.forms import ReasonedForm
from agency.admin.panels import RowsPanel
from policies.engine.vocabulary import Tier
from policies.labels import choices, label
from providers.admin.alerts import EndingAgreementFilter
from providers.admin.details import change_payee, change_place, correct
from providers.models import Agreement, HospitalGrade, Provider, ProviderKind
from providers.services import change_agreement, end_agreement, register_provider

_TERMS = ("tier", "grade", "first_day", "is_designated", "is_dual_channel", "hospital", "retention_rate")


class AgreementForm(ReasonedForm):
    """A tier, and what the provider is designated for, from a day on."""

    tier = ChoiceField(
        label=gettext_lazy("Tier"),
        choices=choices(Tier),
        required=False,
        help_text=gettext_lazy("Left out, an internet hospital has the tier of the hospital behind it."),
    )
    grade = ChoiceField(
        label=gettext_lazy("Hospital grade"),
        choices=HospitalGrade.choices,
        required=False,
        help_text=gettext_lazy("Left out for an internet hospital, which has that of the hospital behind it."),
    )
    first_day = DayField(label=gettext_lazy("From"))
    is_designated = SwitchField(label=gettext_lazy("Designated for outpatient pooling"), initial=True)
    is_dual_channel = SwitchField(label=gettext_lazy("Dual channel for negotiated drugs"))
    hospital = SearchField(
        source=Agreement._meta.get_field("hospital"),
        label=gettext_lazy("Hospital behind the internet hospital"),
        required=False,
        help_text=gettext_lazy("For internet hospitals only. A change of its tier is carried over."),
    )
    retention_rate = PercentField(
        label=gettext_lazy("Retention, %"),
        required=False,
        help_text=gettext_lazy("The share of the pooled payment that is kept until the year's clearing."),
    )


class EndForm(ReasonedForm):
    last_day = DayField(label=gettext_lazy("Last day"))


class ProviderForm(AgreementForm):
    """A provider with its first agreement."""

    # What is entered for the first time changes nothing.
    reason = None  # type: ignore[assignment]
    field_order = ("region", "code", "name", "kind", "is_out_of_area", *_TERMS)
    region = RegionField()
    code = TextField(label=gettext_lazy("Provider code"), max_length=32)
    name = TextField(label=gettext_lazy("Provider name"), max_length=120)
    kind = ChoiceField(label=gettext_lazy("Kind"), choices=ProviderKind.choices)
    is_out_of_area = SwitchField(label=gettext_lazy("Outside the region"))


def _designations(agreement: Agreement) -> str:
    """What the provider is designated for, in the words of the forms."""
    designations = [
        text
        for holds, text in (
            (agreement.is_designated, _("outpatient pooling")),
            (agreement.is_dual_channel, _("dual channel for negotiated drugs")),
        )
        if holds
    ]
    return listed(designations) or NOTHING


def newest_terms(provider: Provider) -> dict[str, Any]:
    """A change starts from them; an internet hospital's tier follows from the hospital."""
    newest = provider.agreements.order_by("-period").first()
    if newest is None:
        return {}
    return {
        "tier": "" if newest.hospital_id else newest.tier,
        "grade": "" if newest.hospital_id else newest.grade,
        "is_designated": newest.is_designated,
        "is_dual_channel": newest.is_dual_channel,
        "hospital": newest.hospital_id,
        "retention_rate": newest.retention_rate,
    }


def _tier(data: dict[str, Any]) -> Tier | None:
    return Tier(data["tier"]) if data["tier"] else None


def _terms(data: dict[str, Any]) -> dict[str, Any]:
    """The terms as services take them."""
    return data | {"tier": _tier(data), "retention_rate": data["retention_rate"] or Decimal(0)}


class AgreementsPanel(RowsPanel):
    """Tiers and designation over time, newest first."""

    name = "agreements"
    title = gettext_lazy("Agreements")
    tab = False
    permission = "providers.view_agreement"
    columns = (
        column.days("period"),
        column.text("tier"),
        column.text("grade"),
        column.text(_designations, gettext_lazy("Designated for")),
        column.percent("retention_rate"),
        column.text("hospital", gettext_lazy("Hospital behind it")),
    )
    empty = gettext_lazy("No agreement: the provider is not designated on any day.")

    def rows(self) -> Any:
        return self.obj.agreements.select_related("hospital").order_by("-period")


def _in_words(tier: str | None) -> str:
    """A dash without an agreement."""
    return label(tier, Tier) if tier else NOTHING


@admin.register(Provider)
class ProviderAdmin(TrackedAdmin):
    adds_with = "register"
    panels = (AgreementsPanel,)
    buttons = ("change_terms", "end_terms", correct, change_payee, change_place)
    masked_in_history = frozenset({"payee_account"})
    list_display = ("name", "code", "region", "kind", "tier_today", "is_out_of_area")
    list_filter = (RegionFilter, "kind", "is_out_of_area", EndingAgreementFilter)
    list_select_related = ("region",)
    search_fields = ("name__startswith", "=code")
    search_help_text = gettext_lazy("Beginning of the name, or the code")
    ordering = ("region_id", "code")
    fields = (
        ("name", "code"),
        ("region", "kind"),
        ("division", "is_out_of_area"),
        ("payee_bank", "account_number"),
        ("latitude", "longitude"),
    )

    account_number = column.text("masked_account", gettext_lazy("bank account number"))

    tier_today = column.text(lambda provider: _in_words(provider.current_tier), gettext_lazy("tier today")).filed_from(
        _in_words, "current_tier"
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the tier that holds today."""
        today = Agreement.objects.filter(provider=OuterRef("pk"), period__contains=localdate())
        return super().get_queryset(request).annotate(current_tier=Subquery(today.values("tier")[:1]))

    @form_action(gettext_lazy("Register a provider"), permission="providers.add_provider", form=ProviderForm)
    def register(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Done:
        facts = _terms(data) | {"kind": ProviderKind(data["kind"])}
        provider = register_provider(**facts, actor=request.user)
        return Done(_("The provider is registered."), provider)

    @form_action(
        gettext_lazy("Change the agreement"),
        permission="providers.change_agreement",
        form=AgreementForm,
        initial=newest_terms,
        icon="handshake",
        description=gettext_lazy("What holds now ends the day before."),
    )
    def change_terms(self, request: DeskRequest, provider: Provider, data: dict[str, Any]) -> str:
        """Other terms from a day on."""
        change_agreement(provider, **_terms(data), actor=request.user)
        return _("The agreement holds from %(day)s.") % {"day": data["first_day"]}

    @form_action(
        gettext_lazy("End the agreement"),
        permission="providers.change_agreement",
        form=EndForm,
        icon="event_busy",
        description=gettext_lazy("From the day after on, the provider is not designated for anything."),
        danger=True,
    )
    def end_terms(self, request: DeskRequest, provider: Provider, data: dict[str, Any]) -> str:
        """The newest agreement holds until a day."""
        end_agreement(provider, **data, actor=request.user)
        return _("The agreement ends on %(day)s.") % {"day": data["last_day"]}
