"""What a second auditor's hand is under: the same digest as browsers reckon."""

from __future__ import annotations

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from casehub.oversight.queries.wishes import milliseconds, wish_digest
from tests.servers.casehub_server import PROJECT

VECTORS = json.loads((PROJECT / "tests/vectors/oversight-wishes.json").read_text(encoding="utf-8"))
SUBJECTS = {
    "unmasking": lambda s: (s["pseudonym"], s["quarter"]),
    "deferral": lambda s: (milliseconds(datetime.fromisoformat(s["until"])),),
    "pair-view": lambda s: (s["first"], s["second"], s["quarter"]),
}


@pytest.mark.parametrize("what", sorted(SUBJECTS))
def test_is_the_one_that_browsers_reckon(what: str) -> None:
    vector = VECTORS[what.replace("-", "_")]
    shown: dict[str, Any] = vector["shown"]
    wish: Any = SimpleNamespace(
        id=shown["id"],
        asker=SimpleNamespace(name=shown["asked_by"]),
        asked_at=datetime.fromisoformat(shown["asked_at"]),
    )
    assert wish_digest(what, wish, shown, *SUBJECTS[what](shown)) == vector["digest"]
