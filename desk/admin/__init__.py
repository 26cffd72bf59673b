"""Pages that need more than one floor: the member with account and claims, the jobs with what verifies the books."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from desk.admin import job_page, member_page

admin.site.index_title = _("Home")

__all__ = ["job_page", "member_page"]
