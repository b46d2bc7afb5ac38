"""Programs of Debian that are wanted and not there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.steps import Stop, must

SYSTEMD = Path("/run/systemd/system")


def install(packages: Sequence[str], *options: str, otherwise: str, serves: bool = False) -> None:
    """
    Install packages, as root or by a sudo that asks for no password.

    `serves`: they bring a server. Where systemd runs, Debian starts one at once and at every boot:
    there nobody is taken by surprise, and `otherwise` says how it is done.

    :raises Stop: with `otherwise` if this user or this system cannot; with its output if it fails.
    """
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    able = shutil.which("apt-get") and (not sudo or shutil.which("sudo"))
    if not able or (serves and SYSTEMD.exists()):
        raise Stop(otherwise)
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    must("apt-update", [*apt, "update"])
    must(f"apt-{packages[0]}", [*apt, "install", "-y", *options, *packages])
