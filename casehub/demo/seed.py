"""Making the demo region through the same services that a real one uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.hashers import make_password
from ruamel.yaml import YAML

from casehub.accounts import services as accounts
from casehub.cases import services as cases
from casehub.cases.models import Joining
from casehub.cases.queries import digest_of_joining
from casehub.core.actor import Actor
from casehub.designations import services as designations
from casehub.directory import queries as directory
from casehub.directory import services as directory_services
from casehub.directory.statements import Statement

from .ceremony import BOUND, Cast, perform, term_of
from .directory import SCOPE, furnish, keep_hours, telephone_of
from .keys import KeyRing, root_of
from .people import (
    DEPUTIES,
    KINDS,
    LANGUAGES,
    POSTS,
    REGIONAL_POSTS,
    Post,
    name_of,
    office_of,
    region_of,
    title_of,
)

PASSWORD = "demostracion-regional"  # noqa: S105 - the demo tells it to everyone
INSTALLATION = Actor(
    id="", account="", state="", roles=frozenset(), office="installation", session=""
)
UNREAD = 3  # notices that wait for the States when the demo begins
SHELLS = (
    ("SV", ("SV", "GT", "MX"), (("GT", "enlace1"), ("MX", "enlace1"))),
    ("MX", ("MX", "US"), (("US", "enlace1"),)),
    ("PA", ("PA", "CR", "NI", "HN"), (("CR", "enlace1"), ("HN", "enlace2"))),
)


class Seeder:
    """Makes everything once; a region that already has people is left alone."""

    def __init__(self, now: datetime, tell: Callable[[str], None]) -> None:
        self._now = now
        self._tell = tell
        self._hash = make_password(PASSWORD)
        self._persons: dict[str, UUID] = {}
        self._keys: dict[str, Ed25519PrivateKey] = {}

    def run(self) -> bool:
        """Seed the region; False if it was there already."""
        if directory.state_codes():
            return False
        raw = files("casehub.directory").joinpath("data/states.yaml").read_text(encoding="utf-8")
        states: list[dict[str, str]] = YAML(typ="safe", pure=True).load(raw)
        self._tell("11 States, their offices and fictional people")
        for number, state in enumerate(states):
            names = {f"name_{lang}": state[lang] for lang in ("es", "en", "fr")}
            directory_services.enter_state(
                code=state["code"], actor=INSTALLATION, now=self._now, **names
            )
            self._people(state["code"], number)
        self._regional(len(states))
        KeyRing().keep(self._keys)
        self._tell("case shells")
        self._shells()
        self._take_note([state["code"] for state in states])
        return True

    def _person(self, state: str, post: Post, *, office: UUID, number: int, index: int) -> UUID:
        username = f"{(state or 'reg').lower()}.{post.handle}"
        account = accounts.open_account(
            username=username,
            state=state,
            password_hash=self._hash,
            actor=None,
            now=self._now,
        )
        accounts.enrol_totp(
            account=account, key=uuid4().bytes + uuid4().bytes[:4], actor=None, now=self._now
        )
        person = directory_services.enter_person(
            account=account.id,
            state=state,
            office=office,
            name=name_of(state, number, index),
            post=title_of(post, state),
            roles=[post.role],
            functions=post.functions,
            languages=LANGUAGES.get(state, "es").split(","),
            scope=SCOPE if post.role in {"liaison", "coordinator"} else (),
            valid_until=self._now + term_of(post.role),
            fictional=True,
            actor=INSTALLATION,
            now=self._now,
        )
        self._persons[username] = person
        return person

    def _people(self, state: str, number: int) -> None:
        offices = {
            kind: directory_services.enter_office(
                state=state,
                kind=kind,
                name=f"{office_of(kind, state)} ({state})",
                telephone=telephone_of(number, index),
                actor=INSTALLATION,
                now=self._now,
            )
            for index, kind in enumerate(KINDS, 1)
        }
        furnish(state, offices=offices, actor=self._office_of(state), now=self._now)
        cast = []
        for index, post in enumerate(POSTS):
            person = self._person(
                state, post, office=offices[post.office], number=number, index=index
            )
            key = Ed25519PrivateKey.generate()
            cast.append(
                Cast(
                    person,
                    post.role,
                    key,
                    name=name_of(state, number, index),
                    post=title_of(post, state),
                    office=offices[post.office],
                    agency=f"{office_of(post.office, state)} ({state})",
                    languages=LANGUAGES.get(state, "es").split(","),
                    region=region_of(post, state),
                    functions=post.functions,
                )
            )
            keep_hours(person, post=post, state=state, actor=self._office_of(state), now=self._now)
            if post.role in BOUND | {"ministry"}:
                self._keys[str(person)] = key
        made = perform(
            state, root=root_of(state), cast=self._with_deputies(state, cast), now=self._now
        )
        for statement in made:
            directory_services.enter_statement(
                statement=statement, actor=INSTALLATION, now=self._now
            )
        self._terms(state, made)

    def _with_deputies(self, state: str, cast: Sequence[Cast]) -> list[Cast]:
        """Say who stands in for whom, once everybody is there to be named."""
        known = {
            self._persons[f"{state.lower()}.{handle}"]: self._persons[f"{state.lower()}.{deputy}"]
            for (code, handle), deputy in DEPUTIES.items()
            if code == state
        }
        return [replace(one, deputy=known.get(one.person)) for one in cast]

    def _terms(self, state: str, made: Sequence[Statement]) -> None:
        """Let whoever has a key be renewed, and let in again, by those who designated them."""
        bound = {one.fields["designation"]: one for one in made if one.type == "binding"}
        for one in made:
            binding = bound.get(one.fields["serial"])
            if one.type == "officer" or binding is not None:
                drafter = self._persons[f"{state.lower()}.cancilleria1"]
                designations.adopt_term(
                    signed=one,
                    binding=binding,
                    drafter=drafter,
                    actor=self._office_of(state),
                    now=self._now,
                )

    @staticmethod
    def _office_of(state: str) -> Actor:
        """Return the installation as it writes for one State."""
        return replace(INSTALLATION, state=state)

    def _regional(self, number: int) -> None:
        office = directory_services.enter_office(
            state="",
            kind="regional",
            name="Secretaría técnica regional",
            telephone=telephone_of(number, 1),
            actor=INSTALLATION,
            now=self._now,
        )
        for index, post in enumerate(REGIONAL_POSTS):
            self._person("", post, office=office, number=number, index=index)

    def _shells(self) -> None:
        for owner, states, guests in SHELLS:
            actor = self._actor(f"{owner.lower()}.enlace1")
            case = cases.open_case(client_id=uuid4(), states=states, actor=actor, now=self._now)
            self._join(case, owner)
            for state, handle in guests:
                cases.add_person(
                    case=case,
                    client_id=uuid4(),
                    person=self._persons[f"{state.lower()}.{handle}"],
                    circles=[],
                    actor=actor,
                    now=self._now,
                )

    def _join(self, case: UUID, owner: str) -> None:
        """Have a case's proposals consented to and accepted, by the coordinations of the States."""
        asked = list(Joining.objects.filter(case=case).select_related("case").order_by("state"))
        for service, state_of in (
            (cases.consent_to_joining, lambda _: owner),
            (cases.accept_joining, lambda one: one.state),
        ):
            for one in asked:
                service(
                    joining=one.id,
                    digest=digest_of_joining(one),
                    actor=self._actor(f"{state_of(one).lower()}.coordinacion"),
                    now=self._now,
                )

    def _take_note(self, states: Sequence[str]) -> None:
        """Let each State have taken note of how the region began, but for the newest notices."""
        told = directory.notices_for(self._actor(f"{states[0].lower()}.enlace1"), now=self._now)
        for state in states:
            directory_services.acknowledge_notices(
                notice=told[UNREAD]["id"],
                actor=self._actor(f"{state.lower()}.enlace1"),
                now=self._now,
            )

    def _actor(self, username: str) -> Actor:
        person = directory.card_of(str(self._persons[username]))
        return Actor(
            id=str(person["id"]),
            account="",
            state=person["state"],
            roles=frozenset(person["roles"]),
            office=person["office"],
            session="",
        )
