"""A pack with an error names its file and the key. Each wrong pack here is a real one with one edit."""

from pathlib import Path

import pytest

from policies.pack import PackError, read_pack
from policies.services.packs import PACK_DIRECTORY
from tests.policies.undecided_packs import UNDECIDED
from tests.policies.wrong_packs import WRONG

PACKS = PACK_DIRECTORY
CASES = WRONG | UNDECIDED


@pytest.mark.parametrize(("name", "old", "new", "problem"), CASES.values(), ids=CASES.keys())
def test_a_wrong_pack_names_file_and_key(tmp_path: Path, name: str, old: str, new: str, problem: str) -> None:
    right = (PACKS / f"{name}.toml").read_text(encoding="utf-8")
    assert old in right
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(right.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(wrong)
    assert caught.value.file == "wrong.toml"
    assert [found for found in caught.value.problems if str(found).startswith(problem)], caught.value.problems


def test_a_pack_in_another_encoding_names_its_file(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text((PACKS / "dazhou.toml").read_text(encoding="utf-8"), encoding="gb18030")
    with pytest.raises(PackError, match=r"^wrong\.toml: .*utf-8"):
        read_pack(wrong)
