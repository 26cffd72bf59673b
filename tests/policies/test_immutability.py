"""Published law never changes, whoever asks the database and however."""

from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from policies.models import RULE_MODELS, PolicyVersion, ReimbursementRate, RuleRow
from policies.services.packs import load_pack
from tests.builder import region, staff
from tests.policies.drafts import draft_of
from tests.processes import PROJECT

pytestmark = pytest.mark.django_db

REFUSED = "the rules of a published policy version never change"


def published_row(model: type[RuleRow]) -> Any:
    """A row of law of this kind, whichever region has one."""
    published = model._default_manager.filter(version__state="published")
    if not published.exists():
        # A shape that none of the five has.
        load_pack(PROJECT / "tests" / "seventh_region" / "tongwan.toml")
    row = published.first()
    assert row is not None, f"no region has a {model._meta.verbose_name}"
    return row


def execute(statement: str, *values: Any) -> None:
    """Past the models, straight into the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def a_draft() -> PolicyVersion:
    """A draft of Pingliang's rules."""
    return draft_of("pingliang", staff("officer"))


@pytest.mark.parametrize("model", RULE_MODELS, ids=lambda model: model.__name__)
def test_a_row_of_law_is_not_updated(model: type[RuleRow]) -> None:
    row = published_row(model)
    with pytest.raises(ProgrammingError, match=REFUSED):
        execute(f'UPDATE "{model._meta.db_table}" SET article = %s WHERE id = %s', "第一条", row.pk)
    assert type(row)._default_manager.get(pk=row.pk).article == row.article


@pytest.mark.parametrize("model", RULE_MODELS, ids=lambda model: model.__name__)
def test_a_row_of_law_is_not_deleted(model: type[RuleRow]) -> None:
    row = published_row(model)
    with pytest.raises(ProgrammingError, match=REFUSED):
        execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', row.pk)
    assert type(row)._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", RULE_MODELS, ids=lambda model: model.__name__)
def test_no_row_is_added_to_published_law(model: type[RuleRow]) -> None:
    row = published_row(model)
    row.pk, row._state.adding = None, True
    with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
        row.save()


@pytest.mark.parametrize("column", ["rate", "version_id"])
def test_neither_into_published_law_nor_out_of_it_is_a_row_moved(column: str) -> None:
    draft, row = a_draft(), published_row(ReimbursementRate)
    if column == "rate":
        moved, target = ReimbursementRate.objects.filter(version=draft)[0], row.version_id
    else:
        moved, target = row, draft.pk
    with pytest.raises(ProgrammingError, match=REFUSED):
        execute("UPDATE policies_reimbursementrate SET version_id = %s WHERE id = %s", target, moved.pk)


def test_the_rows_of_a_draft_are_free() -> None:
    draft = a_draft()
    execute("UPDATE policies_reimbursementrate SET rate = 0.5 WHERE version_id = %s", draft.pk)
    execute("DELETE FROM policies_deductible WHERE version_id = %s", draft.pk)
    assert set(draft.reimbursementrate_rows.values_list("rate", flat=True)) == {0.5}
    assert not draft.deductible_rows.exists()


@pytest.mark.parametrize(
    "assignment",
    [
        "state = 'draft'",
        "state = 'discarded'",
        "label = 'other'",
        "article = '第一条'",
        "phrase = 'x'",
        "reading = '0001'",
        "region_id = region_id + 1",
        "instrument_id = instrument_id + 1",
        "payload_hash = 'x'",
        "decision_reason = 'x'",
        "period = daterange('2022-12-31', upper(period))",
        "period = daterange('2023-01-02', upper(period))",
    ],
)
def test_a_published_version_is_not_updated(assignment: str) -> None:
    version = PolicyVersion.objects.get(region=region("pingliang"))
    with pytest.raises(ProgrammingError, match="a published policy version never changes, it only ends"):
        execute(f"UPDATE policies_policyversion SET {assignment} WHERE id = %s", version.pk)


def test_a_published_version_may_end_earlier() -> None:
    version = PolicyVersion.objects.get(region=region("pingliang"))
    execute(
        "UPDATE policies_policyversion SET period = daterange('2023-01-01', '2025-01-01') WHERE id = %s", version.pk
    )
    version.refresh_from_db()
    assert version.period == DateRange(date(2023, 1, 1), date(2025, 1, 1))


def test_a_published_version_is_not_deleted() -> None:
    version = PolicyVersion.objects.get(region=region("pingliang"))
    with pytest.raises(ProgrammingError, match="Cannot delete rows"):
        execute("DELETE FROM policies_policyversion WHERE id = %s", version.pk)
    with pytest.raises(ProgrammingError), transaction.atomic():
        version.delete()
    assert PolicyVersion.objects.filter(pk=version.pk).exists()


def test_a_draft_can_be_deleted_with_its_rows() -> None:
    draft = a_draft()
    draft.delete()
    assert not PolicyVersion.objects.filter(label="new").exists()
    assert not ReimbursementRate.objects.filter(version_id=draft.pk).exists()
