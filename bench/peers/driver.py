"""The same loads for every server: open-loop for waits, closed-loop for the most it carries."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

from . import peer as peers
from .arrivals import Room, schedule
from .figures import Delivery, Untold, percentile
from .peer import Line, Peer, until

DRAIN = 60.0  # seconds after the last message until all of them must have come
CONNECTING = 25  # lines that are opened at once
FLYING = 200  # messages on their way at once, of all people together, when the most is looked for
EACH = 32  # of one line; the product lets 64 wait for their commit
READS = 15  # of the same stretch of history
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Load:
    """Some rooms of the world, and how many messages a second the waits are measured at."""

    name: str
    rooms: tuple[Room, ...]
    per_second: float

    @property
    def people(self) -> int:
        """How many people are in them; nobody is in two."""
        return sum(room.members for room in self.rooms)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is done; every part is bounded in count and time."""

    rounds: int = 3
    seconds: float = 8.0  # of each part of a round
    history: int = 10_000  # messages in the room whose history is read
    catch_up: int = 1_000
    idle: int = 1_000  # lines of people who do nothing


class Ledger:
    """What the lines of a load hear, in the round that runs."""

    def __init__(self) -> None:
        self.round = Delivery(0)
        self.then: Callable[[int], None] | None = None
        self._seen: set[tuple[int, int]] = set()
        self._clock = asyncio.get_running_loop().time

    def begin(self, members: int) -> Delivery:
        """Begin a round in rooms of so many members each."""
        self.round, self.then, self._seen = Delivery(members), None, set()
        return self.round

    def acknowledged(self, message: int) -> None:
        """Note an acknowledgement, once."""
        at = self.round
        if message in at.due and message not in at.acknowledged:
            at.acknowledged[message] = self._clock()
            if self.then is not None:
                self.then(message)

    def delivered(self, line: int, message: int) -> None:
        """Note that a line has a message."""
        if message not in self.round.due:
            return
        key = (line, message)
        if key in self._seen:
            self.round.twice += 1
            return
        self._seen.add(key)
        self.round.hear(message, self._clock())

    def refused(self, message: int, why: str) -> None:
        """Note a refusal."""
        if message in self.round.due or not message:
            self.round.refused.append(why)


Lines = dict[tuple[int, int], Line]  # by room and member


async def connected(
    peer: Peer, rooms: tuple[Room, ...], ledger: Ledger, *, times: int = 1
) -> Lines:
    """Connect everybody in these rooms, some at a time."""
    gate = asyncio.Semaphore(CONNECTING)
    lines: Lines = {}

    async def one(number: int, room: int, member: int, key: int) -> None:
        async with gate:
            lines[room, key] = await peer.connect(room, member, number, ledger)

    everybody = [
        (r.number, member, member + time * r.members)
        for time in range(times)
        for r in rooms
        for member in range(r.members)
    ]
    async with asyncio.TaskGroup() as group:
        for number, who in enumerate(everybody):
            group.create_task(one(number, *who))
    return lines


async def closed(lines: Lines) -> None:
    """Hang up everywhere."""
    await asyncio.gather(*(line.close() for line in lines.values()), return_exceptions=True)


async def _settle(at: Delivery) -> None:
    await until(lambda: at.settled or bool(at.refused), DRAIN)
    await asyncio.sleep(0.1)  # what comes twice, comes now
    at.require()


async def waits(
    peer: Peer, load: Load, lines: Lines, ledger: Ledger, sizes: Sizes, seed: int
) -> dict[str, float]:
    """Send at times that were fixed before; return what waits there were, in ms."""
    at = ledger.begin(load.rooms[0].members)
    rate = load.per_second * peer.pace
    clock = asyncio.get_running_loop().time
    begin = clock() + 0.2
    planned = schedule(list(load.rooms), per_second=rate, seconds=sizes.seconds, seed=seed)
    used = peers.cpu(peer.roots())
    for arrival in planned:
        due = begin + arrival.at
        if (pause := due - clock()) > 0:
            await asyncio.sleep(pause)
        message = next(_numbers)
        at.due[message] = due
        lines[arrival.room, arrival.member].send(message)
    await _settle(at)
    used = peers.cpu(peer.roots()) - used
    acknowledged, arrived = at.waits(), at.arrivals()
    return {
        "ack p50": 1000 * percentile(acknowledged, 0.5),
        "ack p99": 1000 * percentile(acknowledged, 0.99),
        "all p50": 1000 * percentile(arrived, 0.5),
        "all p99": 1000 * percentile(arrived, 0.99),
        "per second": rate,
        "messages": len(at.due),
        "CPU s singly": 1000 * used / len(at.due),
    }


def flying(pace: float, load: Load, lines: int) -> int:
    """Return how many messages are kept on their way (pure): one a room at the least."""
    return max(len(load.rooms), min(round(FLYING * pace), EACH * lines))


async def most(
    peer: Peer, load: Load, lines: Lines, ledger: Ledger, sizes: Sizes
) -> dict[str, float]:
    """Keep so many messages on their way and return how many deliveries a second that makes."""
    at = ledger.begin(load.rooms[0].members)
    clock = asyncio.get_running_loop().time
    places = list(lines)
    senders = [places[n % len(places)] for n in range(flying(peer.pace, load, len(places)))]
    whose: dict[int, tuple[int, int]] = {}
    used, spent, began = peers.cpu(peer.roots()), peers.shares(peer.parts), clock()

    def send(place: tuple[int, int]) -> None:
        message = next(_numbers)
        whose[message] = place
        at.due[message] = clock()
        lines[place].send(message)

    def go_on(message: int) -> None:
        place = whose.pop(message)
        if clock() - began < sizes.seconds:
            send(place)

    ledger.then = go_on
    for place in senders:
        send(place)
    await asyncio.sleep(sizes.seconds)
    await until(lambda: at.settled or bool(at.refused), DRAIN)
    took = max(at.whole.values(), default=math.nan) - began
    await _settle(at)
    used = peers.cpu(peer.roots()) - used
    now = peers.shares(peer.parts)
    count = len(at.due)
    return {
        "deliveries/s": count * at.members / took,
        "messages/s": count / took,
        "CPU s": 1000 * used / count,
        "most messages": count,
    } | {f"CPU s {name}": 1000 * (now[name] - before) / count for name, before in spent.items()}


async def measured(peer: Peer, load: Load, sizes: Sizes) -> list[dict[str, float]]:
    """Return what each round of a load came to."""
    ledger = Ledger()
    lines = await connected(peer, load.rooms, ledger)
    found = []
    try:
        await waits(peer, load, lines, ledger, Sizes(seconds=1.0), 0)  # what is done once, before
        for number in range(sizes.rounds):
            one = await waits(peer, load, lines, ledger, sizes, number)
            found.append(one | await most(peer, load, lines, ledger, sizes))
    finally:
        await closed(lines)
    return found


async def filled(lines: Lines, ledger: Ledger, room: Room, count: int) -> None:
    """
    Send so many messages to a room, a few at a time.

    :raises Untold: if they do not get there.
    """
    done = 0
    while done < count:
        at = ledger.begin(room.members)
        for number in range(min(64, count - done)):
            message = next(_numbers)
            at.due[message] = asyncio.get_running_loop().time()
            lines[room.number, number % room.members].send(message)
        await until(lambda at=at: at.settled or bool(at.refused), DRAIN)
        at.require()
        done += len(at.due)


async def reading(peer: Peer, room: Room, sizes: Sizes) -> list[dict[str, float]]:
    """Return how long the last 50 of a long room take, and how long it takes to catch up."""
    ledger = Ledger()
    lines = await connected(peer, (room,), ledger)
    clock = asyncio.get_running_loop().time
    try:
        count = max(sizes.catch_up, round(sizes.history * min(1.0, peer.pace)))
        await filled(lines, ledger, room, count)
        line, found = lines[room.number, 0], []
        for _ in range(sizes.rounds):
            took: dict[int, list[float]] = {50: [], sizes.catch_up: []}
            for limit in list(took) * READS:
                began = clock()
                came = await line.read(limit)
                took[limit].append(1000 * (clock() - began))
                if came != limit:
                    raise Untold(f"{came} of {limit} messages were read")
            found.append(
                {
                    "open p50": percentile(took[50], 0.5),
                    "catch-up p50": percentile(took[sizes.catch_up], 0.5),
                    "history": count,
                }
            )
    finally:
        await closed(lines)
    return found


async def idling(peer: Peer, rooms: tuple[Room, ...], sizes: Sizes) -> list[dict[str, float]]:
    """Return what lines cost of which nothing is heard, and how fast they come back."""
    found = []
    people = sum(room.members for room in rooms)
    times = max(1, round(sizes.idle / people))
    clock = asyncio.get_running_loop().time
    for _ in range(sizes.rounds):
        before, began = peers.memory(peer.roots()), clock()
        lines = await connected(peer, rooms, Ledger(), times=times)
        took = clock() - began
        await asyncio.sleep(1)
        grown = peers.memory(peer.roots()) - before
        await closed(lines)
        await asyncio.sleep(1)
        # What the first round takes from the system, later ones find there.
        found.append(
            {"connect s": took, "lines": len(lines)}
            | ({} if found else {"KiB": grown / 1024 / len(lines)})
        )
    return found
