"""The admin's site: Unfold's, without what none of its pages shows."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.apps import BasicAppConfig
from unfold.sites import UnfoldAdminSite


class DeskSite(UnfoldAdminSite):  # type: ignore[misc]
    """Every page carries the list of all models for a sidebar that the desk has not: it is made where it is read.

    Making it asks each of the models' pages for four permissions and three addresses, a twelfth of a page's time.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        make = super().get_app_list
        return SimpleLazyObject(lambda: make(request, app_label))


class DeskAdmin(BasicAppConfig):  # type: ignore[misc]
    """Unfold's app, with the desk's site."""

    def ready(self) -> None:
        admin.site = sites.site = DeskSite()
