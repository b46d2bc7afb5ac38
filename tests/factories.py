"""
Making what tests need: a State with its chain of statements, people, devices, sessions, threads.

Everything goes through the models and the ceremony's own statements, with fixed ids where a vector
names them. Each test makes its own region, whose times follow from its `now`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.hashers import make_password
from django.db import transaction

import audit.services
from audit.events import Event, type_registry
from casehub.accounts.models import Account, Level, Session, SignIn
from casehub.accounts.sealing import new_token, token_hash
from casehub.cases import services as cases
from casehub.cases.models import Circle, Joining
from casehub.core.actor import Actor
from casehub.core.frames import from_b64u, to_b64u
from casehub.core.models import HeadRow
from casehub.demo.ceremony import Cast, Ceremony, perform, public
from casehub.demo.keys import root_of
from casehub.directory.events import StatementEntered
from casehub.directory.functions import carried_before
from casehub.directory.models import Device, Office, Person, SignedStatement, State
from casehub.directory.statements import ROLES, Statement, as_wire, make, parse
from messaging import chain
from messaging.models import Group, Leaf
from requests_mla.models import Request
from tests.joining import consented, joined

PASSWORD = "correct horse battery staple"
HASH = make_password(PASSWORD)
YEAR = timedelta(days=365)
DEVICE = timedelta(days=182)


def stamp(at: datetime) -> str:
    """Return an instant as statements write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


BLANK = {"str": "", "int": 0, "bool": False, "str | None": None, "int | None": None}


def blank(kind: type[Event]) -> Event:
    """Return an event of a kind that says nothing."""
    return kind(**{one.name: BLANK.get(str(one.type), ()) for one in fields(kind)})


@dataclass
class Someone:
    """A person, their account and identity key, and the device they work as."""

    person: str
    account: str
    state: str
    roles: frozenset[str]
    key: Ed25519PrivateKey
    session: str = ""
    device: str | None = None
    functions: frozenset[str] = frozenset()

    @property
    def id(self) -> UUID:
        return UUID(self.person)

    @property
    def actor(self) -> Actor:
        same = ("account", "state", "roles", "session", "device", "functions")
        told = {name: getattr(self, name) for name in same}
        return Actor(id=self.person, office="Fiscalía", **told)


@dataclass
class Seat:
    """A State's office, its two officers and its coordinator."""

    office: Office
    officers: list[Ed25519PrivateKey]
    ministry: list[Someone]  # the persons whose keys these are
    coordinator: Someone


@dataclass
class Region:
    """States as they come to be needed."""

    now: datetime
    seats: dict[str, Seat] = field(default_factory=dict)
    carried: frozenset[str] | None = None  # by whoever comes next; None: what their roles did

    @property
    def start(self) -> datetime:
        return self.now - timedelta(hours=1)

    def aged(self, *states: str) -> None:
        """Let these States have been here for two days: whoever comes now waits for a day."""
        now, self.now = self.now, self.now - timedelta(days=2)
        for state in states:
            self.seat(state)
        self.now = now

    def event(self, model: type[HeadRow] = Person) -> int:
        """Return the id of a new event, of a kind that a head row of this model leans on."""
        made = blank(type_registry[model.leans_on[0]])
        with transaction.atomic():
            return audit.services.record(made, actor="", at=self.now)

    @transaction.atomic
    def end(self, someone: Someone, **when: object) -> None:
        """Change until when a person acts, as an act that has no service yet would."""
        self.event()
        Person.objects.filter(id=someone.person).update(**when)

    @transaction.atomic
    def enter(self, statement: Statement) -> SignedStatement:
        """Enter a statement with an event that says so, as the service would."""
        said = StatementEntered(
            states=(statement.fields["state"],),
            type=statement.type,
            person=statement.person,
            digest=statement.digest,
        )
        return SignedStatement.objects.create(
            digest=statement.digest,
            type=statement.type,
            state=statement.fields["state"],
            person=statement.fields.get("person"),
            body=statement.body,
            signatures=as_wire(statement)["signatures"],
            entered_at=self.now,
            audit_event_id=audit.services.record(said, actor="", at=self.now),
        )

    @transaction.atomic
    def seat(self, code: str) -> Seat:
        """Return a State with its officers and coordinator, made at first need."""
        if code in self.seats:
            return self.seats[code]
        State.objects.create(
            code=code, name_es=code, name_en=code, name_fr=code, audit_event_id=self.event(State)
        )
        office = Office.objects.create(
            state_id=code, name=f"Fiscalía ({code})", audit_event_id=self.event(Office)
        )
        officers = [self._row(code, "ministry", office=office) for _ in range(2)]
        coordinator = self._row(code, "coordinator", office=office)
        people = (*officers, coordinator)
        cast = [self.cast(one, office) for one in people]
        for statement in perform(code, root=root_of(code), cast=cast, now=self.now):
            self.enter(statement)
        seat = Seat(office, [one.key for one in officers], officers, coordinator)
        self.seats[code] = seat
        return seat

    @transaction.atomic
    def person(self, state: str = "SV", *roles: str, known_as: str | None = None) -> Someone:
        """Return a new person, by default a liaison; an empty State makes a regional one."""
        roles = roles or ("liaison",)
        if not state:
            office = Office.objects.create(name="Secretaría", audit_event_id=self.event(Office))
            return self._row("", *roles, office=office)
        seat = self.seat(state)
        someone = self._row(state, *roles, office=seat.office, known_as=known_as)
        if "ministry" in roles:
            cast = self.cast(someone, seat.office)
            self.enter(Ceremony(state, now=self.now).officer(cast, by=root_of(state)))
        if not set(roles) <= set(ROLES):
            return someone
        designation = self.designation(someone, [seat.coordinator.key, *seat.officers])
        self.enter(designation)
        if {"liaison", "coordinator"} & set(roles):
            by = seat.officers[:1] if "coordinator" in roles else [seat.coordinator.key]
            self.enter(self.binding(someone, designation, by))
        return someone

    def _row(self, state: str, *roles: str, office: Office, known_as: str | None = None) -> Someone:
        held = carried_before(roles) if self.carried is None else self.carried
        account = Account.objects.create(
            username=f"u{uuid4().hex}",
            state=state,
            password=HASH,
            opened_at=self.now,
            audit_event_id=self.event(Account),
        )
        person = Person.objects.create(
            id=UUID(known_as) if known_as else uuid4(),
            account=account,
            state_id=state or None,
            office=office,
            name="Persona Ficticia",
            post="Fiscal",
            roles=",".join(sorted(roles)),
            functions=",".join(sorted(held)),
            languages="es",
            valid_until=self.now + YEAR,
            fictional=True,
            audit_event_id=self.event(Person),
        )
        key = Ed25519PrivateKey.generate()
        known = (str(person.id), str(account.id), state, frozenset(roles), key)
        return Someone(*known, functions=held)

    def _common(self, state: str) -> dict[str, object]:
        return {"serial": str(uuid4()), "issued": stamp(self.start), "state": state}

    def cast(self, someone: Someone, office: Office, **changes: object) -> Cast:
        """Return somebody as a ceremony knows them."""
        usual = {
            "person": someone.id,
            "role": min(someone.roles),
            "key": someone.key,
            "name": "Persona Ficticia",
            "post": "Fiscal",
            "office": office.id,
            "agency": "Fiscalía",
            "functions": someone.functions,
        }
        return Cast(**(usual | changes))

    def designation(self, someone: Someone, signers: Sequence[Ed25519PrivateKey]) -> Statement:
        made = Ceremony(someone.state, now=self.now).designation(
            self.cast(someone, self.seat(someone.state).office), by=[]
        )
        fields = dict(made.fields) | {"roles": sorted(someone.roles)}
        return make("designation", fields, signers)

    def binding(
        self, someone: Someone, designation: Statement, signers: Sequence[Ed25519PrivateKey]
    ) -> Statement:
        cast = self.cast(someone, self.seat(someone.state).office)
        return Ceremony(someone.state, now=self.now).binding(cast, designation, by=signers)

    def rekeyed(self, someone: Someone) -> None:
        """Vouch for another key of a person, as after a loss: they begin anew, and wait a day."""
        seat = self.seat(someone.state)
        found = SignedStatement.objects.filter(type="designation", person=someone.person)
        row = found.order_by("-audit_event_id")[0]
        wire = {"type": row.type, "body": to_b64u(row.body), "signatures": row.signatures}
        someone.key = Ed25519PrivateKey.generate()
        hands = [seat.coordinator.key, seat.officers[0]]
        self.enter(self.binding(someone, parse(wire), hands))

    def naming(
        self, someone: Someone, by: Ed25519PrivateKey | None = None, **fields: object
    ) -> Statement:
        """Return a statement by which a person names a device; `fields` override the usual ones."""
        usual = self._common(someone.state) | {
            "person": someone.person,
            "device": str(uuid4()),
            "signature_key": public(Ed25519PrivateKey.generate()),
            "history_key": public(Ed25519PrivateKey.generate()),
            "from": stamp(self.start),
            "until": stamp(self.now + DEVICE),
        }
        return make("device", usual | fields, [by or someone.key])

    def stopping(
        self, someone: Someone, *, by: Ed25519PrivateKey, kind: str = "suspended"
    ) -> Statement:
        """Return what stops a person."""
        whom = {"person": someone.person, "device": None, "kind": kind, "reason": "lost"}
        return make("revocation", self._common(someone.state) | whom, [by])

    @transaction.atomic
    def device(self, someone: Someone, **fields: object) -> str:
        """Register a device; the person works as it from now on."""
        statement = self.naming(someone, **fields)
        row = Device.objects.create(
            id=statement.fields["device"],
            person_id=someone.person,
            statement=self.enter(statement),
            signature_key=from_b64u(statement.fields["signature_key"], most=32),
            serial=statement.fields["serial"],
            added_at=self.now,
            until=self.now + DEVICE,
            audit_event_id=self.event(Device),
        )
        someone.device = str(row.id)
        return someone.device

    def equipped(self, state: str = "SV", *roles: str) -> Someone:
        """Return a new person who works as a device."""
        someone = self.person(state, *roles)
        self.device(someone)
        return someone

    @transaction.atomic
    def session(
        self, someone: Someone, *, level: str = Level.FULL.value, now: datetime | None = None
    ) -> str:
        """Open a session of a level and return its cookie's key; the person works in it."""
        key, at = new_token(), now or self.now
        full = level == Level.FULL
        row = Session.objects.create(
            key_hash=token_hash(key),
            account_id=someone.account,
            level=level,
            method="totp" if full else "",
            device=someone.device,
            created_at=at,
            started_at=at if full else None,
            verified_at=at if full else None,
            last_seen_at=at,
        )
        if full:
            SignIn.objects.create(
                account_id=someone.account,
                session=row.id,
                method="totp",
                device=someone.device,
                at=at,
                audit_event_id=self.event(SignIn),
            )
        someone.session = str(row.id)
        return key

    def case(self, owner: Someone, *others: Someone) -> UUID:
        """Open a case between the States of these people and let them in; return its id."""
        case = self.opened(owner, *(one.state for one in others))
        for one in others:
            cases.add_person(
                case=case,
                client_id=uuid4(),
                person=one.id,
                circles=[],
                actor=owner.actor,
                now=self.now,
            )
        return case

    def opened(self, owner: Someone, *states: str) -> UUID:
        """Open a case that these States have joined as well; return its id."""
        of = sorted({owner.state, *states})
        case = cases.open_case(client_id=uuid4(), states=of, actor=owner.actor, now=self.now)
        joined(case, coordinator=lambda code: self.seat(code).coordinator.actor, now=self.now)
        return case

    def consented(self, joining: Joining) -> Joining:
        """Have the coordination of a case's State consent to opening it to another one."""
        by = self.seat(joining.case.state).coordinator.actor
        return consented(joining, by=by, now=self.now)

    @transaction.atomic
    def thread(self, *members: Someone, case: UUID | None = None, epoch: int = 0) -> UUID:
        """
        Return a thread whose group has a leaf for the device of each of `members`.

        The first opens it, in a case of their own if none is given.
        """
        opener = members[0]
        within = case or self.case(*members)
        thread = cases.open_thread(
            case=within,
            client_id=uuid4(),
            people=[one.id for one in members],
            actor=opener.actor,
            now=self.now,
        )
        self.group(thread, *members, epoch=epoch)
        return thread

    @transaction.atomic
    def group(self, circle: UUID, *members: Someone, epoch: int = 0) -> Group:
        """Begin a group by rows alone: its public state is no MLS, so it takes no commit."""
        group = Group.objects.create(
            circle_id=circle,
            epoch=epoch,
            chain=chain.first(circle),
            info_chain=chain.first(circle),
            group_info=b"none",
            client_id=uuid4(),
            audit_event_id=self.event(Group),
        )
        Leaf.objects.bulk_create(
            Leaf(group=group, index=index, device_id=one.device, since_epoch=epoch)
            for index, one in enumerate(members)
            if one.device
        )
        return group


def title_of(case: UUID) -> UUID:
    """Return a case's title circle."""
    return Circle.objects.get(case_id=case, kind=Circle.Kind.CASE).id


def draft_of(request: UUID) -> UUID:
    """Return a request's drafting circle."""
    return Request.objects.get(id=request).circle_id
