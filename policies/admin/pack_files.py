"""Packs at the screen: a version as a file, and a draft from one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, Done, form_action, link_action
from agency.admin.fields import RegionField, TextField, UploadField
from agency.admin.forms import ReasonedForm
from agency.admin.views import page_url, row_view
from policies.models import PolicyVersion
from policies.pack import PackError, pack_text
from policies.services.pack_drafts import draft_from_pack

# As many of a pack's faults as fit on a screen; the next ones show when these are mended.
_SHOWN = 20


class PackForm(ReasonedForm):
    """Whose law it is, the file, and which of its versions."""

    region = RegionField()
    file = UploadField(
        label=gettext_lazy("Pack"),
        help_text=gettext_lazy("A TOML file, such as “Download as a pack” on a version gives."),
    )
    label = TextField(
        label=gettext_lazy("Label"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("Which version of the pack; leave it empty where it has one."),
    )


@form_action(
    gettext_lazy("Draft from a pack"),
    permission="policies.change_policyversion",
    form=PackForm,
    icon="upload_file",
    description=gettext_lazy(
        "A version written elsewhere becomes a draft with its document, articles and every rule. It is edited and "
        "submitted here, and another person publishes it."
    ),
)
def from_pack(page: Any, request: DeskRequest, row: None, data: dict[str, Any]) -> Done:
    file = data["file"]
    try:
        draft = draft_from_pack(
            data["region"], file.name, file.read(), label=data["label"], actor=request.user, reason=data["reason"]
        )
    except PackError as error:
        shown = [problem.told() for problem in error.problems[:_SHOWN]]
        more = len(error.problems) - len(shown)
        rest = [_("… and %(count)s more.") % {"count": more}] if more else []
        raise ValidationError([_("The pack cannot be used. Correct these places in it:"), *shown, *rest]) from error
    return Done(_("The draft %(label)s is ready to be edited.") % {"label": draft.label}, draft)


@link_action(gettext_lazy("Download as a pack"), permission="policies.view_policyversion", icon="download")
def download_pack(page: Any, request: HttpRequest, version: PolicyVersion) -> str:
    return page_url(version, "pack")


@row_view("pack.toml", name="pack")
def pack(page: Any, request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    """The version as a file that another office, or this one, makes a draft from."""
    response = HttpResponse(pack_text(version), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{version.region.slug}-{version.pk}.toml"'
    return response
