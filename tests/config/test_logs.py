"""The logs never hold who was insured, called or paid."""

import logging

import pytest

from config.logs import DiscreetFormatter, without_personal_data


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("member 110101199003070011 not found", "member [number] not found"),
        ("member 11010119900307001X", "member [number]"),
        ("call 13800138000 back", "call [number] back"),
        ("card 6222021234567890123", "card [number]"),
        ("card KAZ110090123105 or passport e12345678", "card [number] or passport [number]"),
        ('"GET /admin/members/?q=张三 HTTP/1.1" 200', '"GET /admin/members/?[query] HTTP/1.1" 200'),
        ("credit run 202401 of 3201 members", "credit run 202401 of 3201 members"),
        ("task 3f9c1e7ab25d80461c9be2f7d03a5846 done", "task 3f9c1e7ab25d80461c9be2f7d03a5846 done"),
    ],
)
def test_numbers_and_queries_are_taken_out(text: str, expected: str) -> None:
    assert without_personal_data(text) == expected


def test_the_rows_of_a_database_error_are_taken_out_of_its_traceback() -> None:
    record = logging.LogRecord("claims", logging.ERROR, __file__, 1, "failed", None, None)
    message = "duplicate key value\nDETAIL:  Key (name)=(张三) already exists."
    try:
        raise ValueError(message)
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    text = DiscreetFormatter().format(record)
    assert "duplicate key value" in text
    assert "张三" not in text
