"""docs/reference is what the tables print today."""

from __future__ import annotations

from pathlib import Path

import pytest

from casehub.reference.pages import PAGES, SOURCES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run `make fix`"


@pytest.mark.parametrize("name", SOURCES)
def test_the_source_is_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == SOURCES[name](), "run `make fix`"


def test_the_roles_stand_nowhere_else_in_the_front_end() -> None:
    """Roles in words, of what somebody may do; who vouches for whom is the chain's own rule."""
    apart = {"roles.ts", "verify/chain.ts", "ui/signin/DemoPanel.svelte"}
    source = ROOT / "frontend" / "src"
    named = {
        path.relative_to(source).as_posix()
        for path in [*source.rglob("*.ts"), *source.rglob("*.svelte")]
        if not path.name.endswith(".test.ts")
        and ('"coordinator"' in path.read_text("utf-8") or '"liaison"' in path.read_text("utf-8"))
    }
    assert named <= apart
