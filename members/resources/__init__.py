"""Members, their enrollments and contributions from files."""

from members.resources.contributions import ContributionResource
from members.resources.enrollments import EnrollmentResource
from members.resources.people import MemberResource

__all__ = ["ContributionResource", "EnrollmentResource", "MemberResource"]
