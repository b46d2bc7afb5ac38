"""`manage.py ceremony`: a State's root key, offline; its officers; its successor."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import unicodedata
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casehub.ceremony import acts, keyfile
from casehub.ceremony.errors import CeremonyStopped
from casehub.ceremony.management import asking
from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u, to_b64u
from casehub.directory.fingerprints import words_of
from casehub.directory.statements import Statement, as_wire, parse

DAYS = 365


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read"
        raise CommandError(message) from error


def _write(path: str, text: str, *, secret: bool = False) -> None:
    """Write a new file: what is there already may be the only copy of a root."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    except FileExistsError as error:
        message = f"{path} is there already, and nothing here writes over a file"
        raise CommandError(message) from error
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise CommandError(message) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text + "T00:00:00Z", "%Y-%m-%dT%H:%M:%S%z")
    except ValueError as error:
        message = f"{text} is no day; write 2027-06-30"
        raise CommandError(message) from error


def _tell(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().rstrip("\n")


def _plain(words: str) -> str:
    """Return words without accents, capitals and odd spaces: not every keyboard has an ñ."""
    bare = unicodedata.normalize("NFD", words.casefold())
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


class Command(BaseCommand):
    """
    Everything here runs without a network and without a database.

    What is made are statements, to be carried to the server (`manage.py region enter`), and
    the file of roots that a build of the pages pins. A key file is written once, readable by its
    owner only, and nothing here ever overwrites a file.
    """

    help = "Make a State's root key offline, name its officers, pass on to the next root."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be done."""
        does = parser.add_subparsers(dest="what", required=True)
        root = does.add_parser("root", help="make a State's root key and its statement")
        root.add_argument("--state", required=True, help="two letters, e.g. SV")
        root.add_argument("--hands", type=int, choices=(1, 2), default=2, help="passphrases")
        root.add_argument("--approval", choices=acts.APPROVALS, default=acts.APPROVALS[0])
        root.add_argument("--key", required=True, help="the key file to write")
        root.add_argument("--out", required=True, help="the statement to write")

        officer = does.add_parser("officer", help="name an officer of the ministry")
        officer.add_argument("--key", required=True, help="the key file of the State's root")
        officer.add_argument("--request", required=True, help="the file from the officer's page")
        officer.add_argument("--until", help=f"last day (default: {DAYS} days from now)")
        officer.add_argument("--out", required=True, help="the statement to write")

        rotate = does.add_parser("rotate", help="make the next root, signed by both")
        rotate.add_argument("--key", required=True, help="the key file of the present root")
        rotate.add_argument("--new-key", required=True, help="the key file to write")
        rotate.add_argument("--hands", type=int, choices=(1, 2), default=2, help="passphrases")
        rotate.add_argument("--approval", choices=acts.APPROVALS, default=acts.APPROVALS[0])
        rotate.add_argument("--out", required=True, help="the statement to write")

        roots = does.add_parser("roots", help="gather statements of roots into the file to pin")
        roots.add_argument("statements", nargs="+")
        roots.add_argument("--out", required=True, help="the file that CASEHUB_ROOTS names")

        show = does.add_parser("show", help="say in words what a file holds")
        show.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of them."""
        del args
        does: dict[str, Callable[[dict[str, Any]], None]] = {
            "root": self._root,
            "officer": self._officer,
            "rotate": self._rotate,
            "roots": self._roots,
            "show": self._show,
        }
        try:
            does[options["what"]](options)
        except CeremonyStopped as reason:
            raise CommandError(str(reason)) from reason

    def _new_key(self, state: str, *, hands: int, path: str) -> Ed25519PrivateKey:
        if not re.fullmatch(r"[A-Z]{2}", state):
            raise CeremonyStopped("A State is two capital letters, e.g. SV.")
        passphrases = asking.new_passphrases(hands, f"the new root of {state}")
        key = Ed25519PrivateKey.generate()
        text = keyfile.seal(
            key,
            state=state,
            passphrases=passphrases,
            salt=secrets.token_bytes(keyfile.SALT),
            nonce=secrets.token_bytes(keyfile.NONCE),
        )
        _write(path, text, secret=True)
        # Read back from the disk and opened, before anybody relies on it.
        return keyfile.unseal(_read(path), passphrases=passphrases)

    @staticmethod
    def _open(path: str) -> tuple[str, Ed25519PrivateKey]:
        text = _read(path)
        head = keyfile.read(text)
        given = asking.passphrases(head["hands"], f"the root of {head['state']}")
        return str(head["state"]), keyfile.unseal(text, passphrases=given)

    def _give(self, statement: Statement, path: str) -> None:
        _write(path, json.dumps(as_wire(statement), indent=1) + "\n")
        self.stdout.write(f"Written: {path}, {statement.type}, digest {statement.digest}")

    def _root(self, options: dict[str, Any]) -> None:
        state = options["state"]
        key = self._new_key(state, hands=options["hands"], path=options["key"])
        statement = acts.root(
            state,
            key=key,
            approval=options["approval"],
            serial=str(uuid4()),
            now=timezone.now(),
        )
        self._give(statement, options["out"])
        self._words("The root's", key.public_key().public_bytes_raw())

    def _officer(self, options: dict[str, Any]) -> None:
        request = acts.read_request(_read(options["request"]))
        self.stdout.write(f"{request.name}, {request.post}, {request.state}")
        # Typed, not shown: who reads them from the screen compares nothing.
        said = _tell("Type the six words that the officer reads aloud from their page: ")
        if _plain(said) != _plain(words_of(request.key)):
            raise CeremonyStopped(
                "These are not the words of the key in the file. Somebody may have put another "
                "file in its place: stop, and get the file anew, from the officer's own hands."
            )
        state, key = self._open(options["key"])
        now = timezone.now()
        until = _day(options["until"]) if options["until"] else now + timedelta(days=DAYS)
        statement = acts.officer(
            request, state=state, key=key, serial=str(uuid4()), now=now, until=until
        )
        self._give(statement, options["out"])

    def _rotate(self, options: dict[str, Any]) -> None:
        state, old = self._open(options["key"])
        self.stdout.write("Now the passphrases of the new key.")
        new = self._new_key(state, hands=options["hands"], path=options["new_key"])
        statement = acts.successor(
            state,
            old=old,
            new=new,
            approval=options["approval"],
            serial=str(uuid4()),
            now=timezone.now(),
        )
        self._give(statement, options["out"])
        self._words("The new root's", new.public_key().public_bytes_raw())

    def _roots(self, options: dict[str, Any]) -> None:
        found: dict[str, str] = {}
        for path in options["statements"]:
            statement = self._statement(path)
            state, key = str(statement.fields["state"]), str(statement.fields["key"])
            if statement.type != "state-root" or key not in statement.signers:
                message = f"{path} is not a root's own statement."
                raise CeremonyStopped(message)
            if found.setdefault(state, key) != key:
                message = f"Two roots of {state}: give the one that is to be pinned."
                raise CeremonyStopped(message)
        _write(options["out"], json.dumps(dict(sorted(found.items())), indent=1) + "\n")
        for state, key in sorted(found.items()):
            self._words(state, from_b64u(key, most=32))

    def _show(self, options: dict[str, Any]) -> None:
        text = _read(options["file"])
        try:
            head = keyfile.read(text)
        except CeremonyStopped:
            statement = self._statement(options["file"])
            self.stdout.write(f"{statement.type}, digest {statement.digest}")
            self.stdout.write(json.dumps(dict(statement.fields), indent=1, ensure_ascii=False))
            for signature in statement.signatures:
                good = "good" if to_b64u(signature.key) in statement.signers else "NOT GOOD"
                self._words(f"Signature, {good}, by", signature.key)
            return
        self.stdout.write(f"Key file of the root of {head['state']}, {head['hands']} passphrases")
        self._words("Its public half:", from_b64u(head["public"], most=32))

    @staticmethod
    def _statement(path: str) -> Statement:
        try:
            return parse(json.loads(_read(path)))
        except (ValueError, DomainError) as error:
            message = f"{path} holds no statement."
            raise CeremonyStopped(message) from error

    def _words(self, whose: str, key: bytes) -> None:
        self.stdout.write(f"{whose} six words: {words_of(key)}")
