"""The pages that stand instead of an answer: a sentence and a way out, without the database."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request as plain_bad_request


class UploadRefused(SuspiciousOperation):
    """A file that is too large, or that nobody asked for; the text is a sentence for the person."""


def refusal(title: str, sentence: str, *, status: int) -> HttpResponse:
    """A whole page that says what was refused and why."""
    written = render_to_string("agency/refusal.html", {"title": title, "sentence": sentence})
    return HttpResponse(written, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for a refused upload, 400 for the rest."""
    if isinstance(exception, UploadRefused):
        title, sentence = exception.args
        return refusal(title, sentence, status=413)
    return plain_bad_request(request, exception)
