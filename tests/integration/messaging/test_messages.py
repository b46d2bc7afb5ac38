"""Accepting messages: each for itself, in order, whatever happens to its neighbours."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import queries as log
from casehub.accounts.models import Account
from casehub.cases import services as cases
from casehub.core.errors import NotAllowed, NotVisible
from casehub.directory.models import Device, Person, State
from messaging import batching, chain, queries, services
from messaging.errors import MlsRefused, StaleEpoch
from messaging.models import Entry, Group
from messaging.services import Accepted
from tests.framed import private_message
from tests.integration.messaging.conftest import code_of, made
from tests.integration.notes.made import circle_of, note_to


class TestAcceptMessages:
    def test_keeps_what_a_member_sends_and_logs_it(self, region, ana, boris, posting, recorded):
        thread = region.thread(ana, boris, epoch=7)
        with recorded("messaging.message.accepted"):
            answer = posting(thread, ana, epoch=7, text=b"sealed")
        entry = Entry.objects.get()
        assert (entry.seq, entry.kind, entry.epoch) == (1, Entry.Kind.MESSAGE, 7)
        assert b"sealed" in bytes(entry.body)
        assert (answer.seq, answer.chain) == (1, bytes(entry.chain))

    def test_logs_a_digest_and_never_the_bytes(self, region, ana, posting):
        posting(region.thread(ana), ana, text=b"sealed")
        (payload,) = log.payloads_of("messaging.message.accepted")
        assert payload["payload"]["digest"] == Entry.objects.get().digest
        assert "sealed" not in str(payload)

    def test_numbers_without_a_gap_and_links_each_entry_to_the_last(
        self, region, ana, boris, posting
    ):
        thread = region.thread(ana, boris)
        for who in (ana, boris, ana):
            posting(thread, who)
        link = chain.first(thread)
        for seq, entry in enumerate(Entry.objects.order_by("seq"), start=1):
            link = chain.following(
                link,
                seq=seq,
                kind=2,
                epoch=0,
                device=entry.device_id,
                client_id=entry.client_id,
                body=bytes(entry.body),
            )
            assert (entry.seq, bytes(entry.chain)) == (seq, link)
        group = Group.objects.get()
        assert (group.head, bytes(group.chain)) == (3, link)

    def test_answers_a_retry_with_the_first_place_and_no_second_event(
        self, region, ana, posting, recorded
    ):
        thread, id_ = region.thread(ana), uuid4()
        first = posting(thread, ana, id=id_)
        posting(thread, ana)
        with recorded():
            assert posting(thread, ana, id=id_) == first
        assert Entry.objects.count() == 2

    def test_answers_a_retry_even_after_the_group_moved_on(self, region, ana, posting):
        thread, id_ = region.thread(ana), uuid4()
        first = posting(thread, ana, id=id_)
        Group.objects.update(epoch=1)
        assert posting(thread, ana, id=id_) == first

    def test_refuses_the_same_id_with_other_bytes(self, region, ana, posting, recorded):
        thread, id_ = region.thread(ana), uuid4()
        posting(thread, ana, id=id_, text=b"one")
        with recorded("core.act.refused"):
            assert code_of(posting(thread, ana, id=id_, text=b"two")) == "id-reused"

    def test_refuses_the_same_id_in_another_thread(self, region, ana, posting):
        id_ = uuid4()
        posting(region.thread(ana), ana, id=id_)
        assert code_of(posting(region.thread(ana), ana, id=id_)) == "id-reused"

    def test_lets_two_devices_use_the_same_id(self, region, ana, boris, posting):
        thread, id_ = region.thread(ana, boris), uuid4()
        answers = [posting(thread, who, id=id_).seq for who in (ana, boris)]
        assert answers == [1, 2]

    def test_refuses_an_old_epoch_and_says_where_the_group_is(self, region, ana, posting, recorded):
        thread = region.thread(ana, epoch=8)
        with recorded("core.act.refused"):
            answer = posting(thread, ana, epoch=7)
        assert isinstance(answer, StaleEpoch)
        assert answer.params == {"epoch": 8, "head": 0}
        assert not Entry.objects.exists()

    def test_hides_the_thread_from_an_outsider(self, region, ana, boris, posting, recorded):
        thread = region.thread(ana)
        with recorded("core.act.refused", "core.act.refused"):
            foreign, none = posting(thread, boris), posting(uuid4(), boris)
        assert isinstance(foreign, NotVisible)
        assert (foreign.code, foreign.params) == (none.code, none.params)

    def test_refuses_a_thread_whose_group_nobody_began(self, region, ana, posting, now):
        thread = cases.open_thread(
            case=region.case(ana), client_id=uuid4(), people=[], actor=ana.actor, now=now
        )
        assert code_of(posting(thread, ana)) == "not-started"

    def test_refuses_a_session_that_works_as_no_device(self, region, ana, posting):
        thread = region.thread(ana)
        ana.device = None
        assert code_of(posting(thread, ana)) == "device-not-in-group"

    def test_refuses_a_device_that_is_not_in_the_group(self, region, ana, posting):
        thread = region.thread(ana)
        region.device(ana)
        assert code_of(posting(thread, ana)) == "device-not-in-group"

    #  what the frame says                                    why it is refused
    FRAMES = [
        (lambda thread, id_: b"", "bytes-truncated"),
        (lambda thread, id_: private_message(uuid4(), id=id_), "group-mismatch"),
        (lambda thread, id_: private_message(thread, epoch=1, id=id_), "stale-epoch"),
        (lambda thread, id_: private_message(thread, id=uuid4()), "authenticated-data"),
        (lambda thread, id_: private_message(thread, id=id_, aad=b"hello"), "authenticated-data"),
        (lambda thread, id_: private_message(thread, id=id_) + b"\0", "bytes-trailing"),
    ]

    @pytest.mark.parametrize(("frame", "why"), FRAMES, ids=[why for _, why in FRAMES])
    def test_refuses_a_frame_that_is_not_what_it_says(self, region, ana, posting, frame, why):
        thread, id_ = region.thread(ana), uuid4()
        post = made(thread, ana, id=id_, body=frame(thread, id_) or b"\0")
        answer = services.accept_messages(posts=[post], now=region.now)[0]
        assert isinstance(answer, MlsRefused)
        assert answer.params == {"why": why}

    def test_forgets_roles_that_were_taken_away_while_the_socket_was_open(
        self, region, ana, posting, recorded
    ):
        thread = region.thread(ana)
        Person.objects.filter(id=ana.person).update(roles="ministry")
        with recorded("core.act.refused"):
            assert isinstance(posting(thread, ana), NotAllowed)


class TestRemovedPerson:
    @pytest.fixture
    def thread(self, region, ana, boris, now):
        case = region.case(ana, boris)
        thread = region.thread(ana, boris, case=case)
        cases.remove_person(case=case, person=boris.id, actor=ana.actor, now=now)
        return thread

    def test_cannot_post(self, thread, boris, posting):
        assert code_of(posting(thread, boris)) == "not-found"

    def test_cannot_read(self, thread, boris):
        for read in (
            lambda: queries.log_for(boris.actor, thread, after=0, limit=10),
            lambda: queries.state_for(boris.actor, thread),
        ):
            with pytest.raises(NotVisible):
                read()
        assert boris.person not in queries.audience(thread)

    def test_holds_up_everybody_until_their_leaf_is_gone(self, thread, ana, posting, recorded):
        with recorded("core.act.refused"):
            assert code_of(posting(thread, ana)) == "removal-pending"

    def test_does_not_hold_up_the_answer_to_a_retry(self, region, ana, boris, posting, now):
        case = region.case(ana, boris)
        thread = region.thread(ana, boris, case=case)
        id_ = uuid4()
        first = posting(thread, ana, id=id_)
        cases.remove_person(case=case, person=boris.id, actor=ana.actor, now=now)
        assert posting(thread, ana, id=id_) == first


class TestRemovalPending:
    #  what happened to Boris while his device is in the epoch
    HAPPENED = {
        "suspended": lambda boris, now: Person.objects.filter(id=boris.person).update(
            suspended_at=now
        ),
        "expired, and the week after it over": lambda boris, now: Person.objects.filter(
            id=boris.person
        ).update(valid_until=now - timedelta(days=7)),
        "account closed": lambda boris, _: Account.objects.filter(id=boris.account).update(
            is_active=False
        ),
        "device revoked": lambda boris, now: Device.objects.filter(id=boris.device).update(
            revoked_at=now
        ),
        "removed": lambda boris, now: Person.objects.filter(id=boris.person).update(
            suspended_at=now, removed_at=now
        ),
        "State stopped": lambda boris, now: State.objects.filter(code=boris.state).update(
            stopped_at=now
        ),
        "device over": lambda boris, now: Device.objects.filter(id=boris.device).update(until=now),
    }

    @pytest.mark.parametrize("what", HAPPENED)
    def test_nothing_is_accepted_that_would_be_encrypted_to_him(
        self, region, ana, boris, posting, what
    ):
        thread = region.thread(ana, boris)
        self.HAPPENED[what](boris, region.now)
        assert code_of(posting(thread, ana)) == "removal-pending"
        assert not Entry.objects.exists()


class TestBatch:
    def test_answers_each_in_its_place_and_one_refused_leaves_the_others_alone(
        self, region, ana, boris, recorded
    ):
        thread, other = region.thread(ana, boris), region.thread(ana)
        posts = [
            made(thread, ana),
            made(thread, boris, epoch=3),
            made(other, boris),
            made(other, ana),
            made(thread, boris),
        ]
        with recorded("core.act.refused", "core.act.refused", *["messaging.message.accepted"] * 3):
            answers = services.accept_messages(posts=posts, now=region.now)
        expected = ["accepted", "stale-epoch", "not-found", "accepted", "accepted"]
        assert [code_of(a) for a in answers] == expected
        assert [a.seq for a in answers if isinstance(a, Accepted)] == [1, 1, 2]

    def test_stores_a_message_once_that_comes_twice_in_it(self, region, ana, recorded):
        post = made(region.thread(ana), ana)
        with recorded("messaging.message.accepted"):
            one, two = services.accept_messages(posts=[post, post], now=region.now)
        assert one == two
        assert Entry.objects.count() == 1

    def test_refuses_other_bytes_under_an_id_of_the_same_batch(self, region, ana):
        thread, id_ = region.thread(ana), uuid4()
        posts = [made(thread, ana, id=id_, text=text) for text in (b"one", b"two")]
        answers = services.accept_messages(posts=posts, now=region.now)
        assert [code_of(a) for a in answers] == ["accepted", "id-reused"]

    def test_leaves_a_refusal_that_names_the_thread_and_the_reason(self, region, ana, boris):
        thread = region.thread(ana)
        services.accept_messages(posts=[made(thread, boris)], now=region.now)
        (refusal,) = log.payloads_of("core.act.refused")
        assert refusal["actor"] == boris.person
        assert refusal["payload"] == {
            "act": "messaging.message.post",
            "code": "not-found",
            "target": str(thread),
        }

    def test_takes_the_same_number_of_statements_for_many_as_for_few(self, region, ana):
        thread = region.thread(ana)
        counts = []
        for many in (2, 60):
            posts = [made(thread, ana) for _ in range(many)]
            with CaptureQueriesContext(connection) as statements:
                services.accept_messages(posts=posts, now=region.now)
            counts.append(len(statements))
        assert counts[0] == counts[1]

    def test_to_another_states_note_take_as_many_as_one_to_nothing(self, region, ana):
        note = note_to(region, region.person("GT"), region.equipped("MX"))
        asked = []
        for thread in (circle_of(str(note)), uuid4()):
            with CaptureQueriesContext(connection) as statements:
                (answer,) = services.accept_messages(posts=[made(thread, ana)], now=region.now)
            asked.append((code_of(answer), len(statements)))
        assert asked[0] == asked[1]
        assert asked[0][0] == "not-found"

    def test_a_message_that_breaks_a_batch_does_not_take_its_neighbours_with_it(
        self, region, ana, boris, monkeypatch
    ):
        thread = region.thread(ana, boris)
        poison = made(thread, boris)
        accept = services.accept_messages

        def fragile(*, posts, now):
            if poison in posts:
                raise RuntimeError("unforeseen")
            return accept(posts=posts, now=now)

        monkeypatch.setattr(batching, "accept_messages", fragile)
        monkeypatch.setattr(batching, "close_old_connections", lambda: None)
        answers = batching.write([made(thread, ana), poison, made(thread, ana)], region.now)
        assert [code_of(a) for a in answers] == ["accepted", "try-again", "accepted"]
