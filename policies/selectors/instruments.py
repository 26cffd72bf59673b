"""Questions about the documents."""

from collections.abc import Collection

from policies.models import Article


def clauses_of(region_id: int, numbers: Collection[str]) -> dict[tuple[str, str], str]:
    """The loaded clauses of some of a region's documents, by (document number, article); one query."""
    rows = (
        Article.objects.filter(instrument__region_id=region_id, instrument__number__in=numbers)
        .exclude(text="")
        .select_related("instrument")
        .order_by()
    )
    return {(row.instrument.number, row.number): row.text for row in rows}
