"""The simulations' and worked cases' pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import LAW, Page
from agency.models import Role

PAGES = (
    Page(
        LAW,
        15,
        _("Simulations"),
        "query_stats",
        "simulation_simulation_changelist",
        "simulation.view_simulation",
        roles=(Role.POLICY_OFFICER,),
    ),
    Page(LAW, 16, _("Worked cases"), "fact_check", "simulation_workedcase_changelist", "simulation.view_workedcase"),
)
