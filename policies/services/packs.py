"""Packs into the database, and one region's rules into another."""

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agency.models import PoolingRegion
from agency.services.history import tracked_save
from policies.models import RULE_MODELS, Article, Disease, Instrument, PolicyVersion, VersionState
from policies.pack import Pack, read_pack, schema, values_of

PACK_DIRECTORY = Path(__file__).resolve().parent.parent / "data"
DISEASES = PACK_DIRECTORY / "diseases.csv"


@dataclass
class LoadReport:
    """What loading a pack did: labels of versions added, and of versions that were there already."""

    region: str
    added: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)


@transaction.atomic
def load_pack(path: Path) -> LoadReport:
    """Seed a region, its instrument, articles and published versions from a pack file. Doing it again changes nothing.

    A version whose label is there already stays as it is: published law changes through a new version, not through a
    file. Raises PackError for a pack that is not right.
    """
    pack = read_pack(path)
    region, _created = PoolingRegion.objects.get_or_create(
        slug=pack.region.slug,
        defaults={"name": pack.region.name, "name_en": pack.region.name_en, "admdvs": pack.region.admdvs},
    )
    instrument = load_instrument(region, pack.instrument)
    load_diseases(region)
    report = LoadReport(region.slug)
    for version in sorted(pack.version, key=lambda each: each.since):
        if PolicyVersion.objects.filter(region=region, label=version.label).exists():
            report.present.append(version.label)
        else:
            _load_version(region, instrument, pack, version)
            report.added.append(version.label)
    return report


def load_diseases(region: PoolingRegion) -> None:
    """Give a region the national catalogue of diseases; what it has stays."""
    with DISEASES.open(encoding="utf-8", newline="") as file:
        rows = [Disease(region=region, code=row["code"], name=row["name"]) for row in csv.DictReader(file)]
    Disease.objects.bulk_create(rows, ignore_conflicts=True)


def load_instrument(region: PoolingRegion, source: schema.Instrument) -> Instrument:
    """A pack's document and the class of each of its articles; what the region has of them stays."""
    instrument, _created = Instrument.objects.get_or_create(
        region=region, number=source.number, defaults={"title": source.title, "issued_on": source.issued_on}
    )
    for position, row in enumerate(source.articles, start=1):
        Article.objects.get_or_create(
            instrument=instrument,
            number=row.number,
            defaults={"position": position, "classification": row.classification, "note": row.note},
        )
    return instrument


def unsaved_version(region: PoolingRegion, instrument: Instrument, source: schema.Version) -> PolicyVersion:
    """A version as a pack names it, without its rows."""
    after = None if source.until == "open" else source.until + timedelta(days=1)
    return PolicyVersion(
        region=region,
        instrument=instrument,
        label=source.label,
        period=DateRange(source.since, after),
        article=source.article,
        phrase=source.phrase,
        reading=source.reading,
    )


def _load_version(region: PoolingRegion, instrument: Instrument, pack: Pack, source: schema.Version) -> PolicyVersion:
    version = unsaved_version(region, instrument, source)
    tracked_save(version, None, f"pack {region.slug}")
    add_rows(version, pack, source.label)
    version.state = VersionState.PUBLISHED
    tracked_save(version, None, f"pack {region.slug}")
    return version


def add_rows(version: PolicyVersion, pack: Pack, label: str) -> None:
    """Give a version that is still a draft every rule row that a pack has for the version of this label."""
    documents: dict[str, Instrument | None] = {"": None}
    for other in pack.documents:
        documents[other.number], _created = Instrument.objects.get_or_create(
            region=version.region, number=other.number, defaults={"title": other.title, "issued_on": other.issued_on}
        )
    for model in RULE_MODELS:
        rows = [
            model(version=version, instrument=documents[values.pop("document")], **values)
            for values in values_of(pack, label, model)
        ]
        model._default_manager.bulk_create(rows)


def copy_rows(source: PolicyVersion, target: PolicyVersion) -> None:
    """Copy every rule row of one version to another that is still a draft; each rests on the document it rested on."""
    same_document = source.instrument_id == target.instrument_id
    for model in RULE_MODELS:
        rows = list(model._default_manager.filter(version=source).order_by("pk"))
        for row in rows:
            row.pk = None
            row._state.adding = True
            row.version = target
            if not same_document and row.instrument_id is None:
                row.instrument_id = source.instrument_id
        model._default_manager.bulk_create(rows)


@transaction.atomic
def copy_region(source: PoolingRegion, slug: str, under: PolicyVersion | None = None) -> PoolingRegion:
    """A region of another name with the same published law: room for worked cases beside real data.

    under: a version, drafted or published, whose rules hold there on all days instead.
    """
    region = PoolingRegion.objects.create(slug=slug, name=source.name, name_en=source.name_en, admdvs=source.admdvs)
    versions = list(PolicyVersion.objects.filter(region=source, state=VersionState.PUBLISHED).order_by("period"))
    for version in versions[-1:] if under else versions:
        original = PolicyVersion(pk=version.pk)
        if under:
            # Signed as the newest law is, which a draft is not.
            original, version.instrument = under, under.instrument
            version.period = DateRange(date(2000, 1, 1), None)
        instrument, _created = Instrument.objects.get_or_create(
            region=region,
            number=version.instrument.number,
            defaults={"title": version.instrument.title, "issued_on": version.instrument.issued_on},
        )
        version.pk = None
        version._state.adding = True
        version.region, version.instrument = region, instrument
        version.state = VersionState.DRAFT
        version.save()
        copy_rows(original, version)
        version.state = VersionState.PUBLISHED
        version.save()
    load_diseases(region)
    return region
