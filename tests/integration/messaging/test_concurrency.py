"""Many at once, on whichever database the tests run: nothing doubled, nothing skipped."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection

from audit import queries as log
from casehub.cases import services as cases
from casehub.cases.models import Case, Circle
from casehub.core.errors import DomainError
from casehub.core.run import run
from messaging import batching, chain, services
from messaging.models import Entry, Group, KeyPackage
from tests.factories import Region
from tests.integration.messaging.conftest import (
    ADDS,
    VECTORS,
    code_of,
    made,
    raw,
)
from tests.integration.messaging.test_key_packages import leave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def region(db, clock, now):
    return Region(now)


def together(calls):
    """Make calls in as many threads, all starting at once; return their answers in order."""
    start = Barrier(len(calls))

    def one(call):
        start.wait(timeout=10)
        try:
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


class TestPosting:
    def test_by_eight_threads_leaves_no_gap_and_one_unbroken_chain(self, region):
        people = [region.equipped(state) for state in ("SV", "MX") for _ in range(4)]
        thread = region.thread(*people)

        def write(who):
            return [
                batching.write([made(thread, who), made(thread, who)], region.now) for _ in range(5)
            ]

        answers = [
            answer
            for batches in together([partial(write, who) for who in people])
            for batch in batches
            for answer in batch
        ]
        assert {code_of(answer) for answer in answers} == {"accepted"}
        assert sorted(answer.seq for answer in answers) == list(range(1, 81))
        link = chain.first(thread)
        for seq, entry in enumerate(Entry.objects.order_by("seq"), start=1):
            link = chain.following(
                link,
                seq=seq,
                kind=entry.kind,
                epoch=entry.epoch,
                device=entry.device_id,
                client_id=entry.client_id,
                body=bytes(entry.body),
            )
            assert (entry.seq, bytes(entry.chain)) == (seq, link)
        assert bytes(Group.objects.get().chain) == link
        assert len(log.payloads_of("messaging.message.accepted")) == 80

    def test_a_retry_that_overtakes_its_first_try_gets_the_same_place(self, region, ana):
        thread = region.thread(ana)
        post = made(thread, ana)
        answers = together([partial(batching.write, [post], region.now)] * 4)
        assert len({answer.seq for (answer,) in answers}) == 1
        assert Entry.objects.count() == 1

    def test_to_two_threads_in_opposite_order_does_not_lock_up(self, region, ana):
        one, other = region.thread(ana), region.thread(ana)
        posts = [made(one, ana), made(other, ana)]
        more = [made(other, ana), made(one, ana)]
        answers = together([partial(batching.write, batch, region.now) for batch in (posts, more)])
        assert sorted(a.seq for batch in answers for a in batch) == [1, 1, 2, 2]


class TestCommitting:
    def test_the_same_commit_at_once_moves_the_group_once(self, story):
        story.start()
        commit = partial(
            run,
            services.accept_commit,
            act="messaging.commit.accept",
            actor=story.ana.actor,
            now=story.region.now,
            thread=story.thread,
            client_id=ADDS.client_id,
            epoch=0,
            commit=ADDS.commit,
            welcome=ADDS.welcome,
            group_info=ADDS.group_info,
        )
        first, *others = together([commit] * 4)
        assert others == [first] * 3
        assert story.group.epoch == 1


class TestStarting:
    def test_one_group_twice_at_once_begins_it_once(self, story):
        def start(client_id):
            return run(
                services.start_group,
                act="messaging.group.start",
                actor=story.ana.actor,
                now=story.region.now,
                thread=story.thread,
                client_id=client_id,
                group_info=raw(VECTORS["first_group_info"]),
            )

        answers = together([partial(start, uuid4()) for _ in range(4)])
        assert sorted(getattr(a, "code", "begun") for a in answers) == [
            *["already-started"] * 3,
            "begun",
        ]


class TestClaiming:
    def test_at_once_gives_different_packages(self, region, story):
        for _ in range(3):
            leave(region, story.ben)
        leave(region, story.ben, last_resort=True, body=b"resort")

        def claim():
            found = run(
                services.claim_key_packages,
                act="messaging.key-packages.claim",
                actor=story.ana.actor,
                now=region.now,
                thread=story.thread,
                devices=[UUID(story.ben.device)],
            )
            return next(iter(found.values()))

        taken = together([claim] * 6)
        assert None not in taken
        assert len(set(taken) - {b"resort"}) == len([t for t in taken if t != b"resort"])
        spent = KeyPackage.objects.exclude(claimed_at=None)
        assert {bytes(p.body) for p in spent} == set(taken) - {b"resort"}


class TestOpening:
    def test_cases_at_once_gives_each_its_own_number(self, region, ana):
        def open_case():
            return run(
                cases.open_case,
                act="cases.case.open",
                actor=ana.actor,
                now=region.now,
                client_id=uuid4(),
                states=["SV"],
            )

        answers = together([open_case] * 2)
        assert len(set(answers)) == 2
        numbers = Case.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2]

    def test_the_same_case_twice_at_once_opens_it_once(self, region, ana):
        open_case = partial(
            run,
            cases.open_case,
            act="cases.case.open",
            actor=ana.actor,
            now=region.now,
            client_id=uuid4(),
            states=["SV"],
        )
        assert len(set(together([open_case] * 4))) == 1

    def test_the_same_thread_twice_at_once_opens_it_once(self, region, ana):
        open_thread = partial(
            run,
            cases.open_thread,
            act="cases.thread.open",
            actor=ana.actor,
            now=region.now,
            case=region.case(ana),
            client_id=uuid4(),
            people=[],
        )
        assert len(set(together([open_thread] * 4))) == 1
        assert Circle.objects.filter(kind=Circle.Kind.THREAD).count() == 1
