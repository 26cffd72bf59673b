"""Disease registrations: asked for on a member's page, decided here by another person."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from agency.admin.actions import DeskRequest, form_action
from agency.admin.approval import DECISION_TONES, RefuseForm, submitted, waits_for_another
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.formats import badge, days
from agency.admin.forms import DecisionForm
from members.admin.filters import RegisteredBenefitFilter
from members.admin.forms import EndForm
from members.admin.search import of_members
from members.models import DiseaseRegistration, RegistrationState
from members.services import diseases as service

waits_for = waits_for_another(RegistrationState.SUBMITTED)


def holds(registration: DiseaseRegistration, user: Any) -> bool:
    """Approved, and so possibly to be ended."""
    return registration.state == RegistrationState.APPROVED


@admin.register(DiseaseRegistration)
class DiseaseRegistrationAdmin(TrackedAdmin):
    """Registrations, the newest first."""

    buttons = ("approve", "refuse", "end")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("disease", "member", "benefit", "in_force", "state_label", "submitted_by", submitted)
    list_filter = (RegionFilter, "state", RegisteredBenefitFilter)
    list_select_related = ("member", "disease", "submitted_by")
    # Named so that the search field is shown; get_search_results decides what is searched and how.
    search_fields = ("member__name",)
    search_help_text = gettext_lazy("Beginning of the member's name, member number, identity number, disease code")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": (("member", "disease"), ("benefit", "in_force"), "state_label")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whose it is and who decided."""
        return super().get_queryset(request).select_related("member__region", "disease", "submitted_by", "decided_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The registrations of a disease, by its code, or of the members whom the term finds."""
        term = search_term.strip()
        if not term:
            return queryset, False
        of_disease = queryset.filter(disease__code=term.upper())
        return (of_disease if of_disease.exists() else of_members(queryset, term)), False

    @display(description=gettext_lazy("in force"))
    def in_force(self, registration: DiseaseRegistration) -> str:
        """First and last day."""
        return days(registration.period)

    @display(description=gettext_lazy("state"))
    def state_label(self, registration: DiseaseRegistration) -> str:
        """Coloured."""
        return badge(registration.get_state_display(), DECISION_TONES[registration.state])

    @form_action(
        gettext_lazy("Approve"),
        permission="members.approve_diseaseregistration",
        form=DecisionForm,
        icon="done",
        primary=True,
        applies=waits_for,
        description=gettext_lazy("From its first day the member has the benefit for this disease."),
    )
    def approve(self, request: DeskRequest, registration: DiseaseRegistration, data: dict[str, Any]) -> str:
        """As another person."""
        service.approve_disease_registration(registration, actor=request.user, **data)
        return _("The registration is approved.")

    @form_action(
        gettext_lazy("Refuse"),
        permission="members.approve_diseaseregistration",
        form=RefuseForm,
        icon="block",
        applies=waits_for,
        description=gettext_lazy("The disease is not registered."),
    )
    def refuse(self, request: DeskRequest, registration: DiseaseRegistration, data: dict[str, Any]) -> str:
        """With a reason."""
        service.refuse_disease_registration(registration, actor=request.user, **data)
        return _("The registration was refused.")

    @form_action(
        gettext_lazy("End"),
        permission="members.change_diseaseregistration",
        form=EndForm,
        icon="event_busy",
        danger=True,
        applies=holds,
        description=gettext_lazy("The last day still counts."),
    )
    def end(self, request: DeskRequest, registration: DiseaseRegistration, data: dict[str, Any]) -> str:
        """With a day."""
        service.end_disease_registration(registration, **data, actor=request.user)
        return _("The registration ends with that day.")
