"""Filling in forms as clerks do."""

from typing import Any

from playwright.sync_api import Page


def choose(page: Page, field: str, typed: str, wanted: str) -> None:
    """Type into a search field and take what is offered."""
    page.locator(f"#id_{field} + .select2-container").click()
    page.locator(".select2-search__field").fill(typed)
    page.get_by_role("option", name=wanted).click()


def paste(page: Page, field: Any, text: str) -> None:
    """By the clipboard and the keys that clerks use."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    field.focus()
    page.keyboard.press("Control+V")
