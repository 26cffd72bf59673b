"""What each step of a story does: it calls the service that stands behind it, and says what came of it.

A module for each subject, with a table `STEPS` of its own; a subject is there because its module is.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from scenarios.story import Story

HANDLERS: dict[str, Callable[[Story, Any], dict[str, Any]]] = {}
for _module in iter_modules(__path__, f"{__name__}."):
    HANDLERS |= import_module(_module.name).STEPS
