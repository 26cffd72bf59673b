"""What was credited stands on contributions, enrollments and bases, which stay when their file is taken back."""

from decimal import Decimal

import pytest

from accounts.selectors.built_upon import credited, credited_since_based, credited_since_enrolled
from members.models import Contribution
from members.models.contributions import BasisKind
from members.services.people import set_civil_servant_basis
from tests import builder
from tests.builder.credit_runs import APRIL, MARCH, MARCH_END, posted

pytestmark = pytest.mark.django_db


def test_a_credited_month_stands_on_its_contribution_and_a_later_one_does_not() -> None:
    region = builder.region("baoshan")
    builder.contributions(builder.insured(region), MARCH, APRIL)
    assert credited(list(Contribution.objects.values_list("pk", flat=True))) == {}
    posted(region, MARCH, MARCH_END, builder.staff("maker"), builder.staff("checker"))
    march = Contribution.objects.get(month=MARCH)
    standing = credited(list(Contribution.objects.values_list("pk", flat=True)))
    assert set(standing) == {march.pk}
    assert "2023-03" in standing[march.pk]


def test_credited_months_stand_on_the_enrollments_before_them() -> None:
    region = builder.region("baoshan")
    early, late, other = (builder.insured(region, since=day) for day in (MARCH, APRIL, MARCH))
    for member in (early, late):
        builder.contributions(member, MARCH, APRIL)
    ids = [member.enrollments.get().pk for member in (early, late, other)]
    assert credited_since_enrolled(ids) == {}
    posted(region, MARCH, MARCH_END, builder.staff("maker"), builder.staff("checker"))
    assert set(credited_since_enrolled(ids)) == {ids[0]}


def test_a_credited_subsidy_stands_on_its_basis() -> None:
    region = builder.region("zaozhuang")
    servant, other = builder.insured(region), builder.insured(region)
    builder.contributions(servant, MARCH, MARCH)
    bases = [
        set_civil_servant_basis(
            member, since=day, kind=BasisKind.CONFIRMED_PAY, amount=Decimal(6000), known_on=day, reason="r"
        ).pk
        for member, day in ((servant, MARCH), (servant, APRIL), (other, MARCH))
    ]
    assert credited_since_based(bases) == {}
    posted(region, MARCH, MARCH_END, builder.staff("maker"), builder.staff("checker"))
    assert set(credited_since_based(bases)) == {bases[0]}
