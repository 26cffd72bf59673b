"""The settings as mypy's Django plugin reads them: with addresses that nothing connects to, so that no
server starts.
"""

import os

os.environ["DEBUG"] = "1"
os.environ["DATABASE_URL"] = "postgresql://analysis@localhost/analysis"
os.environ["REDIS_URL"] = "redis://localhost/0"

from config.settings import *  # noqa: F403
