"""What becomes of a batch that could not be stored as a whole, by why it could not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

import psycopg
import psycopg_pool
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from psycopg import errors

from messaging import batching
from messaging.services import Accepted, Post

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ANA, BORIS = (SimpleNamespace(id=str(uuid4()), device=str(uuid4())) for _ in range(2))
T, U, V = (uuid4() for _ in range(3))


def post(thread: UUID, by: SimpleNamespace = ANA) -> Post:
    return Post(actor=by, thread=thread, epoch=0, id=uuid4(), body=b"")


def because(cause: Exception, error: type[Exception] = OperationalError) -> Exception:
    """Return an error as Django raises it for the driver's own."""
    made = error()
    made.__cause__ = cause
    return made


def held() -> Exception:
    return because(errors.LockNotAvailable())


def sqlite_says(code: int) -> Exception:
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    return because(error)


class Store:
    """What was tried together, in its order; a try fails as the first rule says that applies."""

    def __init__(self) -> None:
        self.tries: list[list[Post]] = []
        self.fails: list[Callable[[Sequence[Post]], Exception | None]] = []

    def __call__(self, *, posts: Sequence[Post], now: datetime) -> list[Accepted]:
        self.tries.append(list(posts))
        for rule in self.fails:
            if (error := rule(posts)) is not None:
                raise error
        return [Accepted(one.id, one.thread, 1, b"", now) for one in posts]

    def refuse(self, *which: UUID | Post, error: Callable[[], Exception], times: int = 99) -> None:
        """Fail so many tries that have one of these posts, or one of these threads, among them."""
        errors = iter([error] * times)

        def rule(posts: Sequence[Post]) -> Exception | None:
            met = any(one in which or one.thread in which for one in posts)
            made = next(errors, None) if met else None
            return made() if made is not None else None

        self.fails.append(rule)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    found = Store()
    monkeypatch.setattr(batching, "accept_messages", found)
    monkeypatch.setattr(batching, "close_old_connections", lambda: None)
    return found


def codes(posts: Sequence[Post]) -> list[str]:
    answers = batching.write(posts, NOW)
    return ["accepted" if isinstance(one, Accepted) else one.code for one in answers]


class TestABatchThatMetAHeldRow:
    def test_tries_each_thread_once_more_and_the_held_one_not_message_by_message(self, store):
        posts = a1, b, a2, a3 = [post(T), post(U), post(T), post(T)]
        store.refuse(T, error=held)
        assert codes(posts) == ["try-again", "accepted", "try-again", "try-again"]
        assert store.tries == [[a1, b, a2, a3], [a1, a2, a3], [b]]

    def test_takes_nothing_after_what_was_refused_although_the_row_was_let_go(self, store):
        posts = [post(T), post(U), post(T)]
        store.refuse(T, error=held, times=2)
        assert codes(posts) == ["try-again", "accepted", "try-again"]

    def test_is_not_tried_again_if_all_of_it_is_of_one_thread(self, store):
        posts = [post(T), post(T, BORIS)]
        store.refuse(T, error=held)
        assert codes(posts) == ["try-again"] * 2
        assert store.tries == [posts]

    def test_keeps_the_order_of_each_thread(self, store):
        posts = a1, b1, a2, b2 = [post(T), post(U), post(T), post(U)]
        store.refuse(T, error=held, times=1)
        assert codes(posts) == ["accepted"] * 4
        assert store.tries[1:] == [[a1, a2], [b1, b2]]

    def test_tells_of_each_thread_as_soon_as_it_is_known(self, store):
        posts = [post(T), post(U), post(T), post(V)]
        store.refuse(T, error=held)
        told: list[tuple[set[int], int]] = []
        batching.write(posts, NOW, lambda part: told.append((set(part), len(store.tries))))
        assert told == [({0, 2}, 2), ({1}, 3)]  # of the last by what it returns


AWAY = {
    "nobody answers": lambda: because(psycopg.OperationalError()),
    "the pool has none": lambda: because(psycopg_pool.PoolTimeout()),
    "it was closed": lambda: because(psycopg.InterfaceError(), InterfaceError),
    "it ends": lambda: because(errors.AdminShutdown()),
    "it fell": lambda: because(errors.CrashShutdown()),
    "it begins": lambda: because(errors.CannotConnectNow()),
    "the line is cut": lambda: because(errors.ConnectionFailure()),
    "it has no more connections": lambda: because(errors.TooManyConnections()),
    "SQLite's file is another's": lambda: sqlite_says(sqlite3.SQLITE_BUSY),
    "SQLite's file cannot be read": lambda: sqlite_says(sqlite3.SQLITE_IOERR_READ),
}


class TestABatchForWhichThereIsNoDatabase:
    @pytest.mark.parametrize("error", AWAY.values(), ids=AWAY)
    def test_is_tried_once_and_no_message_of_it_by_itself(self, store, error):
        posts = [post(T), post(U), post(V, BORIS)]
        store.refuse(T, error=error)
        assert codes(posts) == ["try-again"] * 3
        assert store.tries == [posts]

    @pytest.mark.parametrize("error", AWAY.values(), ids=AWAY)
    def test_any_more_keeps_what_was_stored_and_tries_no_more(self, store, error):
        posts = [post(T), post(U), post(V), post(U)]
        store.refuse(T, U, error=held, times=1)
        store.refuse(U, error=error)
        assert codes(posts) == ["accepted", *["try-again"] * 3]
        assert len(store.tries) == 3

    def test_or_no_room_any_more_says_so_of_all_that_is_left(self, store):
        posts = [post(T), post(U), post(V)]
        store.refuse(T, U, error=held, times=1)
        store.refuse(U, error=lambda: because(errors.DiskFull()))
        assert codes(posts) == ["accepted", "storage-full", "storage-full"]
        assert len(store.tries) == 3


ONE_OF_US = {
    "nobody foresaw it": RuntimeError,
    "the database does not say": DatabaseError,
    "it met another in a circle": lambda: because(errors.DeadlockDetected()),
    "SQLite does not understand": lambda: sqlite_says(sqlite3.SQLITE_ERROR),
}


class TestAMessageThatBreaksABatch:
    @pytest.mark.parametrize("error", ONE_OF_US.values(), ids=ONE_OF_US)
    def test_does_not_take_its_neighbours_with_it(self, store, error):
        posts = [post(T), post(T, BORIS), post(T), post(U)]
        store.refuse(posts[1], error=error)
        assert codes(posts) == ["accepted", "try-again", "accepted", "accepted"]

    def test_is_not_overtaken_by_what_its_sender_said_after_it_in_that_thread(self, store):
        posts = [post(T), post(T, BORIS), post(T), post(U)]
        store.refuse(posts[0], error=RuntimeError)
        assert codes(posts) == ["try-again", "accepted", "try-again", "accepted"]
        assert [posts[2]] not in store.tries

    def test_is_not_overtaken_in_a_thread_that_is_held_by_then(self, store):
        posts = [post(T), post(T, BORIS), post(T)]
        store.refuse(*posts[1:], error=RuntimeError, times=1)
        store.refuse(posts[1], error=held)
        assert codes(posts) == ["accepted", "try-again", "try-again"]
        assert [posts[2]] not in store.tries
