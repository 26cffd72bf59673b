"""What a draft would have cost."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_READ = ["view_simulation"]
_ASK = [*_READ, "add_simulation"]


class SimulationConfig(AppConfig):
    """A policy version applied to members and claims of months that are over; claims and ledger stay as they are."""

    name = "simulation"
    verbose_name = _("Simulation")

    page_panels = {"policies.policyversion": ["simulation.admin.panels.SimulationsPanel"]}
    page_buttons = {"policies.policyversion": ["simulation.admin.on_versions.simulate"]}

    navigation = ("simulation.admin.navigation.PAGES",)
    worklist = ("simulation.admin.worklist.QUEUES",)
    job_kinds = {"simulation": _("simulation of a policy version")}
    job_results = {"visits": _("visits"), "differing": _("otherwise than settled")}

    role_permissions = {
        "clerk": _READ,
        "supervisor": _ASK,
        "policy_officer": _ASK,
        "finance": _READ,
        "auditor": _READ,
    }
