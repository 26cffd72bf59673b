"""Bills that were entered at the desk this morning and nobody has settled yet."""

from datetime import timedelta
from itertools import islice

from django.db import transaction

from claims.models import Claim, ClaimState
from claims.services.new_claims import NewClaim
from claims.services.registration import enter_claim
from demo.office.counter import Counter, lines_of
from demo.office.house import Office

_EACH = 3


def enter_bills(office: Office) -> None:
    """Enter some bills of yesterday in every region."""
    if Claim.objects.filter(region__in=office.regions.values(), state=ClaimState.REGISTERED, filed_on=None).exists():
        return
    for region in office.regions.values():
        counter = Counter(office, region)
        with transaction.atomic():
            for number, member in enumerate(islice(counter.people(), _EACH), start=1):
                new = NewClaim(
                    member=member,
                    provider=counter.hospital(),
                    claim_number=f"{region.admdvs}-D{office.today:%Y%m%d}-{number:03d}",
                    served_on=office.today - timedelta(days=1),
                    invoice_number=f"9{office.today:%m%d}{number:03d}",
                    pay_from_account=True,
                    lines=lines_of(f"{region.slug}:bill:{number}"),
                )
                enter_claim(new, today=office.today, **office.by_clerk("机构网络中断，窗口代为登记"))
