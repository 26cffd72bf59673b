"""Pages of the office: regions, staff, jobs; and what every page of the house is made of."""

from agency.admin import exports, jobs, locked, passwords, regions, roles, sign_in, staff

__all__ = ["exports", "jobs", "locked", "passwords", "regions", "roles", "sign_in", "staff"]
