"""A real Chromium in front of a live server, with the furnished office behind it."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.database import Furnished

if TYPE_CHECKING:
    from tests.builder.office import Office

_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
# A page of the desk answers in a fraction of this; a machine that is busy with other tests may need it.
_PATIENCE = 20_000

# The browser says what the site's policy kept it from; no page of the desk may need what is refused.
_TELL_REFUSALS = """document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`refused: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`))"""

LogIn = Callable[..., Page]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Install chromium to run the browser tests.")
    # Playwright keeps an event loop in this thread, and Django would not talk to the database beside one. Nothing of
    # the tests runs in that loop.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
        yield browser
        browser.close()
        # Beside that loop Django has had connections of their own, which nothing would find again after it.
        connections.close_all()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def office(furnished_office: Furnished, transactional_db: None) -> "Office":
    """The office, written where the live server sees it."""
    found: Office = furnished_office.put()
    return found


@pytest.fixture
def log_in(chromium: Browser, live_server: LiveServer, office: "Office") -> Iterator[LogIn]:
    """Log somebody in, each in a browser of their own; no page may have a fault in a script, or a part refused."""
    from tests.builder.office import PASSWORD

    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def page_of(name: str, language: str = "en") -> Page:
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=live_server.url)
        contexts.append(context)
        context.set_default_timeout(_PATIENCE)
        if language:
            context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        context.add_init_script(_TELL_REFUSALS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.text.startswith("refused: ") else None)
        page.goto("/admin/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert faults == []
