"""A contribution whose month was credited stays when its file is taken back."""

import pytest

from accounts.selectors.built_upon import credited
from members.models import Contribution
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
