"""A doorbell is a reason to look; what has another shape is nothing."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casehub.core.doorbell import KINDS
from messaging.doorbells import Grown, News, Over, Typing, heard

ONE = UUID(int=1)
ID = str(ONE)
KEYS = ["thread", "typing", "by", "session", "person", "signal", "type", "look", *KINDS]


@pytest.mark.parametrize(
    ("event", "bell"),
    [
        ({"thread": ID}, Grown(ONE)),
        ({"thread": ID, "members": True}, Grown(ONE)),
        ({"thread": ID, "look": True}, Grown(ONE, stale=True)),
        ({"typing": ID, "by": ID}, Typing(ONE, ID)),
        ({"session": ID}, Over(ID)),
        ({"person": ID}, News(ID)),
        ({"person": ID, "signal": {"type": "devices"}}, News(ID, "devices")),
        ({"person": ID, "signal": {"type": "marks", "thread": ID}}, News(ID, "marks", ONE)),
        *(
            ({"person": ID, "signal": {"type": kind, kind: ID}}, News(ID, kind, ONE))
            for kind in sorted(KINDS)
        ),
    ],
)
def test_says(event, bell):
    assert heard(event | {"type": "doorbell"}) == bell


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"thread": "x"}, id="no id"),
        pytest.param({"thread": None}, id="none"),
        pytest.param({"thread": 7}, id="a number"),
        pytest.param({"thread": "1" * 10_000_000}, id="a huge one"),
        pytest.param({"typing": ID}, id="by nobody"),
        pytest.param({"typing": ID, "by": "somebody"}, id="by no id"),
        pytest.param({"session": ["a", "b"]}, id="a list"),
        pytest.param({"person": ID, "signal": []}, id="a signal that is a list"),
        pytest.param({"person": ID, "signal": {"type": "entries", "entries": []}}, id="a delivery"),
        pytest.param({"person": ID, "signal": {"type": "accepted", "id": ID}}, id="a receipt"),
        pytest.param({"person": ID, "signal": {"type": "left", "thread": ID}}, id="an expulsion"),
        pytest.param({"person": ID, "signal": {"type": "read", "thread": ID}}, id="a mark"),
        pytest.param({"person": ID, "signal": {"type": "request"}}, id="of no request"),
        pytest.param({"person": ID, "signal": {"type": ["request"]}}, id="a kind that is a list"),
    ],
)
def test_says_nothing(event):
    assert heard(event) is None


PLAIN = st.sampled_from([None, True, 7, -1.5, "", "x", b"x", ID, *KINDS])
NESTED = st.dictionaries(st.sampled_from(KEYS), PLAIN, max_size=4)


@given(st.dictionaries(st.sampled_from(KEYS), PLAIN | NESTED | st.lists(PLAIN, max_size=2)))
def test_whatever_comes_is_a_bell_or_nothing(event):
    assert isinstance(heard(event), Grown | Typing | Over | News | None)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_page_is_told_the_kind_and_the_id_alone(kind):
    signal = {"type": kind, kind: ID, "entries": ["forged"]}
    news = heard({"person": ID, "signal": signal})
    assert news.frame == {"type": kind, kind: ID}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_page_knows_every_kind_it_is_told_of(kind):
    schema = Path(__file__).parents[3] / "frontend" / "src" / "api" / "schema.ts"
    assert f'type: v.literal("{kind}"), {kind}: uuid' in schema.read_text(encoding="utf-8")
