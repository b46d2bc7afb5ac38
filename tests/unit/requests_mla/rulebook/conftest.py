"""A copy of the little rulebook (tests/rules/little), to be spoilt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from requests_mla.rulebook import check

LITTLE = Path(__file__).parents[3] / "rules" / "little"


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(shutil.copytree(LITTLE, tmp_path / "book"))


@pytest.fixture
def spoil(folder):
    """Replace text in a file and return what the check says about all files."""

    def with_(file: str, old: str, new: str) -> list[check.Problem]:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        return check.check(folder)[1]

    return with_
