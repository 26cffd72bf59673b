"""What an average pension that waits for its decision would change about monthly credits."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q

from accounts.models import CreditRun, RunState
from policies.engine.credits import Pension, applicable_pension
from policies.engine.money import ZERO, to_fen
from policies.engine.vocabulary import CreditMethod
from policies.models import AveragePension, CreditRule, PolicyVersion, VersionState
from policies.selectors.pensions import pensions_of

# Members by the rule that decides their credit of a month, for some of a version's rules: the deciding enrollment and
# the ages as `accounts.services.credit_sql` takes them, without what was credited.
_BY_RULE = """
WITH law AS MATERIALIZED (
    SELECT bool_or(key = 'conversion_from' AND value = 'next_month') AS converts_next_month,
        CASE WHEN bool_or(key = 'senior_from' AND value = 'next_month') THEN 1 ELSE 0 END AS months_later
    FROM policies_conduct WHERE version_id = %(version)s
),
rule AS MATERIALIZED (
    SELECT rule.*, law.converts_next_month,
        (%(month)s::date + make_interval(months => 1 - law.months_later - 12 * rule.age_until))::date AS born_from,
        (%(month)s::date + make_interval(months => 1 - law.months_later - 12 * rule.age_from))::date AS born_before
    FROM policies_creditrule AS rule CROSS JOIN law
    WHERE rule.id = ANY (%(rules)s)
)
SELECT rule.id, count(*)
FROM members_member AS member
JOIN members_enrollment AS ending
    ON ending.member_id = member.id AND ending.period @> least(%(last_day)s::date, member.died_on)
CROSS JOIN law
LEFT JOIN LATERAL (
    SELECT * FROM members_enrollment AS held
    WHERE law.converts_next_month AND NOT ending.period @> %(month)s::date
      AND held.member_id = ending.member_id AND held.period @> %(month)s::date
    OFFSET 0
) AS opening ON true
JOIN rule
    ON rule.status IN ('all', coalesce(opening.status, ending.status))
    AND rule.employment IN ('all', coalesce(opening.employment, ending.employment))
    AND rule.scheme IN ('all', coalesce(opening.scheme, ending.scheme))
    AND rule.prior_account IN (
        'all', CASE WHEN coalesce(opening.had_account_before, ending.had_account_before) THEN 'yes' ELSE 'no' END)
    AND member.birth_date >= rule.born_from AND member.birth_date < rule.born_before
WHERE member.region_id = %(region)s AND (member.died_on IS NULL OR member.died_on >= %(month)s::date)
  AND (NOT rule.needs_contribution OR EXISTS (
    SELECT FROM members_contribution AS paid WHERE paid.member_id = member.id AND paid.month = %(month)s::date))
GROUP BY rule.id
"""


class PensionEffect(NamedTuple):
    """The change under one version of the rules, in one of its months: retirees whose credit changes, yuan of the
    month as credited on the figures that hold and on the new one, and how many of the version's months are posted.
    """

    version: PolicyVersion
    month: date
    retirees: int
    now: Decimal
    new: Decimal
    posted_months: int


def pension_effects(pension: AveragePension, today: date) -> list[PensionEffect]:
    """A line for each published version under which the figure would change a credit, the earliest first.

    Of a version's months the last one that has begun by today is looked at; of a version to come, the first.
    """
    known = pensions_of(pension.region)
    then = known | {pension.year: Pension(pension.monthly, pension.is_final)}
    runs = CreditRun.objects.filter(region=pension.region, state=RunState.POSTED)
    posted = {_last_day(month) for month in runs.values_list("month", flat=True)}
    effects = []
    for version, rules in _resting_on(pension).items():
        moved = {rule.pk: due for rule in rules if (due := (_credit(rule, known), _credit(rule, then)))[0] != due[1]}
        month = _looked_at(version, today)
        if not moved or month is None:
            continue
        counts = _members_by_rule(version, month, list(moved))
        now, new = (sum((count * moved[pk][at] for pk, count in counts.items()), ZERO) for at in (0, 1))
        months = sum(day in version.period for day in posted)
        effects.append(PensionEffect(version, month, sum(counts.values()), now, new, months))
    return effects


def _resting_on(pension: AveragePension) -> dict[PolicyVersion, list[CreditRule]]:
    rules = CreditRule.objects.filter(
        Q(pension_year=pension.year) | Q(stand_in_year=pension.year),
        version__region_id=pension.region_id,
        version__state=VersionState.PUBLISHED,
        method=CreditMethod.SHARE_OF_AVERAGE_PENSION,
    )
    found: dict[PolicyVersion, list[CreditRule]] = {}
    for rule in rules.select_related("version").order_by("version__period", "pk"):
        found.setdefault(rule.version, []).append(rule)
    return found


def _credit(rule: CreditRule, pensions: dict[int, Pension]) -> Decimal:
    """What one member is credited under a rule; nothing while no average, or no rate, is known."""
    basis = applicable_pension(pensions, rule.pension_year, rule.stand_in_year)
    return ZERO if basis is None or rule.rate is None else to_fen(basis * rule.rate)


def _looked_at(version: PolicyVersion, today: date) -> date | None:
    """The first day of a month whose last day the version decides; None where it decides none."""
    month, until = max(version.period.lower, today).replace(day=1), version.period.upper
    if until is not None:
        month = min(month, (until.replace(day=1) - timedelta(days=1)).replace(day=1))
    return month if _last_day(month) in version.period else None


def _last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _members_by_rule(version: PolicyVersion, month: date, rules: list[int]) -> dict[int, int]:
    parameters: dict[str, Any] = {
        "region": version.region_id,
        "version": version.pk,
        "month": month,
        "last_day": _last_day(month),
        "rules": rules,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_RULE, parameters)
        return dict(cursor.fetchall())
