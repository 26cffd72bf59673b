"""Who should sign in to see what."""

from collections import Counter

from demo.staff import Colleague
from desk.worklist import waiting_for

_NAMED = 4
# What somebody finds for whom nothing waits.
_OTHERWISE = {
    "policy_officer_2": "a draft, a figure and an average pension of their own, which policy_officer decides",
    "auditor": "nothing to decide, and everything to read: ledger, histories, books, flags",
    "administrator_2": "a role that they asked for, which administrator decides",
}


def finds(colleague: Colleague) -> str:
    """What waits for a colleague, the most frequent first."""
    waiting = Counter(str(each.what) for each in waiting_for(colleague.user))
    named = [f"{count} × {what}" for what, count in waiting.most_common(_NAMED)]
    if len(waiting) > _NAMED:
        named.append("more")
    return ", ".join(named) or _OTHERWISE.get(colleague.user.username, "nothing that waits")
