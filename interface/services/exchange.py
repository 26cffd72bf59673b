"""A message comes in, an answer goes out, exactly once (docs/decisions/0040).

1. The key: signed, in force, fresh, not too many (`door`). 2. The envelope and the transaction it names (`reading`).
3. Under the lock of its number, in one transaction: an earlier one of this number answers for it; otherwise it is done,
and what it did is written together with the message and its answer. A fault in between leaves nothing, so that the
same message can be sent again.
"""

import json
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from agency.exceptions import DomainError
from interface.models import Message, MessageState, ProviderCredential, RecalledMessage
from interface.selectors.answers import moment
from interface.services.calls import Call, Reply, Transaction
from interface.services.door import Proof, TurnedAway, admit, is_flooded
from interface.services.keys import hold_key
from interface.services.reading import NotUnderstood, digest_of, read_envelope, read_part
from interface.services.transactions import BY_INFNO
from policies.engine.errors import MissingLaw

_logger = logging.getLogger(__name__)
DONE, REFUSED = 0, -1
# So much of a message that nobody signed is kept.
_KEPT_UNSIGNED = 2_000
_COMPLAINT_LENGTH = 300
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it arrived. now: by our clock. begun: of a counter of seconds."""

    body: bytes
    proof: Proof
    now: datetime
    begun: float

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace").replace("\0", "\ufffd")

    @property
    def milliseconds(self) -> int:
        """Since it arrived."""
        return round((perf_counter() - self.begun) * 1000)


def answer(body: bytes, proof: Proof, *, at: datetime | None = None) -> str:
    """The answer to a message, as JSON. at: when it arrived, now unless said otherwise.

    Never raises what concerns the message. What the database could not do in time is no answer: the sentence asks for
    the same message again.
    """
    arrival = Arrival(body, proof, at or now(), perf_counter())
    try:
        credential = admit(proof, body, arrival.now)
        return _answer_to(arrival, credential)
    except TurnedAway as error:
        return _turn_away(arrival, str(error), error.credential)


def turn_away_unread(sentence: str) -> str:
    """The answer to a message of which nothing was read, because it is too long."""
    return _turn_away(Arrival(b"", Proof(), now(), perf_counter()), sentence, None)


def _answer_to(arrival: Arrival, credential: ProviderCredential) -> str:
    try:
        envelope = read_envelope(arrival.body)
        asked = BY_INFNO.get(envelope.infno)
        if asked is None:
            raise NotUnderstood(_("There is no transaction with this infno here."))
        if envelope.fixmedins_code != credential.provider.code:
            raise NotUnderstood(_("fixmedins_code is not that of the provider to which the key was given."))
        part = read_part(asked.asks, envelope.input, "input")
    except NotUnderstood as error:
        raise TurnedAway(str(error), credential) from error
    call = Call(credential, envelope, arrival.now)
    for tried in range(_TRIES):
        try:
            return _once(arrival, call, asked, part)
        except IntegrityError:
            # Two claimed the same invoice, or used the same signature, at the same instant: now one of them is there.
            if tried == _TRIES - 1:
                raise TurnedAway(_busy(), credential) from None
        except OperationalError as error:
            _logger.warning("%s gave up: %s", asked.infno, type(error).__name__)
            raise TurnedAway(_busy(), credential) from None
    raise AssertionError


def _busy() -> str:
    return _("Too much is going on at this moment, and nothing was done. Send the same message again.")


@transaction.atomic
def _once(arrival: Arrival, call: Call, asked: Transaction, part: Any) -> str:
    envelope, provider = call.envelope, call.provider
    hold_key(provider, envelope.msgid)
    if Message.objects.filter(signature=arrival.proof.signature).exists():
        raise TurnedAway(_("This very message came before. Sign it anew to send it again."), call.credential)
    digest = digest_of(envelope)
    first = Message.objects.filter(provider=provider, msgid=envelope.msgid, state=MessageState.ANSWERED).first()
    if first is not None and first.digest != digest:
        raise TurnedAway(_("This msgid was used for another message. Give every message its own."), call.credential)
    if first is not None:
        _keep(arrival, call, MessageState.REPEATED, infcode=first.infcode, digest=digest, first=first)
        return first.answer
    code, reply, complaint = _performed(call, asked, part)
    written = _written(call, code, reply, complaint)
    _keep(
        arrival,
        call,
        MessageState.ANSWERED,
        infcode=code,
        complaint=complaint[:_COMPLAINT_LENGTH],
        digest=digest,
        request=arrival.text,
        answer=written,
        member=reply.member,
        settlement=reply.settlement,
    )
    return written


def _performed(call: Call, asked: Transaction, part: Any) -> tuple[int, Reply, str]:
    """What comes of it. What is refused leaves nothing behind but the message."""
    if RecalledMessage.objects.filter(provider=call.provider, msgid=call.envelope.msgid).exists():
        return REFUSED, Reply(), _("This message was taken back with 2601 before it came. Send it under a new msgid.")
    try:
        with transaction.atomic():
            return DONE, asked.perform(call, part), ""
    except (DomainError, MissingLaw) as error:
        if isinstance(error, MissingLaw):
            return REFUSED, Reply(), _("The rules in force do not decide this yet. Ask the agency.")
        return REFUSED, Reply(), str(error)


def _keep(arrival: Arrival, call: Call, state: MessageState, **facts: Any) -> None:
    Message.objects.create(
        region=call.region,
        provider=call.provider,
        credential=call.credential,
        infno=call.envelope.infno,
        msgid=call.envelope.msgid,
        state=state,
        signature=arrival.proof.signature,
        received_at=arrival.now,
        milliseconds=arrival.milliseconds,
        **facts,
    )


def _turn_away(arrival: Arrival, sentence: str, credential: ProviderCredential | None) -> str:
    """Say why, and keep that it came, unless somebody without a key sends too much."""
    provider = credential.provider if credential else None
    if credential is None and is_flooded(arrival.now):
        return _refusal("", arrival.now, sentence)
    infno, msgid = _named(arrival.body) if credential else ("", "")
    try:
        Message.objects.create(
            region=provider.region if provider else None,
            provider=provider,
            credential=credential,
            infno=infno,
            msgid=msgid,
            state=MessageState.TURNED_AWAY,
            request=arrival.text if credential else arrival.text[:_KEPT_UNSIGNED],
            infcode=REFUSED,
            complaint=sentence[:_COMPLAINT_LENGTH],
            received_at=arrival.now,
            milliseconds=arrival.milliseconds,
        )
    except DatabaseError as error:
        _logger.warning("a message that was turned away is not kept: %s", type(error).__name__)
    return _refusal(provider.region.admdvs if provider else "", arrival.now, sentence)


def _named(body: bytes) -> tuple[str, str]:
    """The transaction and the number that the message gives, as far as it can be read."""
    try:
        envelope = read_envelope(body)
    except NotUnderstood:
        return "", ""
    return envelope.infno[:8], envelope.msgid


def _refusal(admdvs: str, at: datetime, sentence: str) -> str:
    return _json(_surround(admdvs, at, REFUSED, Reply(), sentence))


def _written(call: Call, code: int, reply: Reply, complaint: str) -> str:
    return _json(_surround(call.region.admdvs, call.now, code, reply, complaint))


def _surround(admdvs: str, at: datetime, code: int, reply: Reply, complaint: str) -> dict[str, Any]:
    return {
        "infcode": code,
        "inf_refmsgid": f"{admdvs or '000000'}{localtime(at):%Y%m%d%H%M%S}{secrets.randbelow(10**10):010d}",
        "refmsg_time": moment(at),
        "respond_time": moment(now()),
        "err_msg": complaint,
        "warn_msg": reply.warning,
        "output": reply.output,
    }


def _json(surrounded: dict[str, Any]) -> str:
    return json.dumps(surrounded, ensure_ascii=False, default=_number)


def _number(value: Any) -> Any:
    """Amounts are written as texts with two decimals, which no client rounds."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)
