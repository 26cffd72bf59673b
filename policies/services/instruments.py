"""The agency's own copy of the documents: explanations show the whole clause, and cited words are looked for in it."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from policies.citations import split_articles, squeeze
from policies.models import Instrument


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


def stands_in_its_article(instrument: Instrument, article: str, phrase: str) -> bool:
    """Whether the words were found in the article: False where the house has no text to look in.

    DomainError where it has the text and the document has no such article, or the article has not these words.
    """
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
