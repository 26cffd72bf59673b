"""Does every pack say what its regulation says? Phrases are looked up in the articles of its text.

The texts come as they were published: lines broken inside sentences, markdown around headings, page numbers
between paragraphs. An article begins at the start of a line; blanks and markdown never decide whether a
phrase is found.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policies.pack.schema import OfRow, Pack

DIGITS = "一二三四五六七八九"
ARTICLE = re.compile(r"[\s*_#>\u200b\ufeff]*(第[一二三四五六七八九十]+条)(?=[\s*_]|$)")
FURNITURE = re.compile(r"[-—–\s]*[-—–]\s*\d+\s*[-—–]\s*|[-*_\s]{3,}|[\s*_#]*第[一二三四五六七八九十]+章\s.*")
NOISE = re.compile(r"[\s*_#`>\u200b\ufeff]+")


@dataclass(frozen=True)
class Citation:
    """A place in a pack that cites the regulation: its key ("rules.0.rate.2"), the article, the phrase."""

    key: str
    article: str
    phrase: str


@dataclass(frozen=True)
class Failure:
    """What does not agree: the pack's file and key, the article, the phrase ("" where none is at issue)."""

    file: str
    key: str
    article: str
    phrase: str
    problem: str

    def __str__(self) -> str:
        """The line that is printed."""
        quoted = f" 「{self.phrase}」" if self.phrase else ""
        return f"{self.file}: {self.key}: {self.article}{quoted}: {self.problem}"


def article_name(number: int) -> str:
    """The name of an article by its number, 1 to 99: 24 is "第二十四条". ValueError for any other number."""
    if not 1 <= number <= 99:
        raise ValueError(f"{number} does not lie between 1 and 99")
    tens, ones = divmod(number, 10)
    tens_text = (DIGITS[tens - 1] if tens > 1 else "") + "十" if tens else ""
    return f"第{tens_text}{DIGITS[ones - 1] if ones else ''}条"


NUMBERS = {article_name(number): number for number in range(1, 100)}


def article_number(name: str) -> int:
    """The number, 1 to 99, in an article's name: "第二十四条" is 24. ValueError for what is no such name."""
    if name not in NUMBERS:
        raise ValueError(f"{name} is not the name of an article")
    return NUMBERS[name]


def squeeze(text: str) -> str:
    """The text without blanks, line breaks and markdown, so that a phrase is found across them."""
    return NOISE.sub("", text)


def split_articles(text: str) -> dict[str, str]:
    """Each article's name and its squeezed text, from its heading to the next one, in the order of the text.

    What stands before the first article is left out, and so are page numbers, rules and headings of chapters.
    A line that starts with the name of an earlier article belongs to a sentence that refers to it: numbers of
    articles only rise.
    """
    articles: dict[str, list[str]] = {}
    latest = 0
    for line in text.splitlines():
        if FURNITURE.fullmatch(line):
            continue
        heading = ARTICLE.match(line)
        if heading is not None and NUMBERS.get(heading[1], 0) > latest:
            latest = NUMBERS[heading[1]]
            articles[heading[1]] = [line[heading.end() :]]
        elif latest:
            articles[article_name(latest)].append(line)
    return {name: squeeze("".join(lines)) for name, lines in articles.items()}


def citations_of(pack: Pack) -> list[Citation]:
    """Everything in a pack that cites the regulation, the versions first."""
    return list(_citations(pack))


def _citations(pack: Pack) -> Iterator[Citation]:
    for index, version in enumerate(pack.version):
        yield Citation(f"version.{index}", version.article, version.phrase)
    for index, block in enumerate(pack.rules):
        for kind, rows in block:
            for number, row in enumerate(rows):
                # Other documents than the pack's own have no text here.
                if isinstance(row, OfRow) and not row.document:
                    yield Citation(f"rules.{index}.{kind}.{number}", row.article, row.phrase)


def check_pack(file: str, pack: Pack, text: str) -> list[Failure]:
    """What does not agree between a pack and its regulation's text; an empty list where all does.

    file: the pack's name, for the failures. text: the regulation as published.
    """
    articles = split_articles(text)
    return [*_wrong_articles(file, pack, articles), *_wrong_phrases(file, pack, articles)]


def _wrong_articles(file: str, pack: Pack, articles: dict[str, str]) -> Iterator[Failure]:
    classed = Counter(row.number for row in pack.instrument.articles)
    for name, times in classed.items():
        if times > 1:
            yield Failure(file, "instrument.articles", name, "", f"is classed {times} times")
        if name not in articles:
            yield Failure(file, "instrument.articles", name, "", "is not in the text")
    for name in articles:
        if name not in classed:
            yield Failure(file, "instrument.articles", name, "", "is not classed")


def _wrong_phrases(file: str, pack: Pack, articles: dict[str, str]) -> Iterator[Failure]:
    for citation in citations_of(pack):
        if citation.article not in articles:
            problem = "is cited but not in the text"
        elif not (wanted := squeeze(citation.phrase)) or wanted not in articles[citation.article]:
            problem = "does not have this phrase"
        else:
            continue
        yield Failure(file, citation.key, citation.article, citation.phrase, problem)


def read_regulation(folder: Path, name: str) -> str:
    """The text of a regulation, from `name` with .txt or .md in the folder; UTF-8.

    FileNotFoundError where there is neither, UnicodeDecodeError where it is not UTF-8.
    """
    for ending in (".txt", ".md"):
        path = folder / f"{name}{ending}"
        if path.is_file():
            return path.read_text(encoding="utf-8-sig")
    raise FileNotFoundError(f"no {name}.txt or {name}.md in {folder}")
