"""A region that served for a moment, its backup, and empty places to restore into."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import Note
from casehub.backups import recipients
from tests.servers.casehub_server import PROJECT, CaseHub, Place
from tests.servers.configurations import SEQUENCER_ROLE, WEB_ROLE

SECONDS = 60
CHEAP = {"n": 2**4, "r": 8, "p": 1}  # the same code, in a millisecond
PHRASES = {"SV": "seis palabras de El Salvador", "MX": "seis palabras de México, otras"}
CANARY = b"canario-que-nadie-ve"


def anchored(place):
    """Return the notes in a place's anchor, by origin."""
    files = [one for one in (place.data / "anchor").glob("*") if one.suffix not in {".new", ""}]
    notes = {one: one.read_text() for one in files if one.name.startswith(("audit.", "dir."))}
    return {Checkpoint.parse(Note.parse(n).text).origin: n for n in notes.values()}


def size_of(note):
    return Checkpoint.parse(Note.parse(note).text).size


def serve_until_signed(place):
    """Serve until both logs are signed, then end."""
    with CaseHub(place):
        deadline = time.monotonic() + SECONDS
        while len(anchored(place)) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@dataclass
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    error: str


@dataclass
class Backups:
    """Commands about backups, in places; `keys` are the files of two States."""

    configuration: object
    home: Path
    recipients: Path
    keys: dict[str, Path]

    def run(self, place, *arguments, typed="", **environment):
        path = []
        if self.configuration.name == "full":
            path = [str(self.configuration.postgres.programs / "bin")]
        more = {**place.owner, **environment}
        here = place.environment(**more)
        done = subprocess.run(
            [sys.executable, PROJECT / "manage.py", *map(str, arguments)],
            env={**here, "PATH": ":".join([*path, here["PATH"]])},
            cwd=PROJECT,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def make(self, place, to):
        made = self.run(place, "backup", "--to", to, "--recipients", self.recipients)
        assert made.code == 0, made.error
        return made

    def restore(self, place, file, *more, **environment):
        typed = "".join(f"{PHRASES[state]}\n" for state in self.keys)
        chosen = ["--keys", *self.keys.values()]
        return self.run(
            place, "restore", "--from", file, *chosen, *more, typed=typed, **environment
        )

    def grant(self, place):
        """Do what follows on a restore in PostgreSQL, as after every migration."""
        if place.owner:
            roles = ("--app", WEB_ROLE, "--sequencer", SEQUENCER_ROLE)
            place.manage("database_roles", *roles, **place.owner)

    def empty(self, of):
        """Return an empty place with what an operator keeps apart: secrets and signing keys."""
        data = Path(self.home / f"empty-{sum(1 for _ in self.home.iterdir())}")
        for name in ("demo", "log-keys"):
            shutil.copytree(of.data / name, data / name)
        if self.configuration.name == "embedded":
            return replace(of, data=data)
        return self.configuration._place(data, self.configuration.postgres.create())


@pytest.fixture(scope="module")
def backups(configuration, tmp_path_factory):
    home = tmp_path_factory.mktemp("backups")
    keys = {}
    for state, words in PHRASES.items():
        keys[state] = home / f"{state}.key"
        keys[state].write_text(recipients.make(state, passphrases=[words], cost=CHEAP))
    lines = [str(recipients.of_file(file.read_text())[0]) for file in keys.values()]
    (home / "recipients").write_text("\n".join(lines))
    return Backups(configuration, home, home / "recipients", keys)


def piece(body):
    return f"{'0' * 8}-0000-4000-8000-{'0' * 12}/00000-{sha256(body).hexdigest()}"


@pytest.fixture(scope="module")
def region(configuration):
    """A region whose log was signed, with a file's piece."""
    place: Place = configuration.fresh()
    serve_until_signed(place)
    lies = place.data / "attachments" / piece(CANARY)
    lies.parent.mkdir(parents=True)
    lies.write_bytes(CANARY)
    return place


@pytest.fixture(scope="module")
def made(backups, region):
    """Its backup."""
    file = backups.home / "region.backup"
    backups.make(region, file)
    return file
