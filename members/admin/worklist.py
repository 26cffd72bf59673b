"""What waits for somebody about members."""

from agency.admin.worklist import decided_by_another
from members.models import DiseaseRegistration, RegistrationState

QUEUES = (
    decided_by_another(
        DiseaseRegistration,
        "members.approve_diseaseregistration",
        RegistrationState.SUBMITTED,
        ("member__region", "disease"),
    ),
)
