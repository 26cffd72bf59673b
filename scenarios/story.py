"""The state of a story while it is replayed: its region, its people, its places, what was settled."""

from decimal import Decimal

from accounts.models import LedgerAccount
from agency.models import PoolingRegion, User
from claims.models import Settlement
from members.models import Member
from providers.models import Provider
from scenarios.format import Scenario
from scenarios.people import create_insured, create_member

ZERO = Decimal("0.00")


class Story:
    """A scenario in a region of its own, with its people and providers, and its settlements by the claims' ids."""

    def __init__(self, scenario: Scenario, region: PoolingRegion) -> None:
        """Create two staff members; everybody else comes with `set_scene`."""
        self.scenario, self.region = scenario, region
        self.maker = User.objects.create(username=f"{region.slug}-maker")
        self.checker = User.objects.create(username=f"{region.slug}-checker")
        self.providers: dict[str, Provider] = {}
        self.settlements: dict[str, Settlement] = {}
        self.relatives: dict[str, Member] = {}

    def set_scene(self) -> None:
        """The people with what holds before the first step."""
        case = self.scenario
        self.member = create_insured(self.region, 1, "主角", case.member, case.enrollment, case.contribution)
        for number, spec in enumerate(case.relative, start=2):
            if spec.insured:
                self.relatives[spec.id] = create_insured(
                    self.region, number, spec.id, spec, case.enrollment, case.contribution
                )
            else:
                self.relatives[spec.id] = create_member(self.region, number, spec.id, spec)

    def person(self, name: str) -> Member:
        """The story's member ("own"), or a relative by id."""
        return self.member if name == "own" else self.relatives[name]

    def balance(self) -> Decimal:
        """The member's balance; nothing without an account."""
        account = LedgerAccount.objects.filter(member=self.member).first()
        return account.balance if account and account.balance is not None else ZERO
