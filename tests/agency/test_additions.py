"""What an app declares for a page of a floor below stands on it, and a declaration that fits nothing is noticed."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.http import HttpResponse

from agency.admin.actions import link_action
from agency.admin.additions import complete_pages
from agency.admin.base import ComposedAdmin
from agency.admin.panels import Panel
from agency.admin.views import list_view
from agency.models import Job, PoolingRegion


class Own(Panel):
    """The page's own."""


class Leading(Panel):
    leads = True


class Following(Panel):
    """Seen after the page's own."""


@link_action("Primary", permission="agency.view_job", primary=True)
def primary(page: Any, request: Any, job: Job) -> str:
    return f"/{page.opts.model_name}/{job.pk}/"


@link_action("Plain", permission="agency.view_job")
def plain(page: Any, request: Any, job: Job) -> str:
    return "/"


@link_action("Like a view", permission="agency.view_job")
def overview(page: Any, request: Any, job: Job) -> str:
    return "/"


class OnlyFailed(admin.SimpleListFilter):
    title = "failed"
    parameter_name = "failed"


@list_view("overview/", name="overview")
def all_jobs(page: Any, request: Any) -> HttpResponse:
    return HttpResponse()


class JobPage(ComposedAdmin):
    """A page with one of each."""

    panels = (Own,)
    buttons = ("own",)
    views = (all_jobs,)
    list_filter = ("state",)

    @link_action("Own", permission="agency.view_job")
    def own(self, request: Any, job: Job) -> str:
        return "/"


@pytest.fixture
def site() -> AdminSite:
    """A site with this page alone."""
    found = AdminSite(name="other")
    found.register(Job, JobPage)
    return found


def declare(monkeypatch: pytest.MonkeyPatch, **declared: dict[str, list[str]]) -> None:
    """Have the desk, and no other app, declare these."""
    for config in apps.get_app_configs():
        for name in ("page_panels", "page_buttons", "list_buttons", "page_cards", "page_timelines", "page_filters"):
            monkeypatch.setattr(config, name, {}, raising=False)
    for name, value in declared.items():
        monkeypatch.setattr(apps.get_app_config("desk"), name, value)


def here(*names: str) -> dict[str, list[str]]:
    """For the page of jobs, from this module."""
    return {"agency.job": [f"{__name__}.{name}" for name in names]}


def test_panels_buttons_and_filters_stand_around_the_pages_own(
    monkeypatch: pytest.MonkeyPatch, site: AdminSite
) -> None:
    declare(
        monkeypatch,
        page_panels=here("Following", "Leading"),
        page_buttons=here("plain", "primary"),
        page_filters=here("OnlyFailed"),
    )
    complete_pages(site)
    page: Any = site._registry[Job]
    assert page.panels == (Leading, Own, Following)
    assert page.buttons == (primary, "own", plain)
    assert page.list_filter == ("state", OnlyFailed)
    assert JobPage.panels == (Own,)


def test_a_button_gets_the_page_that_it_stands_on(monkeypatch: pytest.MonkeyPatch, site: AdminSite) -> None:
    declare(monkeypatch, page_buttons=here("primary"))
    complete_pages(site)
    page: Any = site._registry[Job]
    action = page.get_unfold_action("primary")
    assert action.action_name == "agency_job_primary"
    assert action.method.__self__ is page


@pytest.mark.parametrize(
    "declared",
    [
        {"page_panels": {PoolingRegion._meta.label_lower: [f"{__name__}.Own"]}},
        {"page_buttons": here("plain", "plain")},
        {"list_buttons": here("overview")},
    ],
    ids=["a model without a page", "a button that is there", "a view that is there"],
)
def test_what_fits_nothing_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, site: AdminSite, declared: dict[str, dict[str, list[str]]]
) -> None:
    declare(monkeypatch, **declared)
    with pytest.raises(LookupError):
        complete_pages(site)
