"""Other people's servers from Debian: installed where that disturbs nobody, asked for elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path


def why_missing(program: str, packages: Sequence[str]) -> str:
    """
    Return why a program cannot be had, or nothing; install it first where that is possible.

    Where systemd runs, a package starts its server at once and for good: there nobody is taken
    by surprise, and the command is told instead.
    """
    if shutil.which(program):
        return ""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    told = f"{program} is not installed: {' '.join(command)}"
    if os.geteuid() or Path("/run/systemd/system").exists() or not shutil.which("apt-get"):
        return told
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for one in (["apt-get", "update"], command):
        done = subprocess.run(one, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"{' '.join(one)} failed: {done.stderr.strip()[-300:]}"
    return "" if shutil.which(program) else told


def version(package: str) -> str:
    """Return the version of an installed package."""
    asked = ["dpkg-query", "--showformat=${Version}", "--show", package]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"{package} {done.stdout.strip()}"
