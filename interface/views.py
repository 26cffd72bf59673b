"""The one address to which providers' systems send their messages."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from interface.services.door import Proof
from interface.services.exchange import answer, turn_away_unread


@csrf_exempt
@require_POST
def exchange(request: HttpRequest) -> HttpResponse:
    """Answered in Chinese, with 200 whenever it was read; what it says is in infcode."""
    with override("zh-hans"):
        try:
            body = request.body
        except RequestDataTooBig:
            written = turn_away_unread(_("The message is too long. Send its lines in several messages."))
        else:
            written = answer(body, Proof.of(request.headers))
    return HttpResponse(written, content_type="application/json; charset=utf-8", headers={"Cache-Control": "no-store"})
