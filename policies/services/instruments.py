"""The agency's own copy of the documents: with it, explanations show the whole clause."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agency.exceptions import DomainError
from policies.citations import split_articles
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
