"""Taking what waits, so that no two open the same case: on home, and on the page of the row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget

from agency.admin.actions import FormAction, form_page
from agency.admin.formats import NOTHING, instant, link
from agency.admin.forms import ReasonedForm
from agency.admin.permissions import may
from agency.admin.views import page_url
from agency.admin.worklist import TURNS, Queue, Waiting
from agency.declarations import declared
from agency.exceptions import DomainError
from agency.models import TakenCase, User
from agency.scoping import view_permission_of
from agency.services import cases

_BETWEEN = "|"


@dataclass(frozen=True)
class Case:
    """What waits for a permission about a row, as one person sees it. `queue`: where it waits for them, if it does."""

    row: Model
    permission: str
    held: TakenCase | None
    user: Any
    queue: Queue | None = None

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{TakenCase.name_of(self.row)}{_BETWEEN}{self.permission}"

    @cached_property
    def is_mine(self) -> bool:
        return self.held is not None and self.held.holder_id == self.user.pk

    @property
    def may_take(self) -> bool:
        return self.held is None and self.queue is not None

    @cached_property
    def may_hand_over(self) -> bool:
        """Whether the person has it, or looks after who has what."""
        return self.held is not None and (self.is_mine or may(self.user, cases.HAND_OVER, self.row))

    @property
    def hand_over_url(self) -> str:
        return f"{reverse('admin:hand_over_case')}?{urlencode({'case': self.key})}"

    @property
    def sentence(self) -> str:
        """Who has it since when, or what there is to do."""
        if self.held is None:
            return _("This waits for you: %(what)s.") % {"what": TURNS[self.queue.turn] if self.queue else ""}
        facts = {"colleague": self.held.holder, "instant": instant(self.held.since)}
        if self.is_mine:
            return _("You have taken this since %(instant)s") % facts
        return _("%(colleague)s has taken this since %(instant)s") % facts


class HandOverForm(ReasonedForm):
    """To whom: somebody for whom it waits as well."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Colleague"),
        empty_label=gettext_lazy("Choose…"),
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["to"]
        colleagues = cases.colleagues_for(case.row, case.permission)
        field.queryset = colleagues.exclude(pk=case.held.holder_id) if case.held else colleagues
        self._case = case

    def clean_to(self) -> Any:
        """Whoever wrote a part of what is to be decided has the permission, and may not do it all the same."""
        to = self.cleaned_data["to"]
        queues = [each for each in _queues_of(type(self._case.row)) if each.permission == self._case.permission]
        if not any(each.rows_for(to).filter(pk=self._case.row.pk).exists() for each in queues):
            raise ValidationError(_("This does not wait for this colleague. Choose another one."))
        return to


def cases_on(user: Any, row: Model) -> Sequence[Case]:
    """What waits for the person about a row, and what colleagues have taken of it."""
    queues = _queues_of(type(row))
    if not queues:
        return ()
    waiting: dict[str, Queue] = {}
    for queue in queues:
        if queue.permission not in waiting and queue.rows_for(user).filter(pk=row.pk).exists():
            waiting[queue.permission] = queue
    held = {each.permission: each for each in cases.taken_of([row]).values()}
    permissions = [*waiting, *(each for each in held if each not in waiting)]
    return [Case(row, each, held.get(each), user, waiting.get(each)) for each in permissions]


def cases_of(waiting: Iterable[Waiting], user: Any) -> dict[tuple[Any, Queue | None], Case]:
    """What waits, as cases of the person, by row and queue. One query."""
    listed = list(waiting)
    held = cases.taken_of([each.obj for each in listed])
    return {
        (each.obj, each.queue): Case(
            each.obj,
            each.queue.permission,
            held.get((TakenCase.name_of(each.obj), each.queue.permission)),
            user,
            None if each.queue.is_own else each.queue,
        )
        for each in listed
        if each.queue
    }


def buttons_of(case: Case) -> Any:
    """Who has it, and what the person may do about that; part of a form that takes the case it is sent."""
    if case.may_take:
        return _button(case, reverse("admin:take_case"), _("Take"))
    if case.held is None:
        return NOTHING
    if not case.may_hand_over:
        return case.held.holder
    holder = _("you") if case.is_mine else case.held.holder
    back = _button(case, reverse("admin:give_back_case"), _("Let others take it"))
    return format_html("{} · {} · {}", holder, back, link(case.hand_over_url, _("Hand over")))


def _button(case: Case, address: str, words: str) -> Any:
    return format_html(
        '<button type="submit" name="case" value="{}" formaction="{}" class="desk-link cursor-pointer">{}</button>',
        case.key,
        address,
        words,
    )


def _queues_of(model: type[Model]) -> list[Queue]:
    return [queue for queue in declared("worklist") if queue.model is model and not queue.is_own]


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the case that is sent and go on to its page; where a colleague was quicker, say who."""
    case, actor = _asked(request), _actor(request)
    if case.queue is None:
        messages.warning(request, _("This does not wait for you any more."))
        return _back(request)
    try:
        cases.take_case(case.row, case.permission, actor=actor)
    except DomainError as error:
        messages.error(request, str(error))
        return _back(request)
    messages.success(request, _("You have taken this. Colleagues see that you are at it."))
    return HttpResponseRedirect(page_url(case.row))


@require_POST
def give_back(request: HttpRequest) -> HttpResponse:
    """Let colleagues take the case that is sent."""
    case = _asked(request)
    try:
        cases.give_back(case.row, case.permission, actor=_actor(request))
        messages.success(request, _("Colleagues can take this again."))
    except DomainError as error:
        messages.error(request, str(error))
    return _back(request)


def hand_over(request: HttpRequest) -> HttpResponse:
    """The form that hands the case of the address over. Http404 for whoever may not."""
    case = _asked(request)
    if not case.may_hand_over:
        raise Http404
    action = FormAction(
        title=_("Hand over"),
        permission=view_permission_of(type(case.row)),
        form=HandOverForm,
        description=case.sentence,
        submit=_("Hand over"),
        danger=False,
        template="agency/form_page.html",
        applies=None,
    )

    def perform(page: Any, request: HttpRequest, row: Model, data: dict[str, Any]) -> str:
        held = cases.hand_over(row, case.permission, to=data["to"], actor=_actor(request), reason=data["reason"])
        return _("%(colleague)s has it now.") % {"colleague": held.holder}

    page = admin.site.get_model_admin(type(case.row))
    return form_page(page, request, action, case.row, perform, case=case)


def _actor(request: HttpRequest) -> Any:
    return request.user


def _asked(request: HttpRequest) -> Case:
    """The case that a form or an address names. Http404 where the person sees none of this name."""
    name, _sep, permission = (request.POST.get("case") or request.GET.get("case", "")).partition(_BETWEEN)
    label, _sep, key = name.partition(":")
    queues = [each for each in declared("worklist") if each.model._meta.label_lower == label and not each.is_own]
    if not queues or not key.isdecimal() or len(key) > 18:
        raise Http404
    page = admin.site.get_model_admin(queues[0].model)
    row = page.get_object(request, key)
    found = next((each for each in cases_on(request.user, row) if each.permission == permission), None) if row else None
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if is_ours else reverse("admin:index"))
