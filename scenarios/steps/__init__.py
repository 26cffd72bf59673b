"""What each step of a story does: it calls the service that stands behind it, and says what came of it."""

from collections.abc import Callable
from typing import Any

from scenarios.steps import accounts, claims, law, members
from scenarios.story import Story

HANDLERS: dict[str, Callable[[Story, Any], dict[str, Any]]] = {
    "claim": claims.claim,
    "reverse": claims.reverse,
    "credit": accounts.credit,
    "spend": accounts.spend,
    "authorize": accounts.authorize,
    "close": accounts.close,
    "enroll": members.enroll,
    "contribute": members.contribute,
    "register_out_of_area": members.register_out_of_area,
    "hospital_stay": members.stay,
    "special_nursing": members.stay,
    "civil_servant_basis": members.civil_servant_basis,
    "die": members.die,
    "register_disease": members.register_disease,
    "average_pension": law.average_pension,
    "configure": law.configure,
}
