"""Whether a pack decides everything: every combination that a member or a visit can have, by exactly one row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from django.utils.translation import gettext_noop

from policies.engine import vocabulary as v
from policies.models import RULE_MODELS, RuleRow
from policies.models.conduct import CIRCUMSTANCES, WAYS, WAYS_OF_A_REGION
from policies.pack.problems import Problem
from policies.pack.rows import rows_of, values_of
from policies.pack.schema import Pack

ZERO = Decimal("0.00")
_OF_AN_AMOUNT = (v.CreditMethod.FIXED_AMOUNT, v.CreditMethod.PROPORTIONAL_AMOUNT)


def contradictions(pack: Pack) -> Iterable[Problem]:
    yield from _version_problems(pack)
    known_articles = {row.number for row in pack.instrument.articles if row.classification == v.ArticleClass.RULE}
    others = {document.number for document in pack.documents}
    for index, block in enumerate(pack.rules):
        for kind, rows in block:
            if kind == "versions":
                continue
            for number, row in enumerate(rows):
                if row.document:
                    if row.document not in others:
                        yield Problem(
                            f"rules.{index}.{kind}.{number}.document",
                            gettext_noop("%(document)s is not among the documents"),
                            {"document": row.document},
                        )
                elif row.article not in known_articles:
                    yield Problem(
                        f"rules.{index}.{kind}.{number}.article",
                        gettext_noop("%(article)s is not classed as a rule"),
                        {"article": row.article},
                    )
    for version in pack.version:
        for problem in {str(each): each for each in undecided(pack, version.label)}.values():
            yield replace(problem, key=f"version {version.label}: {problem.key}")


def _version_problems(pack: Pack) -> Iterable[Problem]:
    labels = [version.label for version in pack.version]
    if len(set(labels)) != len(labels):
        yield Problem("version.label", gettext_noop("used twice"))
    for index, block in enumerate(pack.rules):
        for label in block.versions:
            if label not in labels:
                yield Problem(
                    f"rules.{index}.versions", gettext_noop("there is no version %(label)s"), {"label": label}
                )
    for earlier, later in pairwise(sorted(pack.version, key=lambda version: version.since)):
        if earlier.until == "open" or earlier.until >= later.since:
            yield Problem(
                f"version {later.label}.since",
                gettext_noop("overlaps version %(label)s"),
                {"label": earlier.label},
            )
    for version in pack.version:
        if version.until != "open" and version.until < version.since:
            yield Problem(f"version {version.label}.until", gettext_noop("lies before since"))


def undecided(pack: Pack, label: str) -> Iterable[Problem]:
    """Every combination that a member or a visit can have is decided by exactly one row."""
    for model in RULE_MODELS:
        yield from _not_unique(pack, label, model)
    yield from _undecided_terms(pack, label)
    yield from _undecided_conduct(pack, label)
    yield from _undecided_refusals(pack, label)
    yield from _undecided_credits(pack, label)


def _not_unique(pack: Pack, label: str, model: type[RuleRow]) -> Iterable[Problem]:
    """What the kind's own description asks: one row for a key, and for every key where it is complete."""
    keys = model.unique_fields
    counts = Counter(tuple(values[name] for name in keys) for values in values_of(pack, label, model))
    if model.in_packs.complete:
        every = product(*(model._meta.get_field(name).terms for name in keys))  # type: ignore[union-attr]
        counts.update(dict.fromkeys(every, 0))
    for key, count in counts.items():
        said = [str(value) for name, value in zip(keys, key, strict=True) if not _is_silent(model, name, value)]
        yield from _exactly_one(".".join([model.in_packs.table, *said]), count)


def _is_silent(model: type[RuleRow], name: str, value: object) -> bool:
    """Whether a row says nothing about the field: it holds whatever that is."""
    default = model._meta.get_field(name).get_default()  # type: ignore[union-attr]
    return name in model.in_packs.apart and value == default


def _exactly_one(what: str, count: int) -> Iterable[Problem]:
    if count == 0:
        yield Problem(what, gettext_noop("no row where one must decide"))
    elif count > 1:
        yield Problem(what, gettext_noop("%(count)s rows where one must decide"), {"count": count})


def _holds(value: str, wanted: str) -> bool:
    return value in (v.ALL, wanted)


def _undecided_terms(pack: Pack, label: str) -> Iterable[Problem]:
    benefits = rows_of(pack, label, "benefit")
    names = {row.benefit for row in benefits}
    if v.Benefit.GENERAL_OUTPATIENT not in names:
        yield Problem("benefit", gettext_noop("general_outpatient is missing"))
    own_pharmacy = any(
        row.value == v.PharmacyTerms.OWN for row in rows_of(pack, label, "conduct") if row.key == "pharmacy_terms"
    )
    tiers = [tier for tier in v.Tier if own_pharmacy or tier != v.Tier.PHARMACY]
    for terms in benefits:
        for tier, status in product(tiers, v.InsuredStatus):
            for kind, source in (("deductible", terms.deductible_of), ("rate", terms.rate_of)):
                if kind == "deductible" and terms.deductible_basis == v.DeductibleBasis.NONE:
                    continue
                held = [
                    row
                    for row in rows_of(pack, label, kind)
                    if tier in row.tiers and _holds(row.status, status) and row.benefit == source
                ]
                for whom, reached in told_apart(held):
                    spent = Counter(getattr(row, "spent_from", ZERO) for row in reached)
                    for amount in {ZERO, *spent}:
                        above = f".above {amount}" if amount else ""
                        yield from _exactly_one(f"{kind}.{source}.{tier}.{status}{whom}{above}", spent[amount])
        scopes = {row.scope for row in rows_of(pack, label, "ceiling_scope") if row.benefit == terms.benefit}
        if not scopes:
            yield Problem(f"ceiling_scope.{terms.benefit}", gettext_noop("no row"))
        for scope, status, scheme in product(scopes, v.InsuredStatus, v.AccountScheme):
            held = [
                row
                for row in rows_of(pack, label, "ceiling")
                if row.period == v.CeilingPeriod.YEAR
                and row.scope == scope
                and _holds(row.status, status)
                and _holds(row.scheme, scheme)
            ]
            yield from _undecided_ceilings(f"ceiling.{scope}.year.{status}.{scheme}", held, tiers)


def told_apart(rows: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """The rows that hold for each employment and age they tell apart, and whom that is, for a message."""
    employments = list(v.Employment) if any(row.employment != v.ALL for row in rows) else [v.ALL]
    for employment in employments:
        held = [row for row in rows if _holds(row.employment, employment)]
        for age in sorted({0, *(row.age_from for row in held)}):
            whom = f".{employment}" if employment != v.ALL else ""
            whom += f".from {age}" if age else ""
            yield whom, [row for row in held if row.age_from == age]


def _undecided_ceilings(what: str, rows: Sequence[Any], tiers: Iterable[v.Tier]) -> Iterable[Problem]:
    """One ceiling for all tiers, or one for each; beside one for all, some tiers may have another."""
    for_all = [row for row in rows if v.ALL in row.tiers]
    if for_all or not rows:
        yield from _undecided_diseases(what, for_all)
    for tier in tiers:
        of_tier = [row for row in rows if tier in row.tiers]
        if of_tier or (not for_all and rows):
            yield from _undecided_diseases(f"{what}.{tier}", of_tier)
    for row in rows:
        if (v.ALL in row.tiers) and row.counts == v.CeilingCounts.OWN_TIER:
            yield Problem(what, gettext_noop("a ceiling that counts one tier names it"))


def _undecided_diseases(what: str, rows: Sequence[Any]) -> Iterable[Problem]:
    for whom, reached in told_apart(rows):
        held = [row.diseases_from for row in reached]
        for diseases in {min(held, default=0), *held}:
            yield from _exactly_one(f"{what}{whom}.{diseases}", held.count(diseases))


def _undecided_conduct(pack: Pack, label: str) -> Iterable[Problem]:
    rows = rows_of(pack, label, "conduct")
    for key in WAYS_OF_A_REGION:
        yield from _exactly_one(f"conduct.{key}", sum(row.key == key for row in rows))
    for row in rows:
        values = list(WAYS[row.key])
        if row.value not in values:
            yield Problem(
                f"conduct.{row.key}",
                gettext_noop("%(value)s is none of %(values)s"),
                {"value": row.value, "values": ", ".join(values)},
            )
        if row.key in WAYS_OF_A_REGION and row.benefit != v.ALL:
            yield Problem(f"conduct.{row.key}.{row.benefit}", gettext_noop("it is a way of all benefits"))
        if row.key not in WAYS_OF_A_REGION and row.benefit == v.ALL:
            yield Problem(f"conduct.{row.key}.{row.benefit}", gettext_noop("it is a way of one benefit"))
    for terms in rows_of(pack, label, "benefit"):
        held = [row.key for row in rows if row.benefit == terms.benefit]
        yield from _exactly_one(f"conduct.registration.{terms.benefit}", held.count("registration"))
    yield from _undecided_absences(pack, label)


def _undecided_absences(pack: Pack, label: str) -> Iterable[Problem]:
    """Where nothing is paid without a registration, the text says for whom there is one."""
    rows = rows_of(pack, label, "out_of_area_benefit")
    asks = any(
        row.reason == v.RefusalReason.OUT_OF_AREA_UNREGISTERED and row.effect == v.Effect.REFUSE
        for row in rows_of(pack, label, "refusal")
    )
    for kind in v.OutOfAreaKind if rows or asks else ():
        yield from _exactly_one(f"out_of_area_benefit.{kind}", sum(kind in row.kinds for row in rows))


def _undecided_refusals(pack: Pack, label: str) -> Iterable[Problem]:
    negotiated = any(terms.benefit == v.Benefit.NEGOTIATED_DRUG for terms in rows_of(pack, label, "benefit"))
    for reason in CIRCUMSTANCES:
        if reason == v.RefusalReason.NOT_DUAL_CHANNEL and not negotiated:
            # Only negotiated drugs ask whether a pharmacy is dual channel.
            continue
        count = sum(row.reason == reason for row in rows_of(pack, label, "refusal"))
        yield from _exactly_one(f"refusal.{reason}", count)


def _undecided_credits(pack: Pack, label: str) -> Iterable[Problem]:
    rows = rows_of(pack, label, "credit")
    ages = sorted({age for row in rows for age in (row.age_from, row.age_until)} | {0})[:-1]
    combinations = product(v.CreditComponent, v.InsuredStatus, v.Employment, v.AccountScheme, ("yes", "no"), ages)
    for component, status, employment, scheme, prior, age in combinations:
        count = sum(
            row.component == component
            and _holds(row.status, status)
            and _holds(row.employment, employment)
            and _holds(row.scheme, scheme)
            and _holds(row.prior_account, prior)
            and row.age_from <= age < row.age_until
            for row in rows
        )
        yield from _exactly_one(f"credit.{component}.{status}.{employment}.{scheme}.{prior}.from {age}", count)
    for row in rows:
        takes_rate = row.method.startswith("share_of")
        key = f"credit.{row.component}.{row.method}"
        if takes_rate == (row.rate == "none"):
            yield Problem(key, gettext_noop("a rate belongs to a share and to nothing else"))
        if (row.method in _OF_AN_AMOUNT) == (row.amount == "none"):
            yield Problem(key, gettext_noop("an amount belongs to fixed_amount and to nothing else"))
        if row.schedule == v.CreditSchedule.YEAR_IN_ADVANCE and row.needs_contribution:
            yield Problem(key, gettext_noop("what is credited in advance waits for no contribution"))
        if (row.method == v.CreditMethod.PROPORTIONAL_AMOUNT) != (row.full_months > 0):
            yield Problem(key, gettext_noop("full_months belong to proportional_amount and to nothing else"))
        if (row.method == v.CreditMethod.SHARE_OF_AVERAGE_PENSION) != (row.pension_year > 0 < row.stand_in_year):
            yield Problem(key, gettext_noop("pension years belong to the average pension alone"))
