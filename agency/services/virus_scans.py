"""The office's own virus scanner, asked about every paper before it is kept."""

import subprocess
from typing import IO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError

# As ClamAV's programs and others end: 0 for nothing, 1 for something; anything else is no answer.
_NOTHING, _SOMETHING = 0, 1
_SECONDS = 60


def scan_for_viruses(content: IO[bytes]) -> None:
    """Give a file to UPLOAD_SCAN_COMMAND, which reads it from its input; nothing is asked where none is set.

    DomainError where it finds something, and where it gives no answer: a file that was not looked at is not kept.
    """
    if not settings.UPLOAD_SCAN_COMMAND:
        return
    content.seek(0)
    try:
        answer = subprocess.run(
            settings.UPLOAD_SCAN_COMMAND, input=content.read(), capture_output=True, timeout=_SECONDS, check=False
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        answer = -1
    if answer == _SOMETHING:
        raise DomainError(_("The virus scanner found something in this file. It was not kept."), field="content")
    if answer != _NOTHING:
        raise DomainError(
            _("The virus scanner gives no answer. The file was not kept; tell an administrator."), field="content"
        )
