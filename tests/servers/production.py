"""A region that is no demo, begun step by step as docs/operations.md tells an operator."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.region.private import spare_port

from .casehub_server import PROJECT, CaseHub, Place
from .tls import Certificate, TlsFront

FRONTEND = PROJECT / "frontend"
ONE, TWO = "seis palabras que nadie más sabe", "otras seis de la segunda persona"


@dataclass(frozen=True)
class Ministry:
    """A machine without a network, in a ministry: no settings, and a State's root key."""

    state: str
    folder: Path

    def ceremony(self, *arguments: str, said: tuple[str, ...] = ()) -> str:
        """
        Hold one ceremony, typing these lines; return what it showed.

        :raises RuntimeError: with that, if it was stopped.
        """
        done = subprocess.run(
            [sys.executable, str(PROJECT / "manage.py"), "ceremony", *arguments],
            cwd=self.folder,
            input="".join(f"{line}\n" for line in said),
            env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            message = f"ceremony {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
            raise RuntimeError(message)
        return done.stdout

    def make_root(self) -> Path:
        """Make the State's root key and return its statement's file."""
        made = self.folder / f"{self.state.lower()}-root.json"
        self.ceremony(
            *("root", "--state", self.state, "--key", "root.key", "--out", made.name),
            said=(ONE, ONE, TWO, TWO),
        )
        return made

    def name_officer(self, request: Path, words: list[str]) -> Path:
        """Name an officer by the file from their page and the words that they read aloud."""
        made = request.with_suffix(".officer.json")
        self.ceremony(
            *("officer", "--key", "root.key", "--request", str(request), "--out", str(made)),
            said=(" ".join(words), ONE, TWO),
        )
        return made


class Production:
    """
    The place of a region in which there is nobody yet, and its server behind TLS.

    `invite` lets an officer in with a code, `enter` carries in what a ceremony made.
    """

    def __init__(self, home: Path, *states: str) -> None:
        self.ministries = {state: Ministry(state, home / state.lower()) for state in states}
        for ministry in self.ministries.values():
            ministry.folder.mkdir(parents=True)
        self.certificate = Certificate(home)
        self._home, self._port = home, spare_port()
        data = home / "data"
        data.mkdir()
        settings = {
            "CASEHUB_DEMO": "0",
            "CASEHUB_ORIGINS": f"https://localhost:{self._port}",
            "CASEHUB_SECRET_KEY": secrets.token_urlsafe(48),
            "CASEHUB_EVENTS_KEY": base64.b64encode(secrets.token_bytes(32)).decode("ascii"),
            "CASEHUB_ANCHOR": str(home / "anchor"),
            "CASEHUB_SIGNING": str(home / "log-keys"),
            "CASEHUB_ROOTS": str(home / "roots.json"),
            "CASEHUB_FRONTEND": str(home / "pages"),
            "CASEHUB_OPERATOR": "Secretaría de prueba",
        }
        self.place = Place("production", data, settings)
        self._offices: dict[tuple[str, str], str] = {}

    def begin(self) -> None:
        """Do what docs/operations.md, "Beginning a region", says up to the first officer."""
        roots = [ministry.make_root() for ministry in self.ministries.values()]
        gather = next(iter(self.ministries.values()))
        gather.ceremony("roots", *map(str, roots), "--out", str(self._home / "roots.json"))
        (self._home / "policy.txt").write_text(self.place.manage("audit", "keys", "--make"))
        self._build()
        self.place.manage("migrate", "--verbosity", "0")
        self.place.manage("region", "states")
        for state, root in zip(self.ministries, roots, strict=True):
            self.office(state, "ministry", f"Ministerio de Relaciones Exteriores ({state})")
            self.enter(root)

    def _build(self) -> None:
        """Build the pages, which pin the roots and the log's keys."""
        build = ["npx", "vite", "build", "--outDir", str(self._home / "pages"), "--emptyOutDir"]
        pinned = {
            "CASEHUB_ROOTS": str(self._home / "roots.json"),
            "CASEHUB_LOG_POLICY": str(self._home / "policy.txt"),
        }
        subprocess.run(
            [*build, "--logLevel", "error"], cwd=FRONTEND, check=True, env={**os.environ, **pinned}
        )

    def office(self, state: str, kind: str, name: str) -> None:
        """Enter an office of a State."""
        printed = self.place.manage(
            *("region", "office", "--state", state, "--kind", kind, "--name", name)
        )
        self._offices[state, kind] = printed.strip()

    def invite(self, state: str, name: str, post: str) -> str:
        """Invite an officer of the ministry; return the code that is handed to them."""
        office = self._offices[state, "ministry"]
        printed = self.place.manage(
            *("region", "officer", "--state", state, "--office", office),
            *("--name", name, "--post", post),
        )
        found = re.search(r"^code\s+(\S+)", printed, re.MULTILINE)
        assert found is not None, printed
        return found[1]

    def enter(self, statement: Path) -> None:
        """Carry in what a ceremony made."""
        assert json.loads(statement.read_text(encoding="utf-8"))
        self.place.manage("region", "enter", str(statement))

    def serve(self) -> tuple[CaseHub, TlsFront]:
        """Return the server and what ends TLS before it; neither runs yet."""
        casehub = CaseHub(self.place)
        port = casehub.processes[0].port
        return casehub, TlsFront(self._port, to=port, certificate=self.certificate)
