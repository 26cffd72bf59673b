"""Two people on one page: the second is told who changed what, when, and is led to the history."""

import pytest
from django.test import Client
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from members.models import DiseaseRegistration
from members.services.diseases import approve_disease_registration
from tests.builder.office import Office
from tests.builder.screens import button, press, visitor

pytestmark = pytest.mark.django_db


def decided_by_a_colleague(office: Office) -> DiseaseRegistration:
    waiting: DiseaseRegistration = office.objs["registration"]
    approve_disease_registration(waiting, actor=office.staff["second_supervisor"])
    return waiting


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "second supervisor changed it last, on {}; it is “approved” now."),
        ("zh-hans", "最近一次变更由 second supervisor 于 {} 作出，现为“复核通过”。"),
    ],
)
def test_the_second_is_told_who_was_first(office: Office, language: str, told: str) -> None:
    decided = decided_by_a_colleague(office)
    client: Client = visitor(office.staff["supervisor"], language)
    answer = press(client, "refuse", decided, reason="no papers", _go_on="on")
    at = localtime(decided.history.latest().history_date)
    with override(language):
        when = date_format(at, "DATETIME_FORMAT")
    assert told.format(when) in answer.context["form"].non_field_errors()[0]
    assert f'href="{button("history", decided)}"' in answer.content.decode()


def test_another_refusal_leads_to_no_history(office: Office) -> None:
    waiting = office.objs["registration"]
    answer = press(visitor(office.staff["supervisor"]), "refuse", waiting, reason="")
    assert f'<p><a class="desk-link" href="{button("history", waiting)}"' not in answer.content.decode()
