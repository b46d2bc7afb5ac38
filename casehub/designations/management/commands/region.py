"""`manage.py region`: what begins a region before there is anybody in it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils import timezone
from ruamel.yaml import YAML

from casehub import startup
from casehub.core.actor import Actor
from casehub.core.errors import DomainError
from casehub.core.run import one_writer
from casehub.designations import policies, services
from casehub.designations.queries import regional
from casehub.directory import queries as directory
from casehub.directory import services as directory_services
from casehub.directory.models import Office

INSTALLATION = Actor(
    id="", account="", state="", roles=frozenset(), office="installation", session=""
)


class Command(BaseCommand):
    """
    Each subcommand is one act, with its event in the log, of the installation; `terms` reads.

    Nothing of it gives authority over what is encrypted: an officer counts by the root's signature,
    everybody else of a State by officers', and whoever serves the region holds no key that counts.
    docs/operations.md tells the order.
    """

    help = "Enter States and ministries, invite officers, carry in what a ceremony made."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be done."""
        does = parser.add_subparsers(dest="what", required=True)
        does.add_parser("states", help="enter the eleven States, once")
        office = does.add_parser("office", help="enter an office of a State; prints its id")
        office.add_argument("--state", default="", help="none: of the kind regional")
        office.add_argument("--kind", required=True, choices=[one.value for one in Office.Kind])
        office.add_argument("--name", required=True)
        office.add_argument("--telephone", default="", help="public, e.g. '+503 2200 0000'")
        officer = does.add_parser("officer", help="invite an officer of a ministry")
        officer.add_argument("--state", required=True)
        officer.add_argument("--office", required=True, type=UUID, help="the ministry's id")
        officer.add_argument("--name", required=True)
        officer.add_argument("--post", required=True)
        officer.add_argument("--languages", default="es", help="comma-separated, e.g. en,es")
        member = does.add_parser("member", help="invite somebody who will serve the region")
        member.add_argument("--role", required=True, choices=sorted(policies.REGIONAL))
        member.add_argument("--office", required=True, type=UUID, help="the regional office's id")
        member.add_argument("--name", required=True)
        member.add_argument("--post", required=True)
        member.add_argument("--languages", default="es", help="comma-separated, e.g. en,es")
        admit = does.add_parser("admit", help="let a member serve for a year from today")
        admit.add_argument("person", type=UUID)
        admit.add_argument("--words", required=True, help="the six words that they read to you")
        out = does.add_parser("dismiss", help="let somebody out who serves the region, for good")
        out.add_argument("person", type=UUID)
        does.add_parser(
            "terms", help="list who serves the region, did, or was invited to, and until when"
        )
        again = does.add_parser("code", help="another code for somebody who has not enrolled")
        again.add_argument("person", type=UUID)
        enter = does.add_parser("enter", help="carry in statements of a ceremony, roots first")
        enter.add_argument("files", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of them."""
        del args
        self._done = False
        does: dict[str, Callable[[dict[str, Any]], None]] = {
            "states": self._states,
            "office": self._office,
            "officer": self._officer,
            "member": self._member,
            "admit": self._admit,
            "dismiss": self._dismiss,
            "terms": self._terms,
            "code": self._code,
            "enter": self._enter,
        }
        against = startup.why_another_s_data(settings)
        if against is not None:
            raise CommandError(f"Nothing was done: {against}.")
        try:
            with one_writer():
                does[options["what"]](options)
        except (OperationalError, ProgrammingError) as error:  # no table, or nobody who answers
            why = str(error).strip().partition("\n")[0]
            # Each of several is an act of its own: those that are named above stay done.
            what = "No more was done than is said above" if self._done else "Nothing was done"
            message = (
                f"{what}: the database cannot be worked in. Is it set up? Run manage.py"
                f" migrate, in PostgreSQL manage.py database_roles as well ({why})."
            )
            raise CommandError(message) from error
        except DomainError as refusal:
            said = refusal.as_body("en")
            message = f"{said['code']}: {said['message']} {said['do']}"
            raise CommandError(message) from refusal

    def _states(self, options: dict[str, Any]) -> None:
        del options
        raw = files("casehub.directory").joinpath("data/states.yaml").read_text(encoding="utf-8")
        known = directory.state_codes()
        for state in YAML(typ="safe", pure=True).load(raw):
            if state["code"] in known:
                continue
            names = {f"name_{language}": state[language] for language in ("es", "en", "fr")}
            directory_services.enter_state(
                code=state["code"], actor=INSTALLATION, now=timezone.now(), **names
            )
            self._done = True
            self.stdout.write(f"entered {state['code']}")

    def _office(self, options: dict[str, Any]) -> None:
        made = directory_services.enter_office(
            state=options["state"],
            kind=options["kind"],
            name=options["name"],
            telephone=options["telephone"],
            actor=INSTALLATION,
            now=timezone.now(),
        )
        self.stdout.write(str(made))

    def _officer(self, options: dict[str, Any]) -> None:
        invited = services.invite_officer(
            state=options["state"],
            office=options["office"],
            name=options["name"],
            post=options["post"],
            languages=options["languages"].split(","),
            actor=INSTALLATION,
            now=timezone.now(),
        )
        self._tell(*invited)

    def _member(self, options: dict[str, Any]) -> None:
        invited = services.invite_regional(
            office=options["office"],
            role=options["role"],
            name=options["name"],
            post=options["post"],
            languages=options["languages"].split(","),
            actor=INSTALLATION,
            now=timezone.now(),
        )
        self._tell(*invited)

    def _admit(self, options: dict[str, Any]) -> None:
        until = services.admit_regional(
            person=options["person"],
            heard=options["words"],
            actor=INSTALLATION,
            now=timezone.now(),
        )
        self.stdout.write(f"serves until {until:%Y-%m-%d %H:%M} UTC")

    def _dismiss(self, options: dict[str, Any]) -> None:
        ended = services.dismiss_regional(
            person=options["person"], actor=INSTALLATION, now=timezone.now()
        )
        self.stdout.write(f"serves no more; sessions ended: {ended}")

    def _terms(self, options: dict[str, Any]) -> None:
        del options
        for one in regional.regional_terms(timezone.now()):
            soon = "" if one["reminder"] is None else f"   ends within {one['reminder']} days"
            until = "" if one["until"] is None else f" until {one['until']:%Y-%m-%d}"
            line = f"{one['person']} {one['role']:16} {one['stage']:9}{until}{soon}"
            self.stdout.write(f"{line}   {one['name']}, {one['office']}")

    def _code(self, options: dict[str, Any]) -> None:
        person, now = options["person"], timezone.now()
        again = (
            services.invite_regional_again
            if regional.is_regional(person)
            else services.invite_officer_again
        )
        self._tell(*again(person=person, actor=INSTALLATION, now=now))

    def _tell(self, person: UUID, code: str, until: Any) -> None:
        self.stdout.write(f"person {person}")
        self.stdout.write(f"code   {code}   until {until:%Y-%m-%d %H:%M} UTC, once")
        self.stdout.write("Hand it over in person or by official letter, and keep no copy.")

    def _enter(self, options: dict[str, Any]) -> None:
        for name in options["files"]:
            try:
                statement = json.loads(Path(name).read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                message = f"{name} cannot be read as a statement"
                raise CommandError(message) from error
            digest = services.enter_from_ceremony(
                statement=statement, actor=INSTALLATION, now=timezone.now()
            )
            self._done = True
            self.stdout.write(f"entered {name}: {digest}")
