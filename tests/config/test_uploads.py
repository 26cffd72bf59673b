"""Uploads through real sockets: what nobody may send never reaches the disk, and the refusal is a sentence."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.urls import reverse

from agency.models import Role
from tests import builder
from tests.builder.screens import visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

MEGABYTE = 1024 * 1024
HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="members.csv"\r\nContent-Type: text/csv\r\n\r\n'
# Anybody may make one up; without it the request is refused before its body is read.
TOKEN = "t" * 32
TAIL = b"\r\n--x--\r\n"


@pytest.fixture
def disk(settings: LazySettings, tmp_path: Path) -> Path:
    """Where every file of a request is kept while it arrives."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    return tmp_path


def sent(live_server: Any, path: str, cookie: str, declared: int, pieces: Iterator[bytes]) -> str:
    """A POST of multipart data as bytes on a connection; the whole answer."""
    parts = urlsplit(live_server.url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=60) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {declared}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\n"
            f"Cookie: csrftoken={TOKEN}; {cookie}\r\nConnection: close\r\n\r\n".encode()
        )
        for piece in pieces:
            connection.sendall(piece)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while received := connection.recv(65536):
            answer += received
        return answer.decode()


def cookie_of(role: Role) -> str:
    client = visitor(builder.staff("sender", role))
    return f"sessionid={client.cookies['sessionid'].value}; django_language=en"


def megabytes(number: int) -> Iterator[bytes]:
    yield HEAD
    for _each in range(number):
        yield b"x" * MEGABYTE
    yield TAIL


def length(number: int) -> int:
    return len(HEAD) + number * MEGABYTE + len(TAIL)


@pytest.mark.parametrize("page", ["admin:login", "admin:index", "admin:files_fileimport_add"])
def test_whoever_is_not_signed_in_sends_no_file(live_server: Any, disk: Path, page: str) -> None:
    """394 MB are announced, and the answer is there before they are sent."""
    answer = sent(live_server, reverse(page), "", length(394), iter([HEAD]))
    assert answer.startswith("HTTP/1.1 413 ")
    assert list(disk.iterdir()) == []


def test_whoever_is_not_signed_in_sends_no_small_file_either(live_server: Any, disk: Path) -> None:
    answer = sent(live_server, reverse("admin:login"), "", length(1), megabytes(1))
    assert answer.startswith("HTTP/1.1 413 ")
    assert list(disk.iterdir()) == []


def test_a_file_above_the_limit_is_refused_by_what_its_browser_announces(live_server: Any, disk: Path) -> None:
    path = reverse("admin:policies_policyversion_from_pack")
    answer = sent(live_server, path, cookie_of(Role.CLERK), length(30), megabytes(30))
    assert answer.startswith("HTTP/1.1 413 ")
    assert "The file is larger than 20 MB." in answer
    assert reverse("admin:index") in answer
    assert list(disk.iterdir()) == []


def test_a_file_just_above_the_limit_is_refused_by_what_arrives(
    live_server: Any, disk: Path, settings: LazySettings
) -> None:
    """The fields around a file may be 2 MB, so that the announced length alone does not say it."""
    settings.UPLOAD_MEGABYTES = {**settings.UPLOAD_MEGABYTES, "table": 3}
    path = reverse("admin:policies_policyversion_from_pack")
    answer = sent(live_server, path, cookie_of(Role.CLERK), length(4), megabytes(4))
    assert answer.startswith("HTTP/1.1 413 ")
    assert "The file is larger than 3 MB." in answer
    assert list(disk.iterdir()) == []


def test_a_page_that_asks_for_no_file_takes_none(live_server: Any, disk: Path) -> None:
    answer = sent(live_server, reverse("admin:members_member_add"), cookie_of(Role.CLERK), length(1), megabytes(1))
    assert answer.startswith("HTTP/1.1 413 ")
    assert "This page takes no file" in answer
    assert list(disk.iterdir()) == []
