"""The disk of the attachments, full, while members send and fetch files."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from cryptography.exceptions import InvalidTag

from tests.faults.excuses import NO_ROOM_FOR_FILES
from tests.faults.fault import Fault
from tests.faults.ground import Ground, Missed
from tests.faults.strikes.sealed import File, Mate, Silence, Wrong, drawn

SENDERS, READER = (0, 1), 2  # members of the room
FIRST = 10  # files that were fetched before anything is struck
AGAIN = 0.2  # seconds until somebody asks again
BACK = 20.0  # seconds after which files can be stored again, at the latest
FULL = "storage-full"


class Post:
    """Who sends and fetches files, and what became of these."""

    def __init__(self, ground: Ground, chance: random.Random) -> None:
        self._ground, self._chance = ground, random.Random(chance.random())
        self.over = threading.Event()
        self.whole: list[tuple[Mate, File]] = []  # acknowledged as whole
        self.stored = self.fetched = 0  # pieces, and files
        self.refusals: Counter[str] = Counter()

    def send(self, number: int) -> None:
        """Send one file after the other; go on with the last one until it is whole."""
        mate, chance = Mate(self._ground, number), random.Random(self._chance.random())
        while not self.over.wait(AGAIN):
            file = drawn(chance)
            self._until_done(mate.begin, file)
            for index in range(len(file.pieces)):
                self._until_done(mate.put, file, index)
                self.stored += 1
            self._until_done(mate.complete, file)
            self.whole.append((mate, file))

    def _until_done(self, work: Callable[..., None], *of: object) -> None:
        deadline = time.monotonic() + 3 * BACK
        while True:
            try:
                return work(*of)
            except Silence as silence:
                self.refusals[silence.code] += 1
                if time.monotonic() > deadline:
                    raise Wrong(f"nobody took a piece: {silence.code}") from silence
            time.sleep(AGAIN)

    def read(self, number: int) -> None:
        """Fetch what is whole, again and again."""
        mate, chance = Mate(self._ground, number), random.Random(self._chance.random())
        while not self.over.wait(AGAIN):
            if self.whole:
                self._same(mate, chance.choice(self.whole)[1])

    def _same(self, mate: Mate, file: File) -> None:
        """Fetch one file; tell if it is not the one that was sent."""
        try:
            found = mate.fetch(file)
        except Silence as silence:
            self.noticed(f"a file could not be read: {silence.code or 'nobody answered'}")
        except InvalidTag:
            self.noticed("a file does not open")
        else:
            self.fetched += 1
            if found != file.sha256:
                self.noticed("a file is not the one that was sent")

    def noticed(self, what: str) -> None:
        """Tell what is not as it should be."""
        self._ground.noticed.append(what)

    def finish(self) -> None:
        """Compare all that was acknowledged, and take it back."""
        mate = Mate(self._ground, READER)
        for _, file in self.whole:
            self._same(mate, file)
        for sender, file in self.whole:
            with suppress(Silence):
                sender.remove(file)


@contextmanager
def _sending(ground: Ground, chance: random.Random) -> Iterator[Post]:
    post = Post(ground, chance)

    def go(work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except Exception as wrong:  # noqa: BLE001 - told with the trial
            post.noticed(f"somebody stopped: {type(wrong).__name__}: {wrong}")

    works = [*((post.send, number) for number in SENDERS), (post.read, READER)]
    threads = [threading.Thread(target=go, args=one, daemon=True) for one in works]
    for thread in threads:
        thread.start()
    _wait(lambda: post.fetched >= FIRST)
    ground.learn_memory()
    try:
        yield post
    finally:
        post.over.set()
        for thread in threads:
            thread.join(4 * BACK)
    go(lambda _: post.finish(), READER)


def _wait(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + BACK
    while not condition() and time.monotonic() < deadline:
        time.sleep(AGAIN)
    return condition()


def _full(ground: Ground, chance: random.Random) -> float:
    """No room for a piece; what was stored is read all the while."""
    post: Post = ground.beside
    assert ground.files is not None
    refused, fetched = post.refusals[FULL], post.fetched
    ground.files.fill()
    try:
        time.sleep(chance.uniform(3, 6))
        met = post.refusals[FULL] - refused
        read = post.fetched - fetched
    finally:
        ground.files.empty()
    at = time.monotonic()
    if not met:
        raise Missed("nobody met the full disk")
    if not read:
        raise Missed("nobody read meanwhile")
    stored = post.stored
    if not _wait(lambda: post.stored > stored):
        post.noticed(f"no piece was stored within {BACK:.0f} s after there was room again")
    others = post.refusals.keys() - {FULL, "", "too-many"}
    if others:
        post.noticed(f"pieces were refused with {', '.join(sorted(others))}")
    return at


FAULTS = (
    Fault(
        "files-full",
        "the attachments' disk is full for 3 to 6 s; two members send sealed files meanwhile and"
        " one fetches them: each is refused (storage-full) or whole, and can be read throughout",
        _full,
        NO_ROOM_FOR_FILES,
        needs="mounts",
        around=_sending,
    ),
)
