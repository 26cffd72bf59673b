"""Worked cases, calculated by hand from the regulations; one of them is what the waiting draft is meant to change."""

from pathlib import Path

from agency.models import Role
from demo.office.house import Office
from policies.models import PolicyVersion
from simulation.models import WorkedCase
from simulation.services.case_runs import run_cases
from simulation.services.worked_cases import expect_changes, take_cases

FILES = Path(__file__).with_name("worked_cases")


def write_cases(office: Office) -> None:
    """A file for each region, brought by its policy officer."""
    for slug, region in office.regions.items():
        if not WorkedCase.objects.filter(region=region).exists():
            content = (FILES / f"{slug}.toml").read_bytes()
            officer = office.first(Role.POLICY_OFFICER)
            take_cases(region, content, today=office.today, actor=officer, reason="按条文手工计算的算例")


def expect_what_is_meant(office: Office, draft: PolicyVersion) -> None:
    """Say why a draft changes the cases that it changes."""
    wrong = [run.case.pk for run in run_cases(draft, today=office.today) if run.wrong]
    reasons = dict.fromkeys(wrong, "本次即提高退休人员支付比例五个百分点")
    expect_changes(draft, reasons, today=office.today, actor=office.second(Role.POLICY_OFFICER))
