"""The kinds of values that every part of a worked case is written with."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


def _month(value: Any) -> Any:
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError as error:
        raise ValueError("write a month as 2023-03") from error


def _yuan(value: Decimal) -> Decimal:
    if value < 0 or value != value.quantize(Decimal("0.01")):
        raise ValueError("an amount is yuan with two decimals, not negative")
    return value


Month = Annotated[date, BeforeValidator(_month)]
Yuan = Annotated[Decimal, AfterValidator(_yuan)]


class Strict(BaseModel):
    """An unknown key is a mistake of the writer."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
