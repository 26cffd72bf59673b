"""An invoice number has one spelling, however it is typed."""

import pytest

from claims.services.new_claims import normal_invoice_number


@pytest.mark.parametrize("text", ["F001", "f001", "Ｆ００１", " F 0\t01　"])
def test_one_number_has_one_spelling(text: str) -> None:
    assert normal_invoice_number(text) == "F001"
