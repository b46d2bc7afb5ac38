"""The vocabulary: every kind once, and nothing in it but ids, codes, numbers and digests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, timezone
from typing import get_type_hints

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit import canonical
from audit.events import ActRefused, Event, type_registry

KIND = re.compile(r"[a-z]+\.[a-z-]+\.[a-z-]+")
TAKEN = {"str", "int", "bool", "tuple[str, ...]", "str | None", "int | None"}
# Names under which a text that a person typed would be likely to hide.
TYPED = {"name", "title", "text", "username", "password", "code_typed", "body", "message", "note"}


class TestVocabulary:
    @pytest.mark.parametrize("kind", sorted(type_registry))
    def test_a_kind_is_app_subject_and_what_happened(self, kind):
        assert KIND.fullmatch(kind)
        assert len(kind) <= 64

    @pytest.mark.parametrize("event", type_registry.values(), ids=sorted(type_registry))
    def test_an_event_is_flat_and_names_no_typed_words(self, event):
        for field in fields(event):
            assert str(field.type) in TAKEN
            assert field.name not in TYPED
        if event.subject_field:
            assert event.subject_field in get_type_hints(event)

    def test_two_events_may_not_share_a_kind(self):
        with pytest.raises(TypeError, match=r"core\.act\.refused"):

            @dataclass(frozen=True, slots=True)
            class Another(Event):
                kind = "core.act.refused"


class Saying:
    """One of each sort of value: an event that the vocabulary does not know."""

    kind = "unit.something.said"

    def __init__(self, states, **said):
        self.states, self.said = states, said

    def payload(self):
        return self.said


class TestCanonical:
    EVENT = ActRefused(states=("SV", "MX"), act="a", code="b", target="ñ")
    NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def test_bytes_are_those_of_rfc_8785(self):
        made = canonical.encode(self.EVENT, actor="ana", at=self.NOON)
        assert made == (
            b'{"actor":"ana","at":"2026-11-24T12:00:00.000000Z","kind":"core.act.refused",'
            b'"payload":{"act":"a","code":"b","target":"\xc3\xb1"},"states":["MX","SV"],"v":1}'
        )

    @given(
        st.text(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.lists(st.text()).map(tuple),
        st.booleans() | st.none(),
    )
    def test_bytes_are_those_of_rfc_8785_whatever_it_says(self, text, number, texts, truth):
        event = Saying(states=("SV",), text=text, number=number, texts=texts, truth=truth)
        made = canonical.encode(event, actor=text, at=self.NOON)
        said = {"text": text, "number": number, "texts": list(texts), "truth": truth}
        assert made == rfc8785.dumps(
            {
                "v": 1,
                "kind": Saying.kind,
                "actor": text,
                "at": "2026-11-24T12:00:00.000000Z",
                "states": ["SV"],
                "payload": said,
            }
        )

    @pytest.mark.parametrize("number", [2**53, -(2**53), 1.5])
    def test_refuse_numbers_that_readers_would_read_differently(self, number):
        event = Saying(states=(), text="", number=number, texts=(), truth=None)
        with pytest.raises(ValueError, match="not everybody reads alike"):
            canonical.encode(event, actor="ana", at=self.NOON)

    def test_refuse_half_a_character(self):
        event = Saying(states=(), text="\ud800", number=0, texts=(), truth=None)
        with pytest.raises(ValueError, match="surrogates"):
            canonical.encode(event, actor="ana", at=self.NOON)

    def test_the_same_event_has_the_same_bytes_in_any_zone_and_order_of_states(self):
        there = self.NOON.astimezone(timezone(timedelta(hours=-6)))
        other = ActRefused(states=("MX", "SV"), act="a", code="b", target="ñ")
        assert canonical.encode(other, actor="ana", at=there) == canonical.encode(
            self.EVENT, actor="ana", at=self.NOON
        )

    def test_bytes_parse_back_to_what_was_recorded(self):

        made = canonical.encode(self.EVENT, actor="ana", at=self.NOON)
        assert rfc8785.dumps(json.loads(made)) == made
