"""What rooms above put on the pages of rooms below, which know nothing of them: cards, panels, buttons, filters.

An app declares them on its AppConfig by the model whose page it is, each with its dotted path:

    page_cards = {"members.member": ["accounts.admin.overview.account_cards"]}
    page_timelines = {"members.member": ["accounts.admin.timeline.account_events"]}
    page_panels = {"claims.claim": ["monitoring.admin.panels.FlagsPanel"]}
    page_buttons = {"claims.claim": ["reimbursements.admin.claim_buttons.begin_reimbursement"]}
    list_buttons = {"agency.job": ["desk.admin.verification.verify_books"]}
    page_filters = {"claims.resettlement": ["reimbursements.admin.recoveries.OpenFilter"]}

A button is a function `(page, request, row, cleaned data)` under `form_action` or `link_action`, or a `Menu` of them.
What a room above adds comes after what the page has itself, in the order of the apps; panels that lead and primary
buttons come before it.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.utils.module_loading import import_string
from unfold.enums import ActionVariant

from agency.admin.actions import Menu, name_of, single


def complete_pages(site: AdminSite) -> None:
    """Put on the pages of a site what the apps declare for them; once, when all apps and pages are known.

    LookupError for a model without a page, and for a button whose name the page has already.
    """
    pages = {model._meta.label_lower: page for model, page in site._registry.items()}
    ways = {
        "page_cards": _add_card,
        "page_timelines": _add_timeline,
        "page_panels": _add_panel,
        "page_buttons": _add_button,
        "list_buttons": _add_list_button,
        "page_filters": _add_filter,
    }
    for config in apps.get_app_configs():
        for attribute, add in ways.items():
            declared: dict[str, list[str]] = getattr(config, attribute, {})
            for label, paths in declared.items():
                if label not in pages:
                    raise LookupError(f"{config.label} adds to the page of {label}, which has none")
                for path in paths:
                    add(pages[label], path)


def _add_card(page: Any, path: str) -> None:
    page.cards = (*page.cards, import_string(path))


def _add_timeline(page: Any, path: str) -> None:
    page.timelines = (*page.timelines, import_string(path))


def _add_panel(page: Any, path: str) -> None:
    panel = import_string(path)
    page.panels = (panel, *page.panels) if panel.leads else (*page.panels, panel)


def _add_button(page: Any, path: str) -> None:
    button = import_string(path)
    _refuse_twice(page, button.buttons if isinstance(button, Menu) else (button,))
    leads = not isinstance(button, Menu) and button.variant == ActionVariant.PRIMARY
    page.buttons = (button, *page.buttons) if leads else (*page.buttons, button)


def _add_list_button(page: Any, path: str) -> None:
    button = import_string(path)
    _refuse_twice(page, (button,))
    page.list_buttons = (*page.list_buttons, button)


def _refuse_twice(page: Any, buttons: Sequence[Any]) -> None:
    """Two buttons of one name would have one address."""
    names = {name_of(each) for each in single((*page.buttons, *page.list_buttons))} | {each.name for each in page.views}
    for each in buttons:
        if each.__name__ in names:
            raise LookupError(f"a room above adds {each.__name__}, a name that the page has already")


def _add_filter(page: Any, path: str) -> None:
    page.list_filter = (*page.list_filter, import_string(path))
