"""Kept files as the browser shows them."""

from typing import Any

from django.http import FileResponse

from agency.content import ContentType

# Nothing in a file may run, load or send anything, should a browser take it for a page. Browsers show a PDF in a viewer
# of their own, which a sandbox would keep shut.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def shown_file(file: Any, name: str, content_type: str) -> FileResponse:
    """A file of a row, under the name that people gave it; the caller has looked who asks."""
    response = FileResponse(file.open("rb"), filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    sandbox = "" if content_type == ContentType.PDF else "; sandbox"
    response["Content-Security-Policy"] = _POLICY + sandbox
    return response
