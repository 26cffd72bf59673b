"""What is checked of a draft before it is submitted: on its page, in the form for it, and for whoever publishes."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.admin import column
from agency.admin.fields import REASON_LENGTH, TextField
from agency.admin.formats import badge
from agency.admin.forms import DecisionForm, DeskForm
from agency.admin.panels import Table, TablesPanel
from agency.declarations import declared
from policies.admin.differences import book_of
from policies.admin.figures import citation, rule_name
from policies.models import RULE_MODELS, Article, PolicyVersion, VersionState
from policies.pack.checking import problems_of
from policies.selectors.checks import Doubt, warnings_about
from policies.selectors.periods import has_past_days, held_twice, law_beside
from policies.selectors.versions import base_of

# What publishing a version for past days concerns in a room, for whoever may see it.
Effect = Callable[[PolicyVersion, Any], Table | None]


class ChecksPanel(TablesPanel):
    """Complete or not, what needs a reason, which words could not be looked for."""

    name = "checks"
    title = gettext_lazy("Checks")

    def is_shown(self) -> bool:
        """Of what is not law yet."""
        return super().is_shown() and self.obj.state in (VersionState.DRAFT, VersionState.SUBMITTED)

    def tables(self) -> list[Table]:
        """What stops a submission first."""
        return [self._problems(), doubts_table(self.obj, self._doubts()), self._unchecked()]

    def _doubts(self) -> list[Doubt]:
        """From what the page has read already."""
        base = base_of(self.obj)
        return warnings_about(self.obj, (book_of(self.obj), book_of(base))) if base is not None else []

    def _problems(self) -> Table:
        columns = [column.heading(_("Rule")), column.heading(_("What is wrong"))]
        days = [(_("in force"), sentence) for sentence in held_twice(self.obj, law_beside(self.obj))]
        rows = [(problem.key, problem.in_words()) for problem in problems_of(book_of(self.obj))]
        empty = _("Every case and day is decided by exactly one rule, and every figure is one that a rule may have.")
        return Table(columns, [*days, *rows], _("Must be put right before it is submitted"), empty)

    def _unchecked(self) -> Table:
        """What the draft changes, under words that nobody could look for."""
        base = base_of(self.obj)
        old = {_cited(row) for rows in book_of(base).values() for row in rows} if base is not None else set()
        rows = [row for model in RULE_MODELS for row in book_of(self.obj)[model] if _cited(row) not in old]
        documents = {row.instrument_id or self.obj.instrument_id for row in rows}
        texts = Article.objects.filter(instrument__in=documents).exclude(text="") if documents else ()
        kept = {(article.instrument_id, article.number) for article in texts}
        missing = [row for row in rows if (row.instrument_id or self.obj.instrument_id, row.article) not in kept]
        columns = [column.heading(_("Rule")), column.heading(_("Where it stands"))]
        return Table(
            columns,
            [(rule_name(row), citation(row)) for row in missing],
            _("Could not be looked for, because the document's text is not kept here"),
            _("All words that the draft cites anew stand in their articles."),
        )


def _cited(row: Any) -> tuple[Any, ...]:
    return type(row), row.article, row.phrase, *(getattr(row, name) for name in row.unique_fields)


def doubts_table(version: PolicyVersion, doubts: Sequence[Doubt]) -> Table:
    """Each warning with the reason that was given for it."""
    columns = [column.heading(_("Warning")), column.heading(_("Reason"))]
    rows = [
        (doubt.sentence, version.explained.get(doubt.key) or badge(_("needs a reason"), "warning")) for doubt in doubts
    ]
    return Table(columns, rows, _("Warnings that need a reason"), _("Nothing looks unusual."))


class SubmitForm(DeskForm):
    """A reason for each warning."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """With a field for each."""
        super().__init__(*args, **options)
        version: Any = self.obj
        self.doubts = {f"why-{number}": doubt for number, doubt in enumerate(warnings_about(version))}
        for name, doubt in self.doubts.items():
            self.fields[name] = TextField(
                label=str(doubt.sentence),
                max_length=REASON_LENGTH,
                help_text=gettext_lazy("Why this is right; whoever publishes it sees this."),
            )
            self.initial.setdefault(name, version.explained.get(doubt.key, ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return {"reasons": {doubt.key: data.get(name, "") for name, doubt in self.doubts.items()}}


class PublishForm(DecisionForm):
    """Whoever publishes sees what looked unusual and why it is right, and what a version for past days concerns."""

    @property
    def sentences(self) -> Sequence[str]:
        version: Any = self.obj
        if not has_past_days(version, localdate()):
            return []
        return [_("Days of this version are over. Publishing it concerns what was done on them, and takes a reason.")]

    @property
    def tables(self) -> Sequence[Table]:
        """The warnings; for past days also what every room has done under the law that held before."""
        version: Any = self.obj
        effects: list[Effect] = declared("law_effects") if has_past_days(version, localdate()) else []
        concerned = (effect(version, self.request.user) for effect in effects)
        return [doubts_table(version, warnings_about(version)), *(table for table in concerned if table is not None)]
