"""The settings refuse what is missing, unknown or unsafe, in one sentence that names the variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

PROJECT = Path(__file__).resolve().parents[2]
KEY = Fernet.generate_key().decode()
PRODUCTION = {
    "SECRET_KEY": "k7Qz0b-Vx2mWq9pLr4tYs8uHd1fGj3nCe5aBo6iRw0XzPlMkNjQv",
    "ALLOWED_HOSTS": "desk.example.gov.cn",
    "DATABASE_URL": "postgresql://desk:pa55-of-the-database@db.example/desk",
    "REDIS_URL": "redis://:pa55-of-the-broker@broker.example:6379/0",
    "FIELD_ENCRYPTION_KEYS": KEY,
    "SEARCH_HASH_KEY": "3f9c1e7ab25d80461c9be2f7d03a5846",
}


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project with these variables and no others of ours."""
    return run_in(PROJECT, *arguments, **variables)


def run_in(folder: Path, /, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The same in another folder."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def load(**variables: str) -> subprocess.CompletedProcess[str]:
    """Load the settings and print the refusal, if there is one."""
    program = (
        "from django.core.exceptions import ImproperlyConfigured\n"
        "try:\n    import config.settings\n"
        "except ImproperlyConfigured as refusal:\n    print(refusal)\n"
    )
    outcome = run("-c", program, **variables)
    assert outcome.returncode == 0, outcome.stderr
    return outcome


def test_a_complete_environment_is_accepted() -> None:
    assert load(**PRODUCTION).stdout == ""


@pytest.mark.parametrize("name", sorted(PRODUCTION))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_what_is_missing_is_named(name: str, value: str | None) -> None:
    variables = {key: text for key, text in PRODUCTION.items() if key != name}
    sentence = load(**variables, **({} if value is None else {name: value})).stdout.strip()
    assert sentence.startswith(f"{name} is not set: set it to ")
    assert sentence.endswith(".")
    assert sentence.count("\n") == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "desk.example.gov.cn,*"),
        ("ALLOWED_HOSTS", "*.example.gov.cn"),
        ("ALLOWED_HOSTS", ".example.gov.cn"),
        ("ALLOWED_HOSTS", "https://desk.example.gov.cn"),
        ("ALLOWED_HOSTS", ", ,"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 80),
        ("SECRET_KEY", "django-insecure-k7Qz0b-Vx2mWq9pLr4tYs8uHd1fGj3nCe5aBo6iRw"),
        ("SEARCH_HASH_KEY", "3f9c1e7ab25d8046"),
        ("DATABASE_URL", "mysql://desk:pa55@db/desk"),
        ("DATABASE_URL", "sqlite:////tmp/desk.sqlite3"),
        ("DATABASE_URL", "postgresql://desk@db.example"),
        ("DATABASE_URL", "postgresql://desk:pa55@db.example:port/desk"),
        ("DATABASE_URL", "db.example"),
        ("REDIS_URL", "amqp://desk:pa55@broker.example"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "unix://"),
        ("DEBUG", "maybe"),
        ("DEBUG", "2"),
        ("FIELD_ENCRYPTION_KEYS", "not-a-key"),
        pytest.param("FIELD_ENCRYPTION_KEYS", f"{KEY},short", id="FIELD_ENCRYPTION_KEYS-good,short"),
        ("FIELD_ENCRYPTION_KEYS", ","),
        ("CSRF_TRUSTED_ORIGINS", "http://desk.example.gov.cn"),
        ("CSRF_TRUSTED_ORIGINS", "desk.example.gov.cn"),
        ("CSRF_TRUSTED_ORIGINS", "https://*.example.gov.cn"),
        ("SECURE_SSL_REDIRECT", "perhaps"),
        ("SECURE_HSTS_SECONDS", "a year"),
        ("SECURE_HSTS_SECONDS", "-1"),
        ("SECURE_PROXY_SSL_HEADER", "X-Forwarded-Proto: https"),
        ("LOG_LEVEL", "CHATTY"),
        ("BACKUP_RECIPIENTS", "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ"),
        ("BACKUP_FOLDER", "backups"),
        ("UPLOAD_SCAN_COMMAND", "scan 'it"),
        ("PRIVATE_MEDIA_ROOT", "uploads"),
        ("PRIVATE_MEDIA_ROOT", str(PROJECT / "staticfiles" / "uploads")),
    ],
)
def test_what_is_unsafe_or_unknown_is_refused(name: str, value: str) -> None:
    sentence = load(**PRODUCTION | {name: value}).stdout.strip()
    assert sentence.startswith(f"{name} "), sentence
    assert sentence.endswith(".")
    assert "pa55" not in sentence


def test_the_command_line_says_it_without_a_traceback() -> None:
    outcome = run("manage.py", "check", **{**PRODUCTION, "SECRET_KEY": ""})
    assert outcome.returncode == 1
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("SECRET_KEY is not set")
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize("module", ["config.wsgi", "config.celery"])
def test_a_server_never_turns_development_on_by_itself(module: str) -> None:
    outcome = run("-c", f"import {module} as entry; getattr(entry, 'app', None) and entry.app.conf.broker_url")
    assert outcome.returncode != 0
    assert "SECRET_KEY is not set" in outcome.stderr


def test_the_command_line_leaves_a_configured_machine_alone() -> None:
    outcome = run("manage.py", "check", DATABASE_URL=PRODUCTION["DATABASE_URL"])
    assert outcome.returncode == 1
    assert "SECRET_KEY is not set" in outcome.stderr


def test_djangos_own_deployment_check_is_clean() -> None:
    outcome = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://:secret@broker:6379/3", "redis://:secret@broker:6379/3"),
        ("rediss://broker:6380/0", "rediss://broker:6380/0"),
        ("unix:///run/valkey/valkey.sock?db=2", "redis+socket:///run/valkey/valkey.sock?virtual_host=2"),
        ("unix:///run/valkey/valkey.sock", "redis+socket:///run/valkey/valkey.sock?virtual_host=0"),
    ],
)
def test_celery_gets_the_broker_in_its_own_spelling(url: str, expected: str) -> None:
    from config.environment import Environment

    assert Environment.celery_address(url) == expected
