"""Every process: each move in each state by each person, in the services and as a button."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import transaction
from django.urls import reverse

from agency.admin.moves import OpenTo
from agency.exceptions import DomainError, MoveNotAllowed, SamePersonDecides, SubmissionVoided
from agency.models import FourEyes, User
from agency.models.process import SUBMITTED, Whose
from tests import builder
from tests.builder.moves import PLAYED, People, brought_to, make
from tests.builder.office import REASON, Office
from tests.builder.screens import visitor

DECIDED: dict[str, type[FourEyes]] = {
    model._meta.label: model for model in apps.get_models() if issubclass(model, FourEyes)
}
REQUEST = {"submitted": "approve! refuse!", "approved": "", "refused": ""}
LASTING = REQUEST | {"approved": "end"}
STATEMENT = {
    "draft": "edit submit",
    "submitted": "approve! return!",
    "approved": "confirm_payee pay?",
    "paid": "",
}
# State → moves, as the house has agreed on them: one with "!" is another person's, one with "?" a third one's.
AGREED: dict[str, dict[str, str]] = {
    "agency.RoleRequest": REQUEST,
    "policies.PolicyVersion": {
        "draft": "edit submit discard",
        "submitted": "publish! return!",
        "published": "",
        "discarded": "",
    },
    "policies.LocalFigure": LASTING,
    "policies.AveragePension": REQUEST | {"superseded": ""},
    "members.DiseaseRegistration": LASTING,
    "accounts.FamilyUseAuthorization": LASTING,
    "accounts.AccountClosing": REQUEST,
    "accounts.AccountRequest": REQUEST,
    "accounts.YearlyInterest": {"submitted": "approve! refuse!", "posting": "", "posted": "", "refused": ""},
    "accounts.CreditDifference": {
        "listed": "submit",
        "submitted": "approve! refuse!",
        "recovered": "",
        "waived": "",
        "lapsed": "",
    },
    "accounts.CreditRun": {
        "draft": "ask_for_check check discard",
        "checked": "ask_for_check check submit discard",
        "submitted": "approve! return!",
        "posting": "",
        "posted": "",
        "discarded": "",
    },
    "claims.Reversal": REQUEST,
    "claims.ResettlementBatch": {
        "planning": "discard go_on",
        "draft": "plan_again leave_out submit discard",
        "submitted": "approve! refuse!",
        "settling": "go_on",
        **dict.fromkeys(("settled", "refused", "discarded"), ""),
    },
    "reimbursements.Reimbursement": {
        "registered": "edit tell complete withdraw",
        "complete": "edit submit withdraw",
        "submitted": "approve! return! refuse! accept_late!",
        "returned": "edit submit withdraw",
        "refused": "edit submit withdraw",
        **dict.fromkeys(("approved", "in_payment", "paid", "payment_failed", "reversed", "withdrawn"), ""),
    },
    "reimbursements.PaymentBatch": {
        "draft": "submit discard",
        "submitted": "approve! return! discard",
        "approved": "take_file read_answer",
        "closed": "read_answer",
        "discarded": "",
    },
    "clearing.ProviderStatement": STATEMENT,
    "clearing.YearClearing": STATEMENT,
}
# Whose earlier step keeps them from a move.
EARLIER = {Whose.MAKER: set(), Whose.ANOTHER: {"maker"}, Whose.THIRD: {"maker", "another"}}
MARKS = {Whose.MAKER: "", Whose.ANOTHER: "!", Whose.THIRD: "?"}
EACH_STATE = pytest.mark.parametrize(
    ("label", "state"), [(label, state) for label, states in AGREED.items() for state in states]
)


def test_every_process_is_the_one_agreed_on() -> None:
    declared = {
        label: {
            state: " ".join(
                name + MARKS[move.whose] for name, move in model.process.moves.items() if state in move.begins
            )
            for state in model.process.tones
        }
        for label, model in DECIDED.items()
    }
    assert declared == {
        label: {state: _in_order(DECIDED[label], moves) for state, moves in states.items()}
        for label, states in AGREED.items()
    }


def _in_order(model: type[FourEyes], moves: str) -> str:
    order = list(model.process.moves)
    return " ".join(sorted(moves.split(), key=lambda each: order.index(each.rstrip("!?"))))


@pytest.mark.parametrize("label", DECIDED)
def test_every_state_has_its_colour_and_every_move_leads_to_one(label: str) -> None:
    model: Any = DECIDED[label]
    states = {state for state, _name in model._meta.get_field("state").choices}
    assert set(model.process.tones) == states
    assert {move.to for move in model.process.moves.values()} <= states | {""}
    assert all(move.begins == (SUBMITTED,) for move in model.process.moves.values() if move.whose is Whose.ANOTHER)


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is done in it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def begun(label: str, state: str, office: Office) -> tuple[Any, People]:
    """A thing in a state, and its people; all but the idle one hold every permission."""
    makers = {name: builder.staff(name) for name in ("maker", "another", "third")}
    User.objects.filter(pk__in=[each.pk for each in makers.values()]).update(is_superuser=True)
    obj: Any = PLAYED[label].begin(office, makers["maker"])
    obj = DECIDED[label]._default_manager.get(pk=obj.pk)
    if obj.submitted_by_id:
        User.objects.filter(pk=obj.submitted_by_id).update(is_superuser=True)
    people = {name: User.objects.get(pk=each.pk) for name, each in makers.items()}
    if obj.submitted_by_id:
        people["maker"] = User.objects.get(pk=obj.submitted_by_id)
    # Read anew: one of the things is a role for this very colleague.
    found = People(**people, idle=User.objects.get(pk=office.staff["nobody"].pk))
    brought_to(state, obj, found)
    assert obj.state == state
    return obj, found


@EACH_STATE
@pytest.mark.django_db
def test_each_move_in_each_state_by_each_person(label: str, state: str, office: Office) -> None:
    obj, people = begun(label, state, office)
    for name, move in obj.process.moves.items():
        for who in ("maker", "another", "third"):
            refusal: type[DomainError] | None = SamePersonDecides if who in EARLIER[move.whose] else None
            if state not in move.begins:
                refusal = MoveNotAllowed
            with taken_back():
                if refusal is None:
                    make(obj, name, getattr(people, who))
                    assert obj.state == (move.to or PLAYED[label].leads.get(name, state)), (name, who)
                else:
                    with pytest.raises(refusal):
                        make(obj, name, getattr(people, who))
                    obj.refresh_from_db()
                    assert obj.state == state, (name, who)
            obj.refresh_from_db()


@pytest.mark.parametrize("label", DECIDED)
@pytest.mark.django_db
def test_a_decision_is_on_what_was_seen_and_says_why_it_agrees_to_nothing(label: str, office: Office) -> None:
    obj, people = begun(label, SUBMITTED, office)
    for name, move in obj.process.moves.items():
        if move.whose is not Whose.ANOTHER:
            continue
        with taken_back():
            with pytest.raises(SubmissionVoided):
                make(obj, name, people.another, seen="0" * 64)
            if move.needs_reason:
                with pytest.raises(DomainError):
                    make(obj, name, people.another, reason=" ", seen=obj.payload_hash)
            obj.refresh_from_db()
            assert (obj.state, obj.decided_by) == (SUBMITTED, None)
            make(obj, name, people.another, seen=obj.payload_hash)
            assert (obj.decided_by, obj.decision_reason) == (people.another, REASON)
        obj.refresh_from_db()


def _buttons(label: str) -> list[tuple[str, Any]]:
    page: Any = site._registry[DECIDED[label]]
    places: Any = page.actions_detail
    names = [name for place in places for name in (place["items"] if isinstance(place, dict) else [place])]
    actions = ((name, getattr(page.button(name), "desk_action", None)) for name in names)
    return [(name, action) for name, action in actions if action and isinstance(action.applies, OpenTo)]


@pytest.mark.parametrize("label", DECIDED)
def test_every_decision_has_its_button(label: str) -> None:
    moves = DECIDED[label].process.moves
    decisions = {name for name, move in moves.items() if move.whose is not Whose.MAKER}
    assert decisions <= {action.applies.move for _name, action in _buttons(label)}


@EACH_STATE
@pytest.mark.django_db
def test_a_button_is_offered_to_whom_the_move_is_open(label: str, state: str, office: Office) -> None:
    obj, people = begun(label, state, office)
    for name, action in _buttons(label):
        move = obj.process.moves[action.applies.move]
        assert action.permission == obj.permission_for(action.applies.move)
        for who in ("maker", "another", "third"):
            is_open = state in move.begins and who not in EARLIER[move.whose]
            assert obj.is_open_to(getattr(people, who), action.applies.move) == is_open, (name, who)
            assert is_open or not action.offered_to(getattr(people, who), obj), (name, who)
            if is_open and action.applies.also is None:
                assert action.offered_to(getattr(people, who), obj), (name, who)
        assert not action.offered_to(people.idle, obj)


@pytest.mark.parametrize("label", DECIDED)
@pytest.mark.django_db
def test_whoever_has_no_permission_presses_no_button(label: str, office: Office) -> None:
    obj, people = begun(label, SUBMITTED, office)
    for name, _action in _buttons(label):
        page = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}"
        answer = visitor(people.idle).post(reverse(page, args=[obj.pk]), {"reason": REASON})
        assert answer.status_code in (302, 403, 404), name
        obj.refresh_from_db()
        assert (obj.state, obj.decided_by) == (SUBMITTED, None), name
