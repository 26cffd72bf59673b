"""The bills of some months: ordinary ones, and in the last month some for every reason to refuse and every ceiling."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from random import Random

from demo.population.people import Person
from demo.population.places import Place
from demo.population.providers import Provider

# Of the last month, and of each month before.
CLAIMS, CLAIMS_BEFORE = 150, 60
# So many bills come in a second time, with the same invoice.
HANDED_IN_TWICE = 3
_MOTHERS_AT_MOST = 41
_OPENS, _CLOSES = 8, 17
_EXAMINATIONS = ("血常规", "尿常规", "心电图", "腹部超声", "胸部摄片")
_DRUGS = ("降压药片", "降糖药片", "抗生素胶囊", "止咳糖浆", "护胃颗粒", "感冒清热颗粒", "调脂药片", "眼用滴剂")
_ITEMS = ("血常规", "尿常规", "心电图", "腹部超声", "胸部摄片", "普通门诊诊查", "针刺治疗", "伤口换药")
_CONSUMABLES = ("一次性注射器", "输液器", "医用敷料", "血糖试纸")
ITEM_NAMES = {"drug": _DRUGS, "item": _ITEMS, "consumable": _CONSUMABLES}


def item_code(kind: str, number: int) -> str:
    """The catalogue code of the item with this place, from 0, among its kind."""
    return f"{kind[0].upper()}{number + 1:04d}"


@dataclass(frozen=True)
class Line:
    """A line of a bill; amounts in fen, the upfront rate as text."""

    kind: str
    category: str
    code: str
    name: str
    amount_fen: int
    over_limit_fen: int = 0
    upfront_rate: str = ""
    is_negotiated: bool = False
    is_prenatal: bool = False
    is_examination: bool = False


@dataclass(frozen=True)
class Bill:
    """A claim with its lines."""

    claim_number: str
    person: Person
    provider: Provider
    served_on: date
    lines: tuple[Line, ...]
    invoice_number: str
    pay_from_account: bool
    served_at: time | None = None
    filed_on: date | None = None
    prescribing_tier: str = ""
    out_of_area: str = ""


class Month:
    """The claims of one region in one month, numbered as they are made."""

    def __init__(
        self, place: Place, members: Sequence[Person], providers: Sequence[Provider], rng: Random, month: date
    ) -> None:
        """members and providers: among whom the claims happen. month: by its first day."""
        self.place = place
        self.rng = rng
        self.month = month
        self.insured = [person for person in members if person.is_paid_up(month)]
        self.behind = [person for person in members if not person.is_paid_up(month)]
        self.home = [each for each in providers if each.is_designated and not each.is_out_of_area]
        self.institutions = [each for each in self.home if each.tier != "pharmacy"]
        self.undesignated = [each for each in providers if not each.is_designated]
        self.away = [each for each in providers if each.is_out_of_area]
        self.bills: list[Bill] = []

    def ordinary(self, count: int) -> list[Bill]:
        """So many bills that nothing is wrong with, in the order of service."""
        while len(self.bills) < count:
            self.bills.append(self.bill(self.anybody(), self.rng.choice(self.home)))
        return self.numbered()

    def fill(self, others: Sequence[Bill]) -> list[Bill]:
        """Special bills and these others first, ordinary ones up to CLAIMS, in the order of service."""
        specials: tuple[tuple[int, Callable[[], Bill]], ...] = (
            (6, lambda: self.bill(self.rng.choice(self.behind), self.rng.choice(self.home))),
            (5, lambda: self.bill(self.anybody(), self.rng.choice(self.undesignated))),
            (7, self.away_bill),
            (5, self.bill_without_upfront_rate),
            (4, self.bill_with_special_lines),
        )
        for count, make in specials:
            self.bills += [make() for _ in range(count)]
        self.bills += list(self.heavy_users())
        self.bills += others
        while len(self.bills) < CLAIMS - HANDED_IN_TWICE:
            self.bills.append(self.bill(self.anybody(), self.rng.choice(self.home)))
        self.bills += self.bills[-HANDED_IN_TWICE:]
        return self.numbered()

    def numbered(self) -> list[Bill]:
        """The bills in the order of service, with their claims' numbers."""
        self.bills.sort(key=lambda bill: (bill.served_on, bill.served_at or time.min))
        return [
            replace(bill, claim_number=f"{self.place.admdvs}-{self.month:%Y%m}-{number:05d}")
            for number, bill in enumerate(self.bills, start=1)
        ]

    def anybody(self) -> Person:
        """Somebody whose contribution is in order."""
        return self.rng.choice(self.insured)

    def bill(self, person: Person, provider: Provider, lines: tuple[Line, ...] | None = None) -> Bill:
        """A bill on some day of the month."""
        is_pharmacy = provider.tier == "pharmacy"
        return Bill(
            claim_number="",
            person=person,
            provider=provider,
            served_on=self.month + timedelta(days=self.rng.randrange(monthrange(self.month.year, self.month.month)[1])),
            served_at=time(self.rng.randint(_OPENS, _CLOSES), self.rng.randrange(60)),
            lines=lines or self.lines(drugs_only=is_pharmacy),
            invoice_number=f"{self.rng.randrange(10**8):08d}",
            pay_from_account=self.rng.random() < 0.6,
            prescribing_tier=self.rng.choice(("primary", "secondary", "tertiary_b")) if is_pharmacy else "",
        )

    def lines(self, *, drugs_only: bool = False, least: int = 1_000, most: int = 42_000) -> tuple[Line, ...]:
        """One to four lines of so many fen each."""
        kinds = ["drug"] if drugs_only else ["drug", "drug", "item", "item", "consumable"]
        return tuple(self.line(self.rng.choice(kinds), least, most) for _ in range(self.rng.randint(1, 4)))

    def line(self, kind: str, least: int, most: int) -> Line:
        """A line; a few are dearer than the price limit."""
        rng = self.rng
        number = rng.randrange(len(ITEM_NAMES[kind]))
        category = rng.choices("ABC", weights=(60, 32, 8))[0]
        amount = rng.randrange(least, most)
        return Line(
            kind=kind,
            category=category,
            code=item_code(kind, number),
            name=ITEM_NAMES[kind][number],
            is_examination=ITEM_NAMES[kind][number] in _EXAMINATIONS,
            amount_fen=amount,
            over_limit_fen=amount // 10 if rng.random() < 0.05 else 0,
            upfront_rate=rng.choice(("0.05", "0.10", "0.20")) if category == "B" and self.needs_upfront_rate else "",
        )

    @property
    def needs_upfront_rate(self) -> bool:
        """Whether the region takes the share of category B lines from the catalogue."""
        return not self.place.has_own_upfront_rates

    def away_bill(self) -> Bill:
        """Care elsewhere without registration, half of it filed by hand afterwards."""
        bill = self.bill(self.anybody(), self.rng.choice(self.away))
        filed = bill.served_on + timedelta(days=self.rng.randint(3, 9)) if self.rng.random() < 0.5 else None
        return replace(bill, out_of_area="temporary", filed_on=filed)

    def bill_without_upfront_rate(self) -> Bill:
        """A category B line whose share the catalogue does not have."""
        bill = self.bill(self.anybody(), self.rng.choice(self.institutions))
        return replace(bill, lines=(*bill.lines, Line("drug", "B", "D0099", "未维护药品", 8_800)))

    def bill_with_special_lines(self) -> Bill:
        """A negotiated drug or a prenatal examination, which some regions leave out."""
        mothers = [
            each
            for each in self.insured
            if each.sex == "F" and each.birth_date.year >= self.month.year - _MOTHERS_AT_MOST
        ]
        if mothers and self.rng.random() < 0.5:
            person = self.rng.choice(mothers)
            special = Line("item", "A", "I0100", "产前检查", 18_000, is_prenatal=True)
        else:
            person = self.anybody()
            special = Line("drug", "A", "D0100", "谈判药品", 62_000, is_negotiated=True)
        bill = self.bill(person, self.rng.choice(self.institutions))
        return replace(bill, lines=(*bill.lines, special))

    def heavy_users(self) -> Iterator[Bill]:
        """Six people with bills that reach the ceilings of a month and of a year, one of them the highest ceiling of
        all.
        """
        for person in self.rng.sample(self.insured, 5):
            for _ in range(4):
                bill = self.lines(least=40_000, most=110_000)
                yield self.bill(person, self.rng.choice(self.institutions), bill)
        person = self.anybody()
        for _ in range(3):
            yield self.bill(person, self.institutions[0], (Line("item", "A", "I0099", "组合治疗", 420_000),))
