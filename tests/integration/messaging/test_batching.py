"""Who writes while somebody else holds a row: only what is said in the same thread waits."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import connection, transaction

from casehub.cases import queries as cases
from messaging import batching
from messaging.batching import Batcher
from messaging.services import Accepted, Post
from tests.integration.messaging.conftest import code_of, made


def post(thread: UUID) -> Post:
    return Post(actor=None, thread=thread, epoch=0, id=uuid4(), body=b"")


class Written:
    """What goes down, in which batches; of `held` nothing does before it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[Post]] = []
        self.held: dict[UUID, threading.Event] = {}

    def __call__(self, posts, now, tell):
        self.batches.append(list(posts))
        for one in posts:
            if one.thread in self.held:
                self.held[one.thread].wait(10)
        return [Accepted(one.id, one.thread, 1, b"", now) for one in posts]


@pytest.fixture
def written(monkeypatch):
    monkeypatch.setattr(batching, "SLOW", 0.05)
    monkeypatch.setattr(batching, "write", found := Written())
    yield found
    for event in found.held.values():
        event.set()


@pytest.fixture
async def batcher(now):
    made = Batcher(lambda: now)
    yield made
    if made._task is not None:
        made._task.cancel()
    await asyncio.to_thread(made.lanes.end)


async def settled(*tasks, seconds=5):
    async with asyncio.timeout(seconds):
        return await asyncio.gather(*tasks)


async def test_other_threads_go_on_beside_one_that_is_held(batcher, written):
    held, free = uuid4(), uuid4()
    written.held[held] = threading.Event()
    waits = asyncio.create_task(batcher.submit(post(held)))
    await asyncio.sleep(0)
    answers = await settled(*(batcher.submit(post(free)) for _ in range(3)))
    assert [answer.thread for answer in answers] == [free] * 3
    assert not waits.done()
    written.held[held].set()
    assert (await settled(waits))[0].thread == held


async def test_of_one_thread_nothing_overtakes_what_came_before(batcher, written):
    held, free = uuid4(), uuid4()
    written.held[held] = threading.Event()
    posts = [post(held), post(free), post(held), post(held)]
    tasks = []
    for one in posts:
        tasks.append(asyncio.create_task(batcher.submit(one)))
        await asyncio.sleep(0.1)
    assert [task.done() for task in tasks] == [False, True, False, False]
    written.held[held].set()
    await settled(*tasks)
    assert [[one.id for one in batch] for batch in written.batches] == [
        [posts[0].id], [posts[1].id], [posts[2].id, posts[3].id],
    ]  # fmt: skip


async def test_so_many_batches_are_under_way_at_once_and_no_more(batcher, written):
    threads = [uuid4() for _ in range(batching.LANES + 1)]
    written.held |= {thread: threading.Event() for thread in threads}
    tasks = []
    for thread in threads:
        tasks.append(asyncio.create_task(batcher.submit(post(thread))))
        await asyncio.sleep(0.1)
    assert len(written.batches) == batching.LANES
    written.held[threads[0]].set()
    await settled(tasks[0])
    for event in written.held.values():
        event.set()
    await settled(*tasks)
    assert len(written.batches) == batching.LANES + 1


async def test_what_comes_while_one_commits_shares_the_next(batcher, written, monkeypatch):
    monkeypatch.setattr(batching, "SLOW", 10)
    first, rest = uuid4(), [uuid4() for _ in range(5)]
    written.held[first] = threading.Event()
    tasks = [asyncio.create_task(batcher.submit(post(first)))]
    await asyncio.sleep(0.1)
    tasks += [asyncio.create_task(batcher.submit(post(thread))) for thread in rest]
    await asyncio.sleep(0.1)
    written.held[first].set()
    await settled(*tasks)
    assert [len(batch) for batch in written.batches] == [1, 5]


async def test_who_is_told_of_first_need_not_wait_for_the_others(batcher, monkeypatch):
    let_go = threading.Event()

    def write(posts, now, tell):
        answers = [Accepted(one.id, one.thread, 1, b"", now) for one in posts]
        tell({1: answers[1]})
        let_go.wait(10)
        return answers

    monkeypatch.setattr(batching, "write", write)
    first, second = (asyncio.create_task(batcher.submit(post(uuid4()))) for _ in range(2))
    await settled(second)
    assert not first.done()
    let_go.set()
    assert isinstance((await settled(first))[0], Accepted)


async def test_who_was_told_is_not_told_otherwise_when_the_rest_fails(batcher, monkeypatch):
    def write(posts, now, tell):
        tell({0: Accepted(posts[0].id, posts[0].thread, 1, b"", now)})
        raise RuntimeError

    monkeypatch.setattr(batching, "write", write)
    first, second = await settled(*(batcher.submit(post(uuid4())) for _ in range(2)))
    assert isinstance(first, Accepted)
    assert second.code == "try-again"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time, whatever it wants")
async def test_a_circle_that_somebody_holds_stops_its_own_messages_alone(
    region, ana, boris, batcher
):
    def opened():
        return [region.thread(ana, boris) for _ in range(2)]

    held, free = await database_sync_to_async(opened)()
    with holding(held):
        waits = asyncio.create_task(batcher.submit(made(held, ana)))
        await asyncio.sleep(0.05)
        answers = await settled(*(batcher.submit(made(free, boris)) for _ in range(3)))
        assert [answer.seq for answer in answers] == [1, 2, 3]
        assert not waits.done()
    assert (await settled(waits))[0].seq == 1


@pytest.fixture
def tries(region, monkeypatch):
    """What this thread's own connection tries together, and how long it waits there for a row."""
    found = []
    accept = batching.accept_messages

    def accepting(*, posts, now):
        found.append((len(posts), patience()))
        return accept(posts=posts, now=now)

    monkeypatch.setattr(batching, "accept_messages", accepting)
    monkeypatch.setattr(batching, "close_old_connections", lambda: None)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    yield found
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


def patience():
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="has no lock of a row")
class TestABatchThatMetAHeldCircle:
    def test_stores_the_others_and_waits_for_it_a_moment_more(self, region, ana, boris, tries):
        held, free = (region.thread(ana, boris) for _ in range(2))
        posts = [made(held, ana), made(free, boris), made(held, boris), made(held, ana)]
        with holding(held):
            answers = batching.write(posts, region.now)
        assert list(map(code_of, answers)) == ["try-again", "accepted", "try-again", "try-again"]
        assert tries == [(4, "2s"), (3, "100ms"), (1, "100ms")]
        again = batching.write([posts[0], *posts[2:]], region.now)
        assert [one.seq for one in again] == [1, 2, 3]

    def test_waits_a_moment_for_each_further_one(self, region, ana, tries):
        *held, free = (region.thread(ana) for _ in range(4))
        posts = [*(made(thread, ana) for thread in held), made(free, ana)]
        with holding(*held):
            answers = batching.write(posts, region.now)
        assert list(map(code_of, answers)) == [*["try-again"] * 3, "accepted"]
        assert tries == [(4, "2s"), *[(1, "100ms")] * 4]

    def test_waits_as_long_as_ever_the_next_time(self, region, ana, boris, tries):
        held, free = (region.thread(ana, boris) for _ in range(2))
        with holding(held):
            batching.write([made(held, ana), made(free, boris)], region.now)
        assert patience() == "2s"


@contextmanager
def holding(*circles):
    """Hold circles in a transaction of somebody else's, as long as this lasts."""
    there, over = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                cases.hold(circles)
                there.set()
                over.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert there.wait(5)
        yield
    finally:
        over.set()
        thread.join()
