"""The picture of the floors is that of the contracts which import-linter keeps."""

import re
import tomllib

from tests.processes import PROJECT


def test_the_picture_shows_the_floors_from_the_top_and_what_stands_beside_them() -> None:
    tools = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = tools["importlinter"]["contracts"]
    floors, (beside, apart) = contracts[0], [each for each in contracts if each["type"] == "protected"]
    note = (PROJECT / "docs/decisions/0015-four-rooms.md").read_text(encoding="utf-8")
    picture = note.split("```")[1]
    drawn = re.findall(r"^(\w+(?: \| \w+)*)  ", picture, re.M)
    assert drawn == [*floors["layers"], *beside["protected_modules"], "config", *apart["protected_modules"]]
    assert {room for line in drawn for room in line.split(" | ")} == set(tools["importlinter"]["root_packages"])
