"""What a backup says of the office beside its rows and files, so that a restore can show that it is the same office.

A room declares a list of these (`backup_facts`), such as what its money comes to, or the last seal of a chain.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class BackupFact:
    """One thing that has to be the same before and after.

    `read` is asked inside the backup's snapshot, and again of the restored office after its migrations; it answers with
    something that JSON can hold, and that later versions of the program still find.
    """

    name: str
    read: Callable[[], Any]
