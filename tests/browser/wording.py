"""The words of the interface and of the rulebook, as the page has them in each language."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, cast

PROJECT = Path(__file__).resolve().parents[2]
Said = dict[str, str]


@cache
def _catalogue(language: str) -> Said:
    path = PROJECT / "frontend" / "src" / "words" / f"{language}.json"
    return cast("Said", json.loads(path.read_text(encoding="utf-8")))


@cache
def _book() -> dict[str, Any]:
    path = PROJECT / "requests_mla" / "rulebook" / "compiled.json"
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))


class Words:
    """What the page says in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **given: str) -> str:
        """Return the text of a key, its placeholders filled in."""
        text = _catalogue(self.language)[key]
        for name, value in given.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def like(self, key: str) -> re.Pattern[str]:
        """Return a pattern for a key whose placeholders may be anything (no plurals)."""
        pieces = re.split(r"\{\w+\}", _catalogue(self.language)[key])
        return re.compile(".*".join(re.escape(piece) for piece in pieces))

    def said(self, labels: Said) -> str:
        """Return a label of the rulebook."""
        return labels[self.language]


def sections() -> list[dict[str, Any]]:
    """Return the sections of the form in their order."""
    return sorted(_book()["sections"], key=lambda one: one["order"])


def section(name: str) -> dict[str, Any]:
    """Return one section of the form."""
    return next(one for one in _book()["sections"] if one["id"] == name)


def measure(name: str) -> dict[str, Any]:
    """Return one kind of assistance."""
    return next(one for one in _book()["measures"] if one["id"] == name)


def instrument(name: str) -> dict[str, Any]:
    """Return one treaty."""
    return next(one for one in _book()["instruments"] if one["id"] == name)


def rules() -> dict[str, dict[str, Any]]:
    """Return the rules by id."""
    return {one["id"]: one for one in _book()["rules"]}


def field_at(pointer: str, measures: list[str]) -> dict[str, Any]:
    """Return the question that a pointer such as `persons.0.name` asks."""
    name, *steps = pointer.split(".")
    key = steps[-1]
    own = section(name)["fields"]
    if len(steps) > 2 and steps[1] == "fields":
        own = measure(measures[int(steps[0])])["fields"]
    return next(cast("dict[str, Any]", one) for one in own if one["key"] == key)
