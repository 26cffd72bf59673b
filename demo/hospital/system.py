"""Messages as a hospital's system writes, numbers and signs them; how they travel is somebody else's business."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from django.utils.timezone import localtime, now

from interface.services.door import KEY, NONCE, SIGNATURE, TIME, signature_of

# Takes a message and its headers, gives the answer back. Raises Lost where none comes.
Transport = Callable[[bytes, Mapping[str, str]], str]
_SEQUENCES = count(1)


class Lost(Exception):
    """No answer came. Whether the message arrived, nobody knows."""


class Hospital:
    """One provider's system. clock: what it takes for now."""

    def __init__(
        self, code: str, key: str, secret: str, transport: Transport, clock: Callable[[], datetime] = now
    ) -> None:
        self.code, self.key, self.secret = code, key, secret
        self.transport, self.clock = transport, clock

    def number(self) -> str:
        """A new msgid: the provider's code, the time, and a number that comes once in ten thousand."""
        return f"{self.code[:12]:0<12}{localtime(self.clock()):%Y%m%d%H%M%S}{next(_SEQUENCES) % 10_000:04d}"

    def message(self, infno: str, asked: Mapping[str, Any], msgid: str = "", **envelope: Any) -> bytes:
        """A message, not signed. msgid: a new one unless it is said."""
        told = {
            "infno": infno,
            "msgid": msgid or self.number(),
            "infver": "V1.0",
            "opter_type": "1",
            "opter": "0001",
            "opter_name": "收费员",
            "inf_time": f"{localtime(self.clock()):%Y-%m-%d %H:%M:%S}",
            "fixmedins_code": self.code,
            "input": asked,
        }
        return json.dumps(told | envelope, ensure_ascii=False, default=str).encode()

    @staticmethod
    def number_of(body: bytes) -> str:
        """The number of a message of this system."""
        return str(json.loads(body)["msgid"])

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers that prove whose it is, with the time of now and a nonce of its own."""
        time, nonce = str(int(self.clock().timestamp())), secrets.token_hex(12)
        return {KEY: self.key, TIME: time, NONCE: nonce, SIGNATURE: signature_of(self.secret, time, nonce, body)}

    def send(self, body: bytes) -> dict[str, Any]:
        """Sign and send a message, new or again. Lost where no answer comes."""
        answer: dict[str, Any] = json.loads(self.transport(body, self.signed(body)))
        return answer

    def ask(self, infno: str, asked: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """A new message's answer."""
        return self.send(self.message(infno, asked, **more))
