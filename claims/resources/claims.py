"""Claims from a file with one row for each line of a bill."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from claims.models import LINE_FIELDS, Claim, ClaimLine, ClaimState
from claims.services.new_claims import Bill, NewClaim, asks_the_catalogue, normal_invoice_number
from claims.services.registration import INVOICE_LENGTH, check_line, enter_claim
from claims.services.withdrawal import withdraw_claim
from files.importing.cells import (
    AmountCell,
    CodeCell,
    Column,
    DayCell,
    DivisionCell,
    FlagCell,
    FractionCell,
    TextCell,
    TimeCell,
)
from files.importing.reading import Sheet
from files.importing.resource import Problem, ServiceResource, Values, fetch
from files.importing.row_set import ImportContext
from files.models import RowOutcome
from members.resources.lookup import MEMBER_NUMBERS, MemberLookup, unknown_member
from policies.engine.vocabulary import Benefit, CatalogCategory, ItemKind, OutOfAreaKind, Tier
from policies.resources import term_cell
from providers.models import Provider

# What the kind of file is called that puts bills right.
CORRECTIONS = _("corrections of claims")


class InvoiceCell(CodeCell):
    """An invoice number as the claim will keep it, so that a file that was imported before changes nothing."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        return super().clean(normal_invoice_number(value), row, **kwargs)


class ClaimResource(ServiceResource):
    """Rows with one claim number, one below the other, are one claim: they repeat its columns, and each has a line of
    the bill.

    A claim is registered as a whole: one wrong line keeps all of it out. What is wrong with the claim, and not with a
    line, is reported at its first row.
    """

    label = _("claims")
    permission = "claims.add_claim"
    key = ("claim_number",)
    corrected_by = dict.fromkeys((*Bill.__dataclass_fields__, *LINE_FIELDS, "claim_number"), CORRECTIONS)
    examples = {
        "claim_number": "20240301000001",
        "provider_code": "H37040200001",
        "prescribing_tier": "",
        "out_of_area": "",
        "place": "",
        "invoice_number": "00012345",
        "pay_from_account": "0",
        "code": "XJ01CAA040A001010100001",
        "name": "阿莫西林胶囊",
        "amount": "86.40",
        "over_limit": "",
        "upfront_rate": "",
        "is_negotiated": "0",
        "is_prenatal": "0",
        "is_chinese_medicine": "0",
        "is_examination": "0",
    }

    claim_number = Column(_("claim number"), CodeCell(64))
    member_number = Column(_("member number"), CodeCell(32), headings=MEMBER_NUMBERS)
    provider_code = Column(_("provider code"), CodeCell(32))
    served_on = Column(_("served on"), DayCell())
    served_at = Column(_("time of service"), TimeCell(), in_header=False, default=None)
    filed_on = Column(_("filed on"), DayCell(), in_header=False, default=None)
    benefit = Column(_("benefit"), term_cell(Benefit), in_header=False, default=Benefit.GENERAL_OUTPATIENT)
    prescribing_tier = Column(_("tier of the prescriber"), term_cell(Tier), in_header=False, default="")
    out_of_area = Column(_("out of area"), term_cell(OutOfAreaKind), in_header=False, default="")
    place = Column(_("place of service"), DivisionCell(), in_header=False, default="")
    invoice_number = Column(_("invoice number"), InvoiceCell(INVOICE_LENGTH), in_header=False, default="")
    pay_from_account = Column(_("pay the patient's share from the account"), FlagCell(), in_header=False, default=False)
    kind = Column(_("kind"), term_cell(ItemKind))
    category = Column(_("category"), term_cell(CatalogCategory))
    code = Column(_("catalogue code"), CodeCell(64), in_header=False, default="")
    name = Column(_("item name"), TextCell(120), in_header=False, default="")
    amount = Column(_("amount"), AmountCell(above_zero=True))
    over_limit = Column(_("above the price limit"), AmountCell(), in_header=False, default=Decimal("0.00"))
    upfront_rate = Column(_("upfront share of the catalogue"), FractionCell(), in_header=False, default=None)
    is_negotiated = Column(_("negotiated drug"), FlagCell(), in_header=False, default=False)
    is_prenatal = Column(_("prenatal examination"), FlagCell(), in_header=False, default=False)
    is_chinese_medicine = Column(_("Chinese medicine"), FlagCell(), in_header=False, default=False)
    is_examination = Column(_("examination"), FlagCell(), in_header=False, default=False)

    def __init__(self, context: ImportContext) -> None:
        """`bill` has the rows of the claim that is being read, each with what is wrong with it."""
        super().__init__(context)
        self.bill: list[tuple[Values, dict[str, list[str]]]] = []

    def preload(self, sheet: Sheet) -> None:
        """The members and providers that the rows name, and the claims that are there."""
        numbers = sheet["claim_number"]
        self.lengths = _lengths(numbers)
        self.preload_whose(sheet)
        claims = (
            Claim.objects.filter(region=self.context.region)
            .exclude(state=ClaimState.WITHDRAWN)
            .select_related("member", "provider")
            .defer("member__identity_number", "member__phone")
            .prefetch_related("lines")
        )
        self.known = {claim.claim_number: claim for claim in fetch(claims, "claim_number", numbers)}

    def preload_whose(self, sheet: Sheet) -> None:
        """Whom new claims are about."""
        region = self.context.region
        self.members = MemberLookup(region, numbers=sheet["member_number"])
        providers = fetch(Provider.objects.filter(region=region), "code", sheet["provider_code"])
        self.providers = {provider.code: provider for provider in providers}

    def import_instance(self, instance: Values, row: Mapping[str, str], **kwargs: Any) -> None:
        """Read the whole claim at its first row, because one wrong line refuses all of it."""
        number = kwargs["row_number"]
        if number in self.lengths:
            self._read_bill(number, self.lengths[number])
        values, faults = self.bill[number - self.bill[0][0].number]
        instance.update(values)
        instance.number = number
        if faults:
            raise ValidationError(faults)

    def _read_bill(self, first: int, length: int) -> None:
        self.bill = []
        for number in range(first, first + length):
            values = Values()
            values.number = number
            cells = dict(zip(self.sheet.headers or (), self.sheet[number - 1], strict=True))
            faults: dict[str, list[str]] = {}
            # Begun before it is parsed, so that the first row is there to compare with.
            self.bill.append((values, faults))
            faults |= self.parse(values, cells)

    def repeated(self, values: Values) -> Iterator[Problem]:
        """A problem where the rows of the claim do not stand together."""
        head = self.bill[0][0]
        first = self.seen.setdefault(values["claim_number"], head.number)
        if first != head.number:
            said = _("This claim begins in line %(line)s; its rows must stand one below the other.")
            yield Problem("claim_number", str(said) % {"line": self.line(first)})

    def problems(self, values: Values) -> Iterator[Problem]:
        """An unknown member or provider, a line that contradicts itself, or a row that contradicts the first."""
        head = self.bill[0][0]
        if values is head:
            yield from self.whose(values)
        for name in ("member_number", "provider_code", *_FACTS):
            if name in head and values[name] != head[name]:
                yield Problem(name, _("The rows of a claim must agree in this."))
        try:
            check_line(_line(values))
        except DomainError as error:
            yield Problem(error.details["field"], error.message)

    def whose(self, values: Values) -> Iterator[Problem]:
        """What is wrong with whom a claim is about."""
        if self.members.with_number(values["member_number"]) is None:
            yield unknown_member("member_number")
        if values["provider_code"] not in self.providers:
            yield Problem("provider_code", _("The region has no such provider. Import or register it first."))

    def skip_row(
        self, instance: Values, original: Any, row: Any, import_validation_errors: Mapping[str, Any] | None = None
    ) -> bool:
        """The claim goes with its first row, unless one of its lines is wrong; the others share what becomes of it."""
        if import_validation_errors:
            return False
        first, outcome = self.bill[0][0].number, self.outcomes[instance.number]
        if any(faults for _values, faults in self.bill):
            outcome.kind = RowOutcome.WRONG
            return True
        if instance.number != first:
            outcome.kind = self.outcomes[first].kind
            return True
        return super().skip_row(instance, original, row, import_validation_errors)

    def recorded(self, values: Values) -> Mapping[str, Any] | None:
        """The claim with this number. Its lines count as part of the number: they come with it or not at all."""
        claim = self.known.get(values["claim_number"])
        if claim is None:
            return None
        lines, rows = list(claim.lines.all()), [row for row, _faults in self.bill]
        has_these_lines = len(lines) == len(rows) and all(
            as_entered(line, row) == {name: row[name] for name in LINE_FIELDS}
            for line, row in zip(lines, rows, strict=True)
        )
        return {**_said_of(claim), "claim_number": claim.claim_number if has_these_lines else None}

    def save(self, values: Values) -> Claim:
        """Register the claim with all its lines, and the reimbursement of a manual one; nothing is calculated yet."""
        new = NewClaim(
            member=self.members.by_number[values["member_number"]],
            provider=self.providers[values["provider_code"]],
            lines=[_line(row) for row, _faults in self.bill],
            **{name: values[name] for name in _FACTS},
        )
        return enter_claim(new, today=self.context.today, actor=self.context.actor, reason=self.context.reason)

    def take_back(self, made: int, values: Values, before: Mapping[str, Any]) -> None:
        """Withdraw the claim, and its reimbursement, as long as it says what the file said and nothing is paid for it.
        One that was withdrawn or reversed since is taken back already.
        """
        claim = Claim.objects.select_related("member", "provider").get(pk=made)
        if claim.state in (ClaimState.WITHDRAWN, ClaimState.REVERSED):
            return
        self.check_unchanged(values, _said_of(claim))
        if ClaimLine.history.filter(claim=claim, history_type="-").exists():
            raise DomainError(_("Its bill was corrected since. Withdraw it there."))
        withdraw_claim(claim, actor=self.context.actor, reason=self.context.reason)


# What rows say of the claim, under the names of its fields; the rest is found by numbers or stands in the lines.
_FACTS = tuple(field.name for field in fields(NewClaim) if field.name in ClaimResource.columns())


def _said_of(claim: Claim) -> dict[str, Any]:
    """What rows say of a claim besides its number and its lines."""
    facts = {name: getattr(claim, name) for name in _FACTS}
    return facts | {"member_number": claim.member.member_number, "provider_code": claim.provider.code}


def as_entered(line: ClaimLine, values: Values) -> dict[str, Any]:
    """What was entered of a recorded line, beside what a row says of it: where the row leaves the share to the
    catalogue, it is the recorded one.
    """
    return line.entered() | ({"upfront_rate": None} if asks_the_catalogue(_line(values)) else {})


def _line(values: Values) -> ClaimLine:
    return ClaimLine(**{name: values[name] for name in LINE_FIELDS})


def _lengths(claim_numbers: Sequence[str]) -> dict[int, int]:
    """By the number of its first row, how many rows one below the other have the same claim number."""
    lengths: dict[int, int] = {}
    number = 1
    for _claim, rows in groupby(claim_numbers):
        lengths[number] = length = len(list(rows))
        number += length
    return lengths
