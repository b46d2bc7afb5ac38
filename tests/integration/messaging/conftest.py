"""A thread of El Salvador's people, and the recorded life of a real MLS group in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from casehub.cases.models import Circle, Reader
from casehub.core.frames import from_b64u
from messaging import framing, services
from messaging.models import Group
from messaging.services import Accepted, Post
from tests.factories import Region, Someone
from tests.framed import act_data, private_message, urgent_data

FILE = Path(__file__).parents[2] / "vectors" / "mls" / "casehub-session.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
MADE_AT = datetime.fromtimestamp(VECTORS["made_at"], UTC)


def raw(text: str) -> bytes:
    return from_b64u(text, most=1 << 20)


@dataclass(frozen=True)
class Step:
    """One commit of the recorded group, by whom, and what goes with it."""

    by: str
    epoch: int
    client_id: UUID
    commit: bytes
    welcome: bytes | None
    group_info: bytes


def client_id_in(commit: bytes) -> UUID:
    """Return the client id that a commit's authenticated data names."""
    return UUID(json.loads(framing.read_commit(commit).authenticated_data)["client_id"])


def recorded_step(by: str, epoch: int, recorded: dict[str, Any]) -> Step:
    """Return a recorded commit as a step of the story."""
    commit, welcome = raw(recorded["commit"]), recorded["welcome"]
    return Step(
        by,
        epoch,
        client_id_in(commit),
        commit,
        raw(welcome) if welcome else None,
        raw(recorded["group_info"]),
    )


#  what happens in each epoch, and whose commit it is
AUTHORS = [
    ("adds two", "ana"),
    ("renews a key", "ben"),
    ("adds one", "cam"),
    ("removes", "dan"),
    ("resyncs", "cam"),
]
assert [step["what"] for step in VECTORS["steps"]] == [what for what, _ in AUTHORS]
ADDS, RENEWS, ADDS_ONE, REMOVES, RESYNCS = (
    recorded_step(by, epoch, VECTORS["steps"][epoch]) for epoch, (_, by) in enumerate(AUTHORS)
)
STEPS = [ADDS, RENEWS, ADDS_ONE, REMOVES, RESYNCS]


@dataclass
class Story:
    """The five people of the vectors in one case, and their thread."""

    region: Region
    case: UUID
    thread: UUID
    people: dict[str, Someone]

    def __getattr__(self, name: str) -> Someone:
        return self.people[name]

    @property
    def group(self) -> Group:
        return Group.objects.get(circle_id=self.thread)

    def start(self, by: str = "ana", **changes: Any) -> bytes:
        usual = {
            "thread": self.thread,
            "client_id": uuid4(),
            "group_info": raw(VECTORS["first_group_info"]),
        }
        return services.start_group(
            actor=self.people[by].actor, now=self.region.now, **(usual | changes)
        )

    def commit(self, step: Step, **changes: Any):
        step = replace(step, **changes)
        return services.accept_commit(
            thread=self.thread,
            client_id=step.client_id,
            epoch=step.epoch,
            commit=step.commit,
            welcome=step.welcome,
            group_info=step.group_info,
            actor=self.people[step.by].actor,
            now=self.region.now,
        )

    def play(self, steps: int) -> None:
        """Start the group and let this many commits happen; ben is shut out before his removal."""
        self.start()
        for step in STEPS[:steps]:
            if step is REMOVES:
                self.shut_out("ben")
            self.commit(step)

    def shut_out(self, name: str) -> None:
        Reader.objects.filter(circle_id=self.thread, person_id=self.people[name].person).update(
            until=self.region.now
        )


@pytest.fixture
def now() -> datetime:
    """The instant at which the recorded group was made."""
    return MADE_AT


@pytest.fixture
@transaction.atomic
def story(region):
    people = {}
    for name, recorded in VECTORS["devices"].items():
        identity = recorded["identity"]
        people[name] = region.person(identity["state"], known_as=identity["person"])
        fields = ("device", "signature_key", "history_key", "serial")
        region.device(people[name], **{field: identity[field] for field in fields})
    ana = people["ana"]
    case = region.case(ana, *(who for name, who in people.items() if name != "ana"))
    circle = Circle.objects.create(
        id=UUID(bytes=raw(VECTORS["group_id"])),
        case_id=case,
        kind=Circle.Kind.THREAD,
        opener_id=ana.person,
        opened_at=region.now,
        client_id=uuid4(),
        request_digest="",
        audit_event_id=region.event(),
    )
    Reader.objects.bulk_create(
        Reader(circle=circle, person_id=who.person, since=region.now, act=0)
        for who in people.values()
    )
    return Story(region, case, circle.id, people)


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def boris(region):
    return region.equipped("MX")


@pytest.fixture
def posting(now):
    """Return `post(thread, by, ...)`: accept one message and return its answer."""

    def post(thread, by, **changes):
        return services.accept_messages(posts=[made(thread, by, **changes)], now=now)[0]

    return post


def made(
    thread,
    by,
    *,
    id=None,  # noqa: A002
    epoch=0,
    text=b"opaque",
    body=None,
    act=None,
    about=1,
    urgent=False,
) -> Post:
    """Return a post of an opaque message; with `act`, of one that does it to entry `about`."""
    message = id or uuid4()
    aad = act and act_data(message, act=act, about=about)
    aad = urgent_data(message) if urgent else aad
    return Post(
        by.actor,
        thread,
        epoch,
        message,
        body or private_message(thread, epoch=epoch, id=message, ciphertext=text, aad=aad),
    )


def code_of(answer) -> str:
    """Return an answer's refusal, or `accepted`."""
    return "accepted" if isinstance(answer, Accepted) else answer.code
