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
    "watched": "on the watch list: not yet to be offered",
    "other_offences": "for other offences only",
    "other_measures": "for other kinds of assistance only",
}
SEVERAL = "binds both, and so does another such treaty: cite both, compare what each asks"
CLASSES = {
    "mla": "a treaty on mutual legal assistance: where it binds both it governs, UNTOC 18(7)",
    "convention": "the Convention: its article 18 fills in where no such treaty binds both",
    "protocol": "a protocol: never cited alone",
    "conditional": "a basis for some offences or some evidence only",
    "channel": "a channel to talk through, never a basis",
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


def instrument(source: Source) -> Iterator[str]:
    """Yield a treaty or channel as a page to review: who is bound, since when, what it says."""
    data = source.data
    yield f"{data['id']}  ({source.file})"
    yield f"  {data['kind']}; {CLASSES[data['class']]}"
    yield from (f"  {language}: {data['title'][language]}" for language in _LANGUAGES)
    if "offence_scope" in data:
        yield f"  offences: {_words(data['offence_scope'])}"
    if data.get("watch"):
        yield f"  {REASONS['watched']}"
    for key, title in (("offence_categories", "offences"), ("for_measures", "assistance")):
        if data.get(key):
            yield f"  only for {title}: {', '.join(data[key])}"
    yield f"  in force {_span(data['in_force'])}"
    yield "  Parties:"
    for iso, party in sorted(data["parties"].items()):
        since = f" {_span(party)}" if party["party"] == "yes" and "from" in party else ""
        detail = f": {_words(party['detail'])}" if "detail" in party else ""
        yield f"    {iso} {party['party']}{since}{detail}"
    if data["kind"] == "bilateral":
        yield "    every other State: no"
    if data.get("articles"):
        yield "  Articles:"
    for key, article in data.get("articles", {}).items():
        yield f"    {key}, {article['ref']} ({VERIFICATION[article['verification']]})"
        yield f"      {_words(article['rule'])}"
    yield "  Sources:"
    yield from (f"    {one}" for one in data["sources"])


def _span(data: Mapping[str, Any]) -> str:
    until = data.get("until")
    begin = {"unknown": "since a day not established", "not_yet": "not yet"}.get(
        data["from"], f"from {data['from']}"
    )
    return begin + (f" until before {until}" if until else "")


def _later(book: Book, requesting: str, requested: str, date: str) -> Iterator[tuple[str, str]]:
    """Yield the instruments that will bind both from a day after `date`, with that day."""
    for one in book.instruments.values():
        sides = [one.parties.get(iso) for iso in (requesting, requested)]
        spans = [one.span, *(side.span for side in sides if side and side.party)]
        begins = [span.begin for span in spans]
        if len(spans) != 3 or None in begins or "not_yet" in begins:  # noqa: PLR2004 - it and two
            continue
        begin = max(str(day) for day in begins)
        if begin > date and all(span.holds(begin) for span in spans):
            yield one.id, begin


def pair(book: Book, requesting: str, requested: str, date: str) -> Iterator[str]:
    """Yield what a request between two States could rest on, and what the requested one wants."""
    found = propose.proposal(book, requesting, requested, date=date, categories=())
    governing = [one for one in found["bases"] if one["reason"] == "special_treaty"]
    later = dict(_later(book, requesting, requested, date))
    articles = {one["id"]: one.get("articles", {}) for one in book.document["instruments"]}
    yield f"{requesting} asks {requested}, law of {date}"
    for one in found["bases"]:
        several = one in governing and len(governing) > 1
        standing = "both" if several else one["standing"]
        reason = SEVERAL if several else REASONS[one["reason"]]
        yield f"  {standing:8} {one['instrument']:18} {reason}"
        yield f"           {one['citation']}"
    for name, begin in later.items():
        yield f"  later    {name:18} from {begin}"
    for one in found["excluded"]:
        if one["instrument"] not in later:
            yield f"  no       {one['instrument']:18} {REASONS[one['reason']]}"
    for key in ("central_authority", "languages", "dual_criminality", "death_penalty"):
        value = found[key]
        told = ", ".join(value) if isinstance(value, list) else value
        yield f"  {key.replace('_', ' ')}: {told or 'not established: ask the focal point'}"
    for name in found["dual_criminality_in"]:
        article = articles[name]["dual_criminality"]
        yield f"  dual criminality in {name}, {article['ref']}: {_words(article['rule'])}"


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
    if "about" in old and "about" in new:
        yield from _changes(old["about"], new["about"], "about")
    elif "about" in old or "about" in new:
        yield f"about: {'gone' if 'about' in old else 'new'}"
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


_ONE = {
    "fields": ("key", "question"),
    "options": ("value", "option"),
    "section_groups": ("id", "heading"),
    "measure_groups": ("id", "heading"),
}
"""Lists whose entries have a name: under which key, and what one of them is called."""
_OF = {"parties": "party", "facts": "fact", "articles": "article"}
"""Groups of named things: what one of them is called."""
_WHOLE = 200


def _changes(old: Any, new: Any, at: str) -> Iterator[str]:
    """Yield `+ question age`, `- party GT`, `~ in_force.from: a -> b`: one line a change."""
    if old == new:
        return
    last = at.rpartition(".")[2].rpartition(" ")[2]
    if last in _ONE and isinstance(old, list) and isinstance(new, list):
        key, word = _ONE[last]
        before, after = ({one[key]: one for one in many} for many in (old, new))
        names = {name: f"{at[: -len(last)]}{word} {name}" for name in [*before, *after]}
        yield from _each(before, after, names)
        if list(before) != list(after) and before.keys() == after.keys():
            yield f"  ~ {at}: {', '.join(before)} -> {', '.join(after)}"
    elif isinstance(old, dict) and isinstance(new, dict) and "cel" not in old:
        called = _OF.get(last)
        head = f"{at[: -len(last)]}{called} " if called else f"{at}." if at else ""
        yield from _each(old, new, {name: f"{head}{name}" for name in sorted(old | new)})
    elif _are_groups(old) and _are_groups(new) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True), 1):
            yield from _changes(one, other, f"{at} {number}")
    elif isinstance(old, list) and isinstance(new, list):
        gone = [one for one in old if one not in new]
        come = [one for one in new if one not in old]
        yield from (f"  - {at}: {_words(one)}" for one in gone)
        yield from (f"  + {at}: {_words(one)}" for one in come)
        if not gone and not come:
            yield f"  ~ {at}: {_words(old)} -> {_words(new)}"
    else:
        yield f"  ~ {at}: {_words(old)} -> {_words(new)}"


def _are_groups(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and "cel" not in one for one in value
    )


def _each(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[str, str]
) -> Iterator[str]:
    for key, name in names.items():
        if key not in new:
            yield f"  - {name}{_short(old[key])}"
        elif key not in old:
            yield f"  + {name}{_short(new[key])}"
        else:
            yield from _changes(old[key], new[key], name)


def _short(value: Any) -> str:
    """Return what a new or lost thing says, if that is a few words."""
    if isinstance(value, dict):
        value = value.get("label", value.get("party", value.get("en", "")))
    return f": {_words(value)[:_WHOLE]}" if value not in ("", None) else ""


def _words(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, dict):
        return str(value.get("cel") or value.get("en") or ", ".join(map(_words, value.values())))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(map(_words, value)) or "nothing"
    return str(value)
