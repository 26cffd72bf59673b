"""What a draft would have cost, and what it does to worked cases."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_simulation", "view_workedcase", "view_expectedchange"]
_ASK = [*_READ, "add_simulation"]


class SimulationConfig(AppConfig):
    """A policy version applied to members and claims of months that are over, and to worked cases; claims and ledger
    stay as they are.
    """

    name = "simulation"
    verbose_name = _("Simulation")

    page_panels = {
        "policies.policyversion": ["simulation.admin.on_drafts.CasesPanel", "simulation.admin.panels.SimulationsPanel"]
    }
    page_buttons = {
        "policies.policyversion": ["simulation.admin.on_versions.simulate", "simulation.admin.on_drafts.expect"]
    }

    navigation = ("simulation.admin.navigation.PAGES",)
    worklist = ("simulation.admin.worklist.QUEUES",)
    law_warnings = ("simulation.services.case_runs.LAW_WARNINGS",)
    trial_uses = ("simulation.admin.worked_cases.USES",)
    upload_pages = {"admin:simulation_workedcase_take_file": "table"}
    job_kinds = {"simulation": _("simulation of a policy version")}
    job_results = {"visits": _("visits"), "differing": _("otherwise than settled")}

    role_permissions = {
        "clerk": _READ,
        "supervisor": _ASK,
        "policy_officer": [*_ASK, "add_workedcase", "change_workedcase", "add_expectedchange"],
        "finance": _READ,
        "auditor": _READ,
    }
