"""What waits for somebody about claims."""

from agency.admin.worklist import decided_by_another
from claims.models import Reversal, ReversalState

QUEUES = (decided_by_another(Reversal, "claims.approve_reversal", ReversalState.SUBMITTED, ("settlement__claim",)),)
