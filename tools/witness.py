"""`make witness`: the witness as one file, the same bytes wherever it is made."""

from __future__ import annotations

import hashlib
import tempfile
import zipapp
import zipfile
from pathlib import Path

from tools.steps import ROOT, Stop

FILE = ROOT / "var" / "casehub-witness.pyz"
_INTERPRETER = "/usr/bin/env python3"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file knows
_READABLE = 0o100644 << 16
_UNIX = 3


def parts() -> dict[str, bytes]:
    """
    Return what goes into the file, by name.

    :raises Stop: if it would bring more of the project along than a witness needs.
    """
    package = ROOT / "audit" / "__init__.py"
    if package.read_bytes():
        raise Stop("audit/__init__.py is not empty: the witness would run it")
    files = [package]
    for folder in (ROOT / "audit" / "tlog", ROOT / "witness"):
        files += sorted(folder.glob("*.py"))
    found = {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}
    return {"__main__.py": found["witness/__main__.py"], **found}


def build(target: Path = FILE) -> str:
    """Write the file; return its SHA-256 in hex."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.zip"
        # Not compressed, and nothing of this machine: no times, no modes, no order of a folder.
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as out:
            for name, content in parts().items():
                entry = zipfile.ZipInfo(name, _LONG_AGO)
                entry.create_system, entry.external_attr = _UNIX, _READABLE
                out.writestr(entry, content)
        zipapp.create_archive(archive, target, interpreter=_INTERPRETER)
    target.chmod(0o755)
    return hashlib.sha256(target.read_bytes()).hexdigest()
