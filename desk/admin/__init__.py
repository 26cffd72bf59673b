"""Pages that need more than one floor: the member with account and claims."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from desk.admin import member_page

admin.site.index_title = _("Home")

__all__ = ["member_page"]
