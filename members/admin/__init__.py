"""The member's page and its buttons; disease registrations."""

from members.admin import diseases, people

__all__ = ["diseases", "people"]
