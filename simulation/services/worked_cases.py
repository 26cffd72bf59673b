"""What a policy officer does with worked cases: write, correct and withdraw them, bring a file of them, and say which
ones a draft is meant to change.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import PoolingRegion, User
from agency.services.history import REASON_LENGTH, tracked_save
from claims.services.trials import try_under
from policies.models import Disease, PolicyVersion, VersionState
from simulation.case_files import CaseFileError, own_cases, parse_cases
from simulation.case_format import Case
from simulation.models import ExpectedChange, WorkedCase
from simulation.selectors.worked_cases import cases_in_use, spec_of
from simulation.services.case_runs import digest_of, question_of, run_cases
from simulation.services.simulations import content_digest


@transaction.atomic
def write_case(region: PoolingRegion, spec: Case, *, today: date, actor: User, reason: str) -> WorkedCase:
    """Keep a case of a region. DomainError for a name that is taken, and for a visit that nobody could calculate."""
    _check(region, spec, today)
    _check_name(region, spec.name, None)
    row = WorkedCase(region=region, written_by=actor)
    return _saved(row, spec, actor, reason)


@transaction.atomic
def correct_case(case: WorkedCase, spec: Case, *, today: date, actor: User, reason: str) -> WorkedCase:
    """Let a case say something else; its history keeps what it said. MoveNotAllowed for one that was withdrawn."""
    held = _held(case)
    _check(held.region, spec, today)
    _check_name(held.region, spec.name, held)
    return _saved(held, spec, actor, reason)


@transaction.atomic
def withdraw_case(case: WorkedCase, *, actor: User, reason: str) -> WorkedCase:
    """Try a case no more; its name is free again. MoveNotAllowed for one that was withdrawn already."""
    held = _held(case)
    held.is_withdrawn = True
    tracked_save(held, actor, reason)
    return held


class Taken(NamedTuple):
    """How many cases of a file are new, are said otherwise than before, and stood there already."""

    written: int
    corrected: int
    unchanged: int


@transaction.atomic
def take_cases(region: PoolingRegion, content: bytes, *, today: date, actor: User, reason: str) -> Taken:
    """Keep the cases of a file (docs/worked-cases.md), all or none; one whose name the region has is corrected.

    CaseFileError names each place that is wrong; DomainError without a reason.
    """
    file = parse_cases(content)
    if file.region != region.slug:
        facts = {"file": file.region, "region": region, "slug": region.slug}
        sentence = _("The file is of the region %(file)s. Choose that region, or write region = “%(slug)s” in it.")
        raise CaseFileError([str(sentence % facts)])
    problems = []
    for number, spec in enumerate(file.case, start=1):
        try:
            _check(region, spec, today)
        except DomainError as error:
            place = _("case %(number)s “%(name)s”: %(problem)s") % {
                "number": number,
                "name": spec.name,
                "problem": error,
            }
            problems.append(str(place))
    if problems:
        raise CaseFileError(problems)
    standing = {row.name: row for row in cases_in_use(region).select_for_update(of=("self",), no_key=True)}
    counted = {"written": 0, "corrected": 0, "unchanged": 0}
    for spec in file.case:
        row = standing.get(spec.name)
        if row is not None and spec_of(row) == spec:
            counted["unchanged"] += 1
            continue
        counted["corrected" if row else "written"] += 1
        _saved(row or WorkedCase(region=region, written_by=actor), spec, actor, reason)
    return Taken(**counted)


def take_own_cases(region: PoolingRegion, *, today: date, actor: User, reason: str) -> Taken:
    """Keep the cases that come with a region's law; those that the office has corrected are as they come again.

    DomainError for a region whose law came without cases.
    """
    content = own_cases(region.slug)
    if content is None:
        raise DomainError(_("No cases come with the law of this region. Write some, or bring a file."))
    return take_cases(region, content, today=today, actor=actor, reason=reason)


@transaction.atomic
def expect_changes(
    version: PolicyVersion, reasons: Mapping[int, str], *, today: date, actor: User, seen: str = ""
) -> int:
    """Say of cases, by their ids, why a draft is meant to change them; returns of how many. An empty reason says
    nothing.

    seen: the digest of the rules that was looked at (`content_digest`). MoveNotAllowed for a version that is no draft
    any more, DomainError where it was edited since, and for a case that comes out as it expects.
    """
    draft = (
        PolicyVersion.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=version.pk)
    )
    if draft.state != VersionState.DRAFT:
        raise MoveNotAllowed(_("Only a draft is still meant to change anything. Look at the page again."))
    rules = content_digest(draft)
    if seen and seen != rules:
        raise DomainError(_("The draft was edited after you opened its page. Look at the cases as they come out now."))
    runs = {run.case.pk: run for run in run_cases(draft, today=today)}
    given = {number: reason.strip() for number, reason in reasons.items() if reason.strip()}
    for number, reason in given.items():
        run = runs.get(number)
        if run is None or not run.wrong:
            raise DomainError(_("This case comes out as it expects, or was withdrawn. Look at the page again."))
        if len(reason) > REASON_LENGTH:
            raise DomainError(_("The reason is too long: at most %(most)s characters.") % {"most": REASON_LENGTH})
        mark = ExpectedChange.objects.filter(case=run.case, version=draft).first()
        mark = mark or ExpectedChange(case=run.case, version=draft)
        mark.digest, mark.reason, mark.marked_by = digest_of(rules, run.case, run.served_on), reason, actor
        tracked_save(mark, actor, reason)
    return len(given)


def _held(case: WorkedCase) -> WorkedCase:
    held = WorkedCase.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=case.pk)
    if held.is_withdrawn:
        raise MoveNotAllowed(_("This case was withdrawn. Write a new one."))
    return held


def _saved(row: WorkedCase, spec: Case, actor: User, reason: str) -> WorkedCase:
    for name in ("name", "served_on", "days_after_start", "article", "note"):
        setattr(row, name, getattr(spec, name))
    row.facts, row.expected = spec.facts, spec.expected
    tracked_save(row, actor, reason)
    return row


def _check_name(region: PoolingRegion, name: str, own: WorkedCase | None) -> None:
    same = cases_in_use(region).filter(name=name)
    if (same.exclude(pk=own.pk) if own else same).exists():
        raise DomainError(
            _("There is a case “%(name)s” already. Give it another name, or correct that one.") % {"name": name},
            field="name",
        )


def _check(region: PoolingRegion, spec: Case, today: date) -> None:
    """DomainError for what nobody could calculate under any rules, such as a part above the line."""
    code = spec.visit.disease
    if code and not Disease.objects.filter(region=region, code=code).exists():
        raise DomainError(
            _("The catalogue of %(region)s has no disease %(code)s. Look its code up there.")
            % {"region": region, "code": code},
            field="disease",
        )
    day = spec.served_on or today
    outcome = try_under(question_of(region, spec, day), None, today=today).outcome
    if isinstance(outcome, DomainError):
        raise outcome
