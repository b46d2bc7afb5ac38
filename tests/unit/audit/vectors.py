"""The vectors of the log's formats, and the entries that they are made from."""

from __future__ import annotations

import json
from pathlib import Path

TLOG = json.loads(
    (Path(__file__).parent.parent.parent / "vectors" / "audit" / "tlog.json").read_text()
)


def entries(count):
    """Return the vectors' entries: `entry 0`, `entry 1`, ..."""
    return [f"entry {n}".encode() for n in range(count)]
