"""nginx without its container: the same templates, filled in as the image's entrypoint does."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from tools import apt

PROGRAM = "nginx"
_PLACES = ("/usr/sbin", "/usr/local/sbin")


def find() -> str:
    """Return where nginx is, or nothing."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_PLACES])
    return shutil.which(PROGRAM, path=path) or ""


def install() -> None:
    """
    Install Debian's nginx, without starting it.

    :raises Stop: if this user or this system cannot.
    """
    said = (
        "nginx is not installed. On Debian and Ubuntu: apt-get install nginx; where that starts it"
        " as a server of the machine: systemctl disable --now nginx"
    )
    apt.install([PROGRAM], "--no-install-recommends", otherwise=said, serves=True)


def fill_in(templates: Path, into: Path, environment: Mapping[str, str]) -> None:
    """Write each template without its ending, with the variables of the filter in it."""
    known = re.compile(environment["NGINX_ENVSUBST_FILTER"])
    values = {name: text for name, text in environment.items() if known.match(name)}
    for template in templates.glob("*.template"):
        text = template.read_text(encoding="utf-8")
        for name, value in values.items():
            text = text.replace(f"${{{name}}}", value)
        (into / template.stem).write_text(text, encoding="utf-8")
