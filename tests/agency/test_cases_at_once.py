"""Two colleagues take one case at the same instant."""

import pytest

from agency.exceptions import MoveNotAllowed
from agency.models import Role, TakenCase
from agency.services.cases import take_case
from tests import builder
from tests.builder.threads import together


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_one_of_them_has_it_and_the_other_is_told_who() -> None:
    member = builder.insured(builder.region("kaifeng"))
    first, second = (builder.staff(name, Role.CLERK) for name in ("first", "second"))
    found = together(
        lambda: take_case(member, "members.change_member", actor=first),
        lambda: take_case(member, "members.change_member", actor=second),
    )
    taken = TakenCase.objects.get()
    (refused,) = [each for each in found if isinstance(each, Exception)]
    assert isinstance(refused, MoveNotAllowed)
    assert str(refused).startswith(taken.holder.username)
    assert taken in found
    assert taken.history.count() == 1
