"""Kept files as the browser shows them."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from agency.content import ContentType
from agency.exceptions import DomainError
from agency.kept_files import opened_unchanged

# Nothing in a file may run, load or send anything, should a browser take it for a page. Browsers show a PDF in a viewer
# of their own, which a sandbox would keep shut.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def shown_file(file: Any, name: str, content_type: str, *, digest: str) -> HttpResponseBase:
    """A file of a row, under the name that people gave it; the caller has looked who asks.

    digest: its SHA-256 when it was taken in. A sentence (409) instead of a file that is another by now.
    """
    try:
        content = opened_unchanged(file, digest)
    except DomainError as error:
        facts = {"title": _("The file is not shown"), "sentence": error}
        return HttpResponse(render_to_string("agency/refusal.html", facts), status=409)
    response = FileResponse(content, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    sandbox = "" if content_type == ContentType.PDF else "; sandbox"
    response["Content-Security-Policy"] = _POLICY + sandbox
    return response
