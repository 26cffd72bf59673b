"""What is logged, and what never is: identity numbers, phone and card numbers, query strings, database rows.

Everything goes to standard error, where the service manager picks it up.
"""

import logging
import re

_PERSONAL_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:[A-Za-z]{3})?\d{11,19}[Xx]?|[A-Za-z]{1,2}\d{7,8})(?![0-9A-Za-z])"
)
"""Phone numbers have 11 digits, identity numbers 17 and a check character or three letters and 12 digits, bank cards up
to 19; passports mostly a letter or two with seven or eight digits.
"""
_QUERY = re.compile(r"\?[^\s\"']*")
_ROW_DETAILS = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


def without_personal_data(text: str) -> str:
    """The text with long numbers, query strings and the row values of database errors taken out."""
    return _PERSONAL_NUMBERS.sub("[number]", _QUERY.sub("?[query]", _ROW_DETAILS.sub(r"\1: [row]", text)))


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
            # They greet at every start; what they have to say is a warning.
            "axes": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
        },
    }
