"""Other people's servers from Debian: installed where that disturbs nobody, asked for elsewhere."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from tools import apt
from tools.steps import Stop


def why_missing(program: str, packages: Sequence[str]) -> str:
    """Return why a program cannot be had, or nothing; install it first where that is possible."""
    if shutil.which(program) and all(map(_installed, packages)):
        return ""
    small = "--no-install-recommends"
    told = f"{program} is not installed: apt-get install {small} {' '.join(packages)}"
    try:
        apt.install(packages, small, otherwise=told, serves=True)
    except Stop as why:
        return str(why)
    return "" if shutil.which(program) else told


def _installed(package: str) -> bool:
    """Return whether a package is there: without its driver a program starts, and keeps nothing."""
    if not shutil.which("dpkg-query"):  # no Debian: whoever installed the program knows
        return True
    asked = ["dpkg-query", "--showformat=${db:Status-Status}", "--show", package]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "installed"


def version(package: str) -> str:
    """Return the version of an installed package."""
    asked = ["dpkg-query", "--showformat=${Version}", "--show", package]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return f"{package} {done.stdout.strip()}"
