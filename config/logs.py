"""What is logged, and what never is: identity numbers, phone and card numbers, query strings, database rows.

Everything goes to standard error, where the service manager picks it up.
"""

import logging
import re

_LONG_NUMBERS = re.compile(r"(?<![0-9A-Za-z])\d{11,19}[Xx]?(?![0-9A-Za-z])")
"""Phone numbers have 11 digits, identity numbers 17 or 18 and a check character, bank cards up to 19."""
_QUERY = re.compile(r"\?[^\s\"']*")
_ROW_DETAILS = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def without_personal_data(text: str) -> str:
    """The text with long numbers, query strings and the row values of database errors taken out."""
    return _LONG_NUMBERS.sub("[number]", _QUERY.sub("?[query]", _ROW_DETAILS.sub(r"\1: [row]", text)))


class DiscreetFormatter(logging.Formatter):
    """Formats a record, its traceback included, without personal data."""

    def format(self, record: logging.LogRecord) -> str:
        return without_personal_data(super().format(record))


def logging_configuration(level: str) -> dict[str, object]:
    """The value of Django's LOGGING for a lowest level such as "INFO"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "discreet": {
                "()": "config.logs.DiscreetFormatter",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django gives these two handlers of their own, which would print what the formatter leaves out.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # At DEBUG this one prints every statement with its values.
            "django.db.backends": {"level": "INFO"},
            # It greets at every start; what it has to say about logins is a warning.
            "axes": {"level": "WARNING"},
        },
    }
