"""Case after case: what waits for a person's decision, in the order in which they come to it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.admin.permissions import may
from agency.admin.views import page_url, row_view
from agency.admin.worklist import Queue, Turn
from agency.declarations import declared
from agency.models import FourEyes
from agency.models.process import SUBMITTED, Whose
from agency.scoping import scoped

# Nobody handles more before the list is read again; more are not counted.
LONGEST = 1000
_DECIDED = (Turn.DECIDE_LATE, Turn.DECIDE)
_SWITCH = "desk_goes_on"


def _queues() -> list[Queue]:
    queues: Iterable[Queue] = declared("worklist")
    return sorted((queue for queue in queues if queue.turn in _DECIDED), key=lambda queue: queue.turn)


def waiting_ids(user: Any, model: type[Model]) -> list[Any]:
    """Ids of a model's rows that wait for this person's decision, what is late first; at most LONGEST."""
    ids: list[Any] = []
    for queue in _queues():
        if queue.model is model and may(user, queue.permission):
            rows = queue.rows(scoped(model._default_manager.all(), user, queue.permission), user)
            ids.extend(rows.values_list("pk", flat=True)[: LONGEST - len(ids)])
    return ids


def waits_for(user: Any, obj: Any) -> bool:
    """Whether a row is one that this person may decide now."""
    if not isinstance(obj, FourEyes) or obj.state != SUBMITTED:
        return False
    moves = (name for name, move in obj.process.moves.items() if move.whose is Whose.ANOTHER)
    return any(obj.is_open_to(user, name) and may(user, obj.permission_for(name), obj) for name in moves)


def next_url(user: Any, obj: Model) -> str:
    """Where the page of a case leads past it; empty for one that does not wait for this person."""
    return page_url(obj, "next_case") if waits_for(user, obj) else ""


def following(before: list[Any], now: list[Any], pk: Any) -> Any:
    """Which of those that wait now came after a row in the list as it was; the first where none did. None: none waits.

    Whoever passed over a case is not led back to it by the next decision.
    """
    place = before.index(pk) if pk in before else -1
    still = set(now) - {pk}
    return next((each for each in (*before[place + 1 :], *now) if each in still), None)


def goes_on(request: HttpRequest) -> bool:
    """Whether the person wants to see the next case after a decision: as the form says, and as they said last."""
    if request.method == "POST":
        request.session[_SWITCH] = "_go_on" in request.POST
    return bool(request.session.get(_SWITCH, True))


def to_next(request: HttpRequest, obj: Model, before: list[Any], said: str, level: int) -> HttpResponse:
    """The page of the next case of the same kind, with what was decided and how many wait; after the last its own page,
    which shows what the decision set going.

    before: `waiting_ids` before the decision.
    """
    now = waiting_ids(request.user, type(obj))
    following_pk = following(before, now, obj.pk)
    if following_pk is None:
        none_left = _("Nothing more of this kind waits for you.")
        messages.add_message(request, level, f"{said} {none_left}")
        return HttpResponseRedirect(page_url(obj))
    messages.add_message(request, level, f"{said} {_more(len(now))}")
    return HttpResponseRedirect(page_url(type(obj)(pk=following_pk)))


def _more(count: int) -> str:
    if count >= LONGEST:
        return _("%(count)s or more wait.") % {"count": f"{LONGEST:,}"}
    return ngettext("%(count)s more waits.", "%(count)s more wait.", count) % {"count": f"{count:,}"}


@row_view("next/", name="next_case")
def next_case(page: Any, request: HttpRequest, obj: Model) -> HttpResponse:
    """The next case of the same kind, without a decision on this one."""
    waiting = waiting_ids(request.user, page.model)
    following_pk = following(waiting, waiting, obj.pk)
    if following_pk is None:
        messages.info(request, _("No other case of this kind waits for you."))
        return HttpResponseRedirect(page_url(obj))
    return HttpResponseRedirect(page_url(page.model(pk=following_pk)))


def first_case(request: HttpRequest) -> HttpResponse:
    """Whatever waits first for this person's decision, of all kinds."""
    for queue in _queues():
        for pk in waiting_ids(request.user, queue.model)[:1]:
            return HttpResponseRedirect(page_url(queue.model(pk=pk)))
    messages.info(request, _("Nothing waits for your decision."))
    return HttpResponseRedirect(reverse("admin:index"))
