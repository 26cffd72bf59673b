"""What the clock does.

Each task finds its own work and does nothing where there is none, so that a beat that was away misses nothing.
"""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "resume jobs": {
        "task": "agency.tasks.resume_jobs",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "forget previews that nobody confirmed": {
        "task": "agency.tasks.clear_imports",
        "schedule": timedelta(hours=1),
    },
    "resume what a lost worker or message left behind": {
        "task": "accounts.tasks.resume_credit_runs",
        "schedule": timedelta(seconds=10),
        # What no worker has taken by the next tick is left to it, or they would all be done at once.
        "options": {"expires": 10},
    },
    "resume files of settlements": {
        "task": "clearing.tasks.resume_settled_files",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "draft the credit runs of months that are over": {
        "task": "accounts.tasks.draft_credit_runs",
        "schedule": crontab(hour=1, minute=30),
    },
    "look for unusual patterns": {"task": "monitoring.tasks.look_for_patterns", "schedule": crontab(hour=2, minute=0)},
    "verify the books": {"task": "desk.tasks.verify_all_books", "schedule": crontab(hour=3, minute=0)},
}
