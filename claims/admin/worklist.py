"""What waits for somebody about claims."""

from agency.admin.worklist import decided_by_another
from claims.models import Reversal

QUEUES = (decided_by_another(Reversal, "settlement__claim"),)
