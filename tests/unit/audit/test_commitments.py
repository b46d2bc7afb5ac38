"""What the log publishes of an event says nothing, binds everything, and can be opened later."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit import commitments
from audit.tlog.errors import Unproven

SECRET, SALT, PAYLOAD = b"s" * 32, b"t" * 32, b'{"kind":"a.b.c"}'


def leaf(**change):
    usual = {"salt": SALT, "states": ["SV", "MX"], "time": 1795532400, "secret": SECRET}
    return commitments.leaf_of(PAYLOAD, **{**usual, **change})


class TestLeaf:
    def test_has_exactly_these_bytes(self):
        keys = [
            hmac.digest(SECRET, b"casehub-audit-tag-key/1" + state, "sha256")
            for state in (b"MX", b"SV")
        ]
        bound = hmac.digest(SALT, b"casehub-audit-event/1" + PAYLOAD, "sha256")
        tags = [hmac.digest(key, b"casehub-audit-tag/1" + bound, "sha256")[:8] for key in keys]
        body = {
            "c": base64.b64encode(bound).decode(),
            "g": sorted(base64.b64encode(tag).decode() for tag in tags),
            "k": "event",
            "t": 1795532400,
            "v": 1,
        }
        assert leaf() == json.dumps(body, separators=(",", ":")).encode()
        assert len(leaf()) < 160

    @given(
        st.binary(max_size=300),
        st.lists(st.sampled_from(["MX", "SV", "GT", "PA"]), max_size=4),
        st.integers(0, 2**33),
    )
    def test_is_canonical_json_whatever_it_binds(self, payload, states, time):
        made = commitments.leaf_of(payload, salt=SALT, states=states, time=time, secret=SECRET)
        assert made == rfc8785.dumps(json.loads(made))

    def test_carries_the_regions_tag_when_it_concerns_no_state(self):
        key = commitments.tag_key(SECRET, commitments.REGION)
        body = json.loads(leaf(states=[]))
        tag = commitments.tag_of(base64.b64decode(body["c"]), key)
        assert body["g"] == [base64.b64encode(tag).decode()]

    def test_has_one_tag_a_state_however_often_it_is_named(self):
        assert leaf(states=["MX", "SV", "MX"]) == leaf()

    @pytest.mark.parametrize(
        "change", [{"salt": b"u" * 32}, {"states": ["SV"]}, {"time": 1}, {"secret": b"r" * 32}]
    )
    def test_changes_with_everything_that_it_binds(self, change):
        assert leaf(**change) != leaf()

    def test_of_a_log_itself_says_that_it_ends_or_after_what_it_begins(self):
        assert commitments.closing_leaf(time=7) == b'{"k":"close","t":7,"v":1}'
        digest = base64.b64encode(hashlib.sha256(b"a\n7\nb\n").digest()).decode()
        body = json.loads(commitments.opening_leaf(time=7, before="a\n7\nb\n"))
        assert body == {"k": "open", "t": 7, "v": 1, "h": digest}


class TestSealing:
    def test_opens_with_salt_and_secret(self):
        sealed = commitments.seal(PAYLOAD, salt=SALT, secret=SECRET)
        assert PAYLOAD not in sealed
        assert commitments.unseal(sealed, salt=SALT, secret=SECRET) == PAYLOAD

    def test_opens_with_nothing_else_and_not_when_changed(self):
        sealed = commitments.seal(PAYLOAD, salt=SALT, secret=SECRET)
        flipped = bytes([sealed[0] ^ 1]) + sealed[1:]
        for wrong in (
            (sealed, b"u" * 32, SECRET),
            (sealed, SALT, b"r" * 32),
            (flipped, SALT, SECRET),
        ):
            with pytest.raises(Unproven):
                commitments.unseal(wrong[0], salt=wrong[1], secret=wrong[2])
