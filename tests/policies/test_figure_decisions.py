"""A local figure holds after a second person approved it, and then it only ends."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, transaction

from agency.exceptions import MoveNotAllowed, SubmissionVoided
from agency.models import User
from policies.models import FigureState, LocalFigure
from policies.services.figures import approve_local_figure, end_local_figure
from tests.builder.damage import rewrite
from tests.builder.law import DAY, FIRST, LAST, approved, proposed, rate_on
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db


def test_a_figure_changed_after_submission_is_not_approved(maker: User, checker: User) -> None:
    figure = proposed(maker)
    rewrite(LocalFigure.objects.filter(pk=figure.pk), value=Decimal("0.99"))
    with pytest.raises(SubmissionVoided):
        approve_local_figure(figure, actor=checker)
    assert rate_on(DAY).value is None


@pytest.mark.parametrize("last_day", [FIRST, DAY, LAST])
def test_a_figure_ends_with_a_day_of_its_period(maker: User, checker: User, last_day: date) -> None:
    figure = approved(maker, checker)
    end_local_figure(figure, last_day=last_day, actor=maker, reason="replaced")
    assert rate_on(last_day).value == Decimal("0.85")
    assert rate_on(last_day + timedelta(days=1)).value is None


@pytest.mark.parametrize("last_day", [date(2023, 2, 28), date(2023, 10, 1), date(2099, 1, 1)])
def test_ending_never_lengthens_a_figure_nor_undoes_it(maker: User, checker: User, last_day: date) -> None:
    figure = approved(maker, checker)
    with pytest.raises(MoveNotAllowed):
        end_local_figure(figure, last_day=last_day, actor=maker, reason="replaced")


# --- In the database ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policies_localfigure SET value = 0.99",
        "UPDATE policies_localfigure SET tier = 'primary'",
        "UPDATE policies_localfigure SET phrase = '报销99%%'",
        "UPDATE policies_localfigure SET state = 'refused'",
        "UPDATE policies_localfigure SET period = daterange('2023-03-02', upper(period))",
        "DELETE FROM policies_localfigure",
    ],
)
def test_the_database_refuses_to_change_an_approved_figure(maker: User, checker: User, statement: str) -> None:
    approved(maker, checker)
    with pytest.raises(Error), owners_cursor() as cursor:
        cursor.execute(statement)
    assert rate_on(DAY).value == Decimal("0.85")


def test_the_database_refuses_an_approval_without_a_second_person(maker: User) -> None:
    figure = proposed(maker)
    for wrong in ({"decided_by": None}, {"decided_by": maker}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LocalFigure.objects.filter(pk=figure.pk).update(state=FigureState.APPROVED, **wrong)
