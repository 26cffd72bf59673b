"""Takes the handbook's pictures from the demonstration.

``python -m development.handbook_pictures`` opens the demonstration's office, signs in as each picture's role and writes
``docs/handbook/pictures/NAME.png``, in English ``NAME-en.png``; with names behind it, those alone. It needs Chromium.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from config.development import prefer_development

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "docs" / "handbook" / "pictures"
CHINESE = "zh-hans"
BOTH = (CHINESE, "en")

_WIDTH = 1280
# A screen has few colours, and a page with a dozen of them in it should open at once.
_COLOURS = 64
_ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
# The one login that is not called as its role.
_LOGINS = {"system_administrator": "administrator"}


def _rows(model: str, state: str = "") -> Callable[[], Any]:
    """The rows of a model: those in the state before others, and the newest first. Models are there with Django."""

    def rows() -> Any:
        from django.apps import apps
        from django.db.models import Case, When

        found = apps.get_model(model)._default_manager.order_by("-pk")
        return found.order_by(Case(When(state=state, then=0), default=1), "-pk") if state else found

    return rows


def _busy_members() -> Any:
    from django.db.models import Count

    return (
        _rows("members.Member")()
        .filter(account__isnull=False)
        .annotate(visits=Count("claims"))
        .order_by("-visits", "pk")
    )


def _latest_visit(user: Any) -> str:
    """The region and the month of the last visit that they see, as questions ask for them."""
    from agency.scoping import scoped

    claim = scoped(_rows("claims.Claim")(), user).latest("served_on")
    return f"?region={claim.member.region_id}&month={claim.served_on:%Y-%m}"


@dataclass(frozen=True)
class Picture:
    """What a picture shows: a page of the admin as somebody of the role sees it, of the first row that they may see."""

    role: str
    page: str
    rows: Callable[[], Any] | None = None
    more: tuple[str, ...] = ()
    query: Callable[[Any], str] = lambda user: ""
    searched: str = ""
    height: int = 860
    languages: tuple[str, ...] = (CHINESE,)

    def address(self, user: Any) -> str:
        """LookupError: no row like this is there. NoReverseMatch: the page is gone."""
        from django.urls import reverse

        from agency.scoping import scoped

        place: list[Any] = list(self.more)
        if self.rows is not None:
            row = scoped(self.rows(), user).first()
            if row is None:
                raise LookupError(f"{user} sees no row for a picture of {self.page}")
            place.insert(0, row.pk)
        return reverse(f"admin:{self.page}", args=place) + self.query(user)


PICTURES: Mapping[str, Picture] = {
    "search": Picture("clerk", "members_member_changelist", searched="wang", height=720, languages=BOTH),
    "pages": Picture("supervisor", "pages"),
    "member": Picture("clerk", "members_member_change", _busy_members, height=1000, languages=BOTH),
    "trial": Picture("clerk", "claims_claim_trial", height=1000),
    "claim-form": Picture("clerk", "claims_claim_add", height=1000, languages=BOTH),
    "reimbursement": Picture(
        "clerk",
        "reimbursements_reimbursement_change",
        _rows("reimbursements.Reimbursement", "registered"),
        languages=BOTH,
    ),
    "import": Picture("clerk", "files_fileimport_add"),
    "statement": Picture(
        "finance", "clearing_providerstatement_change", _rows("clearing.ProviderStatement", "approved")
    ),
    "examine": Picture(
        "supervisor",
        "reimbursements_reimbursement_side_by_side",
        _rows("reimbursements.Reimbursement", "submitted"),
        height=1000,
        languages=BOTH,
    ),
    "credit-run": Picture(
        "supervisor", "accounts_creditrun_change", _rows("accounts.CreditRun", "submitted"), height=1000, languages=BOTH
    ),
    "flags": Picture("supervisor", "monitoring_reviewflag_changelist"),
    "payment-batch": Picture(
        "finance", "reimbursements_paymentbatch_change", _rows("reimbursements.PaymentBatch", "submitted")
    ),
    "draft": Picture("policy_officer", "policies_policyversion_change", _rows("policies.PolicyVersion", "draft")),
    "rates": Picture(
        "policy_officer",
        "policies_policyversion_tables",
        _rows("policies.PolicyVersion", "draft"),
        more=("rates",),
        languages=BOTH,
    ),
    "simulation": Picture("policy_officer", "simulation_simulation_change", _rows("simulation.Simulation")),
    "ledger": Picture("auditor", "accounts_ledgerentry_changelist"),
    "jobs": Picture("auditor", "agency_job_changelist"),
    "provider-months": Picture("auditor", "monitoring_reviewflag_provider_months", query=_latest_visit),
    "role-request": Picture(
        "system_administrator", "agency_rolerequest_change", _rows("agency.RoleRequest", "submitted")
    ),
    "home": Picture("clerk", "index", languages=BOTH),
}


def file_of(name: str, language: str) -> Path:
    return FOLDER / (f"{name}.png" if language == CHINESE else f"{name}-{language}.png")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _demonstration(port: int) -> Iterator[str]:
    """The office, served on the port; gives the password of its colleagues."""
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    password = ""
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as office:
        try:
            for line in office.stdout or ():
                sys.stdout.write(line)
                if line.startswith("The password of all of them: "):
                    password = line.split(": ")[1].strip()
                if line.startswith("The admin: "):
                    break
            if not password:
                raise SystemExit("The demonstration did not begin.")
            yield password
        finally:
            office.send_signal(signal.SIGTERM)


def _addresses(names: list[str]) -> dict[str, tuple[str, str]]:
    """By name of the picture: the login and the address."""
    from agency.models import User

    found = {}
    for name in names:
        picture = PICTURES[name]
        user = User.objects.get(username=_LOGINS.get(picture.role, picture.role))
        found[name] = (user.username, picture.address(user))
    return found


def _take(page: Any, picture: Picture, address: str, file: Path) -> None:
    from PIL import Image

    page.set_viewport_size({"width": _WIDTH, "height": picture.height})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if picture.searched:
        page.keyboard.press("/")
        page.keyboard.type(picture.searched)
        page.locator("#desk-search-found section").first.wait_for()
    taken = Image.open(BytesIO(page.screenshot())).convert("RGB")
    taken.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all of them."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("Install chromium to take the pictures.")
    FOLDER.mkdir(exist_ok=True)
    base = f"http://127.0.0.1:{(port := _free_port())}"
    with _demonstration(port) as password:
        # Before there is a browser, whose event loop Django would not talk to the database beside.
        addresses = _addresses(names)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=list(_ARGUMENTS))
            for name, (login, address) in addresses.items():
                for language in PICTURES[name].languages:
                    context = browser.new_context(base_url=base, color_scheme="light")
                    context.add_cookies([{"name": "django_language", "value": language, "url": base}])
                    page = context.new_page()
                    page.goto("/admin/")
                    page.fill("#id_username", login)
                    page.fill("#id_password", password)
                    page.click("button[type=submit]")
                    page.wait_for_url("**/admin/")
                    _take(page, PICTURES[name], address, file_of(name, language))
                    context.close()
            browser.close()


if __name__ == "__main__":
    import django

    prefer_development(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(sys.argv[1:] or list(PICTURES))
