"""What the document walks through is what the services calculate."""

import pytest

from tests.claims.adjudication_document import CLAIMS, DOCUMENT, section_of, worked_claims


@pytest.mark.django_db
def test_the_worked_claims_of_the_document_come_out_so() -> None:
    assert section_of(DOCUMENT.read_text(encoding="utf-8")) == worked_claims().strip()


def test_every_region_has_a_worked_claim() -> None:
    assert set(CLAIMS) == {"pingliang", "dazhou", "zaozhuang", "kaifeng", "baoshan"}
