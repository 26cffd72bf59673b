"""The admin's site: Unfold's, without what none of its pages shows, and with the office's own search."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from unfold.apps import BasicAppConfig
from unfold.sites import UnfoldAdminSite


def _later(view: str) -> Callable[..., HttpResponseBase]:
    """A view by its dotted path, found when it is first asked."""

    def answer(request: HttpRequest, **place: Any) -> HttpResponseBase:
        response: HttpResponseBase = import_string(view)(request, **place)
        return response

    return answer


class DeskSite(UnfoldAdminSite):  # type: ignore[misc]
    """Every page carries the list of all models for a sidebar that the desk has not: it is made where it is read.

    Making it asks each of the models' pages for four permissions and three addresses, a twelfth of a page's time.
    What the desk answers is imported when it is asked for: apps are loaded by then, and are not while this module is.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        make = super().get_app_list
        return SimpleLazyObject(lambda: make(request, app_label))

    def extra_urls(self) -> list[URLPattern]:
        own = {
            "pages": ("pages/", "desk.navigation.all_pages"),
            "next_case": ("next/", "agency.admin.case_queue.first_case"),
            "shortcuts": ("shortcuts/", "desk.shortcuts.page"),
            "choose_region": ("region/", "desk.regions.choose"),
            "second_factor": ("second-factor/", "agency.admin.sign_in.second_factor"),
            "set_up_second_factor": ("second-factor/set-up/", "agency.admin.sign_in.set_up_second_factor"),
            "new_recovery_codes": ("second-factor/codes/", "agency.admin.sign_in.new_recovery_codes"),
            "own_sign_in": ("signing-in/", "agency.admin.sign_in.own_sign_in"),
            "end_session": ("signing-in/end/", "agency.admin.sign_in.end_session"),
            "locked_logins": ("names-that-wait/", "agency.admin.locked.page"),
            "take_case": ("cases/take/", "agency.admin.cases.take"),
            "give_back_case": ("cases/give-back/", "agency.admin.cases.give_back"),
            "hand_over_case": ("cases/hand-over/", "agency.admin.cases.hand_over"),
            "fund": ("fund/", "desk.fund.page"),
            "fund_file": ("fund/file/", "desk.fund.file"),
            "fund_add_up": ("fund/add-up/", "desk.fund.add_up_again"),
            "help": ("help/", "desk.help.contents"),
            "help_chapter": ("help/<slug:name>/", "desk.help.chapter"),
            "help_picture": ("help/pictures/<slug:name>.png", "desk.help.picture"),
        }
        return [path(address, self.admin_view(_later(view)), name=name) for name, (address, view) in own.items()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the way to the page's task in the handbook, for whoever has signed in.

        Without the theme's colours, which it would write into the page: they are a file (desk/colours.css).
        """
        from desk.help import address_for

        context: dict[str, Any] = super().each_context(request) | {"colors": None}
        return context | ({"help_address": address_for(request)} if self.has_permission(request) else {})

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The office's search; Unfold's own keeps what people searched for in the cache, and finds names of tables."""
        from desk.search import answer

        return answer(request)


class DeskAdmin(BasicAppConfig):  # type: ignore[misc]
    """Unfold's app, with the desk's site."""

    def ready(self) -> None:
        admin.site = sites.site = DeskSite()
