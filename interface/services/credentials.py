"""Keys given to providers' systems, and withdrawn."""

import secrets

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from agency.services.history import tracked_save
from interface.models import ProviderCredential
from providers.models import Provider

_SECRET_BYTES, _KEY_BYTES = 32, 10
# One to change from and one to change to, and one for a second system beside it.
MOST_IN_FORCE = 4


@transaction.atomic
def issue_credential(provider: Provider, *, actor: User | None, reason: str) -> ProviderCredential:
    """Give a provider one more key; its secret is on the row that is returned, and shown to nobody later.

    DomainError without a reason, and where the provider has `MOST_IN_FORCE` keys.
    """
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    if provider.credentials.filter(withdrawn_at__isnull=True).count() >= MOST_IN_FORCE:
        raise DomainError(
            _("This provider has %(count)s keys in force. Withdraw one that is not used any more first.")
            % {"count": MOST_IN_FORCE}
        )
    credential = ProviderCredential(
        provider=provider,
        key_id=f"K{secrets.token_hex(_KEY_BYTES)}",
        secret=secrets.token_urlsafe(_SECRET_BYTES),
        issued_by=actor,
    )
    tracked_save(credential, actor, reason)
    return credential


@transaction.atomic
def withdraw_credential(credential: ProviderCredential, *, actor: User | None, reason: str) -> ProviderCredential:
    """Let nothing in with a key any more. DomainError without a reason; MoveNotAllowed for one withdrawn before."""
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."), field="reason")
    held = ProviderCredential.objects.select_for_update(of=("self",)).select_related("provider").get(pk=credential.pk)
    if held.withdrawn_at is not None:
        raise MoveNotAllowed(_("This key is withdrawn already."))
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = now(), actor, reason.strip()[:100]
    tracked_save(held, actor, reason)
    return held
