"""What pydantic finds wrong is said in the reader's language, whatever it finds."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from tomllib import loads
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pydantic import ValidationError

from agency.models import Role, User
from policies.models import CreditRule, ReimbursementRate
from policies.pack.problems import Problem, of_the_schema
from policies.pack.schema import Pack
from policies.services.packs import PACK_DIRECTORY
from tests.builder import region, staff
from tests.builder.screens import text_of, visitor
from tests.policies.drafts import draft_of

PACKS = sorted(PACK_DIRECTORY.glob("*.toml"))
# One of each kind of value that TOML has, and figures past every bound.
VALUES: list[Any] = [
    "", "字", "字" * 81, 5, -1, 10**6, True, [], ["字"], {}, Decimal("1.5"), Decimal("NaN"), date(2020, 1, 1), time(1),
]  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a pack has a value: of every list the first entry."""
    if path:
        yield path
    entries = node.items() if isinstance(node, dict) else enumerate(node[:1]) if isinstance(node, list) else ()
    for key, value in entries:
        yield from places(value, (*path, key))


def wrong_ones(right: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pack with another value in one place, without the key, and with one that there is not."""
    for *way, last in places(right):
        for value in [*VALUES, None]:
            wrong = deepcopy(right)
            node: Any = wrong
            for key in way:
                node = node[key]
            if value is None:
                node.pop(last)
                if isinstance(node, dict):
                    node["population"] = 5
            else:
                node[last] = value
            yield wrong


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_whatever_is_wrong_is_said_in_chinese(path: Path) -> None:
    right = loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    found = 0
    for wrong in wrong_ones({**right, "rules": right["rules"][:1]}):
        try:
            Pack.model_validate(wrong)
        except ValidationError as error:
            for problem in of_the_schema(error):
                found += 1
                assert problem.sentence != "%(said)s", problem
                assert problem.in_words() != problem.sentence % problem.facts, problem
    assert found > 500


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("pingliang", 'status = "all", amount = 200.00', 'status = "all"', "rules.0.deductible.0.amount: 缺少此项"),
        ("pingliang", "[region]", "[region]\npopulation = 5", "region.population: 没有这个键"),
        ("pingliang", "rate = 0.65", "rate = 65.00", "rules.0.rate.0.rate: 比例应在0.00至1.00之间"),
        ("pingliang", '["tertiary_a"]', '["unset"]', "rules.0.rate.4.tiers.0: 应为下列之一："),
        ("baoshan", "hours = 48", "hours = 0", "rules.1.stay_limit.0.hours: 应不小于1"),
        ("pingliang", '["tertiary_a"]', '["tertiary_b"]', "rate.general_outpatient.tertiary_b.active: 应由恰好一行"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_an_uploaded_pack_is_refused_in_chinese(name: str, old: str, new: str, said: str) -> None:
    right = (PACK_DIRECTORY / f"{name}.toml").read_text(encoding="utf-8")
    assert old in right
    file = SimpleUploadedFile("wrong.toml", right.replace(old, new, 1).encode())
    desk = visitor(staff("officer", Role.POLICY_OFFICER, region=region(name)), "zh-hans")
    sent = {"region": region(name).pk, "file": file, "label": "", "reason": "试"}
    page = desk.post(reverse("admin:policies_policyversion_from_pack"), sent).content.decode()
    assert said in page


@pytest.mark.django_db
def test_so_is_what_is_wrong_with_a_draft_on_its_page() -> None:
    officer: User = staff("officer", Role.POLICY_OFFICER, region=region("pingliang"))
    draft = draft_of("pingliang", officer)
    ReimbursementRate.objects.filter(version=draft).update(article="第15条")
    CreditRule.objects.filter(version=draft).update(phrase="字")
    page = text_of(officer, draft, language="zh-hans")
    assert "应形如第七条" in page
    assert "至少应有2个字" in page


def test_what_is_not_known_stays_as_it_is_said() -> None:
    error = ValidationError.from_exception_data("Pack", [{"type": "frozen_instance", "loc": ("region",), "input": 1}])
    (problem,) = of_the_schema(error)
    assert str(problem) == problem.told() == "region: Instance is frozen"
    assert Problem("", "%(said)s", {"said": "100 %"}).told() == "100 %"
