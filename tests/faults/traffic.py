"""Steady traffic while something fails: messages of real clients, and acts over HTTP."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from queue import Empty
from uuid import uuid4

import httpx

from tests.faults.region import Member, Room
from tests.faults.world.seen import Told
from tests.headless import ANSWER_SECONDS, Refused
from tests.opening import client_of, post

OPENS_EVERY = 1.5  # seconds between two cases
AGAIN = 0.3  # seconds until somebody asks again who was not answered
ACTIVE_EVERY = 120.0  # seconds


class Stalled(Exception):
    """The traffic has ended before it was to end, or does not end."""


@dataclass
class Posted:
    """A message: who wrote it when, and the number of the command."""

    member: int
    text: str
    at: float
    ref: int
    id: str = ""


@dataclass
class Opener:
    """Somebody who opens cases, each under one id, until it is answered: as a page does."""

    account: str
    url: str
    opened: dict[str, str] = field(default_factory=dict)  # case by client id
    refused: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # answers that tell nobody to come again
    waiting: str = ""  # the client id of the case for which nobody has answered yet

    def open(self, over: threading.Event) -> None:
        """Open one case; try again as long as nobody answers and it is not over."""
        self.waiting = self.waiting or str(uuid4())
        while not self._answered() and not over.wait(AGAIN):
            pass

    def finish(self, seconds: float) -> bool:
        """Ask on for the last case, under its id; return whether there was an answer at last."""
        deadline = time.monotonic() + seconds
        while self.waiting and not self._answered():
            if time.monotonic() > deadline:
                return False
            time.sleep(AGAIN)
        return True

    def _answered(self) -> bool:
        """Ask once; a page takes what says `try again`, and silence, for no answer."""
        try:
            made = post(
                client_of(self.url, self.account),
                "/api/cases",
                client_id=self.waiting,
                states=[self.account[:2].upper()],
            )
        except httpx.HTTPStatusError as refused:
            status = refused.response.status_code
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in {408, 429}:
                again = refused.response.headers.get("Retry-After")
                if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not (
                    status == HTTPStatus.SERVICE_UNAVAILABLE and again
                ):
                    self.broken.append(f"{status} {refused.response.text[:200]}")
                return False
            self.refused.append(f"{status} {refused.response.text[:200]}")
        except (httpx.HTTPError, ValueError, KeyError):
            return False
        else:
            self.opened[self.waiting] = str(made["id"])
        self.waiting = ""
        return True


class Traffic:
    """What the members of a room write, what they obtained, and when."""

    def __init__(self, room: Room, opener: Opener, chance: random.Random, *, every: float) -> None:
        self.room, self.opener = room, opener
        self._chance, self._every = chance, every
        self.posted: list[Posted] = []
        self._told = [Told(one.account, one.person) for one in room.members]
        self._read = [0] * len(room.members)  # events of each that were taken in
        self._asked = 0  # of `posted`, how many have their id
        #  by id of a message, when each member had it
        self.obtained: dict[str, dict[int, float]] = {}
        self._active = time.monotonic()
        self._number = 0
        self.words = "canario-fallos"  # overwritten by who looks for it in the open

    def draw(self, seed: int) -> None:
        """Draw from here on by this seed who writes and how long they pause."""
        self._chance = random.Random(seed)

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """
        Let messages and acts flow for as long as this lasts; then no new ones begin.

        :raises Stalled: if they did not flow to the end: what was struck then met nobody.
        """
        over = threading.Event()
        wrong: list[BaseException] = []

        def go(work: Callable[[threading.Event], None]) -> None:
            try:
                work(over)
            except Exception as error:  # noqa: BLE001 - told below, in the thread that waits
                wrong.append(error)

        threads = [
            threading.Thread(target=go, args=[work], daemon=True)
            for work in (self._write, self._open)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(2 * ANSWER_SECONDS)
        if wrong:
            raise Stalled("somebody has stopped to write or to open cases") from wrong[0]
        if any(thread.is_alive() for thread in threads):
            raise Stalled(f"somebody still waits {2 * ANSWER_SECONDS} s after all was over")

    def _write(self, over: threading.Event) -> None:
        while not over.is_set():
            member = self._chance.randrange(len(self.room.members))
            self._number += 1
            text = f"{self.words} {self._number}"
            client = self.room.members[member].client
            at = time.monotonic()
            ref = client.start("post", thread=self.room.thread, text=text)
            self.posted.append(Posted(member, text, at, ref))
            over.wait(self._chance.uniform(0.5, 1.5) * self._every)

    def _open(self, over: threading.Event) -> None:
        while not over.is_set():
            self.opener.open(over)
            over.wait(OPENS_EVERY)

    def stay_active(self) -> None:
        """Say for each client that somebody is there, every two minutes: nobody types here."""
        if time.monotonic() - self._active < ACTIVE_EVERY:
            return
        self._active = time.monotonic()
        for member in self.room.members:
            member.client.do("active")

    def online(self, seconds: float) -> bool:
        """Wait until every client says that it is connected; return whether that came to be."""
        deadline = time.monotonic() + seconds
        while not all(_online(member) for member in self.room.members):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    # ------------------------------------------------------------------ what became of it

    def take_in(self) -> None:
        """Take in what clients have said since the last time."""
        for posted in self.posted[self._asked :]:
            client = self.room.members[posted.member].client
            with suppress(Empty):
                answer = client._answers[posted.ref].get(timeout=ANSWER_SECONDS)
                posted.id = str(answer.get("id", ""))
                if not posted.id:
                    raise Refused("post", answer)
                self._told[posted.member].intended[posted.id] = posted.text
            self._asked += 1
        for number, member in enumerate(self.room.members):
            self._hear(number, member)

    def _hear(self, number: int, member: Member) -> None:
        told, upto = self._told[number], len(member.client.heard)
        for index in range(self._read[number], upto):
            event, at = member.client.events[index], member.client.heard[index]
            match event.get("event"):
                case "message":
                    line = (event["thread"], event["seq"], event["id"], event["text"])
                    told.messages.append(line)
                    self.obtained.setdefault(event["id"], {})[number] = at
                case "accepted":
                    told.accepted[event["id"]] = event["seq"]
                case "failed":
                    told.failed[event["id"]] = str(event["code"])
                case "alarm" if event.get("code"):
                    told.alarms.append(str(event["code"]))
        self._read[number] = upto

    def missing(self) -> list[str]:
        """Return the ids of messages that somebody has not obtained yet."""
        self.take_in()
        count = len(self.room.members)
        return [one.id for one in self.posted if len(self.obtained.get(one.id, ())) < count]

    def settle(self, seconds: float) -> bool:
        """Wait until everybody has everything; return whether that came to be."""
        deadline = time.monotonic() + seconds
        while self.missing():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def waits(self, since: float, until: float, *, after: float = 0.0) -> list[float]:
        """
        Return how long each message written between two moments took to the last of its readers.

        Counted from `after` where it was written before that.
        """
        count = len(self.room.members)
        return [
            max(0.0, max(had.values()) - max(one.at, after))
            for one in self.posted
            if since <= one.at <= until and len(had := self.obtained.get(one.id, {})) == count
        ]

    def wrote(self, since: float, until: float) -> bool:
        """Return whether somebody wrote a message between two moments."""
        return any(since <= one.at <= until for one in self.posted)

    def told(self) -> list[Told]:
        """Return what each client was told, and ask it for what it has now."""
        self.take_in()
        thread = self.room.thread
        for member, told in zip(self.room.members, self._told, strict=True):
            told.alarms += [one for one in self._of_the_log(member) if one not in told.alarms]
            #  more than it has heard of: else all of a long thread would not be there
            limit = len(member.client.events) + len(self.posted) + 1
            lines = member.client.do("read", thread=thread, limit=limit)["lines"]
            told.kept = [
                (thread, line["seq"], line["id"], line["text"])
                for line in lines
                if "text" in line and line["seq"] is not None
            ]
            listed = member.client.do("list")["cases"]
            told.threads = {
                one["circle"]
                for case in listed
                for one in case["threads"]
                if one["kind"] == "thread"
            }
        return self._told

    @staticmethod
    def _of_the_log(member: Member) -> list[str]:
        """Return what a client cannot believe of the log: it tells that only if it is asked."""
        code = member.client.do("alarms")["log"]
        return [] if code is None else [f"the log: {code}"]


def _online(member: Member) -> bool:
    told = (one for one in reversed(member.client.events) if one.get("event") == "connection")
    return bool(next(told, {}).get("state") == "online")
