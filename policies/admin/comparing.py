"""Versions beside each other, on pages to print: any two, and every figure that changed in time."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.actions import DeskRequest, Done, form_action, link_action
from agency.admin.fields import ChoiceField
from agency.admin.formats import NOTHING, day, days
from agency.admin.forms import DeskForm
from agency.admin.panels import Table
from agency.admin.views import page_url, row_view
from policies.admin.differences import book_of, differences
from policies.admin.figures import all_figures, rule_name, written
from policies.models import RULE_MODELS, PolicyVersion, VersionState
from policies.selectors.books import Book
from policies.selectors.law_in_time import versions_in_time

VIEW = "policies.view_policyversion"

_DIFFERENCES = (
    column.text("kind", gettext_lazy("Kind")),
    column.text("rule", gettext_lazy("Rule")),
    column.text("field", gettext_lazy("Field")),
    column.text("before", gettext_lazy("Before")),
    column.text("after", gettext_lazy("After")),
)


def differences_table(before: PolicyVersion, after: PolicyVersion) -> Table:
    """What the later version says otherwise."""
    caption = _("Compared with version %(label)s") % {"label": before.label}
    changes = differences(book_of(before), book_of(after))
    return Table.of(changes, _DIFFERENCES, caption=caption, empty=_("No rule differs."))


class OtherVersionForm(DeskForm):
    """Which of the region's versions."""

    other = ChoiceField(label=gettext_lazy("Version"), choices=(), coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        version: Any = self.obj
        others = versions_in_time(version.region).exclude(pk=version.pk)
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            (each.pk, f"{each.label} · {days(each.period)} · {each.get_state_display()}") for each in others
        ]


@form_action(
    gettext_lazy("Compare with another version"),
    permission=VIEW,
    form=OtherVersionForm,
    submit=gettext_lazy("Compare"),
    icon="compare_arrows",
    description=gettext_lazy("Everything in which the two differ, on one page to print."),
)
def compare(page: Any, request: DeskRequest, version: PolicyVersion, data: dict[str, Any]) -> Done:
    address = reverse("admin:policies_policyversion_differences_from", args=[version.pk, data["other"]])
    return Done(_("Both versions are on this page, the earlier one first."), url=address)


@row_view("differences/<int:other_id>/", name="differences_from")
def differences_page(page: Any, request: HttpRequest, version: PolicyVersion, other_id: int) -> HttpResponse:
    """Two versions of a region, the earlier one first."""
    other = versions_in_time(version.region).filter(pk=other_id).first()
    if other is None:
        raise Http404
    other.region = version.region
    before, after = sorted((version, other), key=lambda each: (each.period.lower, each.pk))
    return _paper(
        request,
        version,
        _("Versions %(before)s and %(after)s") % {"before": before.label, "after": after.label},
        [_who_and_when([before, after]), differences_table(before, after)],
    )


@link_action(gettext_lazy("Every figure that changed"), permission=VIEW, icon="timeline")
def changes_in_time(page: Any, request: HttpRequest, version: PolicyVersion) -> str:
    return page_url(version, "in_time")


@row_view("in-time/", name="in_time")
def in_time(page: Any, request: HttpRequest, version: PolicyVersion) -> HttpResponse:
    """Every figure that is not the same in all the published versions and this one: who set it, when, on what."""
    shown = [each for each in versions_in_time(version.region) if _is_shown(each, version)]
    for each in shown:
        each.region = version.region
    title = _("Every figure that changed")
    return _paper(request, version, title, [_who_and_when(shown), _changes(shown)])


def _is_shown(each: PolicyVersion, version: PolicyVersion) -> bool:
    return each.state == VersionState.PUBLISHED or each.pk == version.pk


def _who_and_when(versions: Sequence[PolicyVersion]) -> Table:
    columns = (
        column.text("label"),
        column.days("period"),
        column.state(),
        column.text("instrument__number", _("Document")),
        column.text("drafted_by", _("Drafted by")),
        column.text("submitted_by"),
        column.text("decided_by"),
        column.instant("decided_at"),
    )
    return Table.of(versions, columns, caption=_("Versions"))


def _changes(versions: Sequence[PolicyVersion]) -> Table:
    """A row for each rule that is not the same in all of them, a column for each version."""
    books = [book_of(each) for each in versions]
    columns = [column.heading(_("Rule")), *(column.heading(each.label) for each in versions)]
    rows = [row for model in RULE_MODELS for row in _of_kind(model, books)]
    return Table(columns, rows, _("Figures"), empty=_("No rule differs."))


def _of_kind(model: Any, books: Sequence[Book]) -> list[list[Any]]:
    by_key = [{tuple(getattr(row, name) for name in model.key_fields): row for row in book[model]} for book in books]
    rows = []
    for key in dict.fromkeys(key for held in by_key for key in held):
        held = [each.get(key) for each in by_key]
        row = next(each for each in held if each is not None)
        if len({_said(each) for each in held}) > 1:
            cells = [NOTHING if each is None else all_figures(each, "") for each in held]
            rows.append([f"{model._meta.verbose_name} · {rule_name(row)}", *cells])
    return rows


def _said(row: Any) -> tuple[str, ...] | None:
    """What a rule says, without where it stands."""
    return None if row is None else tuple(written(row, name) for name in row.value_fields)


def _paper(request: HttpRequest, version: PolicyVersion, title: str, tables: list[Table]) -> HttpResponse:
    context = {
        "region": version.region,
        "title": title,
        "tables": tables,
        "printed_on": day(localdate()),
        "back_url": page_url(version),
    }
    return TemplateResponse(request, "policies/versions_paper.html", context)
