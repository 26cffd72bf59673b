"""Who owes whom after a reversal, where members were paid out: what they still get, and what they pay back."""

from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from claims.models import Resettlement
from claims.rooms_above import ToDo
from reimbursements.models import ItemState, PaymentItem


def paid_again() -> QuerySet[PaymentItem]:
    """The payment of the re-settlement in the outer query that the bank made or is asked to make."""
    return PaymentItem.objects.filter(resettlement=OuterRef("pk"), state__in=(ItemState.WAITING, ItemState.PAID))


def to_pay() -> QuerySet[Resettlement]:
    """Differences that members are still owed: more than was paid out, and in no batch."""
    return Resettlement.objects.filter(~Exists(paid_again()), was_paid_out=True, difference__gt=0).order_by("pk")


def to_recover(rows: QuerySet[Resettlement] | None = None) -> QuerySet[Resettlement]:
    """Differences that members still owe: less than was paid out, and not paid back. rows: among these."""
    rows_to_ask = Resettlement.objects.all() if rows is None else rows
    return rows_to_ask.filter(was_paid_out=True, difference__lt=0, recovered_on__isnull=True).order_by("pk")


def to_do_about(difference: Decimal, recovered_on: date | None, *, is_in_payment: bool) -> ToDo:
    """Where the difference is, in yuan and not zero, to what a member was paid out."""
    if difference > 0:
        return ToDo(_("in payment"), "") if is_in_payment else ToDo(_("to be paid in a batch"), "warning")
    if recovered_on is None:
        return ToDo(_("to be recovered"), "danger")
    day = formats.date_format(recovered_on, "DATE_FORMAT")
    return ToDo(_("recovered on %(day)s") % {"day": day}, "success")
