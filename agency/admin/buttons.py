"""The buttons of a page and of its list, and the one that adds."""

from collections.abc import Callable, Mapping, Sequence
from types import MethodType
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction

from agency.admin.actions import FormAction, Menu, name_of, single
from agency.exceptions import DomainError


class WithButtons(ModelAdmin):
    """A page with buttons. `refusals` are the errors of services that become sentences, each with how it is said."""

    adds_with: ClassVar[Any] = None
    buttons: Sequence[Any] = ()
    list_buttons: Sequence[Any] = ()
    refusals: ClassVar[Mapping[type[Exception], Callable[[Any], str]]] = {DomainError: str}

    def button(self, name: str) -> Callable[..., HttpResponse]:
        """The button of this name, of this page."""
        for each in single((*self.buttons, *self.list_buttons)):
            if not isinstance(each, str) and name_of(each) == name:
                return MethodType(each, self)
        bound: Callable[..., HttpResponse] = getattr(self, name)
        return bound

    @property
    def actions_detail(self) -> list[Any]:
        """The buttons as Unfold lists them: by name."""
        return _for_unfold(self.buttons)

    @property
    def actions_list(self) -> list[Any]:
        """The buttons above the list as Unfold lists them."""
        return _for_unfold(self.list_buttons)

    def _get_instance_method(self, method_name: str) -> Callable[..., HttpResponse]:
        """Where Unfold looks for the button of a name."""
        return self.button(method_name)

    @property
    def _adding(self) -> Any:
        return getattr(self, self.adds_with) if isinstance(self.adds_with, str) else self.adds_with

    @property
    def add_action(self) -> FormAction | None:
        """The form action behind "add"."""
        return self._adding.desk_action if self.adds_with else None

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form of the action that adds."""
        if not self.has_add_permission(request) or self.adds_with is None:
            raise PermissionDenied
        response: HttpResponse = self._adding(request)
        return response

    def sentence_for(self, error: Exception) -> str:
        """What the clerk reads where a service refuses."""
        return next(said(error) for kind, said in self.refusals.items() if isinstance(error, kind))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """The buttons that make sense for this row and this person."""
        obj = self.get_object(request, str(object_id))
        if obj is None:
            return []
        return [
            button
            for button in self._get_base_actions_detail()
            if (action := getattr(button.method, "desk_action", None)) is None or action.offered_to(request.user, obj)
        ]

    def get_actions_list(self, request: HttpRequest) -> list[UnfoldAction]:
        """The list's own buttons that this person may press."""
        return [
            button
            for button in self._get_base_actions_list()
            if (action := getattr(button.method, "desk_action", None)) is None or action.offered_to(request.user, None)
        ]


def _for_unfold(buttons: Sequence[Any]) -> list[Any]:
    return [
        {"title": each.title, "items": [name_of(button) for button in each.buttons]}
        if isinstance(each, Menu)
        else name_of(each)
        for each in buttons
    ]
