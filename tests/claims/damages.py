"""What can be wrong with what reversals changed elsewhere; each function plants it and says which checks name which
ids.
"""

from django.db.models import F

from tests.builder.books import KeptBooks
from tests.builder.damage import Damage, change

Found = dict[str, list[int]]


def what_is_due_after_a_closing_rests_on_another_reversal(kept: KeptBooks) -> Found:
    change(kept.later, cause=f"reversal:{kept.reversal.pk}")
    return {"after_closings": [kept.later.pk]}


def what_is_due_after_a_closing_rests_on_nothing(kept: KeptBooks) -> Found:
    change(kept.later, cause="reversal:0")
    return {"after_closings": [kept.later.pk]}


def a_resettlement_has_another_difference(kept: KeptBooks) -> Found:
    resettlement = kept.reversal.resettlements.get()
    change(resettlement, difference=F("difference") + 1)
    return {"resettlements": [resettlement.pk]}


DAMAGED_REVERSALS: tuple[Damage, ...] = (
    what_is_due_after_a_closing_rests_on_another_reversal,
    what_is_due_after_a_closing_rests_on_nothing,
    a_resettlement_has_another_difference,
)
