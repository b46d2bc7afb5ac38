"""
compose.yaml without containers: what each service runs here, with which variables.

The file itself is read, so that what `make region` starts cannot part from it. A container's paths
become paths in one folder, and the programs of its images those of this machine.
"""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tools.steps import ROOT, Stop

FILE = ROOT / "compose.yaml"
IMAGE = ROOT / "Dockerfile"
_ASKED = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
_ENV = re.compile(r"^ENV (.+)$", re.MULTILINE)
_CMD = re.compile(r'^CMD \[(".+")\]$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its command and variables as they are here, and how many of it there are."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    health: tuple[str, ...]
    replicas: int


def document() -> dict[str, Any]:
    """Return the file as it stands."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    return found


def image_environment() -> dict[str, str]:
    """Return the variables that our own image sets."""
    text = IMAGE.read_text(encoding="utf-8").rpartition("\nFROM ")[2]
    pairs = [word for line in _ENV.findall(text) for word in shlex.split(line)]
    return dict(pair.split("=", 1) for pair in pairs)


def image_command() -> tuple[str, ...]:
    """Return what our own image runs if a service does not say."""
    (found,) = _CMD.findall(IMAGE.read_text(encoding="utf-8"))
    return tuple(shlex.split(found.replace(",", " ")))


@functools.cache
def postgres_options() -> tuple[str, ...]:
    """Return what compose.yaml says to PostgreSQL, as `-c NAME=VALUE` each."""
    told = document()["services"]["postgres"]["command"]
    return tuple(told[1:])


def services(home: Path, answers: Mapping[str, str]) -> dict[str, Service]:
    """
    Return every service by name, with paths below `home`; `answers` are what .env would say.

    :raises Stop: if the file asks for something that nobody answers.
    """
    return {
        name: _service(name, told, home, answers) for name, told in document()["services"].items()
    }


def _service(name: str, told: dict[str, Any], home: Path, answers: Mapping[str, str]) -> Service:
    ours = told["image"] == "casehub"
    paths = places(name, told, home)
    variables = {**(image_environment() if ours else {}), **told.get("environment", {})}
    command = told.get("command", image_command() if ours else ())
    health = told.get("healthcheck", {}).get("test", ["CMD"])[1:]
    return Service(
        name,
        tuple(moved(word, paths) for word in command),
        {key: moved(_answered(str(text), answers), paths) for key, text in variables.items()},
        tuple(moved(word, paths) for word in health),
        int(told.get("deploy", {}).get("replicas", 1)),
    )


def _answered(text: str, answers: Mapping[str, str]) -> str:
    """Fill in ${NAME}, ${NAME:-default} and ${NAME:?reason}, as Compose does."""

    def answer(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name in answers:
            return answers[name]
        if kind == "-":
            return str(rest)
        raise Stop(f"compose.yaml asks for {name}: {rest or 'it has no default'}")

    return _ASKED.sub(answer, text)


def places(name: str, told: dict[str, Any], home: Path) -> dict[str, Path]:
    """Return where each path of a service's container lies here, the longest first."""
    found: dict[str, Path] = {}
    for secret in told.get("secrets", []):
        found[f"/run/secrets/{secret}"] = home / "secrets" / secret
    for config in told.get("configs", []):
        found[config["target"]] = home / "config" / config["source"]
    for volume in told.get("volumes", []):
        source, target = volume.split(":")[:2]
        here = (ROOT / source) if source.startswith("./") else home / "volumes" / source
        found[target] = here
    for mount in told.get("tmpfs", []):
        target = mount.partition(":")[0]
        found[target] = home / "tmp" / name / target.strip("/").replace("/", "-")
    if told["image"] == "casehub":
        found["/srv/casehub/roots.json"] = ROOT / "frontend" / "demo-roots.json"
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def moved(text: str, paths: Mapping[str, Path]) -> str:
    """Return a text in which a container's path became one of this machine."""
    for there, here in paths.items():
        if text == there or text.startswith(f"{there}/"):
            return str(here) + text[len(there) :]
    return text
