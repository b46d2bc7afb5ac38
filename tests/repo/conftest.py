"""The repository as a reader of it would find it: its files, without what tools made."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = {".git", ".venv", "var", "dist", "node_modules", "artefacts", "__pycache__", "secrets"}


def files() -> list[Path]:
    """Return every file that belongs to the project: by git, or by name where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if result.returncode == 0 and result.stdout:
        names = result.stdout.decode().split("\0")
        found = [ROOT / name for name in names if name]
    else:
        found = [p for p in ROOT.rglob("*") if not MADE & set(p.relative_to(ROOT).parts)]
    return sorted({path for path in found if path.is_file()})


@pytest.fixture(scope="session")
def project() -> list[Path]:
    return files()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
