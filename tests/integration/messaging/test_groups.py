"""Groups of real MLS bytes: begun, changed by commits, joined by welcomes, come back to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import queries as log
from casehub.cases.models import Case, Reader
from casehub.core.errors import NotVisible, Refused
from casehub.directory.models import Device
from messaging import chain, framing, queries, services
from messaging.errors import MlsRefused, StaleEpoch
from messaging.models import Entry, Group, Leaf, Welcome
from messaging.services import Post
from tests.framed import opaque
from tests.integration.messaging.conftest import (
    ADDS,
    ADDS_ONE,
    REMOVES,
    RENEWS,
    RESYNCS,
    STEPS,
    VECTORS,
    code_of,
    raw,
    recorded_step,
)


def roster(story):
    names = {who.device: name for name, who in story.people.items()}
    rows = Leaf.objects.filter(group_id=story.thread).order_by("index")
    return {leaf.index: names[str(leaf.device_id)] for leaf in rows}


class TestStartGroup:
    def test_begins_at_epoch_0_with_one_leaf(self, story, recorded):
        with recorded("messaging.group.started"):
            link = story.start()
        assert link == chain.first(story.thread)
        assert (story.group.epoch, story.group.head) == (0, 0)
        assert roster(story) == {0: "ana"}

    def test_answers_a_retry_alike(self, story, recorded):
        client_id = uuid4()
        link = story.start(client_id=client_id)
        with recorded():
            assert story.start(client_id=client_id) == link

    def test_is_begun_once(self, story, recorded):
        story.start()
        with recorded(), pytest.raises(Refused, match="already-started"):
            story.start()

    def test_hides_the_circle_from_an_outsider(self, region, story, recorded):
        story.people["fred"] = region.equipped("SV")
        for thread in (story.thread, uuid4()):
            with recorded(), pytest.raises(NotVisible):
                story.start(by="fred", thread=thread)

    def test_needs_a_device(self, story, recorded):
        story.ana.device = None
        with recorded(), pytest.raises(Refused, match="device-needed"):
            story.start()

    def test_refuses_a_group_whose_only_member_is_somebody_else(self, story, recorded):
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.start(by="ben")
        assert refused.value.params == {"why": "sender-not-you"}

    def test_refuses_a_group_of_another_id(self, region, story, recorded):
        elsewhere = region.thread(story.ana, case=story.case)
        Leaf.objects.all().delete()
        Group.objects.all().delete()
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.start(thread=elsewhere)
        assert refused.value.params == {"why": "group-mismatch"}

    def test_refuses_a_group_that_is_not_new(self, story, recorded):
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.start(group_info=ADDS.group_info)
        assert refused.value.params == {"why": "group-info-not-first"}

    def test_refuses_a_device_that_the_directory_knows_otherwise(self, story, recorded):
        Device.objects.filter(id=story.ana.device).update(serial=uuid4())
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.start()
        assert refused.value.params == {"why": "credential-unknown"}

    def test_refuses_bytes_with_one_bit_changed(self, story, recorded):
        good = raw(VECTORS["first_group_info"])
        bad = good[:-1] + bytes([good[-1] ^ 1])
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.start(group_info=bad)
        assert refused.value.params == {"why": "group-info-forged"}


class TestAcceptCommit:
    #  commits  the roster after them, by leaf
    ROSTERS = [
        (1, {0: "ana", 1: "ben", 2: "cam"}),
        (2, {0: "ana", 1: "ben", 2: "cam"}),
        (3, {0: "ana", 1: "ben", 2: "cam", 3: "dan"}),
        (4, {0: "ana", 2: "cam", 3: "dan"}),
        (5, {0: "ana", 1: "cam", 3: "dan"}),
    ]

    @pytest.mark.parametrize(("steps", "expected"), ROSTERS)
    def test_the_roster_follows_the_commits(self, story, recorded, steps, expected):
        with recorded("messaging.group.started", *["messaging.commit.accepted"] * steps):
            story.play(steps)
        assert roster(story) == expected
        assert (story.group.epoch, story.group.head) == (steps, steps)

    def test_each_commit_is_an_entry_of_the_log_linked_to_the_last(self, story):
        story.play(5)
        link = chain.first(story.thread)
        for step, entry in zip(STEPS, Entry.objects.order_by("seq"), strict=True):
            link = chain.following(
                link,
                seq=step.epoch + 1,
                kind=1,
                epoch=step.epoch,
                device=entry.device_id,
                client_id=step.client_id,
                body=step.commit,
            )
            assert bytes(entry.body) == step.commit
            assert bytes(entry.chain) == link

    def test_the_event_names_who_came_and_went(self, story):
        story.play(5)
        events = [e["payload"] for e in log.payloads_of("messaging.commit.accepted")]
        device = {name: who.device for name, who in story.people.items()}
        assert [(e["added"], e["removed"], e["resync"]) for e in events] == [
            ([device["ben"], device["cam"]], [], False),
            ([], [], False),
            ([device["dan"]], [], False),
            ([], [device["ben"]], False),
            ([device["cam"]], [device["cam"]], True),
        ]

    def test_leaves_a_welcome_for_each_device_that_it_adds(self, story):
        story.play(1)
        waiting = {str(w.device_id) for w in Welcome.objects.all()}
        assert waiting == {story.ben.device, story.cam.device}
        (welcome,) = queries.welcomes_for(story.ben.actor)
        assert raw(welcome["welcome"]) == ADDS.welcome
        assert (welcome["seq"], raw(welcome["chain"])) == (1, bytes(story.group.chain))

    def test_answers_a_retry_with_the_first_place(self, story, recorded):
        story.play(0)
        first = story.commit(ADDS)
        with recorded():
            assert story.commit(ADDS) == first

    def test_answers_a_retry_even_after_the_group_moved_on(self, story):
        story.play(1)
        first = story.commit(RENEWS)
        story.commit(ADDS_ONE)
        assert story.commit(RENEWS) == first

    def test_answers_whether_it_was_accepted(self, story):
        story.play(1)
        actor = story.ana.actor
        found = queries.commit_for(actor, story.thread, ADDS.client_id)
        assert (found["seq"], found["epoch"]) == (1, 1)
        with pytest.raises(NotVisible):
            queries.commit_for(actor, story.thread, uuid4())
        with pytest.raises(NotVisible):  # not one's own
            queries.commit_for(story.ben.actor, story.thread, ADDS.client_id)

    def test_refuses_the_same_id_with_other_bytes(self, story, recorded):
        story.play(1)
        with recorded(), pytest.raises(Refused, match="id-reused"):
            story.commit(ADDS, commit=ADDS.commit + b"\0")

    def test_takes_one_commit_an_epoch_and_tells_the_other_where_the_group_is(
        self, story, recorded
    ):
        story.play(2)
        rival = recorded_step("cam", 1, VECTORS["competing"])
        with recorded(), pytest.raises(StaleEpoch) as stale:
            story.commit(rival)
        assert stale.value.params == {"epoch": 2, "head": 2}

    def test_is_refused_for_an_epoch_that_has_not_come(self, story):
        story.play(0)
        with pytest.raises(StaleEpoch):
            story.commit(RENEWS)

    #  what is changed, and the reason
    TAMPERED = [
        ({"commit": ADDS.commit[:-80] + b"\xff" * 80}, None),
        ({"commit": ADDS.commit + b"\0"}, "bytes-trailing"),
        ({"commit": b"\0"}, "bytes-truncated"),
        ({"welcome": None}, "welcome-missing"),
        ({"welcome": ADDS_ONE.welcome}, "welcome-references"),
        ({"group_info": raw(VECTORS["first_group_info"])}, None),
        ({"group_info": RENEWS.group_info}, None),
        ({"client_id": uuid4()}, "authenticated-data"),
        ({"by": "ben"}, None),
    ]

    @pytest.mark.parametrize(("changes", "why"), TAMPERED)
    def test_refuses_what_does_not_follow_and_moves_nothing(self, story, recorded, changes, why):
        story.play(0)
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.commit(ADDS, **changes)
        assert why in {None, refused.value.params["why"]}
        assert refused.value.params["why"] in {*framing.CODES, "sender-not-you"}
        assert (story.group.epoch, roster(story)) == (0, {0: "ana"})

    def test_refuses_a_commit_of_which_any_single_byte_is_changed(self, story):
        story.play(0)
        for at in range(0, len(ADDS.commit), 97):
            changed = bytearray(ADDS.commit)
            changed[at] ^= 1
            with pytest.raises(MlsRefused):
                story.commit(ADDS, commit=bytes(changed))

    @pytest.mark.parametrize("kind", VECTORS["refused"])
    def test_refuses_what_our_policy_does_not_take(self, story, recorded, kind):
        story.play(5)
        step = recorded_step("ana", 5, VECTORS["refused"][kind])
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.commit(step)
        assert refused.value.params == {"why": kind}

    def test_refuses_an_update_proposal(self, story, recorded):
        story.play(5)
        id_ = uuid4()
        commit = update_proposal(story, id_)
        step = replace(ADDS, client_id=id_, epoch=5, commit=commit, group_info=RESYNCS.group_info)
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.commit(step)
        assert refused.value.params == {"why": "update-proposal"}

    def test_hides_the_thread_from_whoever_does_not_read_it(self, story, recorded):
        story.play(1)
        story.shut_out("ben")
        with recorded(), pytest.raises(NotVisible):
            story.commit(RENEWS)

    def test_adds_nobody_who_is_not_entitled(self, story, recorded):
        story.play(0)
        story.shut_out("cam")
        with recorded(), pytest.raises(Refused, match="addition-not-entitled"):
            story.commit(ADDS)

    def test_adds_nobody_who_waits_for_a_day_to_what_several_states_read(
        self, story, recorded, now
    ):
        story.play(0)
        Case.objects.filter(id=story.case).update(states="MX,SV")
        story.region.rekeyed(story.cam)
        with recorded(), pytest.raises(Refused, match="person-limited") as refused:
            story.commit(ADDS)
        assert refused.value.params == {"until": now + timedelta(hours=24)}

    def test_begins_no_group_for_whoever_waits_for_what_several_states_read(
        self, story, recorded, now
    ):
        Case.objects.filter(id=story.case).update(states="MX,SV")
        story.region.rekeyed(story.ana)
        with recorded(), pytest.raises(Refused, match="person-limited") as refused:
            story.start()
        assert refused.value.params == {"until": now + timedelta(hours=24)}
        assert not Group.objects.filter(circle_id=story.thread).exists()

    def test_begins_it_for_them_in_what_their_own_state_alone_reads(self, story):
        story.region.rekeyed(story.ana)
        story.start()
        assert story.group.epoch == 0

    def test_adds_them_to_what_their_own_state_alone_reads(self, story):
        story.play(0)
        story.region.rekeyed(story.cam)
        assert story.commit(ADDS).epoch == 1

    def test_adds_no_device_that_is_not_in_force(self, story, recorded, now):
        story.play(0)
        Device.objects.filter(id=story.cam.device).update(revoked_at=now)
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.commit(ADDS)
        assert refused.value.params == {"why": "credential-unknown"}

    def test_removes_nobody_who_is_entitled(self, story, recorded):
        story.play(3)
        with recorded(), pytest.raises(Refused, match="removal-not-authorised"):
            story.commit(REMOVES)

    def test_takes_only_a_removal_while_somebody_must_go(self, story, recorded):
        story.play(2)
        story.shut_out("ben")
        with recorded(), pytest.raises(Refused, match="removal-pending"):
            story.commit(ADDS_ONE)

    def test_lets_messages_flow_again_after_the_removal(self, region, story, posting):
        story.play(3)
        story.shut_out("ben")
        assert code_of(posting(story.thread, story.ana, epoch=3)) == "removal-pending"
        story.commit(REMOVES)
        assert code_of(posting(story.thread, story.ana, epoch=4)) == "accepted"
        assert code_of(posting(story.thread, story.ben, epoch=4)) == "not-found"

    def test_takes_the_recorded_message_of_the_last_epoch(self, story, now):
        story.play(5)
        body = raw(VECTORS["message"])
        header = framing.read_message_header(body)
        post = Post(story.ana.actor, story.thread, 5, UUID(header.client_id), body)
        answer = services.accept_messages(posts=[post], now=now)[0]
        assert answer.seq == 6


class TestResync:
    def test_happens_at_most_once_an_hour(self, story, recorded):
        story.play(4)
        last = Entry.objects.latest("seq")
        Entry.objects.filter(id=last.id).update(
            device_id=story.cam.device, resync=True, at=story.region.now - timedelta(minutes=59)
        )
        with recorded(), pytest.raises(Refused, match="resync-too-soon"):
            story.commit(RESYNCS)

    def test_is_of_ones_own_leaf_only(self, story, recorded):
        story.play(4)
        with recorded(), pytest.raises(MlsRefused) as refused:
            story.commit(RESYNCS, by="dan")
        assert refused.value.params == {"why": "sender-not-you"}

    def test_starts_from_a_group_info_that_only_a_device_of_the_roster_gets(
        self, region, story, recorded, now
    ):
        story.play(1)
        with recorded("messaging.group-info.read"):
            group = services.read_group_info(thread=story.thread, actor=story.ben.actor, now=now)
        assert bytes(group.group_info) == ADDS.group_info
        for outside in (story.dan, region.equipped("SV")):
            with recorded(), pytest.raises(NotVisible):
                services.read_group_info(thread=story.thread, actor=outside.actor, now=now)


class TestWelcome:
    def test_is_destroyed_once_its_device_has_joined(self, story, recorded, now):
        story.play(1)
        (waiting,) = queries.welcomes_for(story.ben.actor)
        with recorded("messaging.welcome.collected"):
            services.collect_welcome(welcome=waiting["id"], actor=story.ben.actor, now=now)
        assert queries.welcomes_for(story.ben.actor) == []
        assert len(queries.welcomes_for(story.cam.actor)) == 1

    def test_is_nobody_elses(self, story, recorded, now):
        story.play(1)
        (waiting,) = queries.welcomes_for(story.ben.actor)
        for welcome in (waiting["id"], uuid4()):
            with recorded(), pytest.raises(NotVisible):
                services.collect_welcome(welcome=welcome, actor=story.cam.actor, now=now)

    def test_is_not_shown_to_whoever_no_longer_reads_the_thread(self, story):
        story.play(1)
        Reader.objects.filter(person_id=story.ben.person).update(until=story.region.now)
        assert queries.welcomes_for(story.ben.actor) == []


def update_proposal(story, id_) -> bytes:
    """Return a commit by ana that carries an Update (RFC 9420, section 12.1.2), well signed."""
    info = framing.read_group_info(RESYNCS.group_info)
    leaf = info.roster[0].raw
    aad = b'{"client_id":"%s","v":1}' % str(id_).encode()
    proposal = b"\x01" + (2).to_bytes(2, "big") + leaf
    content = b"".join(
        (
            opaque(story.thread.bytes),
            (5).to_bytes(8, "big"),
            b"\x01" + (0).to_bytes(4, "big"),  # a member, at leaf 0
            opaque(aad),
            b"\x03",  # a commit
            opaque(proposal),
            b"\x00",  # no path
        )
    )
    tbs = b"\x00\x01\x00\x01" + content + info.context.raw
    signed = opaque(b"MLS 1.0 FramedContentTBS") + opaque(tbs)
    seed = raw(VECTORS["devices"]["ana"]["seed"])
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(signed)
    tag = opaque(bytes(32))
    return b"\x00\x01\x00\x01" + content + opaque(signature) + tag + tag
