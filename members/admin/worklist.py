"""What waits for somebody about members."""

from agency.admin.worklist import decided_by_another
from members.models import DiseaseRegistration

QUEUES = (decided_by_another(DiseaseRegistration, "member__region", "disease"),)
