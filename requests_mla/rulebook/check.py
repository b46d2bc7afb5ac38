"""
What a lawyer asks before a rule goes out: is it well formed, does it do what its cases say.

`manage.py rulebook check [pattern ...]`; without Django: `python -m requests_mla.rulebook.check`.
"""

from __future__ import annotations

import dataclasses
import itertools
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..rules import book as book_module
from ..rules import engine
from ..rules.book import Book, Conjunct, Rule
from ..rules.cel import Value
from .load import Document, compile_sources
from .source import ROOT, Problem, Source, matches, read
from .vocabulary import impossible, vocabulary

BLANK: Mapping[str, Value] = {"string": "", "int": 0, "list": []}
COUNTED = ("_words", "_count")  # numbers that are counted, and so known of a blank form too
_TYPES = {"string": str, "int": int, "list": list}
_TYPE_WORDS = {"string": "text", "int": "a whole number", "list": "a list of texts"}
_NEEDED = ("met", "failed", "ask")


def check(root: Path = ROOT, only: Sequence[str] = ()) -> tuple[Document, list[Problem], int]:
    """
    Read, compile and try all rules, or those that the patterns in `only` name.

    Returns the compiled document, all problems found, and how many rules were tried.
    """
    sources, problems = read(root, only)
    files = {*(one.file for one in sources), *(one.file for one in problems)}
    problems += [
        Problem(one, 0, f"no rule matches {one}", "Write an id, a folder or a path; * is any text.")
        for one in only
        if not any(matches(file, [one]) for file in files)
    ]
    document, more = compile_sources(sources)
    causes = [one for one in problems if not one.file.startswith("rules/") and one.file in files]
    problems += _folded(more) if causes else more
    book = book_module.of_document(document, "")
    rules = {rule.id: rule for rule in book.rules}
    tried = [one for one in sources if one.kind == "rule" and one.data["id"] in rules]
    words = vocabulary(document)
    for source in tried:
        wrong = _case_problems(source, rules[source.data["id"]], book, words)
        problems += wrong or _unnoticed(source, rules[source.data["id"]], book)
    if not only:
        problems += _contradictions(tried, rules, book)
    return document, sorted(problems, key=_causes_first), len(tried)


FOLLOWING = "rules"


def _folded(problems: Sequence[Problem]) -> list[Problem]:
    """Put into one what rules complain of while a file they rest on cannot be read."""
    rules = [one for one in problems if one.file.startswith("rules/")]
    rest = [one for one in problems if one not in rules]
    files = len({one.file for one in rules})
    if not rules:
        return rest
    what = f"{_many(files, 'rule')} cannot be tried, probably because of the above"
    return [*rest, Problem(FOLLOWING, 0, what, "Correct the above, then check again.")]


def _causes_first(problem: Problem) -> tuple[bool, bool, Problem]:
    """Order problems: what rules rest on, the rules, what follows."""
    return problem.file == FOLLOWING, problem.file.startswith("rules/"), problem


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def table_of(rule: Rule, given: Mapping[str, Any], book: Book) -> dict[str, Value]:
    """
    Return the facts of a worked case: those named, for the rest what a blank form gives.

    None is unknown. So is a number that nobody gave, and how many days a blank date is away; a
    blank text has no words, and an empty list no items. A case must not assume what no form gives.
    """
    types = {**book.top, **book.items.get(rule.each or "", {})}
    table = {
        name: None if types[name] == "int" and not name.endswith(COUNTED) else BLANK[types[name]]
        for name in rule.needs
    }
    return table | {name: None if value == "unknown" else value for name, value in given.items()}


def _case_problems(
    source: Source, rule: Rule, book: Book, words: Mapping[str, frozenset[str]]
) -> list[Problem]:
    problems: list[Problem] = []
    types = {**book.top, **book.items.get(rule.each or "", {})}
    for number, case in enumerate(source.data["cases"]):
        wrong = (
            [
                (name, f"the rule does not use {name}", "Leave it out, or correct the name.")
                for name in case["facts"]
                if name not in rule.needs
            ]
            or [
                (
                    name,
                    f"{name} is {value!r}",
                    f"It must be {_TYPE_WORDS[types[name]]}, or unknown.",
                )
                for name, value in case["facts"].items()
                if value != "unknown" and type(value) is not _TYPES[types[name]]
            ]
            or [
                (
                    name,
                    f"{name} can never be {word!r}",
                    "A typing error? See the question's options.",
                )
                for name, value in case["facts"].items()
                for word in impossible(name, value, words)
            ]
        )
        for name, what, do in wrong:
            at = ("cases", number, "facts", name)
            problems.append(source.problem(f"case {case['name']!r}: {what}", do, at))
        if wrong:
            continue
        outcome = engine.decide(rule, table_of(rule, case["facts"], book))
        if outcome != case["expect"]:
            what = f"case {case['name']!r} gives {outcome}, not {case['expect']}"
            do = "Correct the case, or `when` and `test`."
            problems.append(source.problem(what, do, ("cases", number, "expect")))
    shown = {case["expect"] for case in source.data["cases"]}
    for outcome in _NEEDED:
        if outcome not in shown:
            do = "Add one: a lawyer must see the rule pass, fail and ask."
            problems.append(source.problem(f"no case expects {outcome}", do, ("cases",)))
    return problems


def mistaken(rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    """Yield rules in which one expression is turned round or forgotten: what, which, rule."""
    for part, written in (("when", rule.when), ("test", rule.test)):
        for place, one in enumerate(written):
            opposite = dataclasses.replace(one, holds=lambda facts, one=one: not one.holds(facts))
            rest = (*written[:place], *written[place + 1 :])
            turned = (*written[:place], opposite, *written[place + 1 :])
            yield f"{part} said the opposite of", one.cel, _with(rule, part, turned)
            if part == "when" or rest:
                yield f"{part} lacked", one.cel, _with(rule, part, rest)


def _with(rule: Rule, part: str, written: Sequence[Conjunct]) -> Rule:
    if part == "when":
        return dataclasses.replace(rule, when=written)
    return dataclasses.replace(rule, test=written)


def _unnoticed(source: Source, rule: Rule, book: Book) -> list[Problem]:
    """Find mistakes that no worked case would show: what no case pins down, nobody checks."""
    cases = [(table_of(rule, one["facts"], book), one["expect"]) for one in source.data["cases"]]
    return [
        source.problem(
            f"no case would notice if {what}: {cel}",
            "Add a case that comes out differently then.",
            ("cases",),
        )
        for what, cel, other in mistaken(rule)
        if all(engine.decide(other, table) == expected for table, expected in cases)
    ]


def _contradictions(
    sources: Sequence[Source], rules: Mapping[str, Rule], book: Book
) -> list[Problem]:
    """Find two rules about one thing of which one says yes where the other says no."""
    problems: list[Problem] = []
    for one, other in itertools.combinations(sources, 2):
        topic = one.data.get("about")
        first, second = rules[one.data["id"]], rules[other.data["id"]]
        written_out = {
            *one.data.get("yields_to", ()), *other.data.get("yields_to", ()),
        } & {first.id, second.id}  # fmt: skip
        if (
            topic is None
            or topic != other.data.get("about")
            or written_out
            or first.each != second.each
            or not _same_time(first, second)
        ):
            continue
        for case in (*one.data["cases"], *other.data["cases"]):
            outcomes = {
                engine.decide(rule, {**table_of(rule, {}, book), **_shared(rule, case, book)})
                for rule in (first, second)
            }
            if outcomes == {engine.MET, engine.FAILED}:
                what = f"contradicts {second.id} where {case['name']!r}"
                do = "Write in one of them `yields_to: [the other]`, or narrow its `when`."
                problems.append(one.problem(what, do, ("about",)))
                break
    return problems


def _shared(rule: Rule, case: Mapping[str, Any], book: Book) -> dict[str, Value]:
    facts = {name: value for name, value in case["facts"].items() if name in rule.needs}
    return table_of(rule, facts, book)


def _same_time(one: Rule, other: Rule) -> bool:
    late, early = max(one.span.begin or "", other.span.begin or ""), (one.span.end, other.span.end)
    return all(end is None or late < end for end in early)


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong; return 1 if anything the patterns name is, 0 otherwise."""
    _, problems, tried = check(only=arguments)
    mine = [
        one
        for one in problems
        if not arguments or one.file == FOLLOWING or matches(one.file, arguments)
    ]
    for problem in problems:
        print(problem)  # noqa: T201 - it talks to a person
    others = len(problems) - len(mine)
    elsewhere = f" (and {others} in files you did not name)" if others else ""
    print(f"{_many(tried, 'rule')} tried, {_many(len(mine), 'problem')}{elsewhere}.")  # noqa: T201
    return 1 if mine else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
