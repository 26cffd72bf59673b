"""Files are counted before they touch the disk: who may send one, to which page, and how large."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from agency.declarations import declared_by_name
from config.refusals import UploadRefused

MEGABYTE = 1024 * 1024
# Of what is refused so much is still read, and dropped, so that the browser comes to read the sentence.
_DROPPED_AT_MOST = 256 * MEGABYTE


class BoundedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep a file, and lets through what the page takes from the person."""

    request: HttpRequest

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  Django's name.
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Look at what the browser says about the length, before anything is read."""
        self._input, self._received = input_data, 0
        self._megabytes = self._allowed()
        # The fields around the file have their own bound.
        if content_length > self._megabytes * MEGABYTE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self._refuse()

    def new_file(self, *arguments: Any, **options: Any) -> None:
        """A file where none is taken is refused at its name."""
        super().new_file(*arguments, **options)
        if self._megabytes == 0:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count what really comes, all files of the request together."""
        self._received += len(raw_data)
        if self._received > self._megabytes * MEGABYTE:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""

    def _allowed(self) -> int:
        user, match = getattr(self.request, "user", None), self.request.resolver_match
        if user is None or not user.is_authenticated or match is None:
            return 0
        # Every page that no room declares takes none.
        kind = declared_by_name("upload_pages").get(match.view_name)
        return int(settings.UPLOAD_MEGABYTES[kind]) if kind else 0

    def _refuse(self) -> None:
        # What has been kept so far goes at once, not when the last reference to it does.
        for handler in self.request.upload_handlers:
            handler.upload_interrupted()
        user = getattr(self.request, "user", None)
        if user is not None and user.is_authenticated:
            self._drop()
        if self._megabytes == 0:
            raise UploadRefused(
                _("This page takes no file"), _("Sign in, and send it on the page that asks for a file.")
            )
        raise UploadRefused(
            _("The file is too large"),
            _("The file is larger than %(size)s MB. Send it in parts, or a scan with fewer dots.")
            % {"size": self._megabytes},
        )

    def _drop(self) -> None:
        dropped = 0
        while dropped < _DROPPED_AT_MOST and (piece := self._input.read(MEGABYTE)):
            dropped += len(piece)
