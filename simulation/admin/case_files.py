"""A region's worked cases brought and taken along as files, and those that come with the law."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin.actions import DeskRequest, form_action, link_action
from agency.admin.fields import RegionField, UploadField
from agency.admin.forms import ReasonedForm
from agency.admin.views import page_url, row_view
from simulation.case_files import CaseFileError, cases_text
from simulation.models import WorkedCase
from simulation.selectors.worked_cases import cases_in_use, spec_of
from simulation.services.worked_cases import Taken, take_cases, take_own_cases

READ, BRING = (f"simulation.{verb}_workedcase" for verb in ("view", "add"))
# As many of a file's faults as fit on a screen; the next ones show when these are mended.
_SHOWN = 20


class FileForm(ReasonedForm):
    """Whose cases, and the file."""

    region = RegionField()
    file = UploadField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "A TOML file, such as “The region's cases as a file” gives. A case of the same name is corrected."
        ),
    )


@form_action(
    gettext_lazy("Bring a file of cases"),
    permission=BRING,
    form=FileForm,
    icon="upload_file",
    description=gettext_lazy("All cases of the file are kept, or none where one of them is wrong."),
)
def take_file(page: Any, request: DeskRequest, row: None, data: dict[str, Any]) -> str:
    try:
        taken = take_cases(
            data["region"], data["file"].read(), today=localdate(), actor=request.user, reason=data["reason"]
        )
    except CaseFileError as error:
        more = len(error.problems) - _SHOWN
        rest = [_("… and %(count)s more.") % {"count": more}] if more > 0 else []
        head = _("The file cannot be used. Correct these places in it:")
        raise ValidationError([head, *error.problems[:_SHOWN], *rest]) from error
    return _counted(taken)


class OwnForm(ReasonedForm):
    """Whose cases."""

    region = RegionField()


@form_action(
    gettext_lazy("Bring the cases that come with the law"),
    permission=BRING,
    form=OwnForm,
    icon="library_add",
    description=gettext_lazy(
        "Visits worked out by hand from the region's regulation, article by article, so that every draft is tried on "
        "them. One that was corrected here is again as it came."
    ),
)
def take_own(page: Any, request: DeskRequest, row: None, data: dict[str, Any]) -> str:
    return _counted(take_own_cases(data["region"], today=localdate(), actor=request.user, reason=data["reason"]))


def _counted(taken: Taken) -> str:
    return _("New cases: %(written)s, corrected: %(corrected)s, as they were: %(unchanged)s.") % taken._asdict()


@link_action(gettext_lazy("The region's cases as a file"), permission=READ, icon="download")
def download_cases(page: Any, request: HttpRequest, case: WorkedCase) -> str:
    return page_url(case, "cases")


@row_view("cases.toml", name="cases")
def cases_file(page: Any, request: HttpRequest, case: WorkedCase) -> HttpResponse:
    """All cases of the region that are in use, in the form in which they are brought."""
    text = cases_text(case.region.slug, map(spec_of, cases_in_use(case.region)))
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cases-{case.region.slug}.toml"'
    return response
