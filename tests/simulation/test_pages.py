"""A simulation on the screen: asked for on a version's page, read, printed, taken along, compared, cancelled."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from agency.models import Export, Role, User
from policies.engine.vocabulary import InsuredStatus
from policies.models import PolicyVersion
from policies.selectors.versions import version_in_force
from simulation.models import Simulation, SimulationState
from simulation.services.runs import begin
from tests import builder
from tests.builder.screens import visitor
from tests.builder.settlements import settled
from tests.builder.simulations import asked, done, draft_of, raised

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

MARCH = date(2024, 3, 1)


@pytest.fixture
def officer() -> User:
    return builder.staff("officer", Role.POLICY_OFFICER, region=builder.region("zaozhuang"))


@pytest.fixture
def draft(officer: User) -> PolicyVersion:
    """Five points more for retirees; one of them was paid 75 % of 100."""
    region = builder.region("zaozhuang")
    member = builder.insured(region, status=InsuredStatus.RETIRED, birth_date=date(1950, 1, 1))
    settled(member, "300.00", provider=builder.a_provider(region), served_on=MARCH)
    return raised(draft_of(version_in_force(region, MARCH), officer), officer, "0.05")


def desk(user: User) -> Client:
    return visitor(user, "en")


def page(simulation: Simulation, name: str = "change") -> str:
    return reverse(f"admin:simulation_simulation_{name}", args=[simulation.pk])


def book(answer: Any) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))


def test_an_officer_asks_on_the_versions_page_and_reads_what_comes_of_it(draft: PolicyVersion, officer: User) -> None:
    client = desk(officer)
    form = reverse("admin:policies_policyversion_simulate", args=[draft.pk])
    sent = {"first_month": "2024-01", "last_month": "2024-03", "compared_with": ""}
    answer = client.post(form, sent, follow=True)
    simulation = Simulation.objects.get()
    assert answer.redirect_chain[-1][0] == page(simulation)
    assert "The simulation has been started." in answer.content.decode()
    assert "Progress" in answer.content.decode()
    done(simulation)
    text = client.get(page(simulation)).content.decode()
    for said in (
        "under the unchanged law all 1 settlements come out to the fen",
        "1 members are paid more, 0 less",
        "up to 100 yuan more",
        "side by side",
        "80.00",
        "This table as XLSX",
    ):
        assert said in text, said
    version = client.get(reverse("admin:policies_policyversion_change", args=[draft.pk])).content.decode()
    assert page(simulation) in version
    home = client.get(reverse("admin:index")).content.decode()
    assert page(simulation) in home


def test_what_cannot_be_simulated_is_said_on_the_form(draft: PolicyVersion, officer: User) -> None:
    form = reverse("admin:policies_policyversion_simulate", args=[draft.pk])
    answer = desk(officer).post(form, {"first_month": "2023-01", "last_month": "2023-02"})
    assert "No claim of these months is settled" in answer.content.decode()
    assert not Simulation.objects.exists()


def test_both_calculations_stand_side_by_side(draft: PolicyVersion, officer: User) -> None:
    simulation = done(asked(draft))
    address = page(simulation, "change_of_claim")
    client = desk(officer)
    text = client.get(f"{address}?place=1").content.decode()
    for said in ("75 %", "80 %", "differs", "第五条", "75.00", "80.00"):
        assert said in text, said
    for wrong in ("2", "x", "", "-1", "²", "9999"):
        assert client.get(address, {"place": wrong}).status_code == 404


def test_the_tables_are_taken_along_one_by_one_and_together(draft: PolicyVersion, officer: User) -> None:
    simulation = done(asked(draft))
    client = desk(officer)
    assert len(book(client.post(page(simulation, "file"))).sheet_names) == 12
    one = client.post(page(simulation, "file"), {"table": "status"})
    assert f"simulation-{simulation.pk}-status.xlsx" in one["Content-Disposition"]
    rows = book(one).get_sheet_by_index(0).to_python()
    assert ["retired", 1, 300, 75, 80, 5, 1, 0] in rows
    assert client.post(page(simulation, "file"), {"table": "unheard"}).status_code == 404
    assert client.get(page(simulation, "file")).status_code == 302
    assert [(export.rows, export.asked_by) for export in Export.objects.order_by("pk")][1:] == [(1, officer)]


def test_the_page_to_print_has_every_table_and_asks_no_other_server(draft: PolicyVersion, officer: User) -> None:
    simulation = done(asked(draft))
    text = desk(officer).get(page(simulation, "paper")).content.decode()
    for title in ("Altogether", "By grade of the provider", "The largest changes", "Credits by month"):
        assert title in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


def test_a_stale_report_says_so_and_is_done_again(draft: PolicyVersion, officer: User) -> None:
    simulation = done(asked(draft))
    raised(draft, officer, "0.01")
    client = desk(officer)
    assert "The version was edited since" in client.get(page(simulation)).content.decode()
    client.post(page(simulation, "again"))
    newer = done(Simulation.objects.latest("pk"))
    assert newer.pk != simulation.pk
    assert [change.after for change in newer.changes.all()] == [Decimal("81.00")]
    assert "The version was edited since" not in client.get(page(newer)).content.decode()


def test_one_that_runs_is_cancelled_and_has_no_report(draft: PolicyVersion, officer: User) -> None:
    simulation = asked(draft)
    begin(simulation.job)
    client = desk(officer)
    assert client.get(page(simulation, "paper")).status_code == 404
    client.post(page(simulation, "cancel"))
    simulation.refresh_from_db()
    assert simulation.state == SimulationState.CANCELLED
    assert "Start the simulation again" in client.get(page(simulation)).content.decode()


def test_who_only_reads_asks_for_nothing(draft: PolicyVersion) -> None:
    simulation = done(asked(draft))
    auditor = desk(builder.staff("auditor", Role.AUDITOR, region=draft.region))
    assert auditor.get(page(simulation)).status_code == 200
    assert auditor.get(reverse("admin:policies_policyversion_simulate", args=[draft.pk])).status_code == 403
    elsewhere = desk(builder.staff("elsewhere", Role.POLICY_OFFICER, region=builder.region("kaifeng")))
    assert elsewhere.get(page(simulation), follow=True).redirect_chain
    assert elsewhere.get(page(simulation, "paper")).status_code == 404
