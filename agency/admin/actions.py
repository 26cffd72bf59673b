"""Buttons of a page: a form, one service call, a message; or only the way to somewhere else."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from unfold.enums import ActionVariant

from agency.admin.case_queue import goes_on, to_next, waiting_ids, waits_for
from agency.admin.forms import ConfirmForm, DeskForm
from agency.admin.permissions import may
from agency.admin.views import list_url, page_url
from agency.exceptions import MoveNotAllowed, SubmissionVoided
from agency.models import User

Text = str | Promise
Initial = Callable[[Any], dict[str, Any]]
_logger = logging.getLogger(__name__)


class DeskRequest(HttpRequest):
    """A request of somebody who has logged in, as the methods behind buttons get it."""

    user: User


def nothing(obj: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class FormAction:
    """What a button is called, who may press it, what it asks, and when it makes sense.

    `initial` says what its form begins with, from the row (None where something new is entered). `applies` looks at the
    row (and the person) and hides a button that the service would refuse. Where it `decides` what waits for the person,
    the next case opens by itself. `attrs` mark the button.
    """

    title: Text
    permission: str
    form: type[DeskForm]
    description: Text
    submit: Text
    danger: bool
    template: str
    applies: Callable[[Any, Any], bool] | None
    initial: Initial = nothing
    decides: bool = False
    attrs: Mapping[str, str] = field(default_factory=dict)

    def offered_to(self, user: Any, obj: Model | None) -> bool:
        """Whether the button is shown."""
        if not may(user, self.permission, obj):
            return False
        return obj is None or self.applies is None or self.applies(obj, user)


@dataclass(frozen=True, slots=True)
class Done:
    """What the clerk is told, and where the page goes on (to the same row, unless another is named)."""

    message: Text
    target: Model | None = None
    level: int = messages.SUCCESS
    url: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    title: Promise
    buttons: Sequence[Any]


def as_it_is(*names: str) -> Initial:
    """A form that begins with what the row says now."""
    return lambda obj: {name: getattr(obj, name) for name in names}


def single(buttons: Sequence[Any]) -> list[Any]:
    """Every button, those under a heading as well."""
    return [button for each in buttons for button in (each.buttons if isinstance(each, Menu) else (each,))]


def name_of(button: Any) -> str:
    """What a button is called in addresses, be it a function or named as a method of its page."""
    name: str = button if isinstance(button, str) else button.__name__
    return name


def form_action(
    title: Text,
    *,
    permission: str,
    form: type[DeskForm] = ConfirmForm,
    description: Text = "",
    submit: Text = "",
    icon: str | None = None,
    danger: bool = False,
    primary: bool = False,
    template: str = "agency/form_page.html",
    applies: Callable[[Any, Any], bool] | None = None,
    initial: Initial = nothing,
    decides: bool = False,
    attrs: Mapping[str, str] | None = None,
) -> Callable[[Callable[..., Done | Text | HttpResponse]], Callable[..., HttpResponse]]:
    """Turn a function `(page, request, row, cleaned data) -> Done or message` into a button with its form page.

    The function calls one service; where what it made is seen once and never again, it answers with a page of its own.
    What the service refuses with a sentence is shown on the form; the row is one that the person may see, in a region
    where they hold the permission.
    """
    action = FormAction(
        title=title,
        permission=permission,
        form=form,
        description=description,
        submit=submit or title,
        danger=danger,
        template=template,
        applies=applies,
        initial=initial,
        decides=decides,
        attrs=attrs or {},
    )

    def decorate(perform: Callable[..., Done | Text | HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(perform)
        def view(admin: Any, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
            obj = None
            if object_id is not None:
                obj = admin.get_object(request, object_id)
                if obj is None:
                    return admin._get_obj_does_not_exist_redirect(request, admin.opts, object_id)
            return form_page(admin, request, action, obj, perform)

        return _as_button(view, action, icon, perform.__name__, primary=primary)

    return decorate


def link_action(
    title: Text,
    *,
    permission: str,
    icon: str | None = None,
    primary: bool = False,
    applies: Callable[[Any, Any], bool] | None = None,
) -> Callable[[Callable[..., str]], Callable[..., HttpResponse]]:
    """Turn a function `(page, request, row) -> address` into a button that only leads somewhere else. row: None where
    the button stands above a list.
    """
    action = FormAction(
        title=title,
        permission=permission,
        form=ConfirmForm,
        description="",
        submit=title,
        danger=False,
        template="",
        applies=applies,
    )

    def decorate(address: Callable[..., str]) -> Callable[..., HttpResponse]:
        @wraps(address)
        def view(admin: Any, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
            obj = None if object_id is None else admin.get_object(request, object_id)
            if obj is None and object_id is not None:
                return admin._get_obj_does_not_exist_redirect(request, admin.opts, object_id)
            if not may(request.user, permission, obj):
                raise PermissionDenied
            return HttpResponseRedirect(address(admin, request, obj))

        return _as_button(view, action, icon, address.__name__, primary=primary)

    return decorate


def _as_button(
    view: Any, action: FormAction, icon: str | None, name: str, *, primary: bool
) -> Callable[..., HttpResponse]:
    """Give a view what Unfold reads of a button."""
    view.desk_action = action
    view.short_description = action.title
    view.icon = icon
    view.variant = (
        ActionVariant.DANGER if action.danger else ActionVariant.PRIMARY if primary else ActionVariant.DEFAULT
    )
    view.attrs = action.attrs
    view.original_function_name = name
    button: Callable[..., HttpResponse] = view
    return button


def form_page(
    admin: Any,
    request: HttpRequest,
    action: FormAction,
    obj: Model | None,
    perform: Callable[..., Done | Text | HttpResponse],
    **form_options: Any,
) -> HttpResponse:
    """Show the form; when it is sent and holds, call the service; show what it refuses."""
    if not may(request.user, action.permission, obj):
        raise PermissionDenied
    data = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = action.form(
        **data,
        initial=action.initial(obj),
        request=request,
        permission=action.permission,
        obj=obj,
        **form_options,
    )
    form.begin_with(request.GET)
    queue = _queue(request, action, obj)
    came_too_late = False
    if request.method == "POST" and form.all_valid():
        try:
            done = perform(admin, request, obj, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        except tuple(admin.refusals) as error:
            form.refuse(admin.sentence_for(error))
            came_too_late = isinstance(error, (MoveNotAllowed, SubmissionVoided))
        except IntegrityError:
            # Two people did the same at the same moment, or one sent the form twice; a constraint took the first.
            _logger.warning("%s: the database refused it", perform.__name__, exc_info=True)
            form.refuse(str(_("This was recorded a moment ago, perhaps by somebody else. Look at the page again.")))
        else:
            return _go_on(admin, request, obj, done, queue)
    context = _context(admin, request, action, obj, form)
    if obj is not None and came_too_late:
        context["history_url"] = page_url(obj, "history")
    if queue is not None:
        context |= {"is_in_queue": True, "goes_on": goes_on(request)}
    return TemplateResponse(request, action.template, context)


def _queue(request: HttpRequest, action: FormAction, obj: Model | None) -> list[Any] | None:
    """What waits for the person with the row that is decided here, in order; None where they decide by itself."""
    return waiting_ids(request.user, type(obj)) if action.decides and obj and waits_for(request.user, obj) else None


def _go_on(
    admin: Any, request: HttpRequest, obj: Model | None, done: Done | Text | HttpResponse, queue: list[Any] | None
) -> HttpResponse:
    if isinstance(done, HttpResponse):
        return done
    result = done if isinstance(done, Done) else Done(done)
    if obj is not None and queue is not None and goes_on(request):
        return to_next(request, obj, queue, str(result.message), result.level)
    messages.add_message(request, result.level, str(result.message))
    if result.url:
        return HttpResponseRedirect(result.url)
    target = result.target or obj
    if target is None:
        return HttpResponseRedirect(list_url(admin.model))
    return HttpResponseRedirect(page_url(target))


def _context(admin: Any, request: HttpRequest, action: FormAction, obj: Model | None, form: DeskForm) -> dict[str, Any]:
    request.current_app = admin.admin_site.name
    return {
        **admin.admin_site.each_context(request),
        "title": action.title,
        "opts": admin.opts,
        "object": obj,
        "action": action,
        "form": form,
        "media": form.media,
        "back_url": page_url(obj) if obj is not None else list_url(admin.model),
    }
