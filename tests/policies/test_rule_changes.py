"""Several rules of a draft are changed under one citation: all of them or none, each named in the history."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agency.exceptions import DomainError, MoveNotAllowed
from agency.models import User
from policies.engine.vocabulary import Benefit, InsuredStatus, Tier
from policies.models import DeductibleFactor, Instrument, PolicyVersion, ReimbursementRate
from policies.selectors.versions import policy_of
from policies.services.instruments import Passage
from policies.services.rule_changes import Changed, RuleChange, change_rules
from policies.services.versions import publish_version, submit_version, version_payload
from tests.builder import REASON, staff
from tests.policies.drafts import KEY, TODAY, draft_of, rate_of

pytestmark = pytest.mark.django_db

SIXTY = {"rate": Decimal("0.6000")}


@pytest.fixture
def officer() -> User:
    return staff("officer")


@pytest.fixture
def draft(officer: User) -> PolicyVersion:
    return draft_of("pingliang", officer)


@pytest.fixture
def circular(draft: PolicyVersion) -> Instrument:
    """A document whose text the house keeps."""
    document = Instrument.objects.create(region=draft.region, number="平医保〔2024〕9号", title="通知", issued_on=TODAY)
    texts = {"第一条": "退休人员支付比例为70%。", "第二条": "在职职工支付比例\n为66%。"}
    for position, (number, text) in enumerate(texts.items(), start=1):
        document.articles.create(position=position, number=number, text=text, classification="not_implemented")
    return document


@pytest.fixture
def passage(circular: Instrument) -> Passage:
    return Passage(circular, "第二条", "支付比例为66%")


def rate(tier: Tier = Tier.SECONDARY, value: str | None = "0.66", **facts: Any) -> RuleChange:
    key = {"benefit": Benefit.GENERAL_OUTPATIENT, "tier": tier, "status": InsuredStatus.ACTIVE}
    return RuleChange(ReimbursementRate, key, {"rate": value and Decimal(value)}, **facts)


def change(draft: PolicyVersion, changes: Sequence[RuleChange], passage: Passage | None, actor: User) -> Changed:
    return change_rules(draft, changes, passage, actor=actor, reason=REASON)


def test_cells_changed_together_rest_on_one_passage_and_are_named_in_the_history(
    draft: PolicyVersion, passage: Passage, officer: User
) -> None:
    done = change(draft, [rate(), rate(Tier.TERTIARY_A)], passage, officer)
    assert done == Changed(2, True)
    rows = ReimbursementRate.objects.filter(version=draft, instrument=passage.instrument)
    assert {(row.tier, row.rate, row.article, row.phrase) for row in rows} == {
        (tier, Decimal("0.66"), "第二条", "支付比例为66%") for tier in (Tier.SECONDARY, Tier.TERTIARY_A)
    }
    told = str(draft.history.first().history_change_reason)
    assert "普通门诊 · 二级 · 在职: rate: 0.6000 → 0.66; 普通门诊 · 三级甲等 · 在职: rate: 0.5500 → 0.66" in told
    assert told.endswith("平医保〔2024〕9号 第二条)")
    assert passage.instrument.articles.get(number="第二条").classification == "rule"


def test_a_calculation_names_the_document_that_the_figure_is_from(
    draft: PolicyVersion, passage: Passage, officer: User
) -> None:
    before = draft.instrument.number
    change(draft, [rate()], passage, officer)
    rates = policy_of(draft).rates
    assert rates[KEY].citation.instrument == "平医保〔2024〕9号"
    assert rates[KEY[0], Tier.PRIMARY, KEY[2]].citation.instrument == before


@pytest.mark.parametrize(
    ("wrong", "refusal", "says"),
    [
        ({"article": "第一条"}, DomainError, "第一条中没有“支付比例为66%”"),
        ({"article": "第九条"}, DomainError, "中没有第九条"),
        ({"phrase": " "}, ValidationError, "条款和字句"),
        ({"article": ""}, ValidationError, "条款和字句"),
    ],
)
def test_words_that_do_not_stand_in_the_article_carry_nothing(
    wrong: dict[str, Any], refusal: type[Exception], says: str, draft: PolicyVersion, passage: Passage, officer: User
) -> None:
    with pytest.raises(refusal, match=says):
        change(draft, [rate()], replace(passage, **wrong), officer)
    assert rate_of(draft).rate == SIXTY["rate"]


def test_words_of_a_document_without_text_are_taken_and_told(draft: PolicyVersion, officer: User) -> None:
    assert change(draft, [rate()], Passage(draft.instrument, "第七条", "66%"), officer) == Changed(1, False)


def test_one_wrong_cell_keeps_all_others_back(draft: PolicyVersion, passage: Passage, officer: User) -> None:
    with pytest.raises(ValidationError):
        change(draft, [rate(), rate(Tier.PRIMARY, "1.01")], passage, officer)
    assert rate_of(draft).rate == SIXTY["rate"]
    assert not ReimbursementRate.objects.filter(version=draft, instrument__isnull=False).exists()


def test_a_rule_is_dropped_and_put_back_with_its_own_citation(
    draft: PolicyVersion, passage: Passage, officer: User
) -> None:
    before = version_payload(draft)["reimbursementrate"]
    old = rate_of(draft)
    change(draft, [replace(rate(), values=None), rate(Tier.PRIMARY)], passage, officer)
    assert len(version_payload(draft)["reimbursementrate"]) == len(before) - 1
    change(draft, [rate(restored=True), rate(Tier.PRIMARY, restored=True)], None, officer)
    assert (rate_of(draft).rate, rate_of(draft).phrase, rate_of(draft).instrument) == (old.rate, old.phrase, None)
    after = version_payload(draft)["reimbursementrate"]
    assert sorted(map(str, after)) == sorted(map(str, before))


def test_a_rule_is_added_and_its_undoing_takes_it_away(draft: PolicyVersion, passage: Passage, officer: User) -> None:
    key = {"benefit": Benefit.GENERAL_OUTPATIENT, "age_from": 80}
    added = RuleChange(DeductibleFactor, key, {"factor": Decimal("0.5")}, seen=None)
    change(draft, [added], passage, officer)
    assert DeductibleFactor.objects.get(version=draft, **key).instrument == passage.instrument
    change(draft, [replace(added, values=None, seen=..., restored=True)], None, officer)
    assert not DeductibleFactor.objects.filter(version=draft, **key).exists()


def test_whoever_comes_second_is_told_who_changed_what(draft: PolicyVersion, passage: Passage, officer: User) -> None:
    looked: Any = draft.history.first()
    change(draft, [rate(value="0.66", seen=SIXTY)], passage, staff("second"))
    with pytest.raises(DomainError, match=r"second: .*0\.6000 → 0\.66"):
        change_rules(
            draft,
            [rate(value="0.70", seen=SIXTY)],
            passage,
            actor=officer,
            reason=REASON,
            seen_entry=looked.history_id,
        )
    assert rate_of(draft).rate == Decimal("0.66")


def test_law_and_what_waits_for_another_person_take_no_change(
    draft: PolicyVersion, passage: Passage, officer: User
) -> None:
    submit_version(draft, actor=officer)
    with pytest.raises(MoveNotAllowed):
        change(draft, [rate()], passage, officer)
    publish_version(draft, actor=staff("second"), today=TODAY)
    with pytest.raises(MoveNotAllowed):
        change(draft, [rate()], passage, officer)
