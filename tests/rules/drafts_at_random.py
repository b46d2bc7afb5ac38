"""Drafts without end for the two engines: the same ones in every run, made from the book's form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from requests_mla.rules.book import Book

_WORDS = [
    "traslado", "pago", "frontera", "ñandú", "señal", "de", "la", "red", "😀", "grupo\u00a0dos",
    "cuenta", "route", "réseau",
]  # fmt: skip
_ODD = [
    None,
    0,
    7,
    "",
    "  ",
    "\t",
    [],
    {},
    ["", " x "],
    "2026-02-30",
    12.5,
    True,
    "yes\n",
    "\ufeff",
]
_DATES = [
    "2026-11-24", "2026-11-25", "2026-12-31", "2027-06-01", "2026-01-01", "2003-09-29",
    "1999-12-31", "2024-02-29",
]  # fmt: skip
_LAW_DATES = ["2026-11-24", "2026-11-24", "2026-11-24", "2026-12-24", "2010-06-01", "2004-01-28"]
_STAGES = [
    "draft",
    "ready",
    "transmitted",
    "information_requested",
    "returned",
    "refused",
    "executed",
]
_TEXT = re.compile("""['"]([^'"]+)['"]""")
_FILLED = [0, 30, 60, 85, 97, 100]  # percent of questions answered in one draft


class Numbers:
    """A small generator of whole numbers: `x` becomes `x * a + c` modulo 2**64 (Knuth's MMIX)."""

    def __init__(self, seed: int) -> None:
        self._state = seed
        for _ in range(4):
            self.below(1)

    def below(self, end: int) -> int:
        """Return a number from 0 to `end` - 1."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % end

    def of(self, options: Sequence[Any]) -> Any:
        """Return one of the options."""
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """Return whether something that happens so often happens."""
        return self.below(100) < percent


def draft(book: Book, number: int) -> tuple[Mapping[str, Any], str]:
    """Return the draft of this number, and the stage to screen it for."""
    return _Maker(book, number).draft()


class _Maker:
    """One draft; half of its choices are what one rule names, so that every rule gets its turn."""

    def __init__(self, book: Book, number: int) -> None:
        self._book = book
        self._numbers = Numbers(number)
        self._filled = self._numbers.of(_FILLED)
        self._marked = self._numbers.of([0, 0, 5, 30])  # percent of questions marked unknown
        self._odd = self._numbers.of([0, 0, 0, 10])
        self._unknown: list[str] = []
        self._measures = {one["id"]: one for one in book.document["measures"]}
        rule = book.rules[number % len(book.rules)]
        self._named = set(_TEXT.findall(" ".join(one.cel for one in (*rule.when, *rule.test))))

    def draft(self) -> tuple[Mapping[str, Any], str]:
        numbers = self._numbers
        states = [*self._book.states, *self._book.states, "", "ZZ"]
        made: dict[str, Any] = {
            "v": 1,
            "language": numbers.of(["es", "en", "fr"]),
            "law_date": numbers.of(_LAW_DATES),
            "requesting_state": self._one_of(states),
            "requested_state": self._one_of(states),
        }
        for section in self._book.document["sections"]:
            name = section["id"]
            if "item" in section:
                count = numbers.below(4) if numbers.chance(90) else 0
                made[name] = [self._item(section, f"{name}.{place}") for place in range(count)]
            elif not numbers.chance(3):  # a section that nobody opened is not there
                made[name] = self._answers(section["fields"], name)
        rules = [numbers.of(self._book.rules).id for _ in range(numbers.below(12))]
        made["overrides"] = [
            {"rule": rule, "reason": numbers.of(["", " ", "consta en autos"]), "by": "p"}
            for rule in rules
        ]
        made["unknown"] = self._unknown
        return made, numbers.of(_STAGES)

    def _item(self, section: Mapping[str, Any], at: str) -> Mapping[str, Any]:
        item = self._answers(section["fields"], at)
        measure = self._measures.get(str(item.get("type")))
        if section["id"] == "measures" and measure is not None:
            item["fields"] = self._answers(measure["fields"], f"{at}.fields")
        return item

    def _answers(self, fields: Sequence[Mapping[str, Any]], at: str) -> dict[str, Any]:
        answers = {}
        for field in fields:
            if self._numbers.chance(self._marked):
                self._unknown.append(f"{at}.{field['key']}")
            if self._odd and self._numbers.chance(self._odd):
                answers[field["key"]] = self._numbers.of(_ODD)
            elif self._numbers.chance(self._filled):
                answers[field["key"]] = self._answer(field)
        return answers

    def _answer(self, field: Mapping[str, Any]) -> Any:
        numbers = self._numbers
        answers: dict[str, Callable[[], Any]] = {
            "yes_no": lambda: numbers.of(["yes", "no"]),
            "date": lambda: numbers.of(_DATES),
            "number": lambda: numbers.of([0, 1, 2, 3, 4, 5, 8, 12, 15, 17, 18, 30]),
            "period": lambda: {"from": numbers.of(_DATES), "to": numbers.of(_DATES)},
            "choice": lambda: self._one_of(self._options(field)),
            "choices": lambda: [
                self._one_of(self._options(field)) for _ in range(numbers.below(4))
            ],
            "list": lambda: [self._text(4) for _ in range(numbers.below(4))],
        }
        text = lambda: self._text(numbers.of([1, 4, 30, 120]))  # noqa: E731
        return answers.get(field["kind"], text)()

    def _one_of(self, options: Sequence[str]) -> str:
        named = [one for one in options if one in self._named]
        chosen: str = self._numbers.of(named if named and self._numbers.chance(50) else options)
        return chosen

    def _options(self, field: Mapping[str, Any]) -> list[str]:
        source = {"measures": self._book.measures, "instruments": self._book.instruments}
        if "from" in field:
            return list(source[field["from"]])
        return [option["value"] for option in field.get("options", ())] or ["other"]

    def _text(self, words: int) -> str:
        return " ".join(self._numbers.of(_WORDS) for _ in range(words))
