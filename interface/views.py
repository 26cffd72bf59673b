"""The one address to which providers' systems send their messages; a browser finds there how to write them."""

import json

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from interface.schema.examples import EXAMPLES
from interface.schema.published import Asked, fields_of, openapi
from interface.schema.requests import Envelope
from interface.services.door import KEY, NONCE, SIGNATURE, TIME, Proof
from interface.services.exchange import answer, turn_away_unread
from interface.services.transactions import TRANSACTIONS


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Answered in Chinese, with 200 whenever it was read; what it says is in infcode."""
    if request.method != "POST":
        return vendors(request)
    with override("zh-hans"):
        try:
            body = request.body
        except RequestDataTooBig:
            written = turn_away_unread(_("The message is too long. Send its lines in several messages."))
        else:
            written = answer(body, Proof.of(request.headers))
    return HttpResponse(written, content_type="application/json; charset=utf-8", headers={"Cache-Control": "no-store"})


def vendors(request: HttpRequest) -> HttpResponse:
    """How a message is written and signed, field by field, in Chinese for those who write hospitals' systems."""
    examples = dict(EXAMPLES)
    transactions = [
        {
            "infno": each.infno,
            "name": each.name,
            "fields": list(fields_of(each.asks)),
            "example": json.dumps(examples[each.infno], ensure_ascii=False, indent=2),
        }
        for each in TRANSACTIONS.values()
    ]
    context = {
        "address": request.build_absolute_uri(reverse("interface")),
        "envelope": list(fields_of(Envelope)),
        "transactions": transactions,
        "headers": (KEY, TIME, NONCE, SIGNATURE),
        "seconds": settings.INTERFACE_CLOCK_SECONDS,
        "a_minute": settings.INTERFACE_MESSAGES_A_MINUTE,
        "days": settings.INTERFACE_LATE_DAYS,
    }
    with override("zh-hans"):
        return render(request, "interface/vendors.html", context)


@require_safe
def schema(request: HttpRequest) -> JsonResponse:
    """The same as OpenAPI."""
    listed = (Asked(each.infno, each.name, each.asks) for each in TRANSACTIONS.values())
    described = openapi(listed, reverse("interface"))
    return JsonResponse(described, json_dumps_params={"ensure_ascii": False})
