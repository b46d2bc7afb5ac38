"""Bytes that the client's library wrote, from the first group info to an application message."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from messaging import framing
from messaging.framing import FramingError
from tests.unit.messaging.framing import session
from tests.unit.messaging.framing.session import BEFORE, NOW, SESSION, STEPS, step

NAMES = [what for what, *_ in STEPS]
MEMBERSHIP_TAG_BYTES = 33
#  what          committer added   removed changed resync
EFFECTS = [
    ("adds two", 0, [1, 2], [], [], False),
    ("renews a key", 1, [], [], [1], False),
    ("adds one", 2, [3], [], [], False),
    ("removes", 3, [], [1], [3], False),
    ("resyncs", 1, [1], [2], [], True),
]


def check(before, commit, after, welcome):
    return framing.check_commit(
        framing.read_group_info(before),
        framing.read_commit(commit),
        framing.read_group_info(after),
        framing.read_welcome(welcome) if welcome else None,
        now=NOW,
    )


def refused(code):
    return pytest.raises(FramingError, match=f"^{code}: ")


class TestTheSession:
    @pytest.mark.parametrize("name", session.KEY_PACKAGES)
    def test_publishes_key_packages_that_hold(self, name):
        package = framing.read_key_package(session.KEY_PACKAGES[name])
        identity = framing.check_key_package(package, now=NOW)
        claimed = SESSION["devices"][name]["identity"]
        assert (identity.device, identity.person) == (claimed["device"], claimed["person"])

    def test_begins_with_a_group_of_one(self):
        first = framing.read_group_info(session.FIRST)
        identity = framing.check_first_group_info(first, group_id=session.GROUP_ID)
        assert identity.device == SESSION["devices"]["ana"]["identity"]["device"]

    @pytest.mark.parametrize("at", range(len(STEPS)), ids=NAMES)
    def test_goes_on_by_commits_that_are_accepted(self, at):
        effect = check(BEFORE[at], *STEPS[at][1:])
        seen = (list(effect.added), list(effect.removed), list(effect.changed))
        assert (STEPS[at][0], effect.committer, *seen, effect.is_resync) == EFFECTS[at]
        assert effect.client_id is not None

    @pytest.mark.parametrize("at", range(len(STEPS)), ids=NAMES)
    def test_makes_group_infos_that_also_hold_alone(self, at):
        framing.check_group_info(framing.read_group_info(STEPS[at][2]))

    def test_invites_exactly_the_key_packages_it_adds(self):
        effect = check(BEFORE[0], *STEPS[0][1:])
        packages = [framing.read_key_package(session.KEY_PACKAGES[n]) for n in ("ben", "cam")]
        assert effect.added_refs == tuple(map(framing.key_package_ref, packages))
        assert [leaf.raw for leaf in effect.added.values()] == [p.leaf.raw for p in packages]

    def test_ends_with_a_message_of_which_only_the_header_is_seen(self):
        header = framing.read_message_header(session.MESSAGE)
        assert (header.group_id, header.epoch) == (session.GROUP_ID, len(STEPS))
        assert header.authenticated_data == (
            b'{"client_msg_id":"%s","v":1}' % header.client_id.encode()
        )


class TestTheServer:
    def test_takes_only_the_first_of_two_commits_for_one_epoch(self):
        rival = step(SESSION["competing"])
        check(BEFORE[1], *rival)
        with refused("stale-epoch"):
            check(STEPS[1][2], *rival)

    def test_refuses_a_commit_from_the_future(self):
        with refused("future-epoch"):
            check(BEFORE[0], *STEPS[1][1:])

    def test_refuses_the_group_info_of_the_rival_commit(self):
        rival, ours = step(SESSION["competing"]), STEPS[1]
        with refused("group-info-tag"):
            check(BEFORE[1], ours[1], rival[1], None)

    @pytest.mark.parametrize("code", SESSION["refused"])
    def test_refuses_sound_commits_outside_our_policy(self, code):
        with refused(code):
            check(STEPS[-1][2], *step(SESSION["refused"][code]))


def _checked_bytes(commit: bytes) -> int:
    """Return how many bytes of a commit the server can vouch for: all but a membership tag."""
    is_member = framing.read_commit(commit).sender is not None
    return len(commit) - (MEMBERSHIP_TAG_BYTES if is_member else 0)


class TestNoByte:
    @given(
        at=st.integers(0, len(STEPS) - 1), where=st.integers(0, 10_000), bits=st.integers(1, 255)
    )
    @settings(max_examples=300)
    def test_of_a_commit_can_change(self, at, where, bits):
        _, commit, after, welcome = STEPS[at]
        changed = bytearray(commit)
        changed[where % _checked_bytes(commit)] ^= bits
        with pytest.raises(FramingError):
            check(BEFORE[at], bytes(changed), after, welcome)

    @given(
        at=st.integers(0, len(STEPS) - 1), where=st.integers(0, 10_000), bits=st.integers(1, 255)
    )
    @settings(max_examples=300)
    def test_of_a_group_info_can_change(self, at, where, bits):
        _, commit, after, welcome = STEPS[at]
        changed = bytearray(after)
        changed[where % len(after)] ^= bits
        with pytest.raises(FramingError):
            check(BEFORE[at], commit, bytes(changed), welcome)

    @given(where=st.integers(0, 10_000), bits=st.integers(1, 255))
    @settings(max_examples=200)
    def test_of_a_key_package_can_change(self, where, bits):
        changed = bytearray(session.KEY_PACKAGES["ana"])
        changed[where % len(changed)] ^= bits
        with pytest.raises(FramingError):
            framing.check_key_package(framing.read_key_package(bytes(changed)), now=NOW)


READERS = [
    (framing.read_commit, STEPS[0][1]),
    (framing.read_commit, STEPS[3][1]),
    (framing.read_group_info, STEPS[3][2]),
    (framing.read_welcome, STEPS[0][3]),
    (framing.read_key_package, session.KEY_PACKAGES["ana"]),
    (framing.read_message_header, session.MESSAGE),
]
CHANGES = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), st.binary(max_size=6)), max_size=5
)


class TestNothingButARefusal:
    @given(which=st.sampled_from(READERS), changes=CHANGES)
    @settings(max_examples=600)
    def test_comes_out_of_altered_bytes(self, which, changes):
        read, data = which
        for start, length, new in changes:
            begin = start % (len(data) + 1)
            data = data[:begin] + new + data[begin + length % 8 :]
        with contextlib.suppress(FramingError):
            read(data)

    @given(data=st.binary(max_size=200), head=st.integers(0, 6))
    @example(data=b"\0\0\0\0", head=3)  # a Welcome to nobody, of nothing
    @settings(max_examples=300)
    def test_comes_out_of_arbitrary_bytes(self, data, head):
        for read, _ in READERS:
            with pytest.raises(FramingError):
                read(b"\0\1\0" + bytes([head]) + data)
