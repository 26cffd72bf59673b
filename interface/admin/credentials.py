"""Keys of providers' systems: given out, shown once, withdrawn."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, form_action
from agency.admin.base import TrackedAdmin
from agency.admin.fields import RegionField, TextField
from agency.admin.filters import RegionFilter
from agency.admin.formats import badge
from agency.admin.forms import ReasonedForm
from agency.admin.views import page_url
from agency.exceptions import DomainError
from interface.models import ProviderCredential
from interface.services.credentials import issue_credential, withdraw_credential
from providers.models import Provider


class IssueForm(ReasonedForm):
    """To which provider. An administrator sees no provider's page, so its code is typed."""

    region = RegionField()
    provider_code = TextField(label=gettext_lazy("Provider code"), max_length=32)


def is_in_force(credential: ProviderCredential, user: Any) -> bool:
    return credential.withdrawn_at is None


def _state(withdrawn_at: Any) -> Any:
    return badge(_("in force"), "success") if withdrawn_at is None else badge(_("withdrawn"))


@admin.register(ProviderCredential)
class ProviderCredentialAdmin(TrackedAdmin):
    adds_with = "issue"
    buttons = ("withdraw",)
    list_display = ("key_id", "provider_name", "state_label", "issued", "issuer")
    list_filter = (RegionFilter,)
    list_select_related = ("provider__region", "issued_by")
    search_fields = ("key_id__exact", "provider__code__exact", "provider__name__startswith")
    search_help_text = gettext_lazy("Key, provider code or beginning of the provider's name")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("provider_name", "state_label"),
                    ("issued", "issuer"),
                    ("withdrawn", "withdrawer"),
                    "withdrawn_reason",
                )
            },
        ),
    )

    provider_name = column.text("provider")
    issued = column.instant("issued_at")
    issuer = column.text("issued_by")
    withdrawn = column.instant("withdrawn_at")
    withdrawer = column.text("withdrawn_by")
    state_label = column.text(lambda row: _state(row.withdrawn_at), gettext_lazy("state")).filed_from(
        _state, "withdrawn_at"
    )

    @form_action(
        gettext_lazy("Give a provider a key"),
        permission="interface.add_providercredential",
        form=IssueForm,
        description=gettext_lazy(
            "Its secret is shown once, on the next page. For a change, give the new one first and withdraw the old one "
            "when the provider's system uses the new one."
        ),
    )
    def issue(self, request: DeskRequest, obj: None, data: dict[str, Any]) -> Any:
        provider = Provider.objects.filter(region=data["region"], code=data["provider_code"]).first()
        if provider is None:
            raise DomainError(_("The region has no such provider. Import or register it first."), field="provider_code")
        credential = issue_credential(provider, actor=request.user, reason=data["reason"])
        return shown_once(self, request, credential)

    @form_action(
        gettext_lazy("Withdraw"),
        permission="interface.change_providercredential",
        form=ReasonedForm,
        icon="key_off",
        danger=True,
        applies=is_in_force,
        description=gettext_lazy("From now on nothing is answered that is signed with this key."),
    )
    def withdraw(self, request: DeskRequest, credential: ProviderCredential, data: dict[str, Any]) -> str:
        withdraw_credential(credential, actor=request.user, reason=data["reason"])
        return _("The key is withdrawn.")


def shown_once(page: Any, request: HttpRequest, credential: ProviderCredential) -> TemplateResponse:
    """The secret, on the answer to the form alone: no address leads to it, and no browser keeps it."""
    context = {
        **page.admin_site.each_context(request),
        "title": _("A new key"),
        "credential": credential,
        "back_url": page_url(credential),
    }
    return TemplateResponse(request, "interface/new_key.html", context, headers={"Cache-Control": "no-store"})
