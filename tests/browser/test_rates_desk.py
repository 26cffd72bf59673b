"""The story of a rate: changed, simulated by a real worker, submitted with reasons, published by a second person."""

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from config.celery import app
from policies.models import VersionState
from policies.selectors.checks import warnings_about
from simulation.models import Simulation, SimulationState
from tests.browser.conftest import LogIn
from tests.browser.test_law_tables import WORDS, a_draft, cell
from tests.builder.office import Office
from tests.processes import PATIENCE_SECONDS, worker

pytestmark = pytest.mark.browser

_NAMES = ("Simulate", "Submit", "Publish", "First month", "Last month")
_CHECK = "Check: under the unchanged law all %(visits)s settlements come out to the fen."
_SUBMITTED = "The version waits for another person to publish it."
_PUBLISHED = "The version is published."


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_rate_is_changed_simulated_submitted_and_published(log_in: LogIn, office: Office, language: str) -> None:
    app.control.purge()
    with override(language):
        said = {name: gettext(name) for name in _NAMES}
        check, submitted, published = (gettext(each) for each in (_CHECK, _SUBMITTED, _PUBLISHED))
    draft = a_draft(office)
    address = f"/admin/policies/policyversion/{draft.pk}/change/"
    officer = log_in("policy_officer", language)

    officer.goto(address)
    officer.get_by_role("link", name=WORDS[language]["tab"], exact=True).click()
    officer.get_by_role("link", name=WORDS[language]["edit"]).click()
    for number in (0, 1):
        cell(officer, WORDS[language], number).fill("60")
    officer.locator("#id_article").fill("第七条")
    officer.locator("#id_phrase").fill("60%")
    officer.locator("#id_reason").fill("circular 3")
    officer.locator("#id_reason").press("Tab")
    officer.keyboard.press("Enter")
    expect(officer.get_by_text(WORDS[language]["saved"])).to_be_visible()

    with worker():
        officer.locator("#header-inner").get_by_role("link", name=said["Simulate"], exact=True).click()
        officer.get_by_label(said["First month"]).fill("2024-01")
        officer.get_by_label(said["Last month"]).fill("2024-12")
        officer.get_by_role("button", name=said["Simulate"], exact=True).click()
        # The page looks for news by itself, and opens the report.
        start = check.partition("%(visits)s")[0]
        expect(officer.get_by_text(start)).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    assert Simulation.objects.get(version=draft, asked_by=office.staff["policy_officer"]).state == SimulationState.DONE
    expect(officer.locator("canvas").first).to_be_visible()

    officer.goto(address)
    officer.get_by_role("link", name=said["Submit"], exact=True).click()
    doubts = warnings_about(draft)
    assert doubts
    for number in range(len(doubts)):
        officer.locator(f"#id_why-{number}").fill("Only grade A was negotiated.")
    officer.get_by_role("button", name=said["Submit"], exact=True).click()
    expect(officer.get_by_text(submitted)).to_be_visible()

    second = log_in("second_officer", language)
    second.goto(address)
    second.get_by_role("link", name=said["Publish"], exact=True).click()
    expect(second.get_by_text("Only grade A was negotiated.").first).to_be_visible()
    second.locator("#id_reason").fill("agreed by the bureau")
    second.get_by_role("button", name=said["Publish"], exact=True).click()
    expect(second.get_by_text(published)).to_be_visible()
    draft.refresh_from_db()
    assert draft.state == VersionState.PUBLISHED
