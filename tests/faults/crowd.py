"""
People who do things over HTTP and sockets, as fast as they may: nothing is encrypted for real.

`python -m tests.faults.crowd COUNT` enters them at a place and prints who they are; whoever asked
drives them from outside, with what a browser has: a cookie.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from casehub.core.frames import to_b64u
from tests.servers.casehub_server import PROJECT, Place

COOKIE = "casehub"
NOBODY = str(UUID(int=0)).encode()
SECONDS = 60
STATES = ("SV", "MX", "GT", "HN", "CR", "PA")


class Refused(Exception):
    """A refusal, by its stable code."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.code = str(body.get("code"))
        super().__init__(f"{self.code}: {body}")


def _read(body: bytes, status: int) -> Any:
    """Return what an answer says; one that fell before it was anybody's names only its status."""
    try:
        return json.loads(body or b"{}")
    except ValueError:
        return {"code": str(status)}


@dataclass
class Person:
    """Somebody signed in, at one of the servers."""

    port: int
    cookie: str
    case: str
    thread: UUID
    message: bytes  # what looks like an MLS message, under the id NOBODY
    acts: int = 0  # that the server has acknowledged
    refused: list[str] = field(default_factory=list)
    _csrf: str = ""

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """
        Send one request and return the answer's body.

        :raises Refused: if it is one.
        """
        line = http.client.HTTPConnection("localhost", self.port, timeout=SECONDS)
        try:
            headers = {"Cookie": f"{COOKIE}={self.cookie}", "Accept-Language": "en"}
            if method != "GET":
                headers |= {"X-CSRFToken": self._token(), "Content-Type": "application/json"}
                headers["Cookie"] += f"; csrftoken={self._csrf}"
                headers["Origin"] = f"http://localhost:{self.port}"
            line.request(method, path, json.dumps(body) if method != "GET" else None, headers)
            answer = line.getresponse()
            read = _read(answer.read(), answer.status)
        finally:
            line.close()
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            raise Refused(read)
        return read

    def _token(self) -> str:
        if not self._csrf:
            line = http.client.HTTPConnection("localhost", self.port, timeout=SECONDS)
            line.request("GET", "/")
            cookies = line.getresponse().headers.get_all("Set-Cookie") or []
            line.close()
            (self._csrf,) = (c.split(";")[0][10:] for c in cookies if c.startswith("csrftoken="))
        return self._csrf

    def open_case(self) -> str:
        """Open a case file: one act."""
        made = self.ask("POST", "/api/cases", client_id=str(uuid4()), states=["SV", "MX"])
        self.acts += 1
        return str(made["id"])

    def read_case(self) -> None:
        """Read the case file: one act too, and nothing changes."""
        self.ask("GET", f"/api/cases/{self.case}")
        self.acts += 1

    def socket(self) -> Line:
        """Open a socket."""
        return Line(self)


class Line:
    """A person's socket; what is refused is remembered, what is accepted counted."""

    def __init__(self, person: Person) -> None:
        self.person = person
        ticket = person.ask("POST", "/api/socket-ticket")["ticket"]
        self._open = ExitStack()
        opened = connect(
            f"ws://localhost:{person.port}/socket",
            additional_headers={"Cookie": f"{COOKIE}={person.cookie}", "Accept-Language": "en"},
            origin=f"http://localhost:{person.port}",  # type: ignore[arg-type] - a plain string
            subprotocols=["casehub.1", f"ticket.{ticket}"],  # type: ignore[list-item] - as above
            max_size=None,
        )
        self._line: ClientConnection = self._open.enter_context(opened)
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            for text in self._line:
                told = json.loads(text)
                if told["type"] in {"accepted", "refused"}:
                    self.answers.put(told)
        except ConnectionClosed:
            pass
        self.answers.put({"type": "closed"})

    def post(self, id_: UUID | None = None) -> UUID:
        """Send one message, and return its id."""
        id_ = id_ or uuid4()
        body = to_b64u(self.person.message.replace(NOBODY, str(id_).encode()))
        frame = {"type": "post", "thread": str(self.person.thread), "epoch": 0, "id": str(id_)}
        self._line.send(json.dumps(frame | {"body": body}))
        return id_

    def answer(self) -> dict[str, Any]:
        """Return the next answer to a message."""
        told = self.answers.get(timeout=SECONDS)
        if told["type"] == "accepted":
            self.person.acts += 1
        if told["type"] == "refused":
            self.person.refused.append(told["code"])
        return told

    def close(self) -> None:
        """Hang up."""
        self._open.close()
        self._reader.join(SECONDS)


def enter(place: Place, ports: Sequence[int], count: int) -> list[Person]:
    """Let `count` people in at a migrated place, in one case and thread, spread over `ports`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.crowd", str(count)],
        env=place.environment(),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return [
        Person(
            ports[number % len(ports)],
            cookie,
            told["case"],
            UUID(told["thread"]),
            bytes.fromhex(told["message"]),
        )
        for number, cookie in enumerate(told["cookies"])
    ]


def counted(place: Place) -> int:
    """Return how many of the acts that a crowd does have their entry in a log of acts."""
    kinds = ("messaging.message.accepted", "cases.case.opened", "cases.case.read")
    code = (
        "from audit.models import LogEntry as E; print(E.objects.filter(log__name='acts',"
        f"event__kind__in={kinds}).count())"
    )
    entered = 1  # the case that they were let into
    return int(place.manage("shell", "--verbosity", "0", "-c", code)) - entered


def main(count: int) -> None:
    """Enter people and print who they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casehub.settings")
    import django  # noqa: PLC0415 - the environment comes first

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from tests.factories import Region  # noqa: PLC0415
    from tests.framed import private_message  # noqa: PLC0415

    region = Region(timezone.now())  # noqa: TID251 - a process of its own reads the clock
    people = [region.equipped(STATES[n % len(STATES)]) for n in range(count)]
    case = region.case(*people)
    thread = region.thread(*people, case=case)
    cookies = [region.session(one) for one in people]
    message = private_message(thread, id=UUID(int=0)).hex()
    told = {"case": str(case), "thread": str(thread), "message": message, "cookies": cookies}
    print(json.dumps(told))  # noqa: T201 - heard by `enter`


if __name__ == "__main__":
    main(int(sys.argv[1]))
