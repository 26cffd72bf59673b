"""What is entered about a reimbursement, and the slip of missing papers."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from agency.admin.fields import ChoiceField, ChoicesField, DayField, PersonalNumberField, ReasonField, TextField
from agency.admin.forms import DecisionForm, DeskForm, ReasonedForm
from claims.models import DocumentKind
from reimbursements.models import MissingPapers, Reimbursement, ReimbursementKind


class DescriptionForm(ReasonedForm):
    """Why it is reimbursed by hand, and who gets the money."""

    kind = ChoiceField(label=gettext_lazy("Kind"), choices=ReimbursementKind.choices)
    payee_name = TextField(label=gettext_lazy("Payee"), max_length=64, required=False)
    payee_bank = TextField(label=gettext_lazy("Bank"), max_length=120, required=False)
    payee_account = PersonalNumberField(label=gettext_lazy("Bank account number"), max_length=40, required=False)


class MissingPapersForm(DeskForm):
    """Everything that is missing, at once."""

    kinds = ChoicesField(label=gettext_lazy("Papers that are missing"), choices=DocumentKind.choices)
    note = TextField(label=gettext_lazy("Note"), max_length=300, required=False)
    on = DayField(label=gettext_lazy("Told on"), initial=localdate)


class CompleteForm(ReasonedForm):
    """The day from which the office's time limit runs, and why papers may have no file."""

    on = DayField(label=gettext_lazy("Documents complete on"), initial=localdate)
    accepted_without = TextField(
        label=gettext_lazy("Why papers have no file"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Only where papers of the checklist were not uploaded, such as originals seen at the counter. "
            "Whoever decides is shown it."
        ),
    )


class SubmitForm(DeskForm):
    """Nothing to enter, unless it was refused before."""

    reason = ReasonField(
        label=gettext_lazy("Reason for submitting it again"),
        required=False,
        help_text=gettext_lazy("Required after a refusal: what has changed since. Whoever decides is shown it."),
    )


class AcceptLateForm(DecisionForm):
    """Against the rule, which says why."""

    reason = ReasonField()


class NewPayeeForm(ReasonedForm):
    """Where the money goes from now on."""

    payee_name = TextField(label=gettext_lazy("Payee"), max_length=64)
    payee_bank = TextField(label=gettext_lazy("Bank"), max_length=120)
    payee_account = PersonalNumberField(label=gettext_lazy("Bank account number"), max_length=64)


def told_kinds(papers: MissingPapers) -> list[str]:
    """The missing papers by name."""
    return [str(DocumentKind(kind).label) for kind in papers.kinds]


def missing_papers_of(reimbursement: Reimbursement) -> MissingPapers | None:
    """What the member was told to bring; None where nothing was told."""
    return getattr(reimbursement, "missing_papers", None)
