"""A year of settled claims as a set: registered as rows, calculated by the engine, written with what they came to.

The first ones are settled by the services, so that the simulation is compared with what these write.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.bench.owner import as_the_owner

_PROVIDERS, _BY_THE_SERVICES, _PIECE = 20, 2_000, 2_000
_CLAIM = (
    "id, claim_number, region_id, member_id, provider_id, channel, benefit, served_on, prescribing_tier, out_of_area,"
    " place, invoice_number, late_filing_reason, pay_from_account, state, refusal_reason, refusal_instrument,"
    " refusal_article, refusal_phrase, created_at"
)
_LINE = (
    "claim_id, kind, category, code, name, amount, over_limit, is_negotiated, is_prenatal, is_examination, "
    "is_chinese_medicine"
)
_AMOUNTS = (
    "total, self_paid, over_limit, upfront_share, covered, out_of_area_share, deductible, pooled, pooled_inpatient, "
    "patient_share"
)
# Everything self-paid, until it is calculated.
_UNCALCULATED = f"""
    INSERT INTO claims_settlement (claim_id, member_id, version_id, served_on, settled_on, settled_at, {_AMOUNTS},
        account, family_account, cash, warnings, steps)
    SELECT claim.id, claim.member_id, version.id, claim.served_on, claim.served_on, now(), bill.total, bill.total,
        0, 0, 0, 0, 0, 0, 0, bill.total, 0, 0, bill.total, '[]', '[]'
    FROM claims_claim AS claim
    JOIN policies_policyversion AS version
        ON version.region_id = claim.region_id AND version.state = 'published' AND version.period @> claim.served_on
    CROSS JOIN LATERAL (
        SELECT sum(amount) AS total FROM claims_claimline WHERE claim_id = claim.id
    ) AS bill
    WHERE claim.state = 'registered' ORDER BY claim.served_on, claim.id
"""
_CALCULATED = f"""
    CREATE TABLE bench_settlement AS
    SELECT settlement.id, settlement.claim_id, settlement.member_id, settlement.version_id, settlement.served_on,
        settlement.settled_on, settlement.settled_at, {", ".join(f"outcome.{each}" for each in _AMOUNTS.split(", "))}
    FROM claims_settlement AS settlement JOIN bench_outcome AS outcome ON outcome.claim_id = settlement.claim_id
"""


@as_the_owner
def write_claims(slug: str, claims: int, year: int) -> int:
    """So many claims of a region's members, over the days of a year; returns how many of them are settled."""
    from django.db import connection

    from agency.models import PoolingRegion
    from claims.models import Settlement

    region = PoolingRegion.objects.get(slug=slug)
    providers = _providers(region)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM members_member WHERE region_id = %s ORDER BY id", [region.pk])
        members = [number for (number,) in cursor.fetchall()]
        _register(cursor, region.pk, members, providers, claims, year)
        cursor.execute("ANALYZE")
    _settle_some(region, year)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_UNCALCULATED)
        cursor.execute("ANALYZE claims_settlement")
        _calculate(cursor, region, members, year)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM (ANALYZE)")
    return Settlement.objects.count()


def _providers(region: Any) -> list[int]:
    from policies.engine.vocabulary import Tier
    from providers.models import ProviderKind
    from providers.services import register_provider

    tiers = (Tier.PRIMARY, Tier.SECONDARY, Tier.TERTIARY_A)
    return [
        register_provider(
            region,
            code=f"H{number:04d}",
            name=f"示例医院{number}",
            kind=ProviderKind.MEDICAL_INSTITUTION,
            tier=tiers[number % len(tiers)],
            first_day=date(2022, 1, 1),
            reason="benchmark",
        ).pk
        for number in range(_PROVIDERS)
    ]


def _register(cursor: Any, region: int, members: list[int], providers: list[int], claims: int, year: int) -> None:
    rng = Random(year)

    def bills() -> Iterator[tuple[Any, ...]]:
        for number in range(1, claims + 1):
            day = date(year, 1, 1) + timedelta(days=rng.randrange(365))
            whose = (number, f"B{number:09d}", region, rng.choice(members), rng.choice(providers))
            what = ("direct", "general_outpatient", day, "", "", "", f"B{number:09d}", "", False, "registered")
            yield (*whose, *what, "", "", "", "", f"{day} 12:00+08")

    with cursor.copy(f"COPY claims_claim ({_CLAIM}) FROM STDIN") as copy:
        for row in bills():
            copy.write_row(row)
    with cursor.copy(f"COPY claims_claimline ({_LINE}) FROM STDIN") as copy:
        for number in range(1, claims + 1):
            for kind in ("drug", "item"):
                amount = Decimal(rng.randrange(1_000, 42_000)) / 100
                copy.write_row((number, kind, "A", "XJ01CAA001", "示例项目", amount, 0, *(False,) * 4))
    cursor.execute("SELECT setval(pg_get_serial_sequence('claims_claim', 'id'), %s)", [claims])


def _settle_some(region: Any, year: int) -> None:
    """The claims of the first members, each in the order of service, as a worker settles them."""
    from claims.models import Claim
    from claims.services.settlement import settle_claims

    first = Claim.objects.filter(region=region).order_by("member_id").values_list("member_id", flat=True)
    last_member = list(first[:_BY_THE_SERVICES])[-1]
    waiting = list(
        Claim.objects.filter(region=region, member_id__lte=last_member)
        .select_related("member__region", "provider")
        .order_by("served_on", "pk")
    )
    for start in range(0, len(waiting), 200):
        settle_claims(waiting[start : start + 200], today=date(year, 12, 31))


def _calculate(cursor: Any, region: Any, members: list[int], year: int) -> None:
    """Put what the engine says in the place of what is not calculated; what it refuses is settled no more."""
    from policies.engine.outcome import Outcome
    from simulation.selectors.law import law_of
    from simulation.selectors.visits import settled_visits
    from simulation.services.replay import replay

    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    law = law_of(region, region.policy_versions.all()[0], None, [], days)
    cursor.execute(f"CREATE TABLE bench_outcome AS SELECT claim_id, {_AMOUNTS} FROM claims_settlement LIMIT 0")
    for start in range(0, len(members), _PIECE):
        piece = members[start : start + _PIECE]
        outcomes = [
            (settled.claim_id, *before[:10])
            for visits in settled_visits(region.pk, piece[0], piece[-1], days[0], days[-1])
            for settled, before, _after in replay(visits, law)
            if isinstance(before, Outcome)
        ]
        with cursor.copy("COPY bench_outcome FROM STDIN") as copy:
            for row in outcomes:
                copy.write_row(row)
    # What the services settled stays as they wrote it.
    cursor.execute("CREATE TABLE bench_services AS SELECT * FROM claims_settlement WHERE jsonb_array_length(steps) > 0")
    cursor.execute(_CALCULATED)
    cursor.execute("TRUNCATE claims_settlement CASCADE")
    cursor.execute("INSERT INTO claims_settlement SELECT * FROM bench_services")
    cursor.execute(
        f"""INSERT INTO claims_settlement (id, claim_id, member_id, version_id, served_on, settled_on, settled_at,
            {_AMOUNTS}, account, family_account, cash, warnings, steps)
        SELECT *, 0, 0, patient_share, '[]', '[]' FROM bench_settlement
        WHERE id NOT IN (SELECT id FROM bench_services) ORDER BY id"""
    )
    cursor.execute(
        "UPDATE claims_claim SET state = 'settled'"
        " WHERE state = 'registered' AND id IN (SELECT claim_id FROM bench_outcome)"
    )
