"""docs/reference is what the tables print today."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ninja import Schema

from casehub.reference.pages import PAGES

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


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
