"""
Where the time of a message goes in the web's writer: shares of one run, as its profile has them.

A profile makes much that is called dearer than little that takes long: what is Python's own has a
larger share here than without. What PostgreSQL does meanwhile is the time that is waited for it.
"""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import measured

if TYPE_CHECKING:
    from messaging.services import Post

DATABASE, DRIVER, MODELS = "PostgreSQL, waited for", "psycopg", "Django"
SIGNED, SEALED, OWN, REST = "signatures", "digests, sealing, packing", "this project's own", "other"
LOG = {"record_many", "promise"}  # what writes events, and gives the log's word for them
WITH_LOG = "all of it, beside the same without events and promises"
DEEPEST = 8  # calls that are looked through for who asked for what Python itself does
Call = tuple[str, int, str]
Stats = Mapping[Call, tuple[Any, int, float, float, Mapping[Call, tuple[Any, int, float, float]]]]


def kind_of(call: Call) -> str:
    """Return whose a call is (pure); nothing, if it is Python's own and done for who called it."""
    file, _, name = call
    if "psycopg" in file:
        # Where it hands a statement over, and where it waits for the answer.
        return DATABASE if name in {"wait", "_execute_send", "_exec_command"} else DRIVER
    if "/django/" in file or "/asgiref/" in file or "/channels/" in file:
        return MODELS
    if any(f"/{ours}/" in file for ours in ("messaging", "audit", "casehub")):
        return OWN
    if "cryptography" in name or "cryptography" in file:
        return SIGNED
    return SEALED if any(one in name for one in ("hashlib", "hmac", "zlib", "digest")) else ""


def shares(stats: Stats) -> dict[str, float]:
    """
    Return which part of all time each kind took itself (pure).

    What Python does itself (a list, a text, a date) counts as its caller's.
    """
    spent: Counter[str] = Counter()

    def give(call: Call, seconds: float, deep: int) -> None:
        kind = kind_of(call)
        callers = stats[call][4] if call in stats else {}
        whole = sum(told[2] for told in callers.values())
        if kind or not whole or deep == DEEPEST:
            spent[kind or REST] += seconds
            return
        for caller, told in callers.items():
            give(caller, seconds * told[2] / whole, deep + 1)

    for call, (_, _, own, _, _) in stats.items():
        give(call, own, 0)
    everything = sum(spent.values())
    return {kind: seconds / everything for kind, seconds in spent.most_common()}


def with_log(stats: Stats) -> float:
    """Return how often as long it all takes as it would without events and promises (pure)."""
    everything = sum(told[2] for told in stats.values())
    log = sum(told[3] for call, told in stats.items() if call[2] in LOG and "/audit/" in call[0])
    return everything / (everything - log)


def of_writer(batches: Sequence[Sequence[Post]], clock: Callable[[], datetime]) -> Stats:
    """Write batches under a profile, which sees this thread alone."""
    from messaging.batching import write  # noqa: PLC0415 - Django is up now

    profile = cProfile.Profile()
    profile.enable()
    for posts in batches:
        write(posts, clock())
    profile.disable()
    found: Stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return found


def profile(scene: measured.Scene) -> None:
    """Look where the writer's time goes: of messages alone, and of many in a transaction."""
    single = [scene.posts(1) for _ in range(measured.SINGLE)]
    grouped = [scene.posts(measured.GROUP) for _ in range(measured.GROUPED // measured.GROUP)]
    stats = of_writer(single, measured.now)
    scene.told.single_shares = shares(stats) | {WITH_LOG: with_log(stats)}
    stats = of_writer(grouped, measured.now)
    scene.told.grouped_shares = shares(stats) | {WITH_LOG: with_log(stats)}
