"""
Facts: the flat table that rules are asked about, computed from a draft, its date and the book.

Nothing here is written for one question: sections, catalogue, instruments and States of the book
say which facts there are. A fact is text, a whole number, a list of texts, or None: unknown.
frontend/src/rules/facts.ts is the same in TypeScript; tests/rules holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import law
from .answers import SUFFIXES, Answer, answers, day_of, facts_of, in_order, text_of
from .book import Book, Field, Section, State
from .cel import Value

Table = Mapping[str, Value]
Draft = Mapping[str, Any]

GATHERED = frozenset({"choice", "yes_no", "choices"})
"""Kinds of field whose answers over all items of a list section are one fact too."""

BASIS = ("basis_party_requesting", "basis_party_requested", "basis_in_force")
PAIR = {
    "requesting_state": "string",
    "requested_state": "string",
    "pair": "list",
    "special_bases": "list",
    "special_bases_unknown": "list",
    "bilateral_bases": "list",
}
CONTEXT = {"stage": "string", "law_date": "string"}
DISCLOSED = frozenset(
    {
        *PAIR, *CONTEXT, *BASIS, "measures_type", "measures_count", "measures_coercive",
        "measure_type", "measure_coercive", "legal_basis_instrument", "legal_basis_count",
        "basis_instrument", "urgency_level", "urgency_deadline", "urgency_deadline_days",
    }
)  # fmt: skip
"""Facts that the server has too, besides those of the pair's instruments and States."""


class NoDate(ValueError):
    """A draft without a date of its law: nobody could say which rules are in force."""


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is known of one draft at one moment.

    `top` holds the facts about the whole, `items` for each list section one table per item, which
    holds the facts about the whole as well; `overrides` the rules set aside with a reason.
    """

    top: Table
    items: Mapping[str, Sequence[Table]]
    overrides: frozenset[str]


# ------------------------------------------------------------------ which facts there are


def pair_fact(instrument: str) -> str:
    """Return the fact that says whether an instrument binds the pair."""
    return "pair_" + instrument.lower().replace("-", "_")


def _named(prefix: str, fields: Iterable[Field]) -> list[tuple[str, str]]:
    return [
        (f"{prefix}_{field.key}{suffix}", kind)
        for field in fields
        for suffix, kind in SUFFIXES[field.kind].items()
    ]


def declared_top(
    sections: Iterable[Section], instruments: Iterable[str], states: Iterable[State]
) -> list[tuple[str, str]]:
    """Return names and types of the facts about the whole draft; a name twice is an error."""
    found = [*PAIR.items(), *CONTEXT.items()]
    found += [(pair_fact(one), "string") for one in instruments]
    kinds = {key: "string" for state in states for key in state.facts}
    for state in states:
        kinds |= {key: "list" for key, value in state.facts.items() if isinstance(value, list)}
    found += [(f"{side}_{key}", kind) for side in SIDES for key, kind in kinds.items()]
    for section in sections:
        if section.item is None:
            found += _named(section.id, section.fields)
            continue
        found.append((f"{section.id}_count", "int"))
        for field in section.fields:
            if field.kind in GATHERED or field.kind == "number":
                kind = "int" if field.kind == "number" else "list"
                found.append((_gathered_name(section, field), kind))
        if section.id == "measures":
            found += [("measures_coercive", "list"), ("measures_missing_count", "int")]
    return found


def declared_items(section: Section, own: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return names and types of the facts about one item; `own`: the catalogue, for measures."""
    found = _named(str(section.item), section.fields)
    found += [(f"{section.item}_filled", "list"), (f"{section.item}_unknown", "list")]
    if section.id == "measures":
        found += [
            (f"measure_{key}{suffix}", kind)
            for key, field_kind in own.items()
            for suffix, kind in SUFFIXES[field_kind].items()
        ]
        found += [("measure_coercive", "string"), ("measure_missing", "list")]
    if section.id == "legal_basis":
        found += [(name, "string") for name in BASIS]
    return found


def is_disclosed(name: str, instruments: Iterable[str], states: Iterable[State]) -> bool:
    """Return whether the server has a fact too."""
    return (
        name in DISCLOSED
        or name in {pair_fact(one) for one in instruments}
        or name in {f"{side}_{key}" for side in SIDES for state in states for key in state.facts}
    )


SIDES = ("requesting", "requested")

# ------------------------------------------------------------------ a draft's facts


def derive(book: Book, draft: Draft, *, stage: str) -> Facts:
    """
    Return the facts of a draft under the law of its own date.

    :raises NoDate: if `law_date` is not a day.
    """
    today = day_of(draft.get("law_date"))
    if today is None:
        raise NoDate("the draft has no law_date")
    unknown = frozenset(filter(None, map(text_of, _list(draft.get("unknown")))))
    sides = (text_of(draft.get("requesting_state")), text_of(draft.get("requested_state")))
    top: dict[str, Value] = {"stage": stage, "law_date": today.isoformat()}
    top |= _of_pair(book, sides, today.isoformat())
    items: dict[str, list[Table]] = {}
    for section in book.sections:
        given = draft.get(section.id)
        if section.item is None:
            top |= _spread(section.id, answers(section.fields, given, section.id, unknown, today))
            continue
        tables = items[section.id] = [
            _of_item(book, section, one, f"{section.id}.{number}", sides, unknown, today)
            for number, one in enumerate(_list(given))
        ]
        top |= _of_all(section, tables)
    overrides = (one for one in _list(draft.get("overrides")) if isinstance(one, Mapping))
    whole = {name: [{**top, **own} for own in tables] for name, tables in items.items()}
    return Facts(
        top, whole, frozenset(text_of(o.get("rule")) for o in overrides if text_of(o.get("reason")))
    )


def disclosed_draft(disclosed: Mapping[str, Any]) -> Draft:
    """Return the draft that says no more than the facts disclosed to the server (null: unknown)."""
    urgency = {"level": disclosed["urgency"], "deadline": disclosed["deadline"]}
    chosen = {"measures": ("type", disclosed["measures"])}
    chosen |= {"legal_basis": ("instrument", disclosed["instruments"])}
    unknown = [f"urgency.{key}" for key, value in urgency.items() if value is None]
    unknown += [
        f"{section}.{number}.{key}"
        for section, (key, values) in chosen.items()
        for number, value in enumerate(values)
        if value is None
    ]
    lists = {
        section: [{key: value} for value in values] for section, (key, values) in chosen.items()
    }
    states = {key: disclosed[key] for key in ("requesting_state", "requested_state", "law_date")}
    return {**states, **lists, "urgency": urgency, "unknown": unknown}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _spread(prefix: str, found: Iterable[Answer]) -> dict[str, Value]:
    return {
        f"{prefix}_{answer.field.key}{suffix}": value
        for answer in found
        for suffix, value in answer.values.items()
    }


def _yes_no(answer: bool | None) -> str | None:  # noqa: FBT001 - three answers, not a switch
    return None if answer is None else "yes" if answer else "no"


def _of_pair(book: Book, sides: tuple[str, str], day: str) -> dict[str, Value]:
    """Return what the two States are, and what binds them to each other."""
    facts: dict[str, Value] = {
        f"{side}_state": iso or None for side, iso in zip(SIDES, sides, strict=True)
    }
    known = all(sides)
    facts["pair"] = list(sides) if known else None
    binding = {one.id: law.in_force(one, *sides, day) for one in book.instruments.values()}
    facts |= {pair_fact(name): _yes_no(answer) for name, answer in binding.items()}

    def special(wanted: bool | None, *, bilateral: bool = False) -> list[str] | None:  # noqa: FBT001
        return in_order(
            one.id
            for one in book.instruments.values()
            if one.role == "mla"
            and binding[one.id] is wanted
            and (one.kind == "bilateral" or not bilateral)
        )

    facts["special_bases"] = special(True) if known else None
    facts["special_bases_unknown"] = special(None) if known else None
    facts["bilateral_bases"] = special(True, bilateral=True) if known else None
    keys = {key for state in book.states.values() for key in state.facts}
    for side, iso in zip(SIDES, sides, strict=True):
        own = book.states[iso].facts if iso in book.states else {}
        facts |= {f"{side}_{key}": own.get(key) for key in keys}
    return facts


def _of_item(
    book: Book,
    section: Section,
    given: object,
    at: str,
    sides: tuple[str, str],
    unknown: frozenset[str],
    today: date,
) -> Table:
    """Return the facts of one item of a list section."""
    found = answers(section.fields, given, at, unknown, today)
    facts = _spread(str(section.item), found)
    if section.id == "legal_basis":
        facts |= _of_basis(book, facts["basis_instrument"], sides, today.isoformat())
    if section.id == "measures":
        box = given.get("fields") if isinstance(given, Mapping) else None
        more, own = _of_measure(book, facts["measure_type"], box, at, unknown, today)
        found, facts = found + own, facts | more
    facts[f"{section.item}_filled"] = in_order(one.field.key for one in found if one.filled)
    facts[f"{section.item}_unknown"] = in_order(one.field.key for one in found if one.marked)
    return facts


def _of_basis(book: Book, chosen: Value, sides: tuple[str, str], day: str) -> dict[str, Value]:
    """Return who is bound by the instrument of one legal basis, and whether it is in force."""
    one = book.instruments.get(chosen) if isinstance(chosen, str) else None
    if one is None:
        return dict.fromkeys(BASIS)
    found = (*(law.bound(one, side, day) for side in sides), law.in_force(one, *sides, day))
    return dict(zip(BASIS, map(_yes_no, found), strict=True))


def _of_measure(
    book: Book, chosen: Value, box: object, at: str, unknown: frozenset[str], today: date
) -> tuple[dict[str, Value], list[Answer]]:
    """Return what the catalogue adds to a measure, and the answers to its type's own fields."""
    facts: dict[str, Value] = {
        f"measure_{key}{suffix}": value
        for key, kind in book.catalogue.items()
        for suffix, value in facts_of(kind, None, today).items()
    }
    measure = book.measures.get(chosen) if isinstance(chosen, str) else None
    if measure is None:  # without a type nothing of it can be missing; of an unknown one, all is
        facts |= {"measure_coercive": "", "measure_missing": []}
        return (facts if chosen == "" else dict.fromkeys(facts)), []
    own = answers(measure.fields, box, f"{at}.fields", unknown, today)
    facts |= _spread("measure", own)
    facts["measure_coercive"] = measure.coercive
    facts["measure_missing"] = in_order(
        one.field.key for one in own if one.field.required and not one.filled and not one.marked
    )
    return facts, own


def _gathered_name(section: Section, field: Field) -> str:
    return f"{section.id}_{field.key}" + ("_max" if field.kind == "number" else "")


def _of_all(section: Section, tables: Sequence[Table]) -> dict[str, Value]:
    """Return the facts about all items of a list section together."""
    facts: dict[str, Value] = {f"{section.id}_count": len(tables)}
    for field in section.fields:
        if field.kind in GATHERED or field.kind == "number":
            values = [table[f"{section.item}_{field.key}"] for table in tables]
            gather = _greatest if field.kind == "number" else _union
            facts[_gathered_name(section, field)] = gather(values)
    if section.id == "measures":
        facts["measures_coercive"] = _union([table["measure_coercive"] for table in tables])
        missing = [table["measure_missing"] for table in tables]
        known = [one for one in missing if isinstance(one, list)]
        facts["measures_missing_count"] = (
            sum(map(len, known)) if len(known) == len(missing) else None
        )
    return facts


def _union(values: Sequence[Value]) -> list[str] | None:
    """Return the distinct non-blank texts of all items; None if those of one are unknown."""
    found: set[str] = set()
    for value in values:
        if value is None:
            return None
        found.update(value if isinstance(value, list) else [str(value)])
    return in_order(found - {""})


def _greatest(values: Sequence[Value]) -> int | None:
    numbers = [value for value in values if isinstance(value, int)]
    return max(numbers) if numbers and len(numbers) == len(values) else None
