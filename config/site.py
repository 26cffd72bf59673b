"""The admin's site: Unfold's, without what none of its pages shows, and with the office's own search."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import SimpleLazyObject
from unfold.apps import BasicAppConfig
from unfold.sites import UnfoldAdminSite


class DeskSite(UnfoldAdminSite):  # type: ignore[misc]
    """Every page carries the list of all models for a sidebar that the desk has not: it is made where it is read.

    Making it asks each of the models' pages for four permissions and three addresses, a twelfth of a page's time.
    What the desk answers is imported when it is asked for: apps are loaded by then, and are not while this module is.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        make = super().get_app_list
        return SimpleLazyObject(lambda: make(request, app_label))

    def extra_urls(self) -> list[URLPattern]:
        return [
            path("pages/", self.admin_view(self.pages), name="pages"),
            path("next/", self.admin_view(self.next_case), name="next_case"),
            path("shortcuts/", self.admin_view(self.shortcuts), name="shortcuts"),
        ]

    def pages(self, request: HttpRequest) -> HttpResponse:
        """Everything that the person may open."""
        from desk.navigation import all_pages

        return all_pages(request)

    def next_case(self, request: HttpRequest) -> HttpResponse:
        """What waits first for the person's decision."""
        from agency.admin.case_queue import first_case

        return first_case(request)

    def shortcuts(self, request: HttpRequest) -> HttpResponse:
        """The keys of the desk."""
        from desk.shortcuts import page

        return page(request)

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The office's search; Unfold's own keeps what people searched for in the cache, and finds names of tables."""
        from desk.search import answer

        return answer(request)


class DeskAdmin(BasicAppConfig):  # type: ignore[misc]
    """Unfold's app, with the desk's site."""

    def ready(self) -> None:
        admin.site = sites.site = DeskSite()
