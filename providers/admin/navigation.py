"""The providers' pages of the sidebar."""

from django.utils.translation import gettext_lazy as _

from agency.admin.navigation import INSURED, LAW, Page
from agency.models import Role

PAGES = (
    Page(
        INSURED,
        30,
        _("Providers"),
        "local_hospital",
        "providers_provider_changelist",
        "providers.view_provider",
        roles=(Role.CLERK,),
    ),
    Page(
        LAW,
        40,
        _("Catalogue"),
        "medication",
        "providers_catalogitem_changelist",
        "providers.view_catalogitem",
        roles=(Role.POLICY_OFFICER,),
    ),
)
