"""Signing in, and what a page offers and says."""

import re
from html import unescape
from typing import Any

from django.contrib.messages import get_messages
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from agency.models import User


def visitor(user: User, language: str = "en") -> Client:
    """A browser in which somebody has logged in, in English unless told otherwise."""
    client = Client()
    client.force_login(user, backend="agency.backends.RoleBackend")
    client.cookies["django_language"] = language
    return client


def button(name: str, row: Model) -> str:
    """The address of a button's form, or of a page such as "change", of a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def text_of(user: User, row: Model, page: str = "change", language: str = "en") -> str:
    """A row's page as it is sent to somebody, who reads it in English unless told otherwise."""
    return visitor(user, language).get(button(page, row)).content.decode()


def words_of(user: User, row: Model, page: str = "change", language: str = "en") -> str:
    """The words of a row's page without its markup, with one space between them."""
    return " ".join(unescape(re.sub("<[^>]+>", " ", text_of(user, row, page, language))).split())


def offered(client: Client, row: Model) -> set[str]:
    """The buttons on a row's page, also those in menus."""
    actions = client.get(button("change", row)).context["actions_detail"]
    single = [item for action in actions for item in (action.get("items") or [action])]
    return {item["path"].split("?")[0].rstrip("/").rsplit("/", 1)[-1] for item in single}


def press(client: Client, name: str, row: Model, **data: Any) -> Any:
    """The answer to a button's form, sent with these values."""
    return client.post(button(name, row), data)


def sentences(response: Any) -> list[str]:
    """What the person is told after a press."""
    return [str(each) for each in get_messages(response.wsgi_request)]
