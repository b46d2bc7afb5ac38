"""What must hold of every chain: nothing that is left out or altered gives authority."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casehub.core.frames import to_b64u
from casehub.demo.ceremony import Cast, perform
from casehub.directory.chain import Chain
from casehub.directory.statements import (
    ChainBroken,
    Statement,
    as_wire,
    instant,
    make,
    parse,
    signing_input,
)

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ROOT = Ed25519PrivateKey.generate()
ROLES = ("ministry", "ministry", "coordinator", "liaison")
CAST = [
    Cast(uuid4(), role, Ed25519PrivateKey.generate(), "Ana", "Fiscal", uuid4(), "Fiscalía")
    for role in ROLES
]
OFFICER, OTHER_OFFICER, COORDINATOR, LIAISON = CAST
CEREMONY = perform("SV", root=ROOT, cast=CAST, now=NOW)


def raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


DEVICE = make(
    "device",
    {
        "serial": str(uuid4()),
        "issued": stamp(NOW - timedelta(hours=1)),
        "state": "SV",
        "person": str(LIAISON.person),
        "device": str(uuid4()),
        "signature_key": to_b64u(bytes(32)),
        "history_key": to_b64u(bytes(32)),
        "from": stamp(NOW - timedelta(hours=1)),
        "until": stamp(NOW + timedelta(days=180)),
    },
    [LIAISON.key],
)
#  the statements on which the liaison's device rests: all but the root's own
NEEDED = [
    s
    for s in CEREMONY
    if s.type == "officer" or s.person in {str(COORDINATOR.person), str(LIAISON.person)}
]


def counts(statements: list[Statement], device: Statement = DEVICE, **changes) -> bool:
    """Say whether the device counts by these statements."""
    usual = {"roots": {"SV": raw(ROOT)}, "now": NOW}
    try:
        Chain(statements, **(usual | changes)).device(device)
    except ChainBroken:
        return False
    return True


class TestEveryChain:
    def test_counts_when_it_is_whole(self):
        assert counts(CEREMONY)
        assert counts(NEEDED)

    @given(st.permutations(CEREMONY))
    @settings(max_examples=30, deadline=None)
    def test_counts_in_any_order_and_with_repetitions(self, statements):
        assert counts([*statements, *statements])

    @pytest.mark.parametrize("at", range(len(NEEDED)))
    def test_breaks_without_any_one_statement(self, at):
        assert not counts(NEEDED[:at] + NEEDED[at + 1 :])

    @given(st.sets(st.integers(0, len(NEEDED) - 1), min_size=1))
    @settings(deadline=None)
    def test_breaks_without_any_of_them(self, missing):
        assert not counts([s for at, s in enumerate(NEEDED) if at not in missing])

    @given(st.integers(0, len(NEEDED) - 1), st.data())
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_breaks_if_any_byte_that_was_signed_is_altered(self, at, data):
        statement = NEEDED[at]
        body = bytearray(statement.body)
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
        wire = as_wire(replace(statement, body=bytes(body)))
        try:
            altered = [parse(wire)]
        except ChainBroken:
            altered = []
        assert not counts(NEEDED[:at] + altered + NEEDED[at + 1 :])

    @given(st.integers(0, len(NEEDED) - 1), st.integers(0, 63), st.integers(1, 255))
    @settings(deadline=None)
    def test_breaks_if_any_byte_of_its_signatures_is_altered(self, at, byte, mask):
        statement = NEEDED[at]
        broken = []
        for signature in statement.signatures:
            changed = bytearray(signature.signature)
            changed[byte] ^= mask
            broken.append(replace(signature, signature=bytes(changed)))
        altered = replace(statement, signatures=tuple(broken))
        assert not counts([*NEEDED[:at], altered, *NEEDED[at + 1 :]])

    @pytest.mark.parametrize("at", range(len(NEEDED)))
    def test_breaks_if_a_stranger_signs_instead(self, at):
        stranger = Ed25519PrivateKey.generate()
        statement = NEEDED[at]
        body = dict(statement.fields)
        forged = make(statement.type, body, [stranger] * len(statement.signatures))
        assert not counts([*NEEDED[:at], forged, *NEEDED[at + 1 :]])

    @given(st.lists(st.sampled_from(CEREMONY)))
    @settings(deadline=None)
    def test_gains_nothing_from_another_states_statements(self, some):
        assert not counts(some, roots={"MX": raw(ROOT)})

    @given(st.sampled_from([c.key for c in CAST]))
    def test_stops_at_a_revocation_by_anybody_entitled_only(self, key):
        fields = {
            "serial": str(uuid4()),
            "issued": stamp(NOW),
            "state": "SV",
            "person": str(LIAISON.person),
            "device": None,
            "kind": "removed",
            "reason": "lost",
        }
        assert not counts([*NEEDED, make("revocation", fields, [key])])
        assert counts([*NEEDED, make("revocation", fields, [Ed25519PrivateKey.generate()])])

    @pytest.mark.parametrize("days", [-2, 400])
    def test_counts_in_its_time_only(self, days):
        assert not counts(NEEDED, now=NOW + timedelta(days=days))

    def test_ends_with_the_coordinator_who_bound_it(self):
        fields = {
            "serial": str(uuid4()),
            "issued": stamp(NOW),
            "state": "SV",
            "person": str(COORDINATOR.person),
            "device": None,
            "kind": "removed",
            "reason": "left",
        }
        assert not counts([*NEEDED, make("revocation", fields, [OFFICER.key])])

    def test_is_not_harmed_by_a_statement_that_nobody_signed(self):
        fields = dict(next(s for s in NEEDED if s.type == "binding").fields)
        assert counts([*NEEDED, make("binding", fields, [])])


class TestSignature:
    def test_made_for_one_purpose_serves_no_other(self):
        kinds = ("officer", "binding", "device", "revocation")
        assert len({signing_input(kind, b"{}") for kind in kinds}) == len(kinds)
        as_other = replace(DEVICE, type="binding")
        assert not as_other.signed_by(raw(LIAISON.key))


class TestParse:
    @given(st.dictionaries(st.sampled_from(["type", "body", "signatures"]), st.text() | st.none()))
    def test_refuses_anything_else_and_raises_nothing_else(self, wire):
        with pytest.raises(ChainBroken):
            parse(wire)

    def test_gives_back_what_was_made(self):
        for statement in [*CEREMONY, DEVICE]:
            read = parse(json.loads(json.dumps(as_wire(statement))))
            assert (read, read.fields) == (statement, statement.fields)
            assert UUID(read.fields["serial"])

    @pytest.mark.parametrize(
        "text", ["", "2026-11-24", "2026-11-24T15:00:00", "2026-1-2T3:4:5Z", "2026-13-01T00:00:00Z"]
    )
    def test_takes_one_spelling_of_an_instant(self, text):
        with pytest.raises(ChainBroken):
            instant(text)
