"""Other people's servers from Debian: installed where that disturbs nobody, asked for elsewhere."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from tools import apt
from tools.steps import Stop


def why_missing(program: str, packages: Sequence[str]) -> str:
    """Return why a program cannot be had, or nothing; install it first where that is possible."""
    if shutil.which(program):
        return ""
    small = "--no-install-recommends"
    told = f"{program} is not installed: apt-get install {small} {' '.join(packages)}"
    try:
        apt.install(packages, small, otherwise=told, serves=True)
    except Stop as why:
        return str(why)
    return "" if shutil.which(program) else told


def version(package: str) -> str:
    """Return the version of an installed package."""
    asked = ["dpkg-query", "--showformat=${Version}", "--show", package]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"{package} {done.stdout.strip()}"
