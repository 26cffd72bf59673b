"""A page is what it lists: its own methods by name, functions and menus of other modules, and further addresses."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import gettext_lazy

from agency.admin.actions import Menu, link_action
from agency.admin.base import ComposedAdmin
from agency.admin.views import list_view, row_view
from agency.models import Job


@link_action("Elsewhere", permission="agency.view_job")
def elsewhere(page: Any, request: HttpRequest, job: Job) -> str:
    return f"/{page.opts.model_name}/"


@link_action("Under a heading", permission="agency.view_job")
def headed(page: Any, request: HttpRequest, job: Job) -> str:
    return "/"


@list_view("words/<slug:word>/", name="word")
def word_page(page: Any, request: HttpRequest, word: str) -> HttpResponse:
    """Says what it is asked."""
    return HttpResponse(f"{page.opts.model_name}: {word}")


@row_view("paper/", name="paper")
def paper(page: Any, request: HttpRequest, job: Job) -> HttpResponse:
    return HttpResponse()


class JobPage(ComposedAdmin):
    """A page with one of each."""

    buttons = ("own", elsewhere, Menu(gettext_lazy("state"), (headed,)))
    views = (word_page, paper)

    @link_action("Own", permission="agency.view_job")
    def own(self, request: HttpRequest, job: Job) -> str:
        return "/"


def page() -> JobPage:
    """On a site of its own."""
    return JobPage(Job, AdminSite(name="other"))


def test_a_button_is_a_method_or_a_function_and_knows_its_page() -> None:
    found: Any = page()
    assert found.actions_detail[:2] == ["own", "elsewhere"]
    assert found.actions_detail[2]["items"] == ["headed"]
    assert [found.button(name).__self__ for name in ("own", "elsewhere", "headed")] == [found] * 3
    assert found.get_unfold_action("elsewhere").action_name == "agency_job_elsewhere"


def test_views_are_called_after_the_page_and_get_it() -> None:
    found = page()
    urls = {name: (path, answer) for path, name, answer in found.get_custom_urls()}
    of_every_page = ("panel", "export", "save_list", "give_up_list", "sums")
    assert set(urls) == {f"agency_job_{name}" for name in ("word", "paper", *of_every_page)}
    assert urls["agency_job_paper"][0] == "<path:object_id>/paper/"
    path, answer = urls["agency_job_word"]
    assert path == "words/<slug:word>/"
    assert answer(RequestFactory().get("/"), model_admin=found, word="hello").content == b"job: hello"
