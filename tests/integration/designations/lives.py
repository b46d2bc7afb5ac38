"""Somebody's way to a designation, step by step, as people of one State would go it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.test import Client

from casehub.core.frames import from_b64u, to_b64u
from casehub.core.rates import buckets
from casehub.demo.ceremony import public
from casehub.designations import services
from casehub.designations.models import Designation
from casehub.designations.queries import enrolling, reading, saying
from casehub.designations.queries.stopped import NOT_SIGNED, revocation_of
from casehub.designations.services import Draft
from casehub.directory.functions import carried_before
from casehub.directory.models import Person
from casehub.directory.statements import as_wire, fingerprint, make, signing_input
from tests.factories import Region, Someone, stamp
from tests.integration.accounts.authenticator import Passkey

DAY = timedelta(days=1)


def raw(key: Ed25519PrivateKey) -> bytes:
    """Return a raw public key."""
    return key.public_key().public_bytes_raw()


@dataclass
class Life:
    """One State's coordinator and officers, and somebody whom they designate."""

    region: Region
    state: str = "SV"
    now: datetime = field(init=False)
    coordinator: Someone = field(init=False)
    one: Someone = field(init=False)
    two: Someone = field(init=False)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    designation: UUID = field(default_factory=uuid4)
    client: Client = field(default_factory=Client)
    alone: bool = False  # whether nobody coordinates: then the ministry nominates whoever will

    def __post_init__(self) -> None:
        self.now = self.region.now
        seat = self.region.seat(self.state)
        self.coordinator = seat.coordinator
        self.one = self.region.person(self.state, "ministry")
        self.two = self.region.person(self.state, "ministry")

    # ------------------------------------------------------------ who acts, and on what

    def acting(self, who: Someone) -> dict[str, Any]:
        """Return the arguments of an act that somebody does now, with a fresh proof."""
        self.region.session(who, now=self.now)
        return {"actor": who.actor, "now": self.now}

    @property
    def row(self) -> Designation:
        return Designation.objects.get(id=self.designation)

    @property
    def stage(self) -> str:
        return reading.shown_stage(self.row, reading.person_of(self.row), self.now).value

    @property
    def person(self) -> Person:
        return Person.objects.get(id=self.row.person)

    def said(self, **changes: Any) -> Draft:
        """Return a draft; `changes` override what is usual."""
        usual = Draft(
            name="Ana Pérez",
            post="Fiscal de enlace",
            office=self.region.seat(self.state).office.id,
            roles=["liaison"],
            functions=sorted(carried_before(changes.get("roles", ["liaison"]))),
            languages=["es"],
            scope=["smuggling-of-migrants"],
            region="Frontera occidental",
            deputy=None,
            starts=self.now - timedelta(hours=1),
            until=self.now + 180 * DAY,
            urgent=False,
        )
        return replace(usual, **changes)

    # ------------------------------------------------------------ the steps

    def draft(self, by: Someone | None = None, **changes: Any) -> UUID:
        by = by or self.coordinator
        self.designation = services.draft_designation(said=self.said(**changes), **self.acting(by))
        return self.designation

    def change(self, by: Someone | None = None, **changes: Any) -> None:
        services.change_designation(
            designation=self.designation,
            said=self.said(**changes),
            **self.acting(by or self.coordinator),
        )

    def ask(self, agency: str = "police", by: Someone | None = None) -> UUID:
        return services.ask_consultation(
            designation=self.designation, agency=agency, **self.acting(by or self.coordinator)
        )

    def answer(
        self,
        consultation: UUID,
        outcome: str = "no-objection",
        by: Someone | None = None,
        date: date | None = None,
    ) -> None:
        services.answer_consultation(
            designation=self.designation,
            consultation=consultation,
            outcome=outcome,
            date=date or self.now.date(),
            digest="ab" * 32,
            **self.acting(by or self.coordinator),
        )

    def withdraw(self, consultation: UUID, by: Someone | None = None) -> None:
        services.withdraw_consultation(
            designation=self.designation,
            consultation=consultation,
            **self.acting(by or self.coordinator),
        )

    def close(self, by: Someone | None = None) -> None:
        services.close_consultation(
            designation=self.designation, **self.acting(by or self.coordinator)
        )

    def nomination(self, by: Someone | None = None, **changes: Any) -> dict[str, Any]:
        """Return a nomination of the draft as it is; `changes` override what it says."""
        by = by or self.coordinator
        fields = saying.fields_of(self.row, self.now) | {
            "serial": str(uuid4()),
            "issued": stamp(self.now),
        }
        return as_wire(make("designation", fields | changes, [by.key]))

    def nominate(self, by: Someone | None = None, **changes: Any) -> None:
        by = by or self.coordinator
        services.nominate(
            designation=self.designation,
            statement=self.nomination(by, **changes),
            **self.acting(by),
        )

    def hand(self, by: Someone, *, body: bytes | None = None) -> dict[str, Any]:
        """Return an officer's hand under the present body, or another."""
        shown = body if body is not None else bytes(self.row.body or b"")
        return {
            "digest": saying.body_digest(shown),
            "key": raw(by.key),
            "signature": by.key.sign(signing_input("designation", shown)),
        }

    def approve(self, by: Someone, **changes: Any) -> None:
        services.approve(
            designation=self.designation, **(self.hand(by) | changes), **self.acting(by)
        )

    def code(self, by: Someone | None = None) -> str:
        code, _ = services.make_code(
            designation=self.designation, **self.acting(by or self.coordinator)
        )
        return code

    def post(self, path: str, body: Any) -> Any:
        """Post to the API in the new person's browser."""
        buckets.clear()
        return self.client.post(f"/api{path}", data=body, content_type="application/json")

    def begin(self, code: str) -> Any:
        return self.post("/enrolment/begin", {"code": code})

    def enrol(self, code: str, passkey: Passkey | None = None) -> Any:
        """Enrol with a code in a browser; the clock has to stand where this life stands."""
        began = self.begin(code)
        assert began.status_code == 200, began.content
        made = (passkey or Passkey()).make(began.json()["options"])
        return self.post("/enrolment/finish", {"code": code, "name": "Llave", "credential": made})

    def proof(self, key: Ed25519PrivateKey | None = None) -> dict[str, bytes]:
        key = key or self.key
        said = enrolling.proof_input(self.row, raw(key))
        return {"key": raw(key), "proof": key.sign(said)}

    def offer(self, key: Ed25519PrivateKey | None = None) -> Any:
        """Offer a key in the new person's browser."""
        return self.post(
            "/enrolment/key", {name: to_b64u(value) for name, value in self.proof(key).items()}
        )

    def binding(
        self, by: Someone | None = None, *, key: Ed25519PrivateKey | None = None, **changes: Any
    ) -> dict[str, Any]:
        by, key = by or self.coordinator, key or self.key
        fields = {
            "serial": str(uuid4()),
            "issued": stamp(self.now),
            "state": self.state,
            "person": str(self.row.person),
            "key": public(key),
            "words": fingerprint(raw(key)),
            "designation": str(self.row.serial),
        }
        return as_wire(make("binding", fields | changes, [by.key]))

    def bind(self, by: Someone | None = None, statement: dict[str, Any] | None = None) -> None:
        by = by or self.coordinator
        services.bind(
            designation=self.designation,
            statement=statement or self.binding(by),
            **self.acting(by),
        )

    # ------------------------------------------------------------ so far

    def consulted(self, **changes: Any) -> Life:
        by = self.nominator(changes)
        self.draft(by, **changes)
        self.answer(self.ask(by=by), by=by)
        self.close(by)
        return self

    def nominated(self, **changes: Any) -> Life:
        self.consulted(**changes).nominate(self.nominator(changes))
        return self

    def nominator(self, changes: dict[str, Any]) -> Someone:
        """Return who drafts and nominates somebody: the coordinator, or an officer."""
        roles = set(changes.get("roles", ["liaison"]))
        officers = self.alone or not roles & {"liaison", "coordinator"}
        return self.one if officers and "liaison" not in roles else self.coordinator

    def approved(self, **changes: Any) -> Life:
        self.nominated(**changes)
        self.approve(self.one)
        self.approve(self.two)
        return self

    def binder(self) -> Someone:
        return self.one if "coordinator" in self.row.role_list else self.coordinator

    def enrolled(self, **changes: Any) -> Life:
        self.approved(**changes)
        answer = self.enrol(self.code(self.binder()))
        assert answer.status_code == 200, answer.content
        answer = self.offer()
        assert answer.status_code == 200, answer.content
        return self

    def active(self, **changes: Any) -> Life:
        self.enrolled(**changes).bind(self.binder())
        return self

    @property
    def someone(self) -> Someone:
        """The designated person, as a test knows people."""
        person = self.person
        known = (str(person.id), str(person.account_id), self.state, person.role_set, self.key)
        return Someone(*known, functions=person.function_set)

    # ------------------------------------------------------------ stopped, and in again

    def suspend(self) -> None:
        """Suspend the person without a signature."""
        self.region.end(self.someone, suspended_at=self.now)

    def reinstatement(self, by: Someone, **changes: Any) -> dict[str, Any]:
        fields = {
            "serial": str(uuid4()),
            "issued": stamp(self.now),
            "state": self.state,
            "person": str(self.row.person),
            "revokes": revocation_of(self.person) or NOT_SIGNED,
        }
        return as_wire(make("reinstatement", fields | changes, [by.key]))

    def reinstate(self, by: Someone, statement: dict[str, Any]) -> None:
        services.reinstate(person=self.row.person, statement=statement, **self.acting(by))


def countersigned(statement: dict[str, Any], by: Someone) -> dict[str, Any]:
    """Return the same body with another person's signature alone."""
    body = from_b64u(statement["body"], most=8192)
    signature = by.key.sign(signing_input(statement["type"], body))
    hand = {"key": public(by.key), "signature": to_b64u(signature)}
    return {**statement, "signatures": [hand]}


def enter(client: Client, region: Region, who: Someone) -> None:
    """Open a session in a browser."""
    client.cookies[settings.SESSION_COOKIE_NAME] = region.session(who)


def canonical(value: Any) -> bytes:
    """Return RFC 8785 bytes."""
    return rfc8785.dumps(value)
