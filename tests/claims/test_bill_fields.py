"""The fields of a bill are the same wherever it is entered."""

from dataclasses import fields

from claims.admin.forms import BillForm, ClaimForm, LineForm
from claims.admin.pasting import pasting
from claims.models import LINE_FIELDS
from claims.resources import ClaimResource
from claims.services.new_claims import Bill, NewClaim
from clearing.selectors.file_rows import CLAIM_CELLS, LINE_CELLS


def test_forms_files_and_what_is_pasted_have_the_fields_of_a_bill() -> None:
    bill, new = ({field.name for field in fields(kind)} - {"lines"} for kind in (Bill, NewClaim))
    assert set(BillForm.base_fields) == bill | {"reason"}
    assert set(ClaimForm.base_fields) == new
    assert set(LineForm.base_fields) == set(LINE_FIELDS)
    assert set(LINE_FIELDS) <= set(ClaimResource.columns())
    assert set(pasting()["headings"].values()) <= set(LINE_FIELDS)
    assert set(CLAIM_CELLS) <= new
    assert set(LINE_CELLS) <= set(LINE_FIELDS)
