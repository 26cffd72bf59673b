"""The schema as OpenAPI, and as rows for the vendors' page; both are made of the models that read the messages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from interface.schema.names import NAMES
from interface.schema.requests import Envelope

_REFERENCES = "#/components/schemas/{model}"
_ANSWER = {
    "type": "object",
    "required": ["infcode", "inf_refmsgid", "refmsg_time", "respond_time", "err_msg", "warn_msg", "output"],
    "properties": {
        "infcode": {"type": "integer", "enum": [0, -1], "title": "交易状态码：0成功，-1失败"},
        "inf_refmsgid": {"type": "string", "title": "接收方报文ID"},
        "refmsg_time": {"type": "string", "title": "接收报文时间"},
        "respond_time": {"type": "string", "title": "响应报文时间"},
        "err_msg": {"type": "string", "title": "错误信息"},
        "warn_msg": {"type": "string", "title": "提示信息"},
        "output": {"type": "object", "title": "交易输出"},
    },
}


class Asked(NamedTuple):
    """A transaction as it is published: number, name and what it asks."""

    infno: str
    name: str
    asks: type[BaseModel]


class Field(NamedTuple):
    """A field of a message for the page: where it stands, its names, whether it must be there, what it holds."""

    place: str
    field: str
    name: str
    is_required: bool
    holds: str


def openapi(transactions: Iterable[Asked], address: str) -> dict[str, Any]:
    """One address; its body is the envelope, whose `infno` says what `input` is."""
    listed = list(transactions)
    models = [(Envelope, "validation"), *((each.asks, "validation") for each in listed)]
    _keys, schema = models_json_schema(models, ref_template=_REFERENCES)  # type: ignore[arg-type]
    schemas = {name: _named(part) for name, part in schema["$defs"].items()}
    messages = [
        {
            "title": f"{each.infno} {each.name}",
            "allOf": [
                {"$ref": _REFERENCES.format(model="Envelope")},
                {
                    "properties": {
                        "infno": {"const": each.infno},
                        "input": {"$ref": _REFERENCES.format(model=each.asks.__name__)},
                    }
                },
            ],
        }
        for each in listed
    ]
    return {
        "openapi": "3.1.0",
        "info": {"title": "定点医药机构接口", "version": "1.0"},
        "paths": {
            address: {
                "post": {
                    "summary": "报文交换",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": {"oneOf": messages}}}},
                    "responses": {"200": {"description": "应答", "content": {"application/json": {"schema": _ANSWER}}}},
                }
            }
        },
        "components": {"schemas": schemas},
    }


def _named(part: Any) -> Any:
    """With the platform's names instead of those that pydantic makes of the fields'."""
    if isinstance(part, list):
        return [_named(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: _named(value) for name, value in part.items() if name not in ("title", "description")}
    for name, field in found.get("properties", {}).items():
        if name in NAMES:
            field["title"] = NAMES[name]
    return found


def fields_of(kind: type[BaseModel], place: str = "") -> Iterator[Field]:
    """The fields of a part of a message, those inside it below it."""
    schema = kind.model_json_schema(ref_template="{model}")
    yield from _fields(schema, schema.get("$defs", {}), place)


def _fields(schema: Mapping[str, Any], parts: Mapping[str, Any], place: str) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        inner = told.get("$ref") or told.get("items", {}).get("$ref")
        is_list = "items" in told
        yield Field(place, name, NAMES.get(name, ""), name in required, _holds(told, is_list=is_list))
        if inner:
            yield from _fields(parts[inner], parts, f"{place}{name}{'[]' if is_list else ''}.")


def _holds(told: Mapping[str, Any], *, is_list: bool) -> str:
    """In words, as far as the schema says it."""
    if "$ref" in told:
        return "对象"
    if is_list:
        return f"数组，最多{told['maxItems']}条" if "maxItems" in told else "数组"
    if "multipleOf" in told:
        places = len(f"{told['multipleOf']:f}".rstrip("0").partition(".")[2])
        return f"数字，最多{places}位小数"
    if "examples" in told:
        return f"时间，如{told['examples'][0]}"
    if "maxLength" in told:
        return f"文本，最长{told['maxLength']}"
    return "整数" if "integer" in str(told) else "文本" if told.get("type") == "string" else "对象"
