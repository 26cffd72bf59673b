"""The invented population as CSV files: a folder for each region, a file for each kind of import."""

from pathlib import Path

from agency.importing.writing import csv_bytes
from demo.population import generate


def write_files(folder: Path, seed: int) -> dict[str, dict[str, Path]]:
    """Write every file anew. Returns the paths by region and kind, kinds in the order in which they have to be
    imported.
    """
    written: dict[str, dict[str, Path]] = {}
    for slug, tables in generate(seed).items():
        place = folder / slug
        place.mkdir(parents=True, exist_ok=True)
        written[slug] = {kind: place / f"{kind}.csv" for kind in tables}
        for kind, table in tables.items():
            written[slug][kind].write_bytes(csv_bytes(table.header, table.rows))
    return written
