"""The law's pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import LAW, Page
from agency.models import Role

PAGES = (
    Page(
        LAW,
        10,
        _("Policy versions"),
        "gavel",
        "policies_policyversion_changelist",
        "policies.view_policyversion",
        roles=(Role.SUPERVISOR, Role.POLICY_OFFICER, Role.AUDITOR),
    ),
    Page(
        LAW,
        20,
        _("Local figures"),
        "edit_note",
        "policies_localfigure_changelist",
        "policies.view_localfigure",
        roles=(Role.POLICY_OFFICER,),
    ),
    Page(LAW, 30, _("Diseases"), "coronavirus", "policies_disease_changelist", "policies.view_disease"),
    Page(
        LAW,
        50,
        _("Instruments"),
        "description",
        "policies_instrument_changelist",
        "policies.view_instrument",
        roles=(Role.POLICY_OFFICER,),
    ),
    Page(LAW, 60, _("Articles"), "format_list_numbered", "policies_article_changelist", "policies.view_article"),
    Page(
        LAW,
        70,
        _("Average pensions"),
        "elderly",
        "policies_averagepension_changelist",
        "policies.view_averagepension",
        roles=(Role.POLICY_OFFICER,),
    ),
)
