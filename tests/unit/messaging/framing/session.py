"""The recorded life of one group, made by ts-mls: tests/vectors/mls/casehub-session.json."""

from __future__ import annotations

import base64
import json
from pathlib import Path

VECTORS = Path(__file__).parents[3] / "vectors" / "mls"
SESSION = json.loads((VECTORS / "casehub-session.json").read_text(encoding="utf-8"))
PUBLISHED = json.loads((VECTORS / "rfc9420.json").read_text(encoding="utf-8"))
NOW = SESSION["made_at"]


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


GROUP_ID = raw(SESSION["group_id"])
KEY_PACKAGES = {name: raw(d["key_package"]) for name, d in SESSION["devices"].items()}
FIRST = raw(SESSION["first_group_info"])
MESSAGE = raw(SESSION["message"])


def step(entry):
    """Return (commit, group info after, welcome or None) as bytes."""
    sealed = entry["welcome"]
    return raw(entry["commit"]), raw(entry["group_info"]), sealed and raw(sealed)


STEPS = [(entry["what"], *step(entry)) for entry in SESSION["steps"]]
"""(what, commit, group info after, welcome or None)."""

BEFORE = [FIRST, *(info for _, _, info, _ in STEPS[:-1])]
"""The group info that stands before each step."""
