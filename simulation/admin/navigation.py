"""The simulations' page of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import LAW, Page

PAGES = (
    Page(LAW, 15, _("Simulations"), "query_stats", "simulation_simulation_changelist", "simulation.view_simulation"),
)
