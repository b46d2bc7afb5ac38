"""What must hold of every replay: nothing left out, altered or kept back gives authority."""

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
from casehub.demo.ceremony import Cast, Ceremony, perform, public
from casehub.directory.chain import Chain, Entry
from casehub.directory.statements import (
    ROLES,
    ChainBroken,
    Statement,
    as_wire,
    instant,
    make,
    parse,
    signing_input,
)

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROOT = Ed25519PrivateKey.generate()
CAST = [
    Cast(uuid4(), role, Ed25519PrivateKey.generate(), "Ana", "Fiscal", uuid4(), "Fiscalía")
    for role in ("ministry", "ministry", "coordinator", "liaison")
]
OFFICER, OTHER_OFFICER, COORDINATOR, LIAISON = CAST
CEREMONY = perform("SV", root=ROOT, cast=CAST, now=NOW)
ROOTS = {"SV": ROOT.public_key().public_bytes_raw()}
STRANGER = Ed25519PrivateKey.generate()
KEYS = [STRANGER, ROOT, *(one.key for one in CAST)]
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(which: str, signers: list, *, at: datetime = NOW, **fields: object) -> Statement:
    common = {"serial": str(uuid4()), "issued": stamp(at), "state": "SV"}
    return make(which, common | fields, signers)


def device(key: Ed25519PrivateKey = LIAISON.key, *, at: datetime = NOW) -> Statement:
    return signed(
        "device",
        [key],
        at=at,
        person=str(LIAISON.person),
        device=str(uuid4()),
        signature_key=public(Ed25519PrivateKey.generate()),
        history_key=to_b64u(bytes(32)),
        **{"from": stamp(NOW - HOUR), "until": stamp(NOW + timedelta(days=180))},
    )


def suspension(key: Ed25519PrivateKey, *, person: Cast = LIAISON, kind="suspended") -> Statement:
    whom = {"person": str(person.person), "device": None}
    return signed("revocation", [key], **whom, kind=kind, reason="lost")


DEVICE = device()
WHOLE = [*CEREMONY, DEVICE]


def log(statements: list, *, at: datetime = NOW) -> list[Entry]:
    return [Entry(index, at, statement) for index, statement in enumerate(statements)]


def replayed(statements: list, *, roots=ROOTS, at: datetime = NOW) -> Chain:
    return Chain(log(statements, at=at), roots=roots)


def counts(chain: Chain, named: Statement = DEVICE, *, now: datetime = NOW) -> bool:
    """Say whether the device counts by this chain."""
    try:
        chain.device(named.fields["serial"], now=now)
    except ChainBroken:
        return False
    return True


def standing(chain: Chain, *, size: int | None = None, now: datetime = NOW) -> list[object]:
    """Return all that a chain says of everybody, as of its first `size` entries."""
    said: list[object] = []
    for one in CAST:
        try:
            said.append(chain.person(str(one.person), now=now, size=size))
        except ChainBroken as broken:
            said.append(broken.why)
    try:
        said.append(chain.device(DEVICE.fields["serial"], now=now, size=size))
    except ChainBroken as broken:
        said.append(broken.why)
    return said


def counted(chain: Chain) -> list[object]:
    """Return the same, with nothing of those who do not count."""
    return [None if isinstance(one, str) else one for one in standing(chain)]


def only_prolongs(before: Statement | None, renewed: Statement) -> bool:
    """Say whether one officer and the coordinator say of a liaison what two officers have said."""
    times = {"serial", "issued", "from", "until"}
    said = [{k: v for k, v in s.fields.items() if k not in times} for s in (before, renewed) if s]
    hands = {public(one.key) for one in (OFFICER, OTHER_OFFICER)} & renewed.signers
    beside = public(COORDINATOR.key) in renewed.signers
    return said[0] == said[-1] and len(said) > 1 and bool(hands) and beside


#  Acts by anybody, in any order: what the properties below are about.
def acts() -> st.SearchStrategy[Statement]:
    ceremony = Ceremony("SV", now=NOW)
    one = st.sampled_from(KEYS)
    hands = st.lists(one, max_size=3, unique=True)
    who = st.sampled_from(CAST)
    role = st.sampled_from(["coordinator", "liaison"])
    return st.one_of(
        st.sampled_from(WHOLE),
        st.builds(lambda k, p: suspension(k, person=p), one, who),
        st.builds(lambda k, p: suspension(k, person=p, kind="removed"), one, who),
        st.builds(
            lambda p, ks, r: ceremony.designation(replace(p, role=r), by=ks), who, hands, role
        ),
        st.builds(
            lambda p, ks: ceremony.binding(p, ceremony.designation(p, by=[]), by=ks), who, hands
        ),
        st.builds(lambda p, k: ceremony.officer(p, by=k), who, one),
        st.builds(lambda k: signed("state-stop", [k], reason="breach"), one),
    )


class TestEveryChain:
    def test_counts_when_it_is_whole(self):
        assert counts(replayed(WHOLE))

    @pytest.mark.parametrize("at", range(len(CEREMONY)))
    def test_breaks_without_any_one_statement(self, at):
        assert not counts(replayed(WHOLE[:at] + WHOLE[at + 1 :]))

    @given(st.integers(0, len(CEREMONY) - 1), st.data())
    @few
    def test_breaks_if_any_byte_that_was_signed_is_altered(self, at, data):
        statement = WHOLE[at]
        body = bytearray(statement.body)
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
        try:
            altered = [parse(as_wire(replace(statement, body=bytes(body))))]
        except ChainBroken:
            altered = []
        assert not counts(replayed(WHOLE[:at] + altered + WHOLE[at + 1 :]))

    @given(st.integers(0, len(CEREMONY) - 1), st.integers(0, 63), st.integers(1, 255))
    @few
    def test_breaks_if_any_byte_of_its_signatures_is_altered(self, at, byte, mask):
        statement = WHOLE[at]
        broken = []
        for signature in statement.signatures:
            changed = bytearray(signature.signature)
            changed[byte] ^= mask
            broken.append(replace(signature, signature=bytes(changed)))
        altered = replace(statement, signatures=tuple(broken))
        assert not counts(replayed([*WHOLE[:at], altered, *WHOLE[at + 1 :]]))

    @pytest.mark.parametrize("at", range(len(CEREMONY)))
    def test_breaks_if_a_stranger_signs_instead(self, at):
        forged = make(WHOLE[at].type, dict(WHOLE[at].fields), [STRANGER])
        assert not counts(replayed([*WHOLE[:at], forged, *WHOLE[at + 1 :]]))

    @given(st.permutations(CEREMONY))
    @few
    def test_gives_nothing_out_of_order_that_it_would_not_in_order(self, statements):
        chain = replayed([*statements, DEVICE])
        if counts(chain):
            assert not chain.refused

    @given(st.lists(st.sampled_from(WHOLE)))
    @few
    def test_gains_nothing_from_another_states_root(self, some):
        assert not counts(replayed(some, roots={"MX": ROOTS["SV"]}))

    @pytest.mark.parametrize("days", [-2, 400])
    def test_counts_in_its_time_only(self, days):
        assert not counts(replayed(WHOLE), now=NOW + timedelta(days=days))

    @pytest.mark.parametrize("by", [OFFICER, OTHER_OFFICER, COORDINATOR, LIAISON])
    def test_stops_at_once_by_any_one_person_entitled(self, by):
        assert not counts(replayed([*WHOLE, suspension(by.key)]))

    def test_does_not_stop_by_a_stranger_or_the_root(self):
        assert counts(replayed([*WHOLE, suspension(STRANGER), suspension(ROOT)]))

    def test_stays_when_those_who_made_it_leave(self):
        gone = [
            suspension(OFFICER.key, person=COORDINATOR),
            suspension(OTHER_OFFICER.key, person=OFFICER),
        ]
        assert counts(replayed([*WHOLE, *gone]))


class TestStatementsThatNobodyEntitledSigned:
    @given(st.lists(acts(), max_size=6), st.data())
    @few
    def test_change_nothing_wherever_they_stand(self, some, data):
        statements = [*CEREMONY, *some, DEVICE]
        noise = [
            make(one.type, dict(one.fields) | {"serial": str(uuid4())}, [STRANGER]) for one in some
        ]
        mixed: list[Statement] = list(statements)
        for one in noise:
            mixed.insert(data.draw(st.integers(0, len(mixed))), one)
        # Of whoever does not count it may be another reason that is named first.
        assert counted(replayed(mixed)) == counted(replayed(statements))


class TestAStop:
    @given(st.lists(acts(), max_size=8), st.integers(0, 8), st.sampled_from([OFFICER, LIAISON]))
    @few
    def test_dominates_whatever_is_done_around_it_by_any_but_those_who_may_lift_it(
        self, some, place, by
    ):
        stop = suspension(by.key)
        statements = [*WHOLE, *some[:place], stop, *some[place:]]
        chain = replayed(statements)
        if len(WHOLE) + min(place, len(some)) in chain.refused:
            return  # its signer was stopped, or the State's officers, before
        assert not counts(chain)

    def test_comes_before_what_it_stops_and_holds(self):
        stop = suspension(OFFICER.key)
        for place in range(4, len(WHOLE) + 1):
            assert not counts(replayed([*WHOLE[:place], stop, *WHOLE[place:]]))


class TestTheReplay:
    @given(st.lists(acts(), max_size=8), st.integers(0, 16))
    @few
    def test_of_a_prefix_equals_the_state_at_that_prefix(self, some, size):
        statements = [*WHOLE, *some]
        size = min(size + 1, len(statements))
        assert standing(replayed(statements), size=size) == standing(replayed(statements[:size]))

    @given(st.lists(acts(), max_size=8))
    @few
    def test_says_beforehand_what_it_will_say(self, some):
        chain = replayed(WHOLE)
        for statement in some:
            if statement.type == "state-root":
                continue
            index = chain.size
            said = chain.why_not(statement, now=NOW)
            chain.extend([Entry(index, NOW, statement)])
            assert chain.refused.get(index) == said

    @given(st.lists(acts(), max_size=8))
    @few
    def test_gives_every_active_liaison_the_whole_chain(self, some):
        chain = replayed([*CEREMONY, *some])
        for one in CAST:
            try:
                bound = chain.person(str(one.person), now=NOW)
            except ChainBroken:
                continue
            made = [
                s
                for at, s in enumerate([*CEREMONY, *some])
                if s.person == bound.person and at not in chain.refused
            ]
            designated = [s for s in made if s.type == "designation"]
            officers = {public(o.key) for o in (OFFICER, OTHER_OFFICER)}
            for before, s in zip([None, *designated], designated, strict=False):
                assert len(officers & s.signers) == 2 or only_prolongs(before, s)
            if "coordinator" not in bound.roles:
                assert any(public(COORDINATOR.key) in s.signers for s in designated)
            assert any(s.type == "binding" for s in made)
            assert chain.officer(bound.person, now=NOW) is None

    def test_dates_an_entry_no_earlier_than_the_one_before(self):
        entries = log(WHOLE)
        stop = signed("state-stop", [OFFICER.key], reason="breach")
        chain = Chain([*entries, Entry(len(WHOLE), NOW - 5 * HOUR, stop)], roots=ROOTS)
        assert chain.is_stopped("SV", now=NOW)
        assert not chain.is_stopped("SV", now=NOW + HOUR)


class TestSignature:
    def test_made_for_one_purpose_serves_no_other(self):
        kinds = ("officer", "binding", "device", "revocation")
        assert len({signing_input(kind, b"{}") for kind in kinds}) == len(kinds)
        assert public(LIAISON.key) not in replace(DEVICE, type="binding").signers


class TestParse:
    @given(st.dictionaries(st.sampled_from(["type", "body", "signatures"]), st.text() | st.none()))
    @few
    def test_refuses_anything_else_and_raises_nothing_else(self, wire):
        with pytest.raises(ChainBroken):
            parse(wire)

    def test_gives_back_what_was_made(self):
        for statement in WHOLE:
            read = parse(json.loads(json.dumps(as_wire(statement))))
            assert (read, read.fields) == (statement, statement.fields)
            assert UUID(read.fields["serial"])

    def test_knows_the_roles_that_a_designation_gives(self):
        assert set(ROLES) == {"central-authority", "coordinator", "liaison", "national-auditor"}

    @pytest.mark.parametrize(
        "text", ["", "2026-11-24", "2026-11-24T15:00:00", "2026-1-2T3:4:5Z", "2026-13-01T00:00:00Z"]
    )
    def test_takes_one_spelling_of_an_instant(self, text):
        with pytest.raises(ChainBroken):
            instant(text)
