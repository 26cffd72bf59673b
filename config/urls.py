"""The site is its admin, with the language switch beside it; config.health answers the health page."""

from django.apps import apps
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

# What rooms answer beside the admin.
_of_rooms = [
    path(address, include(urls))
    for config in apps.get_app_configs()
    for address, urls in getattr(config, "addresses", {}).items()
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("", include("agency.urls")),
    path("admin/", admin.site.urls),
    *_of_rooms,
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = "config.refusals.bad_request"
