"""A draft from a pack that somebody brings: law from elsewhere, or of a region that begins."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.approval import note_author
from agency.services.history import tracked_save
from policies.models import PolicyVersion
from policies.pack import parse_pack
from policies.services.packs import add_rows, load_diseases, load_instrument, unsaved_version


@transaction.atomic
def draft_from_pack(
    region: PoolingRegion, name: str, content: bytes, *, label: str = "", actor: User, reason: str
) -> PolicyVersion:
    """Make a draft of a version in a pack, with its document, articles and every rule row; another person publishes it.

    name: the file's. label: which of the pack's versions, where it has several. The region gets the pack's document and
    the catalogue of diseases where it has none.

    PackError for a pack that is not right. DomainError for another region's pack, a label that it has not or that the
    region has already, several versions without a label, or no reason.
    """
    if not reason.strip():
        raise DomainError(_("Give the reason for the change."))
    pack = parse_pack(name, content)
    if pack.region.slug != region.slug:
        raise DomainError(
            _("The pack is of the region %(pack)s, not of %(region)s. Choose that region, or correct the pack.")
            % {"pack": pack.region.slug, "region": region.slug},
            field="file",
        )
    labels = [version.label for version in pack.version]
    if not label and len(labels) > 1:
        raise DomainError(
            _("The pack has several versions: enter one of %(labels)s.") % {"labels": ", ".join(labels)}, field="label"
        )
    wanted = label or labels[0]
    if wanted not in labels:
        raise DomainError(
            _("The pack has no version %(label)s, only %(labels)s.") % {"label": wanted, "labels": ", ".join(labels)},
            field="label",
        )
    if PolicyVersion.objects.filter(region=region, label=wanted).exists():
        raise DomainError(
            _("There is a version %(label)s already. Give it another label in the pack.") % {"label": wanted},
            field="label",
        )
    load_diseases(region)
    source = next(version for version in pack.version if version.label == wanted)
    draft = unsaved_version(region, load_instrument(region, pack.instrument), source)
    draft.drafted_by = actor
    note_author(draft, actor.pk)
    tracked_save(draft, actor, reason)
    add_rows(draft, pack, wanted)
    return draft
