"""A region's worked cases under the law in effect and under a draft (docs/decisions/0026)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from agency.models import PoolingRegion
from agency.services.approval import payload_digest
from claims.models import ClaimLine, Settlement
from claims.services.describing import born
from claims.services.trials import Described, Question, Tried, UsedSoFar, try_under
from policies.engine.errors import MissingLaw
from policies.engine.outcome import Refusal
from policies.engine.policy import Policy
from policies.engine.vocabulary import RefusalReason
from policies.labels import label
from policies.models import Disease, PolicyVersion, VersionState
from policies.selectors.books import Book, read_book
from policies.selectors.checks import About, Doubt
from policies.selectors.versions import policies_in_force
from simulation.case_format import Case, Expected
from simulation.models import ExpectedChange, WorkedCase
from simulation.selectors.law import policies_by_version
from simulation.selectors.worked_cases import cases_in_use, spec_of
from simulation.services.simulations import content_digest

# What a case may expect, in the order of a settlement.
AMOUNTS = tuple(name for name in Expected.model_fields if name != "refused")


@dataclass(frozen=True)
class CaseRun:
    """A case on its day. draft: None where no draft is tried. mark: that the draft is meant to change it, while that
    stands.
    """

    case: WorkedCase
    spec: Case
    served_on: date
    in_force: Tried
    draft: Tried | None = None
    mark: ExpectedChange | None = None

    @property
    def holds(self) -> bool:
        """Whether the law in effect gives what the case expects."""
        return not differing(self.spec.expect, self.in_force)

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """What the draft gives otherwise than expected, by name."""
        return differing(self.spec.expect, self.draft) if self.draft is not None else ()

    @property
    def is_surprise(self) -> bool:
        """Whether it differs and nobody has said that it is meant to."""
        return bool(self.wrong) and self.mark is None


# Of a patient, under the same names in `Described`.
_ALIKE = (
    "status",
    "scheme",
    "employment",
    "contribution",
    "registered_in",
    "diseases",
    "in_hospital",
    "in_special_nursing",
    "died",
    "family_doctor",
)


def question_of(region: PoolingRegion, spec: Case, served_on: date) -> Question:
    """The case as a visit that is tried on a day."""
    patient, visit = spec.patient, spec.visit
    return Question(
        region=region,
        patient=Described(
            birth_date=patient.birth_date or born(patient.age or 0, served_on),
            is_away_registered=patient.away_registered,
            balance=patient.balance or Decimal("0.00"),
            used=UsedSoFar(**{name: getattr(spec.used, name) for name in UsedSoFar.__dataclass_fields__}),
            **{name: getattr(patient, name) for name in _ALIKE},
        ),
        served_on=served_on,
        lines=[_line(line) for line in spec.lines],
        benefit=visit.benefit,
        tier=visit.tier,
        is_designated=visit.designated,
        prescribing_tier=visit.prescribing_tier or "",
        out_of_area=visit.out_of_area or "",
        place=visit.place,
        filed_on=None if visit.filed_after is None else served_on + timedelta(days=visit.filed_after),
        disease=Disease(region=region, code=visit.disease) if visit.disease else None,
        stay_hours=visit.hours,
        pay_from_account=patient.balance is not None,
    )


# Where a line is told otherwise than a row of `ClaimLine` is.
_LINE_NAMES = {"negotiated": "is_negotiated", "prenatal": "is_prenatal", "chinese_medicine": "is_chinese_medicine"}


def _line(line: Any) -> ClaimLine:
    return ClaimLine(**{_LINE_NAMES.get(name, name): value for name, value in line})


def differing(expected: Expected, tried: Tried) -> tuple[str, ...]:
    """The names of what comes out otherwise than expected; all of them where it is not calculated, or is refused."""
    named = tuple(sorted(expected.model_fields_set - {"refused"}))
    outcome = tried.outcome
    if isinstance(outcome, Settlement):
        if expected.refused is not None:
            return ("refused",)
        return tuple(name for name in named if getattr(outcome, name) != getattr(expected, name))
    if isinstance(outcome, Refusal) and expected.refused is not None:
        return () if outcome.reason == expected.refused else ("refused",)
    return named or ("refused",)


def run_in_force(case: WorkedCase, *, today: date) -> CaseRun:
    """A case under the law in effect on its day; one without a fixed day is tried today."""
    spec = spec_of(case)
    day = case.day_under(today)
    policies = policies_in_force(case.region, [day])
    return CaseRun(case, spec, day, try_under(question_of(case.region, spec, day), policies.get(day), today=today))


_KEPT = "_case_runs"


def run_cases(version: PolicyVersion, *, today: date, book: Book | None = None) -> list[CaseRun]:
    """All the region's cases under the law in effect and under a draft's rules, on the same days, whatever the draft's
    own. A few queries however many cases, and four where the rules were read: book. What was calculated with a book is
    kept with the version for whoever else looks with the same one, as the parts of a page do.
    """
    if book is None:
        return _run(version, today, None)
    kept: tuple[Book, date, list[CaseRun]] | None = version.__dict__.get(_KEPT)
    if kept is None or kept[0] is not book or kept[1] != today:
        kept = version.__dict__[_KEPT] = (book, today, _run(version, today, book))
    return kept[2]


def _run(version: PolicyVersion, today: date, book: Book | None) -> list[CaseRun]:
    cases = list(cases_in_use(version.region))
    first_day: date = version.period.lower
    days = {case.day_under(first_day) for case in cases}
    if not cases:
        return []
    in_force = policies_in_force(version.region, days)
    # Without a case nobody needs the rules.
    book = book or read_book(version)
    drafted = _policies_of(version, days, book)
    marks = {mark.case_id: mark for mark in ExpectedChange.objects.filter(version=version).select_related("marked_by")}
    rules = content_digest(version, book) if marks else ""
    runs = []
    for case in cases:
        spec, day, mark = spec_of(case), case.day_under(first_day), marks.get(case.pk)
        question = question_of(version.region, spec, day)
        if isinstance(drafted, MissingLaw):
            draft = Tried(question, drafted)
        else:
            draft = try_under(question, drafted.get(day), today=today)
        if mark is not None and mark.digest != digest_of(rules, case, day):
            mark = None
        before = try_under(question, in_force.get(day), today=today)
        runs.append(CaseRun(case, spec, day, before, draft, mark))
    return runs


def _policies_of(version: PolicyVersion, days: set[date], book: Book) -> Mapping[date, Policy] | MissingLaw:
    try:
        return policies_by_version(version, days, book)
    except MissingLaw as error:
        return error


def digest_of(rules: str, case: WorkedCase, served_on: date) -> str:
    """What names a draft's rules (`content_digest`) and a case, so that an edit of either changes it."""
    return payload_digest([rules, case.pk, case.facts, case.expected, served_on])


# --- The warning before a draft is submitted -------------------------------------------------------------


def surprises(about: About) -> Iterator[Doubt]:
    """Worked cases that come out otherwise under the draft than they expect, and nobody has said that they are to."""
    if about.version.state not in (VersionState.DRAFT, VersionState.SUBMITTED):
        return
    for run in run_cases(about.version, today=timezone.localdate(), book=about.book):
        # A law that leaves the case undecided is refused as a whole; no reason makes up for it.
        if run.is_surprise and run.draft is not None and not isinstance(run.draft.outcome, MissingLaw):
            found = plain(run.draft)
            facts = {
                "case": run.case.name,
                "expected": in_words(
                    {name: run.case.expected[name] for name in run.wrong if name in run.case.expected}
                ),
                "found": in_words({name: found[name] for name in run.wrong if name in found} or found),
            }
            key = f"case:{run.case.pk}:{payload_digest([run.case.facts, run.case.expected, found])[:16]}"
            yield Doubt(key, _("Worked case “%(case)s”: expects %(expected)s, comes to %(found)s") % facts)


def plain(tried: Tried) -> dict[str, str]:
    """What a visit comes to, as cases keep what they expect; "fault" where nobody can calculate it."""
    outcome = tried.outcome
    if isinstance(outcome, Settlement):
        return {name: f"{getattr(outcome, name):.2f}" for name in AMOUNTS}
    return {"refused": outcome.reason.value} if isinstance(outcome, Refusal) else {"fault": str(outcome)}


def in_words(amounts: Mapping[str, str]) -> str:
    """Amounts by name in the order of a settlement, or a refusal, in the reader's language."""
    ordered = sorted(amounts, key=lambda name: AMOUNTS.index(name) if name in AMOUNTS else -1)
    return pgettext("between the things of a list", ", ").join(_said(name, amounts[name]) for name in ordered)


def _said(name: str, value: str) -> str:
    if name == "refused":
        return gettext("refused: %(reason)s") % {"reason": value_of(name, value)}
    if name == "fault":
        return gettext("cannot be calculated: %(problem)s") % {"problem": value}
    return f"{heading_of(name)} {value_of(name, value)}"


def heading_of(name: str) -> str:
    """What something that a case may expect is called."""
    return gettext("refusal") if name == "refused" else str(Settlement._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def value_of(name: str, value: str) -> str:
    """An amount with its decimals, the reason of a refusal, or what keeps it from being calculated."""
    if name == "refused":
        return label(value, RefusalReason)
    return value if name == "fault" else f"{Decimal(value):,.2f}"


LAW_WARNINGS = (surprises,)
