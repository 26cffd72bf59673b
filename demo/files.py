"""The invented population as CSV files: a folder for each region, a file for each kind of import."""

from collections.abc import Mapping
from pathlib import Path

from agency.exporting.streams import csv_bytes
from demo.population import Calendar, Invented, tables


def write_files(folder: Path, invented: Mapping[str, Invented], calendar: Calendar) -> dict[str, dict[str, Path]]:
    """Write every file anew. Returns the paths by region and kind, kinds in the order in which they have to be
    imported.
    """
    written: dict[str, dict[str, Path]] = {}
    for slug, invention in invented.items():
        place = folder / slug
        place.mkdir(parents=True, exist_ok=True)
        written[slug] = {}
        for kind, table in tables(invention, calendar).items():
            written[slug][kind] = place / f"{kind}.csv"
            written[slug][kind].write_bytes(csv_bytes(table.header, table.rows))
    return written
