"""The member's page and its buttons, which `desk.admin` opens with what higher floors know; disease registrations."""

from members.admin import diseases

__all__ = ["diseases"]
