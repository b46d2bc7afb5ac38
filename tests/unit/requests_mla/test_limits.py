"""The numbers of one side that the other repeats."""

from __future__ import annotations

import re
from pathlib import Path

from casehub.edge import limits as edge
from requests_mla import limits

FRONTEND = Path(__file__).resolve().parents[3] / "frontend" / "src"


def number(file: str, name: str) -> int:
    text = (FRONTEND / file).read_text(encoding="utf-8")
    found = re.search(rf"{name} = ([0-9_]+);", text)
    assert found, name
    return int(found[1])


def test_a_browser_paces_itself_by_the_budget_of_a_day():
    assert number("effects/requests/pace.ts", "DAY_BYTES") == limits.DAY_BYTES


def test_the_largest_version_of_a_browser_is_what_the_door_lets_through():
    buckets = (FRONTEND / "crypto/draftSeal.ts").read_text(encoding="utf-8")
    assert f"{limits.VERSION_BYTES:_}," in buckets
    door = b"/api/requests/00000000-0000-0000-0000-000000000000/versions"
    assert edge.body_limit(b"POST", door, default=0) >= limits.VERSION_BYTES * 4 // 3
