"""One move of somebody at the desk, as a process: `python -m tests.faults MOVE [ARGUMENT…]` prints what it came to."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from tests.faults.moves import MOVES

    # Standard output holds the outcome and nothing else; logs go to standard error.
    sys.stdout.write(MOVES[sys.argv[1]](*sys.argv[2:]))
