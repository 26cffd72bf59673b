"""The whole story of a row: every change with before and after, by whom and why, and who else did something to it."""

from decimal import Decimal

import pytest
from django.urls import reverse

from audit.models import Access, Act
from members.services.people import set_old_standard
from tests.builder.office import TODAY, Office
from tests.builder.screens import button, visitor

pytestmark = pytest.mark.django_db
WHY = "按原单位证明更正"


def address_of(label: str, pk: int | str, page: str = "story") -> str:
    return reverse(f"admin:audit_access_{page}") + f"?subject={label}&pk={pk}"


def test_a_change_is_told_with_before_and_after_and_what_hangs_on_the_row_as_well(office: Office) -> None:
    member, clerk = office.members[0], office.staff["clerk"]
    visitor(clerk).get(button("change", member))
    set_old_standard(member, amount=Decimal("80.00"), known_on=TODAY, actor=clerk, reason=WHY)
    set_old_standard(member, amount=Decimal("81.50"), known_on=TODAY, actor=clerk, reason=WHY)
    client = visitor(office.staff["auditor"])
    page = client.get(address_of("members.member", member.pk)).content.decode()
    assert "80.00 → 81.50" in page
    assert WHY in page
    assert "Enrollment" in page
    assert "opened" in page
    assert member.identity_number not in page
    kept = client.get(address_of("members.member", member.pk, "story_file"))
    text = b"".join(kept.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "80.00 → 81.50" in text
    assert Access.objects.latest("pk").act == Act.TOOK


@pytest.mark.parametrize(
    ("role", "label", "status"),
    [
        ("auditor", "members.member", 200),
        ("clerk", "members.member", 403),
        # They keep logins, and see no member.
        ("system_administrator", "members.member", 404),
        ("auditor", "sessions.session", 404),
        ("auditor", "no.such", 404),
        ("auditor", "nonsense", 404),
    ],
)
def test_who_may_read_a_story(office: Office, role: str, label: str, status: int) -> None:
    address = address_of(label, office.members[0].pk)
    assert visitor(office.staff[role]).get(address).status_code == status


@pytest.mark.parametrize("key", ["0", "x", "", "9" * 30])
def test_no_story_of_what_is_not_there(office: Office, key: str) -> None:
    assert visitor(office.staff["auditor"]).get(address_of("members.member", key)).status_code == 404


def test_nobody_reads_the_story_of_another_region(office: Office) -> None:
    assert office.stranger is not None
    address = address_of("members.member", office.stranger.pk)
    assert visitor(office.staff["auditor"]).get(address).status_code == 404
