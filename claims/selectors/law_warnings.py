"""What a draft of law does to what members have used."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import BenefitUsage
from members.models import Enrollment
from policies.engine.vocabulary import ALL, CeilingBasis, CeilingPeriod
from policies.models import Ceiling, PolicyVersion
from policies.selectors.checks import About, Doubt


def used_more(about: About) -> Iterator[Doubt]:
    """Yearly ceilings that are lowered below what members have used this year."""
    today = timezone.localdate()
    for row, former in about.changed:
        if not isinstance(row, Ceiling) or row.period_kind != CeilingPeriod.YEAR or row.amount is None:
            continue
        if former is not None and former.amount is not None and former.amount <= row.amount:
            continue
        count = _members_above(about.version, row, today)
        if count:
            facts = {"ceiling": row, "amount": f"{row.amount:,}", "count": count, "year": today.year}
            yield Doubt(
                f"used:{row.scope}:{row.status}:{row.scheme}:{row.amount}",
                _("%(ceiling)s: %(amount)s yuan, less than %(count)s members have used in %(year)s") % facts,
            )


def _members_above(version: PolicyVersion, row: Ceiling, today: date) -> int:
    """How many members whom a ceiling is for have used more of it this year than it then allows."""
    used = BenefitUsage.objects.filter(member__region_id=version.region_id, scope=row.scope, year=today.year, key="")
    told = {name: getattr(row, name) for name in ("status", "scheme") if getattr(row, name) != ALL}
    if told:
        insured = Enrollment.objects.filter(member=OuterRef("member"), period__contains=today, **told)
        used = used.filter(Exists(insured))
    on_expense = version.benefitterms_rows.filter(benefit=row.scope, ceiling_basis=CeilingBasis.EXPENSE).exists()
    by_member = used.values("member").annotate(used=Sum("counted" if on_expense else "paid"))
    return by_member.filter(used__gt=row.amount).count()


LAW_WARNINGS = (used_more,)
