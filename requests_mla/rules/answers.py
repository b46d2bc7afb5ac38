"""What one answer in a draft says, by the kind of its field: facts by suffix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .book import Field
from .cel import Value

SUFFIXES: Mapping[str, Mapping[str, str]] = {
    "text": {"": "string", "_words": "int"},
    "choice": {"": "string"},
    "yes_no": {"": "string"},
    "person": {"": "string"},
    "authority": {"": "string"},
    "file": {"": "string"},
    "date": {"": "string", "_days": "int"},
    "list": {"": "list"},
    "choices": {"": "list"},
    "number": {"": "int"},
    "period": {"_from": "string", "_to": "string", "_days": "int"},
}
"""For each kind of field, the facts it gives and their types."""

# Spelt out: Python and JavaScript do not mean the same by white space or by a digit.
_SPACE = " \t\n\r\v\f\u00a0\u2028\u2029\ufeff"
_WORD = re.compile(f"[^{_SPACE}]+")
_DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
_LARGEST = 2**53 - 1  # a JavaScript number is exact up to here


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One field of one section or item.

    `values` are its facts by suffix, all None if unknown; `filled`: something was answered;
    `marked`: somebody said that it is unknown.
    """

    field: Field
    values: Mapping[str, Value]
    filled: bool
    marked: bool


def text_of(value: object) -> str:
    """Return a text without white space around it, "" for anything else."""
    return value.strip(_SPACE) if isinstance(value, str) else ""


def day_of(value: object) -> date | None:
    """Return the day that YYYY-MM-DD names, None if there is no such day."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def in_order(values: Iterable[str]) -> list[str]:
    """Return distinct texts in the order of their UTF-16 code units, as JavaScript sorts."""
    return sorted(set(values), key=lambda text: text.encode("utf-16-be", "surrogatepass"))


def facts_of(kind: str, value: object, law: date) -> dict[str, Value]:
    """Return the facts of one answer by suffix; days are counted from `law`, the law's date."""
    match kind:
        case "text":
            text = text_of(value)
            return {"": text, "_words": len(_WORD.findall(text))}
        case "date":
            day = day_of(value)
            return {"": _iso(day), "_days": _days(day, law)}
        case "list" | "choices":
            texts = map(text_of, value) if isinstance(value, list) else ()
            return {"": [text for text in texts if text]}
        case "number":
            return {"": value if type(value) is int and abs(value) <= _LARGEST else None}
        case "period":
            ends = value if isinstance(value, Mapping) else {}
            first, last = day_of(ends.get("from")), day_of(ends.get("to"))
            return {"_from": _iso(first), "_to": _iso(last), "_days": _days(last, first)}
        case _:
            return {"": text_of(value)}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _days(later: date | None, earlier: date | None) -> int | None:
    return (later - earlier).days if later and earlier else None


def _is_blank(values: Mapping[str, Value]) -> bool:
    """Return whether nothing was answered; what is only counted says nothing."""
    return all(
        value in ("", [], None)
        for suffix, value in values.items()
        if suffix not in ("_words", "_days")
    )


def answers(
    fields: Iterable[Field], given: object, at: str, unknown: frozenset[str], law: date
) -> list[Answer]:
    """Return the answers to `fields` in the object `given`, which lies at pointer `at`."""
    box: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    found = []
    for field in fields:
        values = facts_of(field.kind, box.get(field.key), law)
        blank, marked = _is_blank(values), f"{at}.{field.key}" in unknown
        if marked or (blank and field.asks_when_blank):
            values = dict.fromkeys(values)
        found.append(Answer(field, values, filled=not blank and not marked, marked=marked))
    return found
