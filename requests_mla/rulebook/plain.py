"""
The published shape of a request as plain JSON: a JSON Schema made from the form itself.

Browsers write and read it (`frontend/src/documents/plain.ts`, which has the same bounds); the
server never sees one. Printed as docs/reference/request.schema.json by `manage.py reference`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .source import read

SCHEMA: Final = "urn:casehub:request:1"
TEXT: Final = 100_000  # UTF-16 units in one text
TEXTS: Final = 500  # texts in one answer
ITEMS: Final = 200  # items of a list section
POINTERS: Final = 2000
SAFE: Final = 2**53 - 1  # the largest whole number that every reader of JSON keeps

Shape = dict[str, Any]
Data = Mapping[str, Any]

_DAY: Final = "[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}"
_KINDS: Final[Mapping[str, Shape]] = {
    "text": {"type": "string", "maxLength": TEXT},
    "yes_no": {"enum": ["", "yes", "no"]},
    "date": {"type": "string", "pattern": f"^({_DAY})?$"},
    "number": {"type": ["integer", "null"], "minimum": -SAFE, "maximum": SAFE},
    "list": {"type": "array", "maxItems": TEXTS, "items": {"$ref": "#/$defs/text"}},
    "period": {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {"from": {"$ref": "#/$defs/date"}, "to": {"$ref": "#/$defs/date"}},
    },
}


def schema() -> Shape:
    """
    Return the JSON Schema of today's form.

    :raises ValueError: if a file of the form has a problem; `manage.py rulebook check` says it.
    """
    sources, problems = read(only=("no rule",))
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    of = {
        kind: [one.data for one in sources if one.kind == kind]
        for kind in ("section", "measure", "instrument")
    }
    lists = {
        "measures": [str(one["id"]) for one in of["measure"]],
        "instruments": [str(one["id"]) for one in of["instrument"]],
    }
    sections = sorted(of["section"], key=lambda one: (one["order"], one["id"]))
    own = _fields((field for one in of["measure"] for field in one["fields"]), lists)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "A mutual legal assistance request in plain form",
        "description": (
            "Sections and keys are those of the form, in the order in which it asks. Blank is an"
            " empty text or list, null, or no key at all. Read strictly: what is not in here is"
            " kept aside under notes, and reported."
        ),
        "type": "object",
        "required": ["schema", "language", "law_date", "requesting_state", "requested_state"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA},
            "rulebook": {
                "description": "Version of the rules when it was written: SHA-256, hexadecimal.",
                "type": "string",
                "pattern": "^[0-9a-f]{64}$",
            },
            "language": {
                "description": "Of what people wrote in it (ISO 639-1).",
                "enum": ["es", "en", "fr"],
            },
            "law_date": {
                "description": "Day whose law it is checked against.",
                "type": "string",
                "pattern": f"^{_DAY}$",
            },
            "requesting_state": {"$ref": "#/$defs/state"},
            "requested_state": {
                "description": 'ISO 3166-1, or "" while nobody has chosen.',
                "type": "string",
                "pattern": "^([A-Z]{2})?$",
            },
            "sections": {
                "type": "object",
                "additionalProperties": False,
                "properties": {one["id"]: _section(one, lists) for one in sections},
            },
            "unknown": {
                "description": "Answers marked as not known, by pointer: persons.0.nationality.",
                "type": "array",
                "maxItems": POINTERS,
                "items": {"type": "string"},
            },
            "translations": {
                "description": "Of written answers: by pointer, then by language.",
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "propertyNames": {"enum": ["es", "en", "fr"]},
                    "additionalProperties": {"$ref": "#/$defs/translation"},
                },
            },
            "notes": {"description": "Whatever else belongs to it; no rule reads it."},
        },
        "$defs": {
            **_KINDS,
            "state": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "translation": {
                "type": "object",
                "required": ["text", "status"],
                "additionalProperties": False,
                "properties": {
                    "text": {"$ref": "#/$defs/text"},
                    "status": {"enum": ["pending", "draft", "reviewed"]},
                },
            },
            "measure_fields": {
                "description": "The questions of the kind of assistance asked for.",
                "type": "object",
                "additionalProperties": False,
                "properties": own,
            },
        },
    }


def _section(data: Data, lists: Mapping[str, list[str]]) -> Shape:
    properties = _fields(data["fields"], lists)
    if data["id"] == "measures":
        properties["fields"] = {"$ref": "#/$defs/measure_fields"}
    answers: Shape = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    if data.get("list"):
        answers = {"type": "array", "maxItems": ITEMS, "items": answers}
    return {**_words(data["label"]), **answers}


def _fields(fields: Iterable[Data], lists: Mapping[str, list[str]]) -> Shape:
    """Return the shape of each key; one that several measures ask takes the options of all."""
    by_key: dict[str, list[Data]] = {}
    for field in fields:
        by_key.setdefault(field["key"], []).append(field)
    return {
        key: {**_words(alike[0]["label"]), **_kind(alike, lists)} for key, alike in by_key.items()
    }


def _kind(alike: list[Data], lists: Mapping[str, list[str]]) -> Shape:
    kind = alike[0]["kind"]
    if kind not in {"choice", "choices"}:
        return {"$ref": f"#/$defs/{kind if kind in _KINDS else 'text'}"}
    options = list(dict.fromkeys(one for field in alike for one in _options(field, lists)))
    if kind == "choice":
        return {"enum": ["", *options]}
    return {"type": "array", "maxItems": TEXTS, "items": {"enum": ["", *options]}}


def _options(field: Data, lists: Mapping[str, list[str]]) -> list[str]:
    if "from" in field:
        return lists[field["from"]]
    return [str(option["value"]) for option in field.get("options", ())]


def _words(label: Mapping[str, str]) -> Shape:
    """Return a label for people: the title in English, the other two below."""
    return {"title": label["en"], "description": f"es: {label['es']} · fr: {label['fr']}"}
