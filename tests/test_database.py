"""Every test starts from the same database, whatever the one before it committed."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from tests.builder.office import Office, furnish
from tests.database import Baseline, Furnished


@pytest.mark.django_db(transaction=True)
def test_what_was_loaded_comes_back_and_what_was_added_goes(django_db_setup: Baseline) -> None:
    loaded = set(Permission.objects.values_list("pk", "name"))
    get_user_model().objects.create_user("passing-through")
    Permission.objects.filter(codename__startswith="view").delete()
    Permission.objects.update(name="changed")

    django_db_setup.restore()

    assert loaded
    assert set(Permission.objects.values_list("pk", "name")) == loaded
    assert not get_user_model().objects.exists()


def counted() -> dict[str, int]:
    """How many rows each table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


@pytest.mark.django_db(transaction=True)
def test_what_was_furnished_once_comes_with_every_row(django_db_setup: Baseline, furnished_office: Furnished) -> None:
    furnish()
    made = counted()
    django_db_setup.restore()
    for _each in range(2):
        office: Office = furnished_office.put()
        assert counted() == made
        assert office.members[0].account.balance == 120
        office.objs["claim"].refresh_from_db()
        django_db_setup.restore()
    assert not get_user_model().objects.exists()
