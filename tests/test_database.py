"""Every test starts from the same database, whatever the one before it committed."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from tests.database import Baseline


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
