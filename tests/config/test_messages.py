"""What counts as a fault in the Chinese translation."""

import polib
import pytest
from django.utils.translation import override

from development.messages import committed_catalog, faults_of
from reimbursements.models import BatchState, PaymentBatch


@pytest.mark.parametrize(
    ("entry", "faults"),
    [
        (polib.POEntry(msgid="Member", msgstr="参保人"), []),
        (polib.POEntry(msgid="Member", msgstr=""), ["untranslated"]),
        (polib.POEntry(msgid="Member", msgstr="会员", flags=["fuzzy"]), ["fuzzy"]),
        (polib.POEntry(msgid="%(count)s rows", msgstr="%(count)s 行"), []),
        (polib.POEntry(msgid="%(count)s rows", msgstr="若干行"), ["placeholders differ"]),
        (polib.POEntry(msgid="{name} of {year}", msgstr="{year} 年的 {name}"), []),
        (polib.POEntry(msgid="{name}", msgstr="{nmae}"), ["placeholders differ"]),
        (
            polib.POEntry(msgid="one row", msgid_plural="%(n)d rows", msgstr_plural={0: "%(n)d 行"}),
            [],
        ),
        (polib.POEntry(msgid="one row", msgid_plural="%(n)d rows", msgstr_plural={0: ""}), ["untranslated"]),
    ],
)
def test_faults_of_one_string(entry: polib.POEntry, faults: list[str]) -> None:
    assert faults_of(entry) == faults


# What the regulations and the buttons call 零星报销, 直接结算, 统筹区, 复核通过 and 不予支付 has no second name.
@pytest.mark.parametrize("word", ["手工报销", "联网结算", "统筹地区", "拒付", "批准", "发票号重复", "票据号码"])
def test_no_thing_has_a_second_name(word: str) -> None:
    translations = [(entry.msgid, entry.msgstr, *entry.msgstr_plural.values()) for entry in committed_catalog()]
    assert [said for said in translations if any(word in text for text in said[1:])] == []


def test_a_batch_that_was_paid_out_is_settled_and_not_cancelled_like_an_account() -> None:
    drafter = PaymentBatch._meta.get_field("drafted_by")
    with override("zh-hans"):
        assert str(BatchState.CLOSED.label) == "已办结"
        assert str(drafter.verbose_name) == "制单人"
    with override("en"):
        assert (str(BatchState.CLOSED.label), str(drafter.verbose_name)) == ("closed", "drafted by")
