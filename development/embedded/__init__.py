"""PostgreSQL and Valkey for development, demo and tests: started by the first process that needs them.

``ensure_running`` is what the settings call. How it works:

- Every process that uses the servers holds a *shared* lock on one file for as long as it lives. The kernel
  drops the lock when the process ends, however it ends.
- The first process starts a small detached *keeper*, which starts the servers and then waits for the
  *exclusive* lock on the same file. It gets it when the last user has gone, stops the servers and ends.
- Starting is done under a third lock, so processes that start at the same moment agree on one keeper.

No process id is trusted: a machine that was switched off leaves files behind, but no locks.
"""

from development.embedded.membership import addresses, ensure_running
from development.embedded.places import Addresses, EmbeddedServersUnavailable

__all__ = ["Addresses", "EmbeddedServersUnavailable", "addresses", "ensure_running"]
