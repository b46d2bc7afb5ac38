"""The browser's engine, asked from Python: one Node process, one line a question."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "frontend" / "tests" / "rules" / "run.mjs"


def in_node(rulebook: Path, tasks: Iterable[Sequence[Any]], *mode: str) -> list[bytes]:
    """
    Return the browser engine's answers, each in canonical JSON.

    A task is a name and its arguments: `["screen", draft, stage]`.
    """
    lines = "\n".join(json.dumps(task) for task in tasks)
    ran = subprocess.run(
        ["node", RUN, rulebook, *mode],
        input=lines.encode(),
        capture_output=True,
        check=False,
        cwd=ROOT / "frontend",
    )
    assert ran.returncode == 0, ran.stderr.decode()[-4000:]
    return ran.stdout.splitlines()
