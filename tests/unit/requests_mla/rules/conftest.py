"""A little rulebook (tests/rules/little), and drafts to ask it about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from requests_mla.rulebook import load
from requests_mla.rules import facts
from requests_mla.rules.book import Book

LITTLE = Path(__file__).parents[3] / "rules" / "little"


@pytest.fixture(scope="session")
def little() -> Book:
    return load.rulebook(LITTLE)


def make_draft(**sections: Any) -> dict[str, Any]:
    """A draft in which SV asks MX, with what a test puts into it."""
    return {
        "v": 1,
        "language": "es",
        "law_date": "2026-11-24",
        "requesting_state": "SV",
        "requested_state": "MX",
        "unknown": [],
        "overrides": [],
        **sections,
    }


@pytest.fixture
def derive(little):
    def of(**sections: Any) -> facts.Facts:
        return facts.derive(little, make_draft(**sections), stage="draft")

    return of
