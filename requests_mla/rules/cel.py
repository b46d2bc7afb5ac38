"""
The language of the rules: a small part of CEL that two engines answer alike.

Source: the Common Expression Language, github.com/google/cel-spec. Allowed are comparisons,
`&&`, `||`, `!`, `in`, `? :`, literals, `size(x)`, `list.exists(v, ...)`, `list.all(v, ...)`,
`text.contains('...')` and `text.startsWith('...')` over facts that are text, whole numbers or
lists of texts. The rest (regular expressions, clocks, maps, fractions, arithmetic) either differs
between engines or hides a judgement from the reader, and is refused when the book is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from cel_expr_python import cel

Value = str | int | list[str] | None
"""A fact: text, whole number, list of texts, or None when it is unknown."""

TYPES = {
    "string": cel.Type.STRING,
    "int": cel.Type.INT,
    "list": cel.Type.List(cel.Type.STRING),
}

_WORD = re.compile(
    r"""[ \n]+
    |'[^'\\\n]*'|"[^"\\\n]*"
    |-?[0-9]+(?![0-9A-Za-z_.])
    |[A-Za-z_][A-Za-z0-9_]*
    |&&|\|\||==|!=|<=|>=|[<>!?:.,()\[\]]""",
    re.VERBOSE | re.ASCII,
)
_MACROS = frozenset({"exists", "all"})
_METHODS = _MACROS | {"contains", "startsWith"}
_FUNCTIONS = frozenset({"size"})
_WORDS = frozenset({"in", "true", "false"})
_ENDS_A_VALUE = frozenset({")", "]"})
_MAY = (
    "size(x), list.exists(v, ...), list.all(v, ...), text.contains('...'), text.startsWith('...')"
)


class NotAllowed(ValueError):
    """An expression that is not in the language; the message is for the lawyer who wrote it."""


class Program(Protocol):
    """An expression, ready to be asked."""

    def __call__(self, facts: Mapping[str, Value], /) -> bool:
        """Answer for facts that include all it needs, none of them unknown."""
        ...


def _words(expression: str) -> list[str]:
    """Return the words and signs of an expression; texts keep their quotes."""
    found: list[str] = []
    at = 0
    while at < len(expression):
        match = _WORD.match(expression, at)
        if match is None:
            raise NotAllowed(f"{expression[at : at + 12]!r} is not part of the language of rules")
        at = match.end()
        if not match.group().isspace():
            found.append(match.group())
    return found


def _refusal(before: str, word: str, after: str) -> str | None:
    """Return why a name, bracket or number may not stand where it does, or None."""
    value_before = before in _ENDS_A_VALUE or (before not in _WORDS and before.isidentifier())
    if word == "[":
        pick = "x[...] picks one item by its place; ask with exists or all instead"
        return pick if value_before else None
    if word[0] == "-":
        return "subtraction may not be used" if value_before or before.isdigit() else None
    if not word.isidentifier() or word in _WORDS:
        return None
    allowed = _METHODS if before == "." else _FUNCTIONS
    if after == "(":
        return None if word in allowed else f"{word}(...) may not be used; what may: {_MAY}"
    return f".{word} may not be used: facts have no parts; what may: {_MAY}" * (before == ".")


def _bound(words: Sequence[str]) -> set[str]:
    """Return the names that `exists` and `all` give to the items of a list."""
    return {
        words[place + 2]
        for place, word in enumerate(words[:-2])
        if word in _MACROS and words[place + 1] == "("
    }


def _mixes(words: Sequence[str]) -> bool:
    """Return whether a list holds both texts and numbers: one engine allows that, one does not."""
    lists = re.findall(r"\[[^\[\]]*\]", " ".join(word[0] if word else "" for word in words))
    return any(re.search("['\"]", one) and re.search("[0-9-]", one) for one in lists)


def needs(expression: str) -> tuple[str, ...]:
    """
    Return the names of the facts an expression uses, sorted.

    :raises NotAllowed: if it says anything outside the language.
    """
    words = ["", *_words(expression), ""]
    used: set[str] = set()
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if refusal := _refusal(before, word, after):
            raise NotAllowed(refusal)
        if word.isidentifier() and word not in _WORDS and before != "." and after != "(":
            used.add(word)
    if _mixes(words):
        raise NotAllowed("a list holds either texts or numbers")
    return tuple(sorted(used - _bound(words)))


class Language:
    """The facts of one rulebook with their types, and how to ask about them."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts
        self._environment = cel.NewEnv(variables={n: TYPES[kind] for n, kind in facts.items()})

    def program(self, expression: str) -> Program:
        """
        Compile an expression, checking names and types.

        :raises NotAllowed: if it is outside the language, names no fact, or mixes types.
        """
        for name in needs(expression):
            if name not in self._facts:
                raise NotAllowed(f"there is no fact called {name}")
        for name in _bound(_words(expression)) & self._facts.keys():
            raise NotAllowed(f"{name} is a fact: call the items of the list something else")
        try:
            compiled = self._environment.compile(expression)
        except (RuntimeError, ValueError) as error:
            raise NotAllowed(_plain(str(error))) from error
        if compiled.return_type() != cel.Type.BOOL:
            raise NotAllowed("it is not a question: the answer must be true or false")
        return lambda facts: compiled.eval(data=facts).value() is True


def _plain(report: str) -> str:
    """Return what the type checker says, without its codes and drawing."""
    first = report.partition("\n")[0]
    says = re.sub(r"^.*?<input>:\d+:\d+: ", "", first)
    mixed = re.search(r"no matching overload for '(.+?)' applied to '\((.+)\)'", says)
    if mixed is None:
        return says
    kinds = mixed[2].replace("list(string)", "list").replace("string", "text")
    sign = mixed[1].strip("_").replace("@in", "in")
    return f"{sign} does not fit between {kinds.replace('int', 'number')}"
