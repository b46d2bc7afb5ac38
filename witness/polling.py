"""
`poll`: the witness as a client, for networks that let nobody in.

It fetches the newest checkpoint that the log signed, makes the proof itself from the log's tiles,
decides as `serve` does, and sends its line.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence

from audit.tlog import merkle
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.note import LARGEST
from audit.tlog.text import to_b64
from audit.tlog.tiles import HASH, HEIGHT, WIDTH, Read, node_reader, path_of

from . import fetching
from .errors import Refused
from .fetching import NotThere, Trouble
from .offers import Offer
from .saying import answer, say
from .state import Seen
from .witnessing import Witness

AGAIN = 3600  # seconds after which the same size is cosigned anew
SLOWEST = 300  # seconds between two tries, however often they failed
_GRACE = 2  # seconds for what is under way at the end


class Source:
    """One log at its address, and how far its keeper has our signatures."""

    def __init__(self, witness: Witness, url: str) -> None:
        self.url = fetching.address(url)
        self._witness = witness
        self._delivered = ""

    def turn(self, now: int) -> str:
        """
        Look once, cosign what is new, send it; return what was done.

        :raises Trouble: in one line, whatever prevents it.
        """
        offer = self._pending()
        origin = offer.checkpoint.origin
        try:
            self._witness.opened(offer.note, offer.checkpoint, now)
            seen = self._current(offer, now)
        except Refused as error:
            raise Trouble(f"{origin}: {error}") from error
        except sqlite3.Error as error:
            raise Trouble(f"{origin}: the state cannot be read: {error}") from error
        if seen.cosignature != self._delivered:
            fetching.post(f"{self.url}/cosignatures", seen.cosignature.encode())
            self._delivered = seen.cosignature
            return f"{origin}: cosigned up to {seen.size}"
        return f"{origin}: nothing new since {seen.size}"

    def _pending(self) -> Offer:
        url = f"{self.url}/pending"
        try:
            return Offer.make(0, (), fetching.get(url, LARGEST).decode())
        except ValueError as error:  # Malformed is one
            raise Trouble(f"{url} answers no checkpoint: {error}") from error

    def _current(self, offer: Offer, now: int) -> Seen:
        """Return what is cosigned of the offered checkpoint, cosigning it if it is new."""
        shown = offer.checkpoint
        seen = self._witness.last(shown.origin)
        if seen is None:
            return self._witness.cosign(offer, now)
        if shown.size < seen.size:
            raise Trouble(
                f"{shown.origin}: shows size {shown.size}, {seen.size} was cosigned: "
                "an old copy, or rolled back"
            )
        if (shown.size, shown.root) == (seen.size, seen.root) and now - seen.time < AGAIN:
            return seen
        proof: list[bytes] = []
        if 0 < seen.size < shown.size:
            proof = self._proof(offer, seen, now)
        extended = Offer(seen.size, tuple(proof), offer.note, shown)
        return self._witness.cosign(extended, now)

    def _proof(self, offer: Offer, seen: Seen, now: int) -> list[bytes]:
        """
        Make the proof that the signed tree begins with the one that was seen.

        Tiles are checked on the way: only if they are those of the signed root, what they say
        about the older size says something about the log, and not about who served them.
        """
        shown = offer.checkpoint
        node = node_reader(self._reader(shown))
        try:
            path = merkle.consistency_path(seen.size, shown.size, node)
            before = merkle.root(seen.size, node)
            merkle.verify_consistency(seen.size, shown.size, path, before, shown.root)
        except (Malformed, Unproven) as error:
            raise Trouble(
                f"{shown.origin}: the tiles are not those of size {shown.size}: {error}"
            ) from error
        if before != seen.root:
            why = f"the tree of size {shown.size} had root {to_b64(before)} at {seen.size}"
            whole = Offer(seen.size, tuple(path), offer.note, shown)
            self._witness.report_fork(whole, why, now)
            raise Trouble(f"{shown.origin}: {why}, another one was cosigned: another history")
        return path

    def _reader(self, shown: Checkpoint) -> Read:
        """Return a reader of the tiles that a tree of this size has."""

        def read(level: int, number: int) -> bytes:
            width = min(WIDTH, (shown.size >> HEIGHT * level) - number * WIDTH)
            if width <= 0:
                return b""
            try:
                data = self._tile(level, number, width)
            except NotThere:
                if width == WIDTH:
                    raise
                data = self._tile(level, number, WIDTH)  # partial ones may go once it is full
            return data[: width * HASH]

        return read

    def _tile(self, level: int, number: int, width: int) -> bytes:
        return fetching.get(f"{self.url}/{path_of(level, number, width)}", WIDTH * HASH)


def poll(
    witness: Witness,
    urls: Sequence[str],
    *,
    every: float,
    once: bool,
    stopping: threading.Event,
) -> int:
    """Watch logs until told to stop, or look once at each; return the exit code."""
    sources = [Source(witness, url) for url in urls]
    if once:
        results = [_said(source) for source in sources if not stopping.is_set()]
        return 0 if all(results) and len(results) == len(sources) else 1
    lanes = [
        threading.Thread(target=_watch, args=(source, every, stopping), daemon=True)
        for source in sources
    ]
    for lane in lanes:
        lane.start()
    stopping.wait()
    for lane in lanes:
        lane.join(_GRACE)
    return 0


def _said(source: Source) -> bool:
    try:
        answer(source.turn(int(time.time())))
    except Trouble as error:
        say(str(error))
        return False
    return True


def _watch(source: Source, every: float, stopping: threading.Event) -> None:
    """Look again and again; a trouble is said once, and makes the looks rarer."""
    trouble: str | None = ""  # none yet, and nothing said either
    failures = 0
    while not stopping.is_set():
        try:
            done = source.turn(int(time.time()))
        except Trouble as error:
            failures += 1
            if str(error) != trouble and not stopping.is_set():
                trouble = str(error)
                say(trouble)
        else:
            if trouble is not None:
                trouble = None
                answer(done)
            failures = 0
        stopping.wait(pause(every, failures))


def pause(every: float, failures: int) -> float:
    """Return how long to wait after so many failures in a row."""
    return every if not failures else max(every, min(every * 2 ** min(failures, 20), SLOWEST))
