"""The rulebook in words, for the people who answer for it: one rule, one pair, what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..rules import propose
from ..rules.book import Book, version
from .load import compile_sources, compiled, expressions
from .source import Source, read

SEVERITY = {"blocks": "keeps a request from being ready", "should_fix": "should be fixed"}
VERIFICATION = {
    "read": "the text was read",
    "partly_read": "read in part: compare the rest with the text",
    "recalled": "from memory: compare with the text before relying on it",
    "not_found": "the text was not found",
    "design": "our own choice, no authority claimed",
}
REASONS = {
    "special_treaty": "a treaty on mutual legal assistance binds both: it governs",
    "no_special_treaty": "no such treaty is known to bind both: article 18 applies in full",
    "beside_special_treaty": "beside the treaty, for what it does not replace",
    "with_convention": "with the treaty it belongs to, never alone",
    "offence_category": "only for offences it covers",
    "kind_of_evidence": "only for some evidence, whatever the offence",
    "status_unknown": "not established whether it binds both: ask before citing it",
    "never_a_basis": "a channel to talk through, never a basis",
    "requesting_not_party": "the requesting State is not a party",
    "requested_not_party": "the requested State is not a party",
    "not_in_force": "not in force on that day",
}
_LANGUAGES = ("es", "en", "fr")


def rule(source: Source, *, disclosed: bool) -> Iterator[str]:
    """Yield a rule as a page to review."""
    data = source.data
    yield f"{data['id']}  ({source.file})"
    yield f"  {SEVERITY.get(data['severity'], 'advice')}; rests on: {data['basis']}"
    yield f"  {VERIFICATION[data['verification']]}"
    yield f"  citation: {_words(data['citation'])}"
    until = data["in_force"].get("until")
    yield f"  in force from {data['in_force']['from']}" + (
        f" until before {until}" if until else ""
    )
    yield "  may be set aside with a written reason" * data["overridable"] or "  never set aside"
    yield "  the server checks it too" * disclosed or "  only browsers can check it"
    for part, title in (("says", "When it fails"), ("fix", "What to do"), ("asks", "The question")):
        yield f"  {title}:"
        yield from (f"    {language}: {data[part][language]}" for language in _LANGUAGES)
    each = data.get("each")
    yield f"  Asked about every item of {each}." if each else "  Asked about the whole draft."
    yield "  Applies when all of these hold:" if expressions(data, "when") else "  Applies always."
    yield from (f"    {one}" for one in expressions(data, "when"))
    yield "  Passes when all of these hold:"
    yield from (f"    {one}" for one in expressions(data, "test"))
    yield "  Cases:"
    for case in data["cases"]:
        facts = ", ".join(f"{name}={value!r}" for name, value in case["facts"].items())
        yield f"    {case['expect']:15} {case['name']}" + (f"  [{facts}]" if facts else "")
    for review in data.get("reviews", ()):
        note = f": {review['note']}" if "note" in review else ""
        yield f"  {review['date']} {review['by']}, {review['verdict']}{note}"


def pair(book: Book, requesting: str, requested: str, date: str) -> Iterator[str]:
    """Yield what a request between two States could rest on, and what the requested one wants."""
    found = propose.proposal(book, requesting, requested, date=date, categories=())
    yield f"{requesting} asks {requested}, law of {date}"
    for one in found["bases"]:
        yield f"  {one['standing']:8} {one['instrument']:18} {REASONS[one['reason']]}"
        yield f"           {one['citation']}"
    for one in found["excluded"]:
        yield f"  no       {one['instrument']:18} {REASONS[one['reason']]}"
    for key in ("central_authority", "languages", "dual_criminality", "death_penalty"):
        value = found[key]
        told = ", ".join(value) if isinstance(value, list) else value
        yield f"  {key.replace('_', ' ')}: {told or 'not established: ask the focal point'}"


def document(path: Path) -> dict[str, Any]:
    """
    Return a compiled rulebook from its file, or from a folder of lawyers' files.

    :raises ValueError: if the folder's files do not fit together.
    """
    if path.is_dir():
        sources, problems = read(path)
        made, more = compile_sources(sources)
        if problems or more:
            raise ValueError("\n".join(map(str, [*problems, *more])))
        return made
    held: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return held


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield what changed from one compiled rulebook to another, provision by provision."""
    yield f"from {version(compiled(old))}"
    yield f"to   {version(compiled(new))}"
    for kind in ("rules", "instruments", "states", "measures", "sections"):
        before = {one["id"]: one for one in old[kind]}
        after = {one["id"]: one for one in new[kind]}
        for name in sorted(before.keys() | after.keys()):
            if name not in after:
                yield f"{kind[:-1]} {name}: gone"
            elif name not in before:
                yield f"{kind[:-1]} {name}: new"
            elif before[name] != after[name]:
                yield f"{kind[:-1]} {name}: changed"
                yield from _changes(before[name], after[name], "")


def _changes(old: Any, new: Any, at: str) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _changes(old.get(key), new.get(key), f"{at}.{key}" if at else key)
        return
    yield f"  {at}"
    yield from (f"    {sign} {_words(value)}" for sign, value in (("-", old), ("+", new)) if value)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("cel") or value.get("en") or value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(_words, value))
    return str(value)
