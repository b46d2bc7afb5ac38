"""A thread with several members, each a headless client: the ground for fault tests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.headless import Headless
from tests.opening import joined

JOIN_SECONDS = 90


@dataclass
class Member:
    """A client and who plays it."""

    account: str
    person: str
    client: Headless


def _signed_in(account: str, client: Headless) -> Member:
    person = client.do("sign-in", account=account)["person"]["id"]
    client.do("follow")
    return Member(account, person, client)


class Room:
    """One case with one thread that all of `accounts` read; the first has opened it."""

    def __init__(self, folder: Path, accounts: list[str], urls: list[str]) -> None:
        self._folder, self._accounts, self._urls = folder, accounts, urls
        self._stack = ExitStack()
        self.members: list[Member] = []
        self.thread = self.case = ""

    def __enter__(self) -> Self:
        with self._stack as stack:
            clients = [
                stack.enter_context(
                    Headless(self._folder / account, self._urls[number % len(self._urls)])
                )
                for number, account in enumerate(self._accounts)
            ]
            with ThreadPoolExecutor(len(clients)) as together:
                self.members += together.map(_signed_in, self._accounts, clients)
            self._open()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def _open(self) -> None:
        owner, *others = self.members
        states = sorted({account[:2].upper() for account in self._accounts})
        made = owner.client.do("open-case", states=states, title="Ruta de prueba")
        self.case = made["case"]
        joined(self._urls[0], made["reference"])
        opened = owner.client.do("open-thread", case=self.case, name="Hilo de prueba", people=[])
        self.thread = opened["thread"]
        for other in others:
            owner.client.do(
                "add-person", case=self.case, person=other.person, threads=[self.thread]
            )
        for other in others:
            other.client.wait_for(
                lambda events: any(
                    e.get("thread") == self.thread and e.get("event") == "change" for e in events
                ),
                seconds=JOIN_SECONDS,
                what="joining the thread",
            )
