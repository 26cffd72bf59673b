"""Numbers that were kept as they were typed get their one spelling, and no two payments one number."""

from importlib import import_module

import pytest
from django.apps import apps

from claims.models import Claim
from claims.services.registration import normal_invoice_number
from tests import house
from tests.claims.outpatient import a_claim, retiree, settled

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["F001", "f001", "Ｆ００１", " F 0\t01　"])
def test_one_number_has_one_spelling(text: str) -> None:
    assert normal_invoice_number(text) == "F001"


def test_what_was_kept_before_is_spelled_so_unless_it_was_paid_twice() -> None:
    member = retiree()
    provider = house.a_provider(member.region)
    first = settled(member, provider=provider, invoice_number="F001").claim
    twice = settled(member, provider=provider, invoice_number="other").claim
    typed = a_claim(member, provider=provider)
    Claim.objects.filter(pk__in=(twice.pk, typed.pk)).update(invoice_number="f 001")
    import_module("claims.migrations.0007_reimbursements_put_right").spell_invoice_numbers(apps, None)
    numbers = {claim.pk: claim.invoice_number for claim in Claim.objects.all()}
    assert numbers == {first.pk: "F001", twice.pk: "f 001", typed.pk: "F001"}
