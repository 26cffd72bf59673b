"""A member's whole numbers, for a purpose that stays on record."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import link_action
from agency.admin.forms import DeskForm
from agency.admin.permissions import may
from agency.admin.views import list_view, page_url
from agency.scoping import scoped
from audit.models import PURPOSE_ROOM
from audit.recording import where
from audit.services.accesses import REVEAL, reveal_numbers
from members.models import Member

_NAMES = {field.name: field.verbose_name for field in Member._meta.concrete_fields}


class PurposeForm(DeskForm):
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        max_length=PURPOSE_ROOM,
        help_text=gettext_lazy("Such as: compare with the card that the member shows. It stays on record."),
    )


@link_action(gettext_lazy("Show whole numbers"), permission=REVEAL, icon="key")
def reveal(page: Any, request: HttpRequest, member: Member) -> str:
    return reverse("admin:audit_access_reveal", args=[member.pk])


@list_view("reveal/<int:member>/", name="reveal")
def reveal_page(page: Any, request: HttpRequest, member: int) -> HttpResponseBase:
    """Asks for the purpose; then shows the numbers once, on this answer alone."""
    person = scoped(Member.objects.all(), request.user, REVEAL).filter(pk=member).first()
    if person is None or not may(request.user, REVEAL, person):
        raise Http404
    # The log names it as the row that this page shows.
    request.__dict__["_desk_objects"] = {member: person}
    form = PurposeForm(request.POST or None, request=request, permission=REVEAL, obj=person)
    numbers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            actor: Any = request.user
            numbers = reveal_numbers(person, actor=actor, purpose=form.cleaned_data["purpose"], where=where(request))
            request.__dict__["is_on_record"] = True
        except ValidationError as refusal:
            form.refuse(refusal)
    context = {
        **admin.site.each_context(request),
        "title": _("Whole numbers of %(member)s") % {"member": person},
        "member": person,
        "form": form,
        "numbers": [(_NAMES[name], value) for name, value in numbers.items() if value],
        "back_url": page_url(person),
    }
    response = TemplateResponse(request, "audit/reveal.html", context)
    add_never_cache_headers(response)
    return response
