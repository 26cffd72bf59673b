"""Keeps the Chinese translation in step with the strings of the screens.

``python -m development.messages update`` collects the strings into ``locale/zh_Hans/LC_MESSAGES/django.po``,
keeps every translation that still applies and compiles the .mo file. ``python -m development.messages check``
changes nothing and fails when a string is missing, left over, fuzzy or untranslated, when a placeholder was
lost, or when the .mo file is older.

Some installed packages have no Chinese of their own; their strings are collected too, but only those that
no installed package translates. Collecting needs gettext's xgettext; compiling and serving need nothing.
"""

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

LOCALE = "zh_Hans"
PROJECT = Path(__file__).resolve().parent.parent
CATALOG = PROJECT / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
SOURCES = (
    "agency",
    "files",
    "policies",
    "providers",
    "members",
    "accounts",
    "claims",
    "reimbursements",
    "clearing",
    "simulation",
    "interface",
    "monitoring",
    "notes",
    "audit",
    "desk",
    "demo",
    "scenarios",
    "config",
    "templates",
)
BORROWED = ("unfold", "import_export", "simple_history", "axes")
TRANSLATED = (
    "django.conf",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.humanize",
    "django.contrib.postgres",
    *BORROWED,
)

_HEADER = {
    "Project-Id-Version": "outpatient-desk",
    "Language": LOCALE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
_SHOWN = 30
_PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")

Key = tuple[str, str]


def key_of(entry: polib.POEntry) -> Key:
    return (entry.msgctxt or "", entry.msgid)


def package_folder(name: str) -> Path:
    specification = importlib.util.find_spec(name)
    if specification is None or not specification.submodule_search_locations:
        raise SystemExit(f"The package {name} is not installed: run make install.")
    return Path(specification.submodule_search_locations[0])


def collect(folders: list[Path]) -> list[polib.POEntry]:
    """Every string marked for translation in the Python files and templates below the folders."""
    if shutil.which("xgettext") is None:
        raise SystemExit("xgettext is not installed: install the package gettext.")
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary)
        for folder in folders:
            if folder.exists():
                ignored = shutil.ignore_patterns("__pycache__", "locale", "migrations", "static")
                shutil.copytree(folder, tree / folder.name, ignore=ignored)
        (tree / "locale").mkdir()
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(
            [
                sys.executable,
                "-m",
                "django",
                "makemessages",
                "--keep-pot",
                "--locale",
                LOCALE,
                "--verbosity",
                "0",
            ],
            cwd=tree,
            env=environment,
            check=True,
        )
        return list(polib.pofile(str(tree / "locale" / "django.pot")))


def translated_elsewhere() -> set[Key]:
    """The strings that an installed package already translates."""
    known: set[Key] = set()
    for name in TRANSLATED:
        catalog = package_folder(name) / "locale" / LOCALE / "LC_MESSAGES" / "django.mo"
        if catalog.exists():
            known |= {key_of(entry) for entry in polib.mofile(str(catalog))}
    return known


def expected_catalog(translations: polib.POFile) -> polib.POFile:
    """The catalog as the sources ask for it, with the translations that the given one has."""
    existing = {key_of(entry): entry for entry in translations}
    catalog = polib.POFile(wrapwidth=0)
    catalog.header = "The screens in Simplified Chinese, kept in step with them by make messages."
    catalog.metadata = dict(_HEADER)
    own = collect([PROJECT / name for name in SOURCES])
    elsewhere = translated_elsewhere() | {key_of(entry) for entry in own}
    borrowed = [
        entry for entry in collect([package_folder(name) for name in BORROWED]) if key_of(entry) not in elsewhere
    ]
    for match in own + borrowed:
        before = existing.get(key_of(match))
        entry = polib.POEntry(
            msgid=match.msgid,
            msgid_plural=match.msgid_plural,
            msgctxt=match.msgctxt,
            comment=match.comment,
            occurrences=sorted({(path, "") for path, _ in match.occurrences}),
            flags=[flag for flag in match.flags if flag != "fuzzy"],
        )
        if before is not None:
            entry.msgstr = before.msgstr
            entry.flags += [flag for flag in before.flags if flag == "fuzzy"]
        if match.msgid_plural:
            entry.msgstr_plural = {0: before.msgstr_plural.get(0, "") if before else ""}
        catalog.append(entry)
    return catalog


def committed_catalog() -> polib.POFile:
    return polib.pofile(str(CATALOG), wrapwidth=0) if CATALOG.exists() else polib.POFile()


def update() -> None:
    catalog = expected_catalog(committed_catalog())
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    catalog.save(str(CATALOG), newline="\n")
    # Compiled from what was written, as the check compiles it.
    committed_catalog().save_as_mofile(str(CATALOG.with_suffix(".mo")))
    print(f"{len(catalog)} strings, {len(catalog.untranslated_entries())} of them untranslated.")


def check() -> list[str]:
    """What is wrong with the committed catalog, one line for each string; empty when all is well."""
    committed = committed_catalog()
    expected = expected_catalog(committed)
    wanted = {key_of(entry) for entry in expected}
    present = {key_of(entry) for entry in committed if not entry.obsolete}
    faults = [f"missing, run make messages: {msgid!r}" for _, msgid in sorted(wanted - present)]
    faults += [f"left over, run make messages: {msgid!r}" for _, msgid in sorted(present - wanted)]
    for entry in committed:
        faults += [f"{fault}: {entry.msgid!r}" for fault in faults_of(entry)]
    compiled = CATALOG.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != committed.to_binary():
        faults.append("the .mo file is out of step with the .po file, run make messages")
    return faults


def faults_of(entry: polib.POEntry) -> list[str]:
    faults = []
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        faults.append("fuzzy")
    if not all(translations):
        faults.append("untranslated")
        return faults
    # A plural may leave out the number in English ("one claim") and never in Chinese, so either form may
    # lead.
    sources = [entry.msgid_plural or entry.msgid, entry.msgid]
    for translation in translations:
        placeholders = sorted(_PLACEHOLDER.findall(translation))
        if all(placeholders != sorted(_PLACEHOLDER.findall(source)) for source in sources):
            faults.append("placeholders differ")
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description="Keep the Chinese translation in step with the screens.")
    parser.add_argument("action", choices=["check", "update"])
    if parser.parse_args().action == "update":
        update()
        return
    faults = check()
    if faults:
        shown = faults[:_SHOWN]
        raise SystemExit("\n".join([*shown, f"The Chinese translation has {len(faults)} faults."]))
    print("The Chinese translation is complete.")


if __name__ == "__main__":
    main()
