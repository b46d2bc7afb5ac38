"""Bytes from outside: what becomes a value, and what is refused before it costs anything."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.core.errors import BadFrame
from casehub.core.frames import DEEPEST, exactly_from_b64u, from_b64u, parse_json, to_b64u

LIMIT = 64 * 1024
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


class TestParseJson:
    @given(values)
    def test_reads_what_json_writes(self, value):
        assert parse_json(json.dumps(value), limit=LIMIT) == value
        assert parse_json(json.dumps(value).encode(), limit=LIMIT) == value

    @given(st.text())
    def test_returns_or_refuses_and_raises_nothing_else(self, text):
        with suppress(BadFrame):
            parse_json(text, limit=LIMIT)

    @given(st.binary())
    def test_raises_nothing_else_on_bytes_either(self, data):
        with suppress(BadFrame):
            parse_json(data, limit=LIMIT)

    #  text                                     why not
    REFUSED = [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("{} {}", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ('{"a":1,"a":2}', "duplicate key"),
        ('{"x":{"a":1,"a":1}}', "duplicate key"),
        ("NaN", "not a number"),
        ('{"a":Infinity}', "not a number"),
        ("-Infinity", "not a number"),
        ("1e999", "number too long"),
        ("-1e999", "number too long"),
        ("1" * 33, "number too long"),
        ("0." + "1" * 40, "number too long"),
        (nested(DEEPEST + 1), "too deep"),
        ('{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1), "too deep"),
        (nested(30_000), "too deep"),
        ('"' + "x" * LIMIT + '"', "too large"),
        ('"' + "ñ" * (LIMIT // 2) + '"', "too large"),
    ]

    @pytest.mark.parametrize(("text", "why"), REFUSED, ids=range(len(REFUSED)))
    def test_refuses(self, text, why):
        with pytest.raises(BadFrame) as refused:
            parse_json(text, limit=LIMIT)
        assert refused.value.params == {"why": why}

    #  text, and that it is no nesting
    TAKEN = [
        nested(DEEPEST),
        json.dumps("[" * 100),
        json.dumps('"[' * 50),
        json.dumps("\\" * 9 + "[" * 50),
        json.dumps({"[[[[[[[[[[[[[[[[[[": "]"}),
        "1" * 32,
    ]

    @pytest.mark.parametrize("text", TAKEN, ids=range(len(TAKEN)))
    def test_takes_brackets_in_strings_for_what_they_are(self, text):
        assert parse_json(text, limit=LIMIT) == json.loads(text)

    #  texts that would make a careless scanner look again and again
    SLOW = {
        "escaped quotes that never close": '"' + '\\"' * (1 << 20),
        "quotes alone": '"' * (1 << 21),
        "backslashes": '"' + "\\" * (1 << 21),
        "brackets": nested(1 << 20),
        "an endless number": "1" * (1 << 21),
    }

    @pytest.mark.parametrize("what", SLOW)
    def test_costs_no_more_than_the_length_of_the_text(self, what):
        began = time.perf_counter()
        with pytest.raises(BadFrame):
            parse_json(self.SLOW[what], limit=1 << 22)
        assert time.perf_counter() - began < 2


class TestB64u:
    @given(st.binary(max_size=200))
    def test_gives_back_what_was_put_in(self, raw):
        assert from_b64u(to_b64u(raw), most=200) == raw

    @given(st.text(alphabet="AQgw_-Zz09", max_size=12))
    def test_takes_one_spelling_only(self, text):
        try:
            raw = from_b64u(text, most=9)
        except BadFrame:
            return
        assert to_b64u(raw) == text

    #  what is wrong with it
    REFUSED = ["AA==", "A", "AB", "A A", "AA\n", "+/8", "ñ", "\u0660", "AAAA", "QUJD" * 99]

    @pytest.mark.parametrize("text", REFUSED)
    def test_refuses(self, text):
        with pytest.raises(BadFrame):
            from_b64u(text, most=2)

    def test_takes_exactly_the_most(self):
        assert from_b64u(to_b64u(bytes(32)), most=32) == bytes(32)
        with pytest.raises(BadFrame):
            from_b64u(to_b64u(bytes(33)), most=32)

    def test_takes_so_many_and_no_other_number(self):
        assert exactly_from_b64u(to_b64u(bytes(32)), 32) == bytes(32)
        for other in (31, 33):
            with pytest.raises(BadFrame):
                exactly_from_b64u(to_b64u(bytes(other)), 32)
