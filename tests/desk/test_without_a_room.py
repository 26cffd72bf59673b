"""A room declares what it brings; without it the desk works, and has none of its pages."""

import json
import subprocess
import sys
from typing import Any

import pytest

from agency.models import User
from agency.services.jobs import queue_job
from files.models import FileImport, ImportState
from policies.engine.vocabulary import InsuredStatus
from tests import builder
from tests.processes import PROJECT, environment

# Whoever looks at the desk there: the home page, then every page that the desk lists and a member's page. Beside it
# what the clock sends there, which pages take a file, and what jobs are called.
_VISIT = """
import json, re, sys, django
django.setup()
from django.core.management import call_command
from django.test import Client
from agency.declarations import declared_by_name
from agency.models import User
from files.services.import_kinds import import_kinds
call_command("check")
client = Client(SERVER_NAME="localhost", headers={"accept-language": "en"})
client.force_login(User.objects.get(username="root"))
every_page = client.get("/admin/pages/")
pages = sorted(set(re.findall(r'href="(/admin/[a-z]+/[a-z_/-]+/)"', every_page.content.decode())))
from config.celery import app
print(json.dumps({
    "answers": {page: client.get(page).status_code for page in ["/admin/", *sys.argv[1:], *pages]},
    "sent by the clock": [entry["task"] for entry in app.conf.beat_schedule.values()],
    "takes a file": [page.removeprefix("admin:") for page in declared_by_name("upload_pages")],
    "jobs": list(declared_by_name("job_kinds")),
    "files": [kind.name for kind in import_kinds()],
}))
"""


# Kinds of file that go with their room.
ROOM_OF = {"direct_settlements": "clearing", "bank_answers": "reimbursements"}


def seen(without: str, *pages: str) -> dict[str, Any]:
    """Addresses and how they answer, and what else is there, in a project without these rooms."""
    outcome = subprocess.run(
        [sys.executable, "-c", _VISIT, *pages],
        cwd=PROJECT,
        env=environment() | {"WITHOUT": without, "DJANGO_SETTINGS_MODULE": "tests.settings_without", "DEBUG": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    found: dict[str, Any] = json.loads(outcome.stdout.strip().splitlines()[-1])
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("without", "gone"),
    [
        ("", ()),
        ("monitoring", ("monitoring",)),
        ("notes", ("notes",)),
        ("audit", ("audit",)),
        ("reimbursements,monitoring,notes", ("reimbursements", "monitoring", "notes")),
        ("interface", ("interface",)),
        ("clearing,interface,monitoring", ("clearing", "interface", "monitoring")),
        (
            "reimbursements,clearing,simulation,interface,monitoring,notes,audit",
            ("reimbursements", "clearing", "simulation", "interface", "monitoring", "notes", "audit"),
        ),
    ],
)
def test_the_desk_works_without_a_room_and_has_none_of_its_pages(without: str, gone: tuple[str, ...]) -> None:
    User.objects.create_superuser("root", password=builder.PASSWORD)
    member = builder.insured(builder.region("pingliang"), status=InsuredStatus.RETIRED)
    # Files that were brought when the room was there.
    brought = [
        FileImport.objects.create(
            region=member.region,
            kind=kind,
            name=kind,
            state=state,
            about=1,
            job=queue_job("import_preview", region=member.region, actor=None),
            heading={"names": ["x"]},
            counts={"wrong": 1},
        )
        for kind in ROOM_OF
        for state in ImportState
    ]
    pages = [f"/admin/files/fileimport/{each.pk}/change/" for each in brought]
    found = seen(without, f"/admin/members/member/{member.pk}/change/", *pages)
    answers = found["answers"]
    assert set(answers.values()) == {200}, answers
    rooms = {page.split("/")[2] for page in answers if page.count("/") > 2}
    assert rooms == {"agency", "files", "policies", "providers", "members", "accounts", "claims"} | (
        {"reimbursements", "clearing", "simulation", "interface", "monitoring", "notes", "audit"} - set(gone)
    )
    clock = {task.split(".")[0] for task in found["sent by the clock"]}
    assert clock == {"agency", "files", "accounts", "desk"} | ({"clearing", "monitoring"} - set(gone))
    takers = {page.split("_")[0] for page in found["takes a file"]}
    assert takers == {"files", "policies", "claims"} | ({"simulation"} - set(gone))
    assert ROOM_OF.keys() & found["files"] == {kind for kind, room in ROOM_OF.items() if room not in gone}
    jobs = {"clearing": "settled_file", "simulation": "simulation", "monitoring": "raise_flags"}
    assert {room for room, kind in jobs.items() if kind in found["jobs"]} == set(jobs) - set(gone)
