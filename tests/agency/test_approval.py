"""Four eyes: what one person submits another decides, and only what was seen."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from agency.exceptions import DomainError, SamePersonDecides, SubmissionVoided
from agency.models import FourEyes, User
from agency.services.approval import note_author, payload_digest, record_decision, record_submission
from policies.models import PolicyVersion
from policies.services.versions import draft_version
from tests.builder import REASON, region, staff

DECIDED: list[type[FourEyes]] = [model for model in apps.get_models() if issubclass(model, FourEyes)]
SEEN: dict[str, Any] = {"amount": Decimal("200.00"), "since": date(2025, 1, 1), "note": ""}


@pytest.fixture
def people() -> tuple[User, User]:
    """Who submits, and who decides."""
    return staff("submitter"), staff("decider")


@pytest.fixture
def obj(people: tuple[User, User]) -> PolicyVersion:
    source = PolicyVersion.objects.get(region=region("pingliang"))
    draft = draft_version(
        source, label="new", first_day=date(2025, 1, 1), last_day=None, actor=people[0], reason=REASON
    )
    record_submission(draft, people[0], SEEN)
    draft.save()
    return draft


def test_the_order_of_names_does_not_matter_to_what_was_seen() -> None:
    assert payload_digest(SEEN) == payload_digest(dict(reversed(SEEN.items())))
    assert len(payload_digest(SEEN)) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("200.01")},
        {"amount": None},
        {"since": date(2025, 1, 2)},
        {"note": " "},
        {"note": None},
        {"more": 1},
    ],
)
def test_any_other_value_is_something_else(change: dict[str, Any]) -> None:
    assert payload_digest(SEEN | change) != payload_digest(SEEN)


@pytest.mark.django_db
def test_another_person_decides_what_was_submitted(obj: PolicyVersion, people: tuple[User, User]) -> None:
    record_decision(obj, people[1], SEEN, "in order")
    obj.save()
    obj.refresh_from_db()
    assert (obj.submitted_by, obj.decided_by) == people
    assert obj.decision_reason == "in order"
    assert obj.submitted_at is not None
    assert obj.decided_at is not None
    assert obj.submitted_at <= obj.decided_at


@pytest.mark.django_db
def test_the_submitter_does_not_decide(obj: PolicyVersion, people: tuple[User, User]) -> None:
    with pytest.raises(SamePersonDecides):
        record_decision(obj, people[0], SEEN)
    assert obj.decided_by is None


@pytest.mark.django_db
def test_nobody_decides_what_nobody_submitted(people: tuple[User, User]) -> None:
    with pytest.raises(SamePersonDecides):
        record_decision(PolicyVersion(payload_hash=payload_digest(SEEN)), people[1], SEEN)


@pytest.mark.django_db
def test_what_changed_after_the_submission_is_not_decided(obj: PolicyVersion, people: tuple[User, User]) -> None:
    with pytest.raises(SubmissionVoided):
        record_decision(obj, people[1], SEEN | {"amount": Decimal("300.00")})
    assert obj.decided_by is None


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_that_needs_a_reason_is_not_taken_without(
    reason: str, obj: PolicyVersion, people: tuple[User, User]
) -> None:
    with pytest.raises(DomainError):
        record_decision(obj, people[1], SEEN, reason, reason_required=True)
    assert obj.decided_by is None


@pytest.mark.django_db
def test_submitting_again_forgets_the_former_decision(obj: PolicyVersion, people: tuple[User, User]) -> None:
    record_decision(obj, people[1], SEEN, "not like this")
    at = datetime(2025, 1, 2, 9, tzinfo=UTC)
    record_submission(obj, people[1], {}, at)
    assert (obj.submitted_by, obj.submitted_at) == (people[1], at)
    assert (obj.decided_by, obj.decided_at, obj.decision_reason) == (None, None, "")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["the submitter", "somebody, where nobody submitted"])
def test_the_database_refuses_a_decision_of(who: str, obj: PolicyVersion, people: tuple[User, User]) -> None:
    values = {"decided_by": people[0]} if who == "the submitter" else {"submitted_by": None, "decided_by": people[1]}
    with pytest.raises(IntegrityError, match="decided_by_differs_from_submitted_by"), transaction.atomic():
        PolicyVersion.objects.filter(pk=obj.pk).update(**values)


@pytest.mark.django_db
@pytest.mark.usefixtures("in_english")
def test_whoever_wrote_a_part_does_not_decide(obj: PolicyVersion, people: tuple[User, User]) -> None:
    author = staff("author")
    note_author(obj, author.pk, None)
    with pytest.raises(SamePersonDecides, match="wrote a part"):
        record_decision(obj, author, SEEN)
    assert obj.authors == sorted([people[0].pk, author.pk])
    record_decision(obj, people[1], SEEN)


@pytest.mark.django_db
def test_authors_of_other_rows_are_named_when_it_is_submitted(obj: PolicyVersion, people: tuple[User, User]) -> None:
    record_submission(obj, people[0], SEEN, authors=[people[1].pk, None])
    with pytest.raises(SamePersonDecides):
        record_decision(obj, people[1], SEEN)


@pytest.mark.django_db
def test_whoever_writes_what_they_sent_back_decides_it_no_more(obj: PolicyVersion, people: tuple[User, User]) -> None:
    record_decision(obj, people[1], SEEN, "not like this")
    note_author(obj, people[1].pk)
    obj.save()
    assert (obj.decided_by, obj.decision_reason) == (None, "")
    record_submission(obj, people[0], SEEN)
    with pytest.raises(SamePersonDecides):
        record_decision(obj, people[1], SEEN)


@pytest.mark.django_db
def test_another_submission_than_was_seen_is_not_decided(obj: PolicyVersion, people: tuple[User, User]) -> None:
    seen = obj.payload_hash
    record_submission(obj, people[0], {"amount": Decimal("300.00")})
    with pytest.raises(SubmissionVoided):
        record_decision(obj, people[1], {"amount": Decimal("300.00")}, seen=seen)
    assert obj.decided_by is None


@pytest.mark.django_db
def test_the_database_refuses_a_decision_of_an_author(obj: PolicyVersion, people: tuple[User, User]) -> None:
    note_author(obj, people[1].pk)
    obj.save()
    with pytest.raises(IntegrityError, match="is_decided_by_no_author"), transaction.atomic():
        PolicyVersion.objects.filter(pk=obj.pk).update(decided_by=people[1])


@pytest.mark.django_db
@pytest.mark.parametrize("model", DECIDED, ids=lambda model: model._meta.label)
def test_every_decided_table_has_the_checks(model: type[FourEyes]) -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    for rule in ("decided_by_differs_from_submitted_by", "is_decided_by_no_author"):
        assert found[f"{model._meta.model_name}_{rule}"]["check"]
