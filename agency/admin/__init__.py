"""Pages of the office: regions, staff, jobs; and what every page of the house is made of."""

from agency.admin import exports, jobs, passwords, regions, roles, staff

__all__ = ["exports", "jobs", "passwords", "regions", "roles", "staff"]
