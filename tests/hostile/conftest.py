"""One region, one lying host, four prosecutors; every test opens threads of its own."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.faults.region import Member
from tests.headless import Headless, Refused
from tests.hostile.host import HostileHost
from tests.opening import joined
from tests.servers.casehub_server import CaseHub, Place
from tests.servers.configurations import Configuration
from tests.servers.fixtures import CONFIGURATIONS
from tools.region.private import spare_port

ACCOUNTS = {
    "ana": "sv.enlace1",
    "boris": "mx.enlace1",
    "carla": "gt.enlace1",
    "dario": "hn.enlace1",
}
# Each in a thread of a test's own, as a new device each time.
FIFTHS = ["gt.enlace2", "mx.enlace2", "hn.enlace2", "sv.enlace2"]
# People of other States: each of their devices makes the directory's log grow.
NEWCOMERS = [f"{state}.enlace{n}" for state in ("pa", "cr", "ni", "gt") for n in (1, 2)][:-2]
RUNS = int(os.environ.get("HOSTILE_RUNS", "") or 1)
# What clients make of lies is the same whatever their server keeps its rows in: each file's are
# told on one configuration, unless all are asked for.
EVERYWHERE = bool(os.environ.get("HOSTILE_RUNS") or os.environ.get("EVERY_CONFIGURATION"))
SECONDS = 60
CODE_SECONDS = 30


def told_on(name: str) -> pytest.MarkDecorator:
    """Return the mark of a file whose lies are told on this configuration, or on every one."""
    chosen = list(CONFIGURATIONS) if EVERYWHERE else [name]
    return pytest.mark.parametrize("configuration", chosen, indirect=True, scope="session")


def signed_in(client: Headless, account: str) -> str:
    """
    Sign somebody in; their id. A profile that is signed in shows no code anew: :func:`proven`.
    """
    return str(with_a_code(lambda: client.do("sign-in", account=account))["person"]["id"])


def proven(client: Headless, account: str) -> None:
    """Let somebody who signed in long ago show a code again."""
    with_a_code(lambda: client.do("prove", account=account))


def with_a_code(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """
    Do what takes a code, with the next one if this one was used before; its answer.

    A code counts once (RFC 6238 section 5.2), and each further try doubles the wait for the next.
    """
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return act()
        except Refused as refused:
            if refused.code not in {"wrong-code", "code-throttled"} or time.monotonic() > deadline:
                raise
            throttled = refused.code == "code-throttled"
            time.sleep(1 if throttled else CODE_SECONDS - time.time() % CODE_SECONDS)


class Scene:
    """The case that all four are in, and what each of their programs shows of a thread."""

    def __init__(
        self, host: HostileHost, members: dict[str, Member], place: Place, folder: Path
    ) -> None:
        self.host = host
        self.members = members
        self.place = place
        self._folder = folder
        self._newcomers = itertools.cycle(NEWCOMERS)
        self._fifths = itertools.cycle(FIFTHS)
        self._profiles = itertools.count(1)
        self._stopped: dict[str, set[str]] = {name: set() for name in members}
        self.case = ""
        self.lives = ""  # a thread of all four, about which nobody lies

    def person(self, name: str) -> str:
        """Return the id of one of the four."""
        return self.members[name].person

    def client(self, name: str) -> Headless:
        """Return the program of one of the four."""
        return self.members[name].client

    def begin(self) -> None:
        """Open the case and the thread that has to stay alive."""
        ana = self.client("ana")
        states = ["SV", "MX", "GT", "HN"]
        opened = ana.do("open-case", states=states, title="Ruta de prueba")
        self.case = opened["case"]
        joined(self.host.url, opened["reference"])
        self.lives = ana.do("open-thread", case=self.case, name="Sin mentiras", people=[])["thread"]
        for name in ("boris", "carla", "dario"):
            person = self.person(name)
            ana.do("add-person", case=self.case, person=person, threads=[self.lives])
        for name in ("boris", "carla", "dario"):
            self.until(lambda n=name: self.seen(n, self.lives) == "active", f"{name} is in")

    def grow(self) -> str:
        """Let the directory's log grow by a device of somebody's; return whose it is."""
        profile = self._folder / f"newcomer-{next(self._profiles)}"
        with Headless(profile, self.host.url) as client:
            return signed_in(client, next(self._newcomers))

    @contextmanager
    def fifth(self, thread: str) -> Iterator[tuple[str, Headless]]:
        """Let somebody with a new device into this thread alone: her id, and her program."""
        profile = self._folder / f"fifth-{next(self._profiles)}"
        with Headless(profile, self.host.url) as client:
            person = signed_in(client, next(self._fifths))
            self._let_in(person, thread)

            def read() -> list[str]:
                lines = client.do("read", thread=thread)["lines"]
                return [line["text"] for line in lines if "text" in line]

            self.until(lambda: person in self.holders("boris", thread), "she is in")
            self.say("ana", thread, "para cuatro")
            self.until(lambda: "para cuatro" in read(), "she reads")
            yield person, client

    def _let_in(self, person: str, thread: str) -> None:
        """Let somebody new into the case; whoever signed in long ago shows a code first."""
        ana = self.client("ana")
        said = {"case": self.case, "person": person, "threads": [thread]}
        try:
            ana.do("add-person", **said)
        except Refused as refused:
            if refused.code != "step-up-needed":
                raise
            proven(ana, ACCOUNTS["ana"])
            ana.do("add-person", **said)

    def look(self, name: str) -> None:
        """Let somebody's program look at the directory now."""
        self.host.ring(self.person(name), "devices")

    def thread(self, *names: str) -> str:
        """Return a new thread of Ana's with these people, in which all have read a message."""
        people = [self.person(name) for name in names]
        opened = self.client("ana").do(
            "open-thread", case=self.case, name="Hilo atacado", people=people
        )
        thread = str(opened["thread"])
        for name in names:
            self.until(lambda n=name: self.seen(n, thread) == "active", f"{name} is in")
        self.say("ana", thread, "antes")
        for name in names:
            self.until(lambda n=name: "antes" in self.read(n, thread), f"{name} has read")
        return thread

    def view(self, name: str, thread: str) -> dict[str, Any]:
        """Return a thread as somebody's program shows it."""
        for one in self._threads(name):
            if one["circle"] == thread:
                return one
        return {"status": "unknown"}

    def seen(self, name: str, thread: str) -> str:
        """Return the state in which somebody's program shows a thread."""
        return str(self.view(name, thread)["status"])

    def say(self, name: str, thread: str, text: str) -> None:
        """Send a message."""
        self.client(name).do("post", thread=thread, text=text)

    def read(self, name: str, thread: str) -> list[str]:
        """Return the texts that somebody's program shows."""
        lines = self.client(name).do("read", thread=thread)["lines"]
        return [line["text"] for line in lines if "text" in line]

    def holders(self, name: str, thread: str) -> dict[str, int]:
        """Return who holds keys, and with how many devices, as somebody's program has it."""
        return {one["person"]: one["devices"] for one in self.view(name, thread)["readers"]}

    def push(self, lie: str, *, thread: str, victim: str, person: str) -> None:
        """
        Put an entry of the host's own before somebody, until their program takes notice of it.

        Members renew their keys in the seconds after they came in: what the host makes for a place
        of the log that is taken meanwhile reaches nobody.
        """
        deadline = time.monotonic() + SECONDS
        while self.seen(victim, thread) == "active" and not self.view(victim, thread)["behind"]:
            assert time.monotonic() < deadline, f"{lie}: {victim} takes no notice"
            self.host.attack(
                lie, thread=thread, victims=[self.person(victim)], person=self.person(person)
            )
            again = time.monotonic() + 8
            while time.monotonic() < again and self.seen(victim, thread) == "active":
                if self.view(victim, thread)["behind"]:
                    break
                time.sleep(0.2)

    def stopped(self, name: str, thread: str, why: str) -> None:
        """
        Say that exactly this thread stops at somebody's, for this reason.

        And that they can show others what was refused, as it came.
        """
        self.until(lambda: self.seen(name, thread) == "frozen", f"{name} stops")
        assert self.view(name, thread)["frozenWhy"] == f"frozen-{why}"
        now = {one["circle"] for one in self._threads(name) if one["status"] == "frozen"}
        assert now - self._stopped[name] == {thread}
        self._stopped[name] = now
        assert self.client(name).do("alarms")["alarm"] == "thread-frozen"
        self.shows(name, thread, why)

    def shows(self, name: str, thread: str, why: str) -> None:
        """Say that the evidence is of this thread and reason, whole, and without a text."""
        told = self.client(name).do("evidence", thread=thread)["evidence"]
        assert (told["circle"], told["why"]) == (thread, why)
        assert told["by"]["person"] == self.person(name)
        (entry,) = told["entries"]
        body = urlsafe_b64decode(entry["body"] + "=" * (-len(entry["body"]) % 4))
        assert hashlib.sha256(body).hexdigest() == entry["sha256"]
        assert told["here"]["roster"]
        assert "antes" not in json.dumps(told)

    def offered(self, name: str, thread: str, person: str, why: str) -> None:
        """Say that somebody's program tells of keys offered as this person's, and keeps them."""
        self.until(lambda: bool(self.view(name, thread)["strangers"]), f"{name} is told", 120)
        (stranger,) = self.view(name, thread)["strangers"]
        assert (stranger["person"], stranger["why"]) == (person, why)
        assert stranger["package"]
        others = [one for one in self._threads(name) if one["circle"] != thread]
        assert person not in [p["person"] for one in others[-1:] for p in one["strangers"]]

    def _threads(self, name: str) -> list[dict[str, Any]]:
        cases = self.client(name).do("list")["cases"]
        return [one for case in cases for one in case["threads"]]

    def until(self, holds: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
        """Wait until something holds, or fail saying what did not come."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"{what}: did not come; the host {self.host.did}"
            time.sleep(0.1)

    def still_talks(self) -> None:
        """Say that the thread nobody lies about goes on, for all four."""
        text = f"sigue {time.monotonic()}"
        self.say("boris", self.lives, text)
        for name in self.members:
            self.until(lambda n=name: text in self.read(n, self.lives), f"{name} reads on")


@pytest.fixture(scope="session")
def scene(
    configuration: Configuration, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Four people who reach their server through the lying host alone."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    port = spare_port()
    place = configuration.fresh()
    # The first names the logs, and whoever signs them knows them by localhost: of a log of another
    # name no proof would ever come.
    origins = {"CASEHUB_ORIGINS": f"http://localhost:{port},http://127.0.0.1:{port}"}
    with ExitStack() as stack:
        server = stack.enter_context(CaseHub(place, processes=1, **origins))
        host = stack.enter_context(HostileHost(upstream=server.url, port=port))
        members = {}
        for name, account in ACCOUNTS.items():
            client = stack.enter_context(Headless(folder / name, host.url))
            person = client.do("sign-in", account=account)["person"]["id"]
            client.do("follow")
            members[name] = Member(account, person, client)
        made = Scene(host, members, place, folder)
        made.begin()
        yield made


@pytest.fixture(autouse=True)
def _keep_awake(scene: Scene) -> Iterator[None]:
    for member in scene.members.values():
        member.client.do("active")
    yield
    scene.host.calm()
    assert scene.host.failures == []
