"""A rate is changed by drafting a version from another one; a second person publishes it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from agency.services.moves import arrive, decide, locked, submit
from policies.models import RULE_MODELS, LawChange, LawChangeCause, PolicyVersion, VersionState
from policies.pack.checking import problems_of
from policies.selectors.books import Book, read_book
from policies.selectors.checks import warnings_about
from policies.selectors.periods import has_past_days, held_twice, law_beside
from policies.selectors.versions import policy_of
from policies.services.instruments import Passage, check_passage
from policies.services.packs import copy_rows

_SHOWN = 5  # Of many sentences, so many fit above a form; the draft's page has them all.


def version_payload(version: PolicyVersion, book: Book | None = None) -> dict[str, Any]:
    """Everything that publishing would make law; its digest is what the second person decides on.

    book: its rules, where they were read.
    """
    payload: dict[str, Any] = {
        "region": version.region_id,
        "instrument": version.instrument_id,
        "label": version.label,
        "since": version.period.lower,
        "until": version.period.upper,
        "explained": version.explained,
        "entry into force": [version.article, version.phrase, version.reading],
    }
    book = book or read_book(version)
    for model in RULE_MODELS:
        names = [*model.key_fields, *model.value_fields, "instrument_id", "article", "phrase", "reading"]
        payload[model._meta.model_name or ""] = [[getattr(row, name) for name in names] for row in book[model]]
    return payload


@transaction.atomic
def draft_version(
    source: PolicyVersion,
    *,
    label: str,
    first_day: date,
    last_day: date | None,
    actor: User,
    reason: str,
    rests_on: Passage | None = None,
) -> PolicyVersion:
    """Copy a version's rules into a new draft that would hold from first_day to last_day (None: open-ended).

    rests_on: the new document, and its words on entry into force; what is copied keeps resting on the old one.
    DomainError where the label is taken, the days are no period, no reason is given, or the words are not in the
    document; ValidationError without them.
    """
    if rests_on is not None:
        check_passage(rests_on)
    else:
        rests_on = Passage(source.instrument, source.article, source.phrase, source.reading)
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    if last_day is not None and last_day < first_day:
        raise DomainError(_("The last day lies before the first."))
    if PolicyVersion.objects.filter(region=source.region, label=label).exists():
        raise DomainError(_("There is a version %(label)s already. Choose another label.") % {"label": label})
    draft = PolicyVersion(
        region=source.region,
        instrument=rests_on.instrument,
        label=label,
        period=DateRange(first_day, last_day + timedelta(days=1) if last_day else None),
        article=rests_on.article,
        phrase=rests_on.phrase,
        reading=rests_on.reading,
        copied_from=source,
        drafted_by=actor,
    )
    note_author(draft, actor.pk)
    tracked_save(draft, actor, reason)
    copy_rows(source, draft)
    return draft


@transaction.atomic
def submit_version(version: PolicyVersion, *, actor: User, reasons: Mapping[str, str] | None = None) -> None:
    """Hand a draft to another person. MissingLaw where its rows do not decide everything.

    reasons: why each warning about it is right, by its key; they are part of what is submitted. DomainError for what a
    pack with these rules would be refused for, for days on which a later version holds, and for a warning without a
    reason.
    """
    draft = locked(version, "submit")
    _refuse_days_held_twice(draft, law_beside(draft))
    policy_of(draft)
    if problems := list(problems_of(read_book(draft))):
        told = "; ".join(problem.told() for problem in problems[:_SHOWN])
        raise DomainError(_("The rules are not complete: %(problems)s") % {"problems": told})
    given = {key: reason.strip() for key, reason in (reasons or {}).items()}
    found = warnings_about(draft)
    if unexplained := [str(warning.sentence) for warning in found if not given.get(warning.key)]:
        raise DomainError(
            _("Give the reason for each warning: %(warnings)s") % {"warnings": "; ".join(unexplained[:_SHOWN])}
        )
    draft.explained = {warning.key: given[warning.key] for warning in found}
    submit(draft, version_payload(draft), actor)


def _refuse_days_held_twice(version: PolicyVersion, law: Iterable[PolicyVersion]) -> None:
    if sentences := held_twice(version, law):
        raise DomainError(sentences[0])


@transaction.atomic
def return_version(version: PolicyVersion, *, actor: User, reason: str, seen: str = "") -> None:
    """Send a submitted version back to be edited; the reason is required. seen: as of `record_decision`."""
    submitted = locked(version, "return")
    decide(submitted, version_payload(submitted), actor, reason, seen)
    arrive(submitted, actor, reason)


@transaction.atomic
def publish_version(version: PolicyVersion, *, actor: User, today: date, reason: str = "", seen: str = "") -> None:
    """Make a submitted version law; the version that held before ends the day before it begins.

    SamePersonDecides for whoever submitted it, drafted it or wrote a figure of it; SubmissionVoided where it is not
    what was submitted or seen; DomainError where a published version begins inside its period, or days of it are over
    by today and no reason is given.
    Months that have begun by today are marked, so that the next credit run posts what they now differ by.
    """
    submitted = locked(version, "publish")
    decide(submitted, version_payload(submitted), actor, reason, seen)
    first_day = submitted.period.lower
    if has_past_days(submitted, today) and not reason.strip():
        raise DomainError(_("Days of this version are over. Give the reason for publishing it now."), field="reason")
    published = PolicyVersion.objects.select_for_update(of=("self",)).filter(
        region=submitted.region, state=VersionState.PUBLISHED, period__overlap=submitted.period
    )
    _refuse_days_held_twice(submitted, published)
    for earlier in published:
        earlier.period = DateRange(earlier.period.lower, first_day)
        tracked_save(earlier, actor, f"ends before {submitted.label}")
    arrive(submitted, actor, reason or "published")
    first_month = first_day.replace(day=1)
    if first_month <= today:
        LawChange.objects.create(region=submitted.region, first_month=first_month, cause=LawChangeCause.POLICY_VERSION)


@transaction.atomic
def discard_version(version: PolicyVersion, *, actor: User, reason: str) -> None:
    """Give up a draft; its label is free again. MoveNotAllowed unless it is a draft, DomainError without a reason."""
    draft = locked(version, "discard")
    draft.label = f"{draft.label} #{draft.pk}"[:32]
    arrive(draft, actor, reason)
