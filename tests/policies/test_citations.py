"""Phrases are looked up in the right article of a text as it was published."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from policies.citations import (
    article_name,
    article_number,
    check_pack,
    citations_of,
    read_regulation,
    split_articles,
    squeeze,
)
from policies.pack import read_pack
from policies.pack.schema import ArticleRow, Pack, Rules
from policies.services.packs import PACK_DIRECTORY

PACKS = PACK_DIRECTORY

# An invented regulation with everything that real ones have: a covering letter, markdown, sentences broken by
# lines and pages, headings of chapters, a reference at the start of a line.
TEXT = """\
某市人民政府办公室文件

第七条印发如下，请遵照执行。

# 第一章  总　则

**第一条** 为做好门诊保障，制定本办法。

第二条　一年内起付标准 30

 0元，按

第一条 所称人员计算。最高

— 3 —

支付限额
9 00元。

---

## 第二章 附　则

第三条 自 2031年 1月 1日起
施行。
"""


def pack(*, articles: str = "第一条 第二条 第三条", cited: str = "第二条", phrase: str = "限额900元") -> Pack:
    """A pack that cites the invented text once, for its version, and once for a ceiling."""
    real = read_pack(PACKS / "pingliang.toml")
    rows = [ArticleRow(number=name, classification="rule", note="") for name in articles.split()]  # type: ignore[arg-type]
    ceiling = real.rules[0].ceiling[0].model_copy(update={"article": cited, "phrase": phrase})
    version = real.version[0].model_copy(update={"article": "第三条", "phrase": "1月1日起施行"})
    return real.model_copy(
        update={
            "instrument": real.instrument.model_copy(update={"articles": rows}),
            "version": [version],
            "rules": [Rules(versions=[version.label], ceiling=[ceiling])],
        }
    )


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (1, "第一条"),
        (9, "第九条"),
        (10, "第十条"),
        (11, "第十一条"),
        (20, "第二十条"),
        (37, "第三十七条"),
        (99, "第九十九条"),
    ],
)
def test_articles_are_numbered_in_chinese(number: int, name: str) -> None:
    assert article_name(number) == name
    assert article_number(name) == number


@pytest.mark.parametrize("name", ["第条", "第十十条", "第一二条", "第一十条", "第7条", "七条", "第七章"])
def test_what_is_no_name_of_an_article_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of an article"):
        article_number(name)


@pytest.mark.parametrize("number", [0, 100, -1])
def test_no_article_has_a_number_outside_one_to_ninety_nine(number: int) -> None:
    with pytest.raises(ValueError, match="does not lie between"):
        article_name(number)


def test_blanks_line_breaks_and_markdown_do_not_count() -> None:
    assert squeeze("**起付\n 标准**　2 00\u200b元\n") == "起付标准200元"


def test_a_text_is_split_at_its_articles_and_nowhere_else() -> None:
    assert split_articles(TEXT) == {
        "第一条": "为做好门诊保障，制定本办法。",
        "第二条": "一年内起付标准300元，按第一条所称人员计算。最高支付限额900元。",
        "第三条": "自2031年1月1日起施行。",
    }


def test_an_article_alone_on_its_line_is_one() -> None:
    assert split_articles("第一条\n甲。\n**第二条**\n乙。") == {"第一条": "甲。", "第二条": "乙。"}


def test_a_text_without_articles_has_none() -> None:
    assert split_articles("通知\n各单位：请执行。\n") == {}


def test_a_number_in_a_line_of_its_own_is_kept() -> None:
    assert split_articles("第一条 限额\n1500\n元。") == {"第一条": "限额1500元。"}


def test_a_pack_that_agrees_has_no_failures() -> None:
    assert [str(failure) for failure in check_pack("a.toml", pack(), TEXT)] == []


def test_a_phrase_is_found_across_lines_and_pages() -> None:
    assert check_pack("a.toml", pack(phrase="最高支付限额900元"), TEXT) == []


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (
            pack(phrase="限额901元"),
            "a.toml: rules.0.ceiling.0: 第二条 「限额901元」: does not have this phrase",
        ),
        (
            pack(cited="第一条"),
            "a.toml: rules.0.ceiling.0: 第一条 「限额900元」: does not have this phrase",
        ),
        (
            pack(cited="第四条"),
            "a.toml: rules.0.ceiling.0: 第四条 「限额900元」: is cited but not in the text",
        ),
        (pack(phrase="** "), "a.toml: rules.0.ceiling.0: 第二条 「** 」: does not have this phrase"),
        (pack(articles="第一条 第三条"), "a.toml: instrument.articles: 第二条: is not classed"),
        (
            pack(articles="第一条 第二条 第三条 第四条"),
            "a.toml: instrument.articles: 第四条: is not in the text",
        ),
        (
            pack(articles="第一条 第二条 第二条 第三条"),
            "a.toml: instrument.articles: 第二条: is classed 2 times",
        ),
    ],
)
def test_what_does_not_agree_is_one_failure(wrong: Pack, line: str) -> None:
    assert [str(failure) for failure in check_pack("a.toml", wrong, TEXT)] == [line]


def test_the_versions_are_cited_too() -> None:
    assert [citation.key for citation in citations_of(pack())] == ["version.0", "rules.0.ceiling.0"]
    later = TEXT.replace("1月 1日", "7月 1日")
    assert [failure.key for failure in check_pack("a.toml", pack(), later)] == ["version.0"]


@pytest.mark.parametrize("name", ["city.txt", "city.md"])
def test_a_text_is_read_with_or_without_a_byte_order_mark(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("第一条 甲。", encoding="utf-8-sig")
    assert read_regulation(tmp_path, "city") == "第一条 甲。"


def text_that_agrees(path: Path) -> str:
    """An invented text that has each of a real pack's phrases in its article."""
    real = read_pack(path)
    cited = citations_of(real)
    return "\n".join(
        f"{row.number} " + "；".join(citation.phrase for citation in cited if citation.article == row.number)
        for row in real.instrument.articles
    )


def test_the_command_counts_what_it_checked(tmp_path: Path) -> None:
    for path in PACKS.glob("*.toml"):
        (tmp_path / f"{path.stem}.txt").write_text(text_that_agrees(path), encoding="utf-8")
    out = StringIO()
    call_command("check_citations", regulations=tmp_path, stdout=out)
    phrases = sum(len(citations_of(read_pack(path))) for path in PACKS.glob("*.toml"))
    assert out.getvalue() == f"5 packs, {phrases} phrases, 140 articles checked, 0 failures\n"


def test_the_command_prints_each_failure_and_fails(tmp_path: Path) -> None:
    path = PACKS / "pingliang.toml"
    text = text_that_agrees(path).replace("最高支付限额2500元", "最高支付限额3000元")
    (tmp_path / "pingliang.txt").write_text(text, encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("check_citations", regulations=tmp_path, pack=[path], stdout=out)
    assert caught.value.returncode == 1
    first, last = out.getvalue().splitlines()
    assert first.startswith("pingliang.toml: rules.0.ceiling.0: 第七条 「最高支付限额2500元」")
    assert last.endswith("24 articles checked, 1 failures")


def test_the_command_names_a_missing_text_an_unreadable_one_and_a_wrong_pack(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[region]\n", encoding="utf-8")
    (tmp_path / "dazhou.txt").write_text("第一条 甲。", encoding="gb18030")
    packs = [wrong, PACKS / "pingliang.toml", PACKS / "dazhou.toml", tmp_path / "none.toml"]
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_citations", regulations=tmp_path, pack=packs, stdout=out)
    printed = out.getvalue()
    assert "wrong.toml: instrument: Field required" in printed
    assert "pingliang.toml: no pingliang.txt or pingliang.md" in printed
    assert "dazhou.toml: 'utf-8' codec" in printed
    assert "none.toml: " in printed


def test_the_command_refuses_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("check_citations", regulations=tmp_path / "nowhere")
