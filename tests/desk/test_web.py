"""What every page sends to the browser: no address of anybody else, no script or style of its own, and the headers."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.builder.office import Office
from tests.builder.screens import visitor
from tests.desk.pages import pages

pytestmark = pytest.mark.django_db

# What a browser loads, follows by itself or sends to. A link that a person clicks is not among them.
_LOADED = {"src", "srcset", "action", "formaction", "data", "poster", "background", "hx-get", "hx-post"}
# The theme writes these few words into a list without actions; the policy knows them by their digest.
_LIST_STYLE = re.compile(r"<style>\s+#changelist table thead th:first-child {width: inherit}\s+</style>")
_ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//|^\s*(?!data:image/)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class _Reader(HTMLParser):
    """Notes what the policy of the site would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        loaded = {name: attributes[name] for name in _LOADED & attributes.keys()}
        if tag == "link" or (tag == "a" and attributes.get("href", "").lower().startswith("javascript")):
            loaded["href"] = attributes.get("href", "")
        self.faults += [f"{tag} {name}={value}" for name, value in loaded.items() if _ELSEWHERE.match(value)]
        self.faults += [f"{tag} {name}" for name in attributes if re.fullmatch(r"on[a-z]+", name)]
        if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
            self.faults.append("script in the page")
        if tag == "style" and not attributes.get("nonce"):
            self.faults.append("style in the page")
        if tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            self.faults.append("page that leads elsewhere by itself")


def faults_in(content: str) -> list[str]:
    reader = _Reader()
    reader.feed(content)
    return reader.faults


def test_every_page_has_its_headers_and_nothing_of_anybody_else(office: Office) -> None:
    client = visitor(office.staff["root"])
    wrong: list[str] = []
    for address, allowed, _status, _budget in pages(office):
        answer = client.get(address) if "root" in allowed else None
        if answer is None or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue

        content = re.sub(
            r"<style>\s+#changelist table thead th:first-child {width: inherit}\s+</style>", "", text(answer)
        )
        wrong += [f"{address}: {fault}" for fault in faults_in(content)]
        wrong += [f"{address}: no {name}" for name in HEADERS if name not in answer.headers]
    assert wrong == []


HEADERS = {
    "Content-Security-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}


def text(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "fragment",
    [
        '<script src="https://cdn.example/x.js"></script>',
        '<script src="//cdn.example/x.js"></script>',
        "<script>alert(1)</script>",
        '<link rel="stylesheet" href="https://fonts.example/css">',
        '<img src="http://elsewhere.example/dot.gif">',
        '<img src="x" onerror="alert(1)">',
        '<form action="https://elsewhere.example/">',
        '<iframe src="javascript:alert(1)"></iframe>',
        '<a href="javascript:alert(1)">',
        "<style>p { color: red }</style>",
        '<meta http-equiv="refresh" content="0;url=/">',
    ],
)
def test_the_reader_finds_what_it_looks_for(fragment: str) -> None:
    assert faults_in(f"<html><body>{fragment}</body></html>") != []


def test_the_policy_lets_no_script_of_a_page_run(client: Client) -> None:
    policy = client.get(reverse("admin:login")).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert set(directives["script-src"].split()) == {"'self'", "'unsafe-eval'"}
    assert "'unsafe-inline'" not in directives["style-src"]
    for closed in ("object-src", "base-uri", "frame-ancestors"):
        assert directives[closed] == "'none'"
    assert directives["form-action"] == directives["connect-src"] == "'self'"
    assert "http" not in policy
    assert "*" not in policy
