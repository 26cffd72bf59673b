"""What can be wrong with what reversals changed elsewhere; each function plants it and says which checks name which
ids.
"""

from datetime import date

from django.db.models import F

from claims.models import ClaimDocument
from policies.models import Instrument
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


def a_papers_file_is_gone(kept: KeptBooks) -> Found:
    paper = ClaimDocument.objects.create(
        claim=kept.own.claim, kind="invoice", file="claims/gone.pdf", name="gone.pdf", size=1, digest="a" * 64
    )
    return {"papers": [paper.pk]}


def a_documents_file_is_gone(kept: KeptBooks) -> Found:
    document = Instrument.objects.create(
        region=kept.region, number="1", title="gone", issued_on=date(2023, 1, 1), file="gone.pdf", digest="a" * 64
    )
    return {"documents": [document.pk]}


DAMAGED_REVERSALS: tuple[Damage, ...] = (
    a_papers_file_is_gone,
    a_documents_file_is_gone,
    what_is_due_after_a_closing_rests_on_another_reversal,
    what_is_due_after_a_closing_rests_on_nothing,
    a_resettlement_has_another_difference,
)
