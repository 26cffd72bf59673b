"""Where a provider's money goes, and where the provider lies: buttons of its page."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from agency.admin.actions import DeskRequest, as_it_is, form_action
from agency.admin.fields import DivisionField, PersonalNumberField, TextField
from agency.admin.forms import ReasonedForm
from providers.models import Provider
from providers.services.details import correct_provider, set_payee, set_place


class DegreesField(forms.DecimalField):
    """Degrees of latitude or longitude, with at most six decimals."""

    widget = UnfoldAdminDecimalFieldWidget

    def __init__(self, limit: int, **options: Any) -> None:
        """limit: the degrees on either side of nought."""
        super().__init__(min_value=-limit, max_value=limit, decimal_places=6, required=False, **options)


class PayeeForm(ReasonedForm):
    """The bank account to which statements are paid. The number in use is not shown again."""

    bank = TextField(label=gettext_lazy("Bank"), max_length=120)
    account = PersonalNumberField(label=gettext_lazy("Bank account number"), max_length=64)


class CorrectionForm(ReasonedForm):
    name = TextField(label=gettext_lazy("Provider name"), max_length=120)
    division = DivisionField(
        label=gettext_lazy("Administrative division"),
        required=False,
        help_text=gettext_lazy("The six digits of the code of where it lies; empty where it is not known."),
    )


class PlaceForm(ReasonedForm):
    """In degrees; empty where it is not known."""

    latitude = DegreesField(90, label=gettext_lazy("Latitude"))
    longitude = DegreesField(180, label=gettext_lazy("Longitude"))


@form_action(
    gettext_lazy("Correct the name"),
    permission="providers.change_provider",
    form=CorrectionForm,
    initial=as_it_is("name", "division"),
    icon="edit",
    description=gettext_lazy("What stood there before is kept in the history."),
)
def correct(page: Any, request: DeskRequest, provider: Provider, data: dict[str, Any]) -> str:
    """The name, and where it lies."""
    correct_provider(provider, **data, actor=request.user)
    return _("The provider is corrected.")


@form_action(
    gettext_lazy("Set the bank account"),
    permission="providers.change_provider",
    form=PayeeForm,
    initial=lambda provider: {"bank": provider.payee_bank},
    icon="account_balance",
    description=gettext_lazy("Statements of the provider are paid there from now on."),
)
def change_payee(page: Any, request: DeskRequest, provider: Provider, data: dict[str, Any]) -> str:
    set_payee(provider, **data, actor=request.user)
    return _("The bank account is recorded.")


@form_action(
    gettext_lazy("Set the place"),
    permission="providers.change_provider",
    form=PlaceForm,
    initial=as_it_is("latitude", "longitude"),
    icon="location_on",
    description=gettext_lazy("Visits at two providers far apart within an hour are found by it."),
)
def change_place(page: Any, request: DeskRequest, provider: Provider, data: dict[str, Any]) -> str:
    set_place(provider, **data, actor=request.user)
    return _("The place is recorded.")
