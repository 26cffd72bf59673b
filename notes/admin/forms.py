"""What is asked where somebody writes a note, finishes a task or hands it on."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminSelect2Widget, UnfoldAdminTextareaWidget

from agency.admin.forms import DeskForm
from agency.models import User
from notes.models import TEXT_ROOM, Task
from notes.selectors.colleagues import colleagues_for


class NoteField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        widget = UnfoldAdminTextareaWidget(attrs={"rows": 4})
        super().__init__(max_length=TEXT_ROOM, widget=widget, **options)


class NoteForm(DeskForm):
    """The text, and who is to do something about it; the hidden key makes a second click write nothing more."""

    text = NoteField(
        label=pgettext_lazy("of colleagues", "Note"),
        help_text=_("Colleagues who may see this page read it. An @ before a colleague's name gives them a task."),
    )
    colleagues = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("For the task list of"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget(),
        help_text=_("Type a name to find it. Only colleagues who can be asked are listed."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, **options: Any) -> None:
        """With the colleagues who can be asked about this thing."""
        super().__init__(*args, **options)
        if self.obj is not None:
            self.fields["colleagues"].queryset = colleagues_for(self.obj)  # type: ignore[attr-defined]


class FinishForm(DeskForm):
    """An answer, where there is one to give."""

    answer = NoteField(
        label=_("What came of it"), required=False, help_text=_("Stays as a note on the page. Empty: no note.")
    )


class HandOnForm(DeskForm):
    """To whom, and what is still to be done."""

    to = forms.ModelChoiceField(
        User.objects.none(), label=_("Hand on to"), empty_label=_("Choose…"), widget=UnfoldAdminSelect2Widget()
    )
    text = NoteField(
        label=pgettext_lazy("of colleagues", "Note"), help_text=_("What is still to be done, and why you hand it on.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """With the colleagues who can be asked and do not have it already."""
        super().__init__(*args, **options)
        if isinstance(self.obj, Task):
            others = colleagues_for(self.obj.note.thing).exclude(pk=self.obj.assignee_id)
            self.fields["to"].queryset = others  # type: ignore[attr-defined]
