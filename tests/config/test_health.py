"""The health page: what a load balancer reads, and what it never reads."""

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client

from tests import processes


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
def test_everything_answers_until_the_worker_is_killed(client: Client) -> None:
    with processes.worker() as worker:
        response = client.get("/healthz")
        assert response.status_code == 200
        assert response.json() == {"database": "ok", "broker": "ok", "worker": "ok"}
        assert "no-store" in response["Cache-Control"]
        worker.kill()
        worker.wait()
        response = client.get("/healthz")
        assert response.status_code == 503
        assert response.json() == {"database": "ok", "broker": "ok", "worker": "down"}


@pytest.mark.django_db
def test_a_broker_that_is_down_is_named_and_nothing_else(client: Client, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://:broker-password@127.0.0.1:1/0"
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "down", "worker": "down"}


@pytest.mark.django_db
def test_a_database_that_is_down_is_named_and_nothing_else(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("connection to server at 10.0.0.9 failed")

    monkeypatch.setattr(CursorWrapper, "execute", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "down", "broker": "ok", "worker": "down"}


@pytest.mark.django_db
def test_a_load_balancer_asks_by_address_and_without_tls(client: Client, settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["desk.example.gov.cn"]
    by_address = {"host": "10.0.0.7:8000"}
    assert client.get("/healthz", headers=by_address).json()["database"] == "ok"
    assert client.get("/admin/", headers=by_address).status_code == 400
    assert client.get("/admin/", headers={"host": "desk.example.gov.cn"}).status_code == 301


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
