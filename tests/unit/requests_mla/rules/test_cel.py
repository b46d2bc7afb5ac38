"""What a rule may say, and what both engines answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from requests_mla.rules.cel import Language, NotAllowed, needs

VECTORS = json.loads(
    (Path(__file__).parents[3] / "vectors" / "rules" / "cel.json").read_text("utf-8")
)
LANGUAGE = Language({"s": "string", "n": "int", "l": "list", "m": "list"})


class TestTheLanguage:
    @pytest.mark.parametrize("vector", VECTORS, ids=[one["cel"] for one in VECTORS])
    def test_answers_the_shared_vectors(self, vector):
        assert LANGUAGE.program(vector["cel"])(vector["facts"]) is vector["expect"]

    @pytest.mark.parametrize(
        ("expression", "why"),
        [
            ("s.matches('x')", "matches"),
            ("s.endsWith('x')", "endsWith"),
            ("has(s.x)", "has"),
            ("timestamp(s) < timestamp('2026-01-01')", "timestamp"),
            ("l.map(x, x) == l", "map"),
            ("l.filter(x, x == 'a') == l", "filter"),
            ("l.exists_one(x, x == 'a')", "exists_one"),
            ("s.size() == 1", "size"),
            ("contains(s, 'x')", "contains"),
            ("l[0] == 'a'", "by its place"),
            ("['a'][0] == 'a'", "by its place"),
            ("s.x == 'a'", "no parts"),
            ("n + 1 > 2", "not part of the language"),
            ("n -1 > 2", "subtraction"),
            ("3 -1 > n", "subtraction"),
            ("n > 1.5", "not part of the language"),
            ("n > 1u", "not part of the language"),
            ("s == r'x'", "no fact called r"),
            ("s == 'a\\n'", "not part of the language"),
            ("{'a': 1}", "not part of the language"),
            ("s == null", "no fact called null"),
            ("s == strange", "no fact called strange"),
            ("l.exists(s, s == 'a')", "s is a fact"),
            ("s == 1", "== does not fit between text, number"),
            ("s == l", "== does not fit between text, list"),
            ("1 in l", "in does not fit between number, list"),
            ("s", "not a question"),
            ("s == ", "Syntax error"),
            ("x == 'a' && l.exists(x, true)", "undeclared reference to 'x'"),
            ("l == ['a', 1]", "either texts or numbers"),
            ("", "Syntax error"),
        ],
    )
    def test_refuses_what_engines_or_lawyers_read_differently(self, expression, why):
        with pytest.raises(NotAllowed) as refused:
            LANGUAGE.program(expression)
        assert why in str(refused.value)


class TestNeeds:
    @pytest.mark.parametrize(
        ("expression", "used"),
        [
            ("s == 'n'", ("s",)),
            ("n > 1 && !(s in l)", ("l", "n", "s")),
            ("l.exists(x, x in m && size(x) > n)", ("l", "m", "n")),
            ("l.all(x, m.exists(y, x == y))", ("l", "m")),
            ("true", ()),
        ],
    )
    def test_are_the_facts_used(self, expression, used):
        assert needs(expression) == used
