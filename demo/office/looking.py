"""Who looked at what: the audit log as a morning leaves it."""

from uuid import uuid4

from django.db import transaction

from agency.models import Role
from audit.models import Access, Act
from audit.services.accesses import Where, record_access
from claims.models import Claim
from demo.office.house import Office
from demo.office.noting import NOTED_IN
from members.models import Member

# Of the addresses that documentation may use.
COUNTER, BACK_OFFICE, ELSEWHERE = "192.0.2.11", "192.0.2.24", "198.51.100.7"


def look_around(office: Office) -> None:
    """Sign-ins, one of them wrong; members and claims that were opened; a list, and numbers shown for a purpose."""
    if Access.objects.exists():
        return
    members = list(Member.objects.filter(region=office.regions[NOTED_IN]).order_by("pk")[:3])
    claims = list(Claim.objects.filter(region=office.regions[NOTED_IN]).order_by("pk")[:2])
    clerk, auditor = office.clerk, office.first(Role.AUDITOR)

    def where(view: str, address: str) -> Where:
        return Where(view, address, uuid4())

    with transaction.atomic():
        record_access(Act.FAILED, clerk, where("login", ELSEWHERE))
        for colleague, address in ((clerk, COUNTER), (office.supervisor, BACK_OFFICE), (auditor, BACK_OFFICE)):
            record_access(Act.SIGNED_IN, colleague, where("login", address))
        record_access(Act.LISTED, clerk, where("members_member_changelist", COUNTER), rows=members)
        for row, view in (*((each, "members_member_change") for each in members), (claims[0], "claims_claim_change")):
            record_access(Act.OPENED, clerk, where(view, COUNTER), rows=[row], object_id=str(row.pk))
        record_access(
            Act.REVEALED,
            clerk,
            where("audit_access_reveal", COUNTER),
            rows=members[:1],
            object_id=str(members[0].pk),
            purpose="与本人出示的居民身份证核对",
        )
        record_access(Act.OPENED, auditor, where("claims_claim_change", BACK_OFFICE), rows=claims[1:])
        record_access(Act.REFUSED, clerk, where("agency_user_changelist", COUNTER))
