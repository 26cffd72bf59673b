"""A name is found by Latin letters."""

import pytest

from members.admin.search import matching
from members.models import Member
from members.pinyin import spelled
from tests.builder import a_member, region


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("王伟", "wangwei", "ww"),
        ("吕布", "lvbu", "lb"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("曾国藩", "zengguofan", "zgf"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("小单", "xiaodan", "xd"),
        ("阿凡提·买买提", "afantimaimaiti", "aftmmt"),
        ("Maria del Mar", "mariadelmar", "mdm"),
        ("王A明", "wangaming", "wam"),
        ("", "", ""),
    ],
)
def test_how_a_name_is_spelled(name: str, pinyin: str, initials: str) -> None:
    assert spelled(name) == (pinyin, initials)


@pytest.mark.django_db
@pytest.mark.parametrize("term", ["zengguof", "Zeng Guo Fan", "zgf", "ZG", "曾国", "zeng'guofan"])
def test_a_member_is_found_by_the_name_its_pinyin_or_its_initials(term: str) -> None:
    wanted = a_member(region("pingliang"), name="曾国藩")
    a_member(region("pingliang"), name="李国", member_number="another")
    assert list(Member.objects.filter(matching(term))) == [wanted]


@pytest.mark.django_db
def test_a_corrected_name_is_found_by_its_new_spelling() -> None:
    member = a_member(region("pingliang"), name="曾国藩")
    member.name = "左宗棠"
    member.save()
    assert list(Member.objects.filter(matching("zzt"))) == [member]
    assert not Member.objects.filter(matching("zgf"))
