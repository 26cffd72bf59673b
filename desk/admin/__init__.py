"""The home page's name; what verifies the books stands on the jobs' page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.index_title = _("Home")
