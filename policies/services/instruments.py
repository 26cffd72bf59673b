"""The agency's own copy of the documents: explanations show the whole clause, and cited words are looked for in it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.content import ContentType
from agency.exceptions import DomainError
from agency.models import PoolingRegion, User
from agency.services.file_checks import check_content
from policies.citations import split_articles, squeeze
from policies.engine.vocabulary import ArticleClass
from policies.models import Article, Instrument


@dataclass(frozen=True, slots=True)
class Passage:
    """Where the law says it: the document, the article, the few words that carry the figures, and the number of the
    note on how they are read, where they leave room.
    """

    instrument: Instrument
    article: str
    phrase: str
    reading: str = ""


def enter_instrument(
    region: PoolingRegion,
    *,
    number: str,
    title: str,
    issued_on: date,
    text: str = "",
    content: IO[bytes] | None = None,
    actor: User,
) -> Instrument:
    """Enter a document before a draft rests on it: its articles from its text, and its PDF under a random name.

    DomainError without number or title, for a number that the region has, a text in which no article begins, and a file
    that is no whole PDF.
    """
    if not (number.strip() and title.strip()):
        raise DomainError(_("Give the document's number and title."), field="number")
    checked = check_content(content) if content is not None else None
    if checked is not None and checked.content_type is not ContentType.PDF:
        raise DomainError(_("The document is kept as a PDF. Save it as one and try again."), field="content")
    instrument = Instrument(
        region=region, number=number.strip(), title=title.strip(), issued_on=issued_on, entered_by=actor
    )
    with transaction.atomic():
        if Instrument.objects.filter(region=region, number=instrument.number).exists():
            raise DomainError(_("%(number)s is listed already.") % {"number": instrument.number}, field="number")
        instrument.save()
        if text.strip():
            keep_text(instrument, text)
        if content is not None and checked is not None:
            instrument.file.save("file.pdf", File(content), save=False)
            instrument.digest = checked.digest
        try:
            instrument.save()
        except BaseException:
            # Without its row nobody would ever find the file again.
            instrument.file.delete(save=False)
            raise
    return instrument


@transaction.atomic
def keep_text(instrument: Instrument, text: str) -> int:
    """Keep a document's articles as they are typed or pasted; returns how many there are.

    What the software makes of an article that nothing cites yet, nobody has said. DomainError for a text in which no
    article begins, and for a document whose text is kept: what figures were checked against stays as it was.
    """
    instrument = Instrument.objects.select_for_update(no_key=True).get(pk=instrument.pk)
    if instrument.articles.exclude(text="").exists():
        raise DomainError(_("The text of %(number)s is kept already.") % {"number": instrument.number})
    clauses = split_articles(text)
    if not clauses:
        raise DomainError(
            _("The text has no article. Each begins at the start of a line with its name and a blank: 第一条 …"),
            field="text",
        )
    known = {article.number: article for article in instrument.articles.all()}
    for position, (number, clause) in enumerate(clauses.items(), start=1):
        listed = Article(
            instrument=instrument, number=number, position=position, classification=ArticleClass.NOT_IMPLEMENTED
        )
        article = known.get(number, listed)
        article.text = clause.strip()
        article.save()
    return len(clauses)


@transaction.atomic
def load_instrument_text(instrument: Instrument, path: Path) -> int:
    """Keep the clauses of a document with its articles; returns how many articles got their text.

    DomainError for a file in which none of the instrument's articles is found.
    """
    clauses = split_articles(path.read_text(encoding="utf-8-sig"))
    loaded = 0
    for article in instrument.articles.all():
        if article.number in clauses:
            article.text = clauses[article.number].strip()
            article.save(update_fields=["text"])
            loaded += 1
    if not loaded:
        raise DomainError(_("None of the articles of %(number)s is in this file.") % {"number": instrument.number})
    return loaded


def check_passage(passage: Passage | None) -> bool:
    """Whether the words were found in the article; False where the house has no text of the document to look in.

    ValidationError without article or words. DomainError where the text has no such article, or not these words.
    """
    if passage is None or not (passage.article.strip() and passage.phrase.strip()):
        empty = [name for name in ("article", "phrase") if passage is None or not getattr(passage, name).strip()]
        raise ValidationError({name: [_("Name the article and the words that carry these figures.")] for name in empty})
    found = _stands_in_its_article(passage.instrument, passage.article, passage.phrase)
    # An article typed at the desk was of no consequence until a figure rests on it.
    unused = {"number": passage.article, "classification": ArticleClass.NOT_IMPLEMENTED, "note": ""}
    passage.instrument.articles.filter(**unused).update(classification=ArticleClass.RULE)
    return found


def _stands_in_its_article(instrument: Instrument, article: str, phrase: str) -> bool:
    clauses = dict(instrument.articles.values_list("number", "text"))
    if not any(clauses.values()):
        return False
    if article not in clauses:
        raise DomainError(
            _("%(document)s has no %(article)s. Write the article as it is printed, such as 第七条.")
            % {"document": instrument.number, "article": article},
            field="article",
        )
    text = clauses[article]
    if not text:
        return False
    wanted = squeeze(phrase)
    if not wanted or wanted not in squeeze(text):
        raise DomainError(
            _("%(article)s of %(document)s does not have the words “%(phrase)s”. Copy them as they are printed.")
            % {"article": article, "document": instrument.number, "phrase": phrase},
            field="phrase",
        )
    return True
