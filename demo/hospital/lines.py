"""How a message travels: into this process, or over the network."""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.timezone import now
from django.utils.translation import override

from demo.hospital.system import Lost, Transport
from interface.services.door import Proof
from interface.services.exchange import answer

_SECONDS = 30


def here(clock: Callable[[], datetime] = now) -> Transport:
    """Answered by this process. clock: the agency's."""

    def transport(body: bytes, headers: Mapping[str, str]) -> str:
        with override("zh-hans"):
            return answer(body, Proof.of(headers), at=clock())

    return transport


def over_http(address: str) -> Transport:
    """Answered by a server. Lost where none answers in time."""

    def transport(body: bytes, headers: Mapping[str, str]) -> str:
        told = {**headers, "Content-Type": "application/json"}
        request = urllib.request.Request(address, body, told)  # noqa: S310 - whoever starts it names the address.
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
                return str(response.read().decode())
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise Lost from error

    return transport
