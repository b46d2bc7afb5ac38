"""Which texts a fact can hold, so that a misspelt option in a rule is seen before it goes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..rules import facts as facts_module

_TEXT = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_PART = re.compile(r"""(?:&&|\|\||\?)(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_YES_NO = frozenset({"yes", "no", ""})
_TREATIES = ("special_bases", "special_bases_unknown", "bilateral_bases")


def vocabulary(document: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return the texts that each fact with options can hold; facts of free text are left out."""
    instruments = frozenset(one["id"] for one in document["instruments"])
    states = frozenset(one["id"] for one in document["states"])
    chosen = {
        "measures": frozenset(one["id"] for one in document["measures"]),
        "instruments": instruments,
    }
    known = {facts_module.pair_fact(one): _YES_NO for one in instruments}
    known |= dict.fromkeys(_TREATIES, instruments) | dict.fromkeys(facts_module.BASIS, _YES_NO)
    known |= dict.fromkeys(("pair", "requesting_state", "requested_state"), states)
    known |= dict.fromkeys(
        ("measure_coercive", "measures_coercive"), frozenset({"yes", "no", "depends", ""})
    )
    own = [field for one in document["measures"] for field in one["fields"]]
    for section in document["sections"]:
        item = section.get("item")
        fields = [*section["fields"], *(own if section["id"] == "measures" else ())]
        for field in fields:
            options = _options(field, chosen)
            if options is None:
                continue
            for name in {section["id"], item or section["id"]}:
                fact = f"{name}_{field['key']}"
                known[fact] = known.get(fact, frozenset()) | options
        if item is not None:
            keys = frozenset(field["key"] for field in fields)
            known |= dict.fromkeys((f"{item}_filled", f"{item}_unknown"), keys)
    known["measure_missing"] = frozenset(field["key"] for field in own)
    return known


def _options(
    field: Mapping[str, Any], chosen: Mapping[str, frozenset[str]]
) -> frozenset[str] | None:
    if field["kind"] == "yes_no":
        return _YES_NO
    if field["kind"] not in ("choice", "choices"):
        return None
    if "from" in field:
        return chosen[field["from"]] | {""}
    return frozenset(option["value"] for option in field.get("options", ())) | {""}


def strangers(
    expression: str, needs: Iterable[str], known: Mapping[str, frozenset[str]]
) -> list[str]:
    """
    Return the texts in an expression that none of its facts can hold.

    Each part between `&&`, `||` and `?` is looked at by itself; nothing is said of a part that
    asks about free text, for any text may be meant.
    """
    names = frozenset(needs)
    found: set[str] = set()
    for part in _PART.split(expression):
        own = names & set(_NAME.findall(_TEXT.sub("", part))) or names
        if own <= known.keys():
            written = {single or double for single, double in _TEXT.findall(part)}
            found |= written - frozenset[str]().union(*(known[name] for name in own))
    return sorted(found - {""})


def impossible(name: str, value: object, known: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the texts in the fact of a worked case that the fact called `name` cannot hold."""
    if name not in known or value == "unknown":
        return []
    texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    return [text for text in texts if text not in known[name]]
