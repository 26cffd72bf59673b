"""What is final is final: whoever asks the database, and however."""

from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, models
from django.utils import timezone

from agency.checks import every_model_says_what_of_it_is_final, house
from agency.finality import Free, finality_of, is_append_only, is_deleted
from agency.models import Job
from agency.services.logins import choose_password
from reimbursements.models import PaymentItem, Reimbursement
from tests.builder import REASON, staff
from tests.builder.damage import change
from tests.builder.office import Office
from tests.database import owners_cursor

pytestmark = pytest.mark.django_db

MODELS = [model for app in house() for model in app.get_models()]
WRITTEN_ONCE = [model for model in MODELS if is_append_only(model)]
HELD = [model for model in MODELS if not isinstance(finality_of(model), Free)]
OWN_MOVES = "changes by its own moves alone"


def refused(statement: str, sentence: str) -> None:
    """The database refuses it with this sentence, even to the tables' owner."""
    with pytest.raises(Error, match=sentence), owners_cursor() as cursor:
        cursor.execute(statement)


def triggers_of(model: type[models.Model]) -> set[str]:
    """What the database has for the table, without the library's own endings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [model._meta.db_table],
        )
        return {name.removeprefix("pgtrigger_").rpartition("_")[0] for (name,) in cursor.fetchall()}


def test_every_history_is_written_once() -> None:
    histories = [model for model in MODELS if hasattr(model, "instance_type")]
    assert len(histories) == len([model for model in MODELS if hasattr(model, "history")]) >= 40
    assert set(histories) <= set(WRITTEN_ONCE)


@pytest.mark.parametrize("model", WRITTEN_ONCE, ids=lambda model: model.__name__)
def test_what_is_written_once_neither_changes_nor_goes(model: Any, office: Office) -> None:
    assert {"rows_are_append_only", "rows_are_never_truncated"} <= triggers_of(model)
    table, key = model._meta.db_table, model._meta.pk.column
    refused(f"TRUNCATE {table} CASCADE", "append-only|holds what was decided")
    if model._default_manager.exists():
        refused(f"UPDATE {table} SET {key} = {key}", "Cannot update or delete")
        refused(f"DELETE FROM {table}", "Cannot update or delete")


@pytest.mark.parametrize("model", HELD, ids=lambda model: model.__name__)
def test_nothing_that_is_held_is_emptied(model: Any) -> None:
    refused(f"TRUNCATE {model._meta.db_table} CASCADE", "append-only|holds what was decided|never changes")


def test_a_row_that_is_never_deleted_is_not_deleted(office: Office) -> None:
    for model in HELD:
        if model._default_manager.exists() and not is_deleted(model):
            refused(f"DELETE FROM {model._meta.db_table}", "Cannot (update or )?delete")


@pytest.mark.parametrize("state", ["approved", "refused"])
@pytest.mark.parametrize("name", ["registration", "pension"])
def test_what_is_taken_back_while_it_waits_stays_once_it_is_decided(office: Office, name: str, state: str) -> None:
    row = office.objs[name]
    change(row, state=state, decided_by=office.staff["supervisor"], decided_at=timezone.now(), decision_reason=REASON)
    refused(f"DELETE FROM {row._meta.db_table} WHERE id = {row.pk}", "Cannot delete")


def test_a_password_that_is_remembered_is_not_rewritten() -> None:
    choose_password(staff("chooser"), "the tulip of yesterday")
    refused("UPDATE agency_usedpassword SET password = ''", OWN_MOVES)


@pytest.mark.parametrize(
    ("name", "assignment"),
    [
        ("claim", "claim_number = 'C9999'"),
        ("claim", "member_id = member_id + 1"),
        ("claim", "state = 'registered'"),
        ("reimbursement", "payee_name = '他人'"),
        ("reimbursement", "calculation = '{}'"),
        ("reimbursement", "submitted_by_id = decided_by_id"),
        ("reimbursement", "state = 'paid', decided_by_id = submitted_by_id"),
        ("statement", "payable = payable + 1, pooled = pooled + 1"),
        ("statement", "approved_on = '2024-05-08'"),
        ("statement", "state = 'submitted'"),
        ("run", "summary = '{}'"),
        ("run", "amount = amount + 1"),
        ("run", "state = 'draft'"),
        ("pension", "monthly = monthly + 1"),
        ("pension", "source = 'another'"),
        ("figure", "value = value / 2"),
        ("figure", "document_number = 'another'"),
        ("role_request", "role = 'auditor'"),
        ("closing", "payee = 'another'"),
        ("account_request", "amount = amount + 1"),
        ("authorization", "relative_id = holder_id"),
        ("registration", "disease_id = disease_id + 1"),
        ("interest", "rate = rate / 2"),
        ("reversal", "plan = '[1]'"),
        ("resettlement", "difference = difference + 1"),
        ("audit_deduction", "amount = amount + 1"),
        ("settled_file", "digest = ''"),
        ("settled_record", "rows = '[]'"),
        ("export", "asked_by_id = asked_by_id + 1"),
    ],
)
def test_what_was_submitted_or_decided_changes_by_its_own_moves(office: Office, name: str, assignment: str) -> None:
    row = office.objs[name]
    refused(f"UPDATE {row._meta.db_table} SET {assignment} WHERE id = {row.pk}", OWN_MOVES)


def test_the_bank_account_of_a_payment_stays_whatever_the_bank_answers(office: Office) -> None:
    item = PaymentItem.objects.get(batch=office.objs["payment_batch"])
    for column in ("payee_account", "payee_bank", "payee_name", "amount"):
        value = "amount + 1" if column == "amount" else "'another'"
        refused(f"UPDATE reimbursements_paymentitem SET {column} = {value}", OWN_MOVES)
    paid = "state = 'paid', answered_on = '2024-04-11'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE reimbursements_paymentitem SET {paid} WHERE id = {item.pk}")
    refused("UPDATE reimbursements_paymentitem SET bank_reference = 'another'", OWN_MOVES)


def test_the_lines_of_a_settled_claim_stay(office: Office) -> None:
    settled, still_open = office.objs["claim"], office.objs["open_claim"]
    sentence = "stay as they are once it is settled"
    refused(f"UPDATE claims_claimline SET amount = amount + 1 WHERE claim_id = {settled.pk}", sentence)
    refused(f"DELETE FROM claims_claimline WHERE claim_id = {settled.pk}", sentence)
    still_open.lines.update(name="put right")


def test_a_move_leads_only_where_the_process_says(office: Office) -> None:
    for state in ("draft", "submitted", "posting", "discarded"):
        refused(f"UPDATE accounts_creditrun SET state = '{state}' WHERE id = {office.objs['run'].pk}", OWN_MOVES)
    for state in ("registered", "complete", "in_payment", "paid"):
        refused(
            f"UPDATE reimbursements_reimbursement SET state = '{state}' WHERE id = {office.objs['reimbursement'].pk}",
            OWN_MOVES,
        )


def test_what_is_saved_as_it_was_read_keeps_its_token(office: Office) -> None:
    """Otherwise no move of a row with a bank account could leave that column as it is."""

    def token() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT payee_account FROM reimbursements_reimbursement WHERE id = %s", [row.pk])
            return str(cursor.fetchone()[0])

    row = office.objs["reimbursement"]
    before = token()
    read = Reimbursement.objects.get(pk=row.pk)
    read.save()
    assert token() == before
    assert read.history.latest("history_id").payee_account == read.payee_account == row.payee_account


def test_a_model_that_says_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert every_model_says_what_of_it_is_final(None) == []
    monkeypatch.delattr(Job, "finality")
    (error,) = every_model_says_what_of_it_is_final(None)
    assert (error.id, error.obj) == ("agency.E002", Job)
    history = apps.get_model("claims", "HistoricalClaim")
    monkeypatch.setattr(history._meta, "triggers", ())
    assert {each.obj for each in every_model_says_what_of_it_is_final(None)} == {Job, history}
