"""docs/reference is what the tables print today."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ninja import Schema

from casehub.reference.pages import PAGES, SOURCES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run `make fix`"


def everything_on_the_wire() -> list[type[Schema]]:
    """Return every schema that a module of the project defines."""
    found, waiting = [], [Schema]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if not one.__name__.startswith("Ninja"):  # made while the document is
                found.append(one)
    return found


def test_no_two_bodies_share_a_name() -> None:
    """The OpenAPI document has one room for each name: the second would push out the first."""
    PAGES["openapi.json"]()  # loads every route
    names = Counter(one.__name__ for one in set(everything_on_the_wire()))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("name", SOURCES)
def test_the_source_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == SOURCES[name](), "run `make fix`"


def test_the_roles_stand_nowhere_else_in_the_front_end() -> None:
    """Roles in words, of what somebody may do; who vouches for whom is the chain's own rule."""
    apart = {
        "roles.ts",
        "crypto/statements.ts",
        "crypto/functions.ts",
        "ui/signin/DemoPanel.svelte",
    }
    source = ROOT / "frontend" / "src"
    named = {
        path.relative_to(source).as_posix()
        for path in [*source.rglob("*.ts"), *source.rglob("*.svelte")]
        if not path.name.endswith(".test.ts")
        and not path.is_relative_to(source / "verify" / "chain")
        and not path.is_relative_to(source / "ui" / "designations")  # what one is designated as
        and ('"coordinator"' in path.read_text("utf-8") or '"liaison"' in path.read_text("utf-8"))
    }
    assert named <= apart
