"""Disease registrations: asked for on a member's page, decided here by another person."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest
from agency.admin.base import TrackedAdmin
from agency.admin.filters import RegionFilter
from agency.admin.moves import move_button
from members.admin.alerts import EndingRegistrationFilter
from members.admin.filters import RegisteredBenefitFilter
from members.admin.forms import EndForm
from members.admin.search import of_members
from members.models import DiseaseRegistration
from members.services import diseases as service


@admin.register(DiseaseRegistration)
class DiseaseRegistrationAdmin(TrackedAdmin):
    buttons = ("approve", "refuse", "end")
    left_out_of_history = frozenset({"payload_hash"})
    list_display = ("disease", "member", "benefit", "in_force", "state_label", "submitted_by", "submitted")
    list_filter = (RegionFilter, "state", RegisteredBenefitFilter, EndingRegistrationFilter)
    list_select_related = ("member", "disease", "submitted_by")
    # Named so that the search field is shown; get_search_results decides what is searched and how.
    search_fields = ("member__name",)
    search_help_text = gettext_lazy("Beginning of the member's name, member number, identity number, disease code")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": (("member", "disease"), ("benefit", "in_force"), "state_label")}),)

    in_force = column.days("period")

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

    @move_button(
        DiseaseRegistration,
        "approve",
        description=gettext_lazy("From its first day the member has the benefit for this disease."),
    )
    def approve(self, request: DeskRequest, registration: DiseaseRegistration, data: dict[str, Any]) -> str:
        service.approve_disease_registration(registration, actor=request.user, **data)
        return _("The registration is approved.")

    @move_button(DiseaseRegistration, "refuse", description=gettext_lazy("The disease is not registered."))
    def refuse(self, request: DeskRequest, registration: DiseaseRegistration, data: dict[str, Any]) -> str:
        service.refuse_disease_registration(registration, actor=request.user, **data)
        return _("The registration was refused.")

    @move_button(DiseaseRegistration, "end", form=EndForm, description=gettext_lazy("The last day still counts."))
    def end(self, request: DeskRequest, registration: DiseaseRegistration, data: dict[str, Any]) -> str:
        service.end_disease_registration(registration, **data, actor=request.user)
        return _("The registration ends with that day.")
