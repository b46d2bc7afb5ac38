"""Why not, in a group: one table a policy, and what holds for every roster."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.policies import (
    RESYNC_EVERY,
    Asking,
    Change,
    Place,
    Target,
    outstanding,
    why_not_act,
    why_not_commit,
    why_not_post,
)

ANA, BORIS, CARLA, DORA = (UUID(int=n) for n in range(4))
PLACES = [Place(n, UUID(int=10 + n), person, True) for n, person in enumerate((ANA, BORIS, CARLA))]
DORAS = Place(3, UUID(int=13), DORA, True)
EVERYBODY = {ANA, BORIS, CARLA, DORA}


def lapsed(place: Place) -> Place:
    return Place(place.index, place.device, place.person, in_force=False)


class TestWhyNotPost:
    #  who is in the group, whose device posts, who is entitled, why not
    TABLE = [
        (PLACES, 10, EVERYBODY, None),
        (PLACES, 13, EVERYBODY, "device-not-in-group"),
        (PLACES, None, EVERYBODY, "device-not-in-group"),
        ([], 10, EVERYBODY, "device-not-in-group"),
        (PLACES, 10, EVERYBODY - {BORIS}, "removal-pending"),
        ([*PLACES[:1], lapsed(PLACES[1])], 10, EVERYBODY, "removal-pending"),
        ([lapsed(PLACES[0])], 10, EVERYBODY, "removal-pending"),
    ]

    @pytest.mark.parametrize(("places", "device", "entitled", "why"), TABLE)
    def test_table(self, places, device, entitled, why):
        device = None if device is None else UUID(int=device)
        assert why_not_post(places=places, device=device, entitled=entitled) == why


class TestWhyNotAct:
    #  what Boris does, to Ana's or his own message in which state, why not
    TABLE = [
        ("edit", Target(BORIS), None),
        ("edit", Target(ANA), "message-not-yours"),
        ("edit", None, "message-unknown"),
        ("edit", Target(BORIS, withdrawn=True), "message-withdrawn"),
        ("withdraw", Target(BORIS), None),
        ("withdraw", Target(ANA), "message-not-yours"),
        ("withdraw", Target(BORIS, withdrawn=True), "message-withdrawn"),
        ("acknowledge", Target(ANA), None),
        ("acknowledge", Target(BORIS), "message-own"),
        ("acknowledge", Target(ANA, acknowledged={BORIS}), "message-act-done"),
        ("acknowledge", Target(ANA, acknowledged={CARLA}), None),
        ("acknowledge", Target(ANA, withdrawn=True), "message-withdrawn"),
        ("pin", Target(ANA), None),
        ("pin", Target(ANA, pinned=True), "message-act-done"),
        ("pin", Target(ANA, withdrawn=True), "message-withdrawn"),
        ("unpin", Target(ANA, pinned=True), None),
        ("unpin", Target(ANA), "message-act-done"),
        ("unpin", Target(ANA, withdrawn=True), "message-withdrawn"),
        ("ask-leave", Target(ANA), None),
        ("ask-leave", Target(BORIS), "leave-own"),
        ("ask-leave", Target(ANA, asks=Counter({BORIS: 9})), None),
        ("ask-leave", Target(ANA, asks=Counter({BORIS: 10})), "leave-asks-many"),
        ("ask-leave", Target(ANA, asks=Counter({CARLA: 10})), None),
        ("ask-leave", Target(ANA, withdrawn=True), "message-withdrawn"),
        ("give-leave", Asking(ANA, Target(BORIS)), None),
        ("give-leave", Asking(ANA, Target(CARLA)), "leave-not-yours"),
        ("give-leave", Asking(ANA, Target(BORIS), answered=True), "message-act-done"),
        ("give-leave", Asking(ANA, Target(BORIS, withdrawn=True)), "message-withdrawn"),
        ("refuse-leave", Asking(ANA, Target(BORIS, withdrawn=True)), None),
        ("refuse-leave", Target(BORIS), "message-unknown"),
        ("pin", Asking(ANA, Target(BORIS)), "message-unknown"),
    ]

    @pytest.mark.parametrize(("act", "target", "why"), TABLE)
    def test_table(self, act, target, why):
        assert why_not_act(act, target=target, person=BORIS) == why


class TestWhyNotCommit:
    NOTHING = Change(added=(), removed=(), resync=False)
    RESYNC = Change(added=(PLACES[0],), removed=(0,), resync=True)
    WITHOUT_BORIS = EVERYBODY - {BORIS}
    #  change, who is entitled, why not
    TABLE = [
        (NOTHING, EVERYBODY, None),
        (Change((DORAS,), (), False), EVERYBODY, None),
        (Change((DORAS,), (), False), EVERYBODY - {DORA}, "addition-not-entitled"),
        (Change((lapsed(DORAS),), (), False), EVERYBODY, "addition-not-entitled"),
        (Change((PLACES[1],), (), False), EVERYBODY, "device-already-in-group"),
        (Change((), (1,), False), EVERYBODY, "removal-not-authorised"),
        (Change((), (1,), False), WITHOUT_BORIS, None),
        (Change((), (1, 2), False), WITHOUT_BORIS, "removal-not-authorised"),
        (Change((), (9,), False), WITHOUT_BORIS, "removal-not-authorised"),
        (NOTHING, WITHOUT_BORIS, "removal-pending"),
        (Change((DORAS,), (), False), WITHOUT_BORIS, "removal-pending"),
        (RESYNC, EVERYBODY, None),
        (RESYNC, WITHOUT_BORIS, None),
    ]

    @pytest.mark.parametrize(("change", "entitled", "why"), TABLE)
    def test_table(self, now, change, entitled, why):
        answer = why_not_commit(change, places=PLACES, entitled=entitled, last_resync=None, now=now)
        assert answer == why

    #  how long ago the last one was, why not
    RESYNCS = [
        (timedelta(0), "resync-too-soon"),
        (RESYNC_EVERY - timedelta(microseconds=1), "resync-too-soon"),
        (RESYNC_EVERY, None),
    ]

    @pytest.mark.parametrize(("ago", "why"), RESYNCS)
    def test_a_device_comes_back_once_an_hour(self, now, ago, why):
        answer = why_not_commit(
            self.RESYNC, places=PLACES, entitled=EVERYBODY, last_resync=now - ago, now=now
        )
        assert answer == why


class TestEveryRoster:
    rosters = st.lists(
        st.builds(
            Place,
            index=st.integers(0, 9),
            device=st.integers(10, 19).map(lambda n: UUID(int=n)),
            person=st.integers(0, 5).map(lambda n: UUID(int=n)),
            in_force=st.booleans(),
        ),
        max_size=8,
        unique_by=(lambda p: p.index, lambda p: p.device),
    )
    people = st.sets(st.integers(0, 5).map(lambda n: UUID(int=n)))

    @given(rosters, people)
    def test_takes_a_message_only_if_every_leaf_may_read_it(self, places, entitled):
        for place in places:
            if why_not_post(places=places, device=place.device, entitled=entitled) is None:
                assert all(p.in_force and p.person in entitled for p in places)

    @given(rosters, people)
    def test_is_clean_after_one_removal_of_all_that_must_go(self, places, entitled):
        gone = tuple(p.index for p in outstanding(places, entitled))
        left = [p for p in places if p.index not in gone]
        assert outstanding(left, entitled) == []
        change = Change((), gone, resync=False)
        at = datetime(2026, 11, 24, tzinfo=UTC)
        answer = why_not_commit(change, places=places, entitled=entitled, last_resync=None, now=at)
        assert answer is None
