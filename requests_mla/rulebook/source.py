"""The rulebook's files as lawyers write them: YAML 1.2, one provision a file, each with a shape."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

ROOT = Path(__file__).parent
SCHEMAS = ROOT / "schemas"
KINDS = {
    "sections": "section",
    "measures": "measure",
    "instruments": "instrument",
    "states": "state",
    "rules": "rule",
}
ABOUT = "about"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong in which file and line (0: the whole file), and what to do about it."""

    file: str
    line: int
    what: str
    do: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.what}\n    {self.do}"


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read: its path inside the rulebook, its kind, its text and its data."""

    file: str
    kind: str
    text: str
    data: dict[str, Any]

    def problem(self, what: str, do: str, at: Sequence[str | int] = ()) -> Problem:
        """Return a problem at a place in this file, such as ("cases", 2, "expect")."""
        return Problem(self.file, line_of(self.text, at) if at else 0, what, do)


def matches(source_file: str, only: Iterable[str]) -> bool:
    """Return whether a file is meant by one of the patterns: its path, its folder or its id."""
    path = Path(source_file)
    names = (source_file, path.stem, path.parent.name)
    return any(fnmatch.fnmatchcase(name, one) for one in only for name in names)


def read(root: Path = ROOT, only: Sequence[str] = ()) -> tuple[list[Source], list[Problem]]:
    """
    Read the files under `root` and compare each with the shape of its kind.

    Of the rules, only those that `only` names, if it names any; everything else is needed by all.
    A file that has a problem is left out of the first list.
    """
    validators = {
        kind: Draft202012Validator(
            json.loads((ROOT / "schemas" / f"{kind}.json").read_text("utf-8"))
        )
        for kind in (*KINDS.values(), ABOUT)
    }
    sources: list[Source] = []
    problems: list[Problem] = []
    places = [(ABOUT, path) for path in root.glob("about.yaml")]
    for folder, kind in KINDS.items():
        places += [(kind, path) for path in sorted((root / folder).rglob("*.yaml"))]
    for kind, path in places:
        file = path.relative_to(root).as_posix()
        if kind != "rule" or not only or matches(file, only):
            found = _read_file(path, file, kind, validators[kind])
            if isinstance(found, Source):
                sources.append(found)
            else:
                problems += found
    return sources, problems


def _read_file(
    path: Path, file: str, kind: str, validator: Draft202012Validator
) -> Source | list[Problem]:
    text = path.read_text("utf-8")
    try:
        data = plain(YAML(typ="safe", pure=True).load(text))
    except ValueError as error:  # a date that no calendar has
        do = "Correct the date: year-month-day, the month from 01 to 12, the day within its month."
        return [Problem(file, _no_date(text), f"not readable: {error}", do)]
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        says = error.problem if isinstance(error, MarkedYAMLError) else str(error)
        do = "See indentation, colons and quotes there: text with ': ' or '#' in it needs quotes."
        return [Problem(file, mark.line + 1 if mark else 0, f"not readable: {says}", do)]
    if not isinstance(data, dict):
        return [Problem(file, 0, "the file is empty or a list", "Begin with `id:`.")]
    source = Source(file, kind, text, data)
    wrong = sorted({_shape(source, error) for error in validator.iter_errors(data)})
    wrong += [] if wrong else _impossible_dates(source)
    if kind == ABOUT:
        return wrong or source
    if not wrong and data["id"] != path.stem:
        do = f"Name the file {data['id']}.yaml, or correct the id."
        wrong = [source.problem(f"the id is {data['id']}, the file's name is not", do, ("id",))]
    if not wrong and kind == "rule" and path.parent.name != data["theme"]:
        do = f"Move the file to rules/{data['theme']}/, or correct the theme."
        wrong = [source.problem("the theme is not the folder's name", do, ("theme",))]
    return wrong or source


_DATE = re.compile(r"\b[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\b")


def _no_date(text: str) -> int:
    """Return the line of the first thing that looks like a date and is none; 0 if there is none."""
    for number, line in enumerate(text.splitlines(), 1):
        if any(not _is_date(one) for one in _DATE.findall(line)):
            return number
    return 0


def _is_date(text: str) -> bool:
    try:
        date(*map(int, text.split("-")))
    except ValueError:
        return False
    return True


def _impossible_dates(source: Source) -> list[Problem]:
    """Find dates in quotes that no calendar has; what a case says of a fact may be one."""

    def inside(value: Any, at: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        if isinstance(value, dict):
            for key, one in value.items():
                if key != "cases":
                    yield from inside(one, (*at, key))
        elif isinstance(value, list):
            for number, one in enumerate(value):
                yield from inside(one, (*at, number))
        elif isinstance(value, str) and _DATE.fullmatch(value) and not _is_date(value):
            yield at

    do = "Correct the date: year-month-day, the month from 01 to 12, the day within its month."
    return [
        source.problem(f"{'.'.join(map(str, at))} is a day that no calendar has", do, at)
        for at in inside(source.data, ())
    ]


def plain(value: Any) -> Any:
    """Return YAML data as JSON data: dates become text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _shape(source: Source, error: ValidationError) -> Problem:
    """Say what the shape wants, in words for somebody who never saw a schema."""
    if error.context:
        error = best_match(error.context) or error
    at = list(error.absolute_path)
    name = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in at)
    name = name or "the file"
    want = error.validator_value
    match error.validator:
        case "required":
            missing = [one for one in want if one not in error.instance]
            what = f"{name} lacks {', '.join(missing)}"
            do = "Add it; schemas/ and docs/rules.md say what it means."
        case "additionalProperties" | "unevaluatedProperties":
            known = set(error.schema.get("properties", {}))
            strange = [str(key) for key in error.instance if key not in known]
            what, do = f"{name} has what nothing reads: {', '.join(strange)}", "A typing error?"
        case "enum" | "const":
            options = want if isinstance(want, list) else [want]
            what = f"{name} is {_brief(error.instance)}"
            do = f"Write one of: {', '.join(map(str, options))}."
        case "pattern":
            what = f"{name} is {_brief(error.instance)}"
            do = f"{error.schema.get('description', f'It must look like {want}')}"
        case "type":
            what = f"{name} is {_brief(error.instance)}"
            do = f"It must be {_KIND_WORDS.get(str(want), want)}."
        case "minItems":
            what, do = f"{name} has too few entries", f"At least {want} are needed."
        case _:
            what, do = f"{name}: {error.message[:200]}", "Compare with a file that is accepted."
    return source.problem(what, do, at or ("id",))


def _brief(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _BRIEF else f"{text[:_BRIEF]}..."


_BRIEF = 60
_KIND_WORDS = {
    "object": "a group of `name: value` lines",
    "array": "a list",
    "string": "text (a number or a lone true needs quotes)",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "empty",
}


def line_of(text: str, at: Sequence[str | int]) -> int:
    """Return the line, from 1, where a place in a YAML text begins; of its nearest parent."""
    node: Node | None = YAML(typ="safe", pure=True).compose(text)
    line = 1
    for part in at:
        inside: Node | None = None
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if key.value == part:
                    inside, line = value, key.start_mark.line + 1
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            inside = node.value[part]
            line = inside.start_mark.line + 1
        if inside is None:
            break
        node = inside
    return line
