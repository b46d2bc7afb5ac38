"""
People, devices and States that can be stopped while messages flow, and how long it takes.

`python -m tests.faults.cutting KIND COUNT` enters them at a place and prints who they are. They
read a thread without a leaf in its group, so that messages go on being accepted after the stop:
what keeps them from hearing more is the stop alone. Where States are stopped, everybody is of
another one.
"""

from __future__ import annotations

import itertools
import json
import os
import string
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.faults.crowd import COOKIE, NOBODY, Person
from tests.servers.casehub_server import PROJECT, Place

EVERY = 0.05  # seconds between two messages
IN_FLIGHT = 40  # messages without an answer
WAIT = 20.0  # seconds after which a socket counts as not closed
KINDS = ("person", "device", "State")


@dataclass(frozen=True)
class Cut:
    """Seconds from the answer to a stop to the last frame (0: none after it) and to the close."""

    last_frame: float
    closed: float
    code: int


class Ear:
    """An open socket that notes when it heard what, and when it was closed."""

    def __init__(self, person: Person, *, ticket: str = "") -> None:
        ticket = ticket or person.ask("POST", "/api/socket-ticket")["ticket"]
        self._open = ExitStack()  # for as long as the line lives
        line = connect(
            f"ws://localhost:{person.port}/socket",
            additional_headers={"Cookie": f"{COOKIE}={person.cookie}"},
            origin=f"http://localhost:{person.port}",  # type: ignore[arg-type] - a plain string
            subprotocols=["casehub.1", f"ticket.{ticket}"],  # type: ignore[list-item] - as above
            max_size=None,
        )
        self.line = self._open.enter_context(line)
        self.frames: list[tuple[float, str]] = []
        self.closed = 0.0
        self.code = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            while True:
                text = self.line.recv()
                self.frames.append((time.monotonic(), json.loads(text)["type"]))
        except ConnectionClosed as over:
            self.closed = time.monotonic()
            self.code = over.rcvd.code if over.rcvd else 0
        finally:
            self._open.close()

    def entries(self) -> int:
        """Return how many hand-outs of entries were heard."""
        return sum(kind == "entries" for _, kind in self.frames)

    def cut(self, since: float) -> Cut:
        """Wait for the close, and return how long it took from `since`."""
        self._thread.join(WAIT)
        last = max((at for at, _ in self.frames), default=since)
        closed = self.closed - since if self.closed else WAIT
        return Cut(max(0.0, last - since), max(0.0, closed), self.code)


#  what stops each kind
DOORS = {
    "person": ("POST", "/api/people/{}/suspend"),
    "device": ("DELETE", "/api/devices/{}"),
    "State": ("POST", "/api/states/{}/stop"),
}


@dataclass
class Scene:
    """
    Those who can be stopped, what of each is, who stops it, and who talks meanwhile.

    `ids` are what a stop names: a person, a device or the code of a State, by `kind`.
    """

    kind: str
    victims: list[Person]
    ids: list[str]
    heads: list[Person]
    talker: Person

    def stop(self, number: int) -> float:
        """Stop one of them; return when that was answered."""
        method, path = DOORS[self.kind]
        self.heads[number].ask(method, path.format(self.ids[number]), reason="drill")
        return time.monotonic()

    @contextmanager
    def talking(self) -> Iterator[None]:
        """Post a message every 50 ms."""
        line = self.talker.socket()
        over = threading.Event()
        sent = 0

        def talk() -> None:
            nonlocal sent
            while not over.wait(EVERY):
                if sent - line.answers.qsize() < IN_FLIGHT:  # a server that stalls is not flooded
                    line.post()
                    sent += 1

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(5)
            for _ in range(sent):  # nothing is on its way any more when servers are stopped
                line.answer()
            line.close()


def enter(place: Place, kind: str, count: int, *, head: int, victims: int) -> Scene:
    """Let `count` people in who can be stopped; `head` and `victims` are the ports they use."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.cutting", kind, str(count)],
        env=place.environment(),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    thread, message = UUID(told["thread"]), bytes.fromhex(told["message"])

    def person(port: int, cookie: str) -> Person:
        return Person(port, cookie, told["case"], thread, message)

    heads = {cookie: person(head, cookie) for cookie in told["heads"]}
    return Scene(
        kind,
        [person(victims, cookie) for cookie in told["victims"]],
        told["ids"],
        [heads[cookie] for cookie in told["heads"]],
        person(head, told["talker"]),
    )


def codes() -> Iterator[str]:
    """Return codes of States, one after another, that are none of this region's."""
    return map("".join, itertools.product("QXYZ", string.ascii_uppercase))


def main(kind: str, count: int) -> None:
    """Enter people and print who they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from casehub.cases import services as cases  # noqa: PLC0415
    from tests.factories import Region  # noqa: PLC0415
    from tests.framed import private_message  # noqa: PLC0415

    region = Region(timezone.now())  # noqa: TID251 - a process of its own reads the clock
    talker = region.equipped("MX")
    states = itertools.islice(codes(), count) if kind == "State" else itertools.repeat("SV", count)
    victims = [region.equipped(state) for state in states]
    case = region.case(talker, *victims)
    thread = cases.open_thread(
        case=case,
        client_id=uuid4(),
        people=[one.id for one in victims],
        actor=talker.actor,
        now=region.now,
    )
    region.group(thread, talker)
    named = {"person": "person", "device": "device", "State": "state"}[kind]
    heads = {
        state: region.session(region.seat(state).coordinator)
        for state in {one.state for one in victims}
    }
    told = {
        "case": str(case),
        "thread": str(thread),
        "message": private_message(thread, id=UUID(NOBODY.decode())).hex(),
        "ids": [str(getattr(one, named)) for one in victims],
        "victims": [region.session(one) for one in victims],
        "heads": [heads[one.state] for one in victims],
        "talker": region.session(talker),
    }
    print(json.dumps(told))  # noqa: T201 - heard by `enter`


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
