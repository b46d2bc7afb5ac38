"""Other people's programs, and what they need besides."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.peers import debian
from tools import apt

PROGRAM, DRIVER = "server-of-others", "its-driver"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Let the program be there, its driver not, and return what is asked to be installed."""
    for name, words in {
        PROGRAM: "exit 0",
        "dpkg-query": f'[ "$3" = {PROGRAM} ] && printf installed',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{words}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(apt, "install", lambda packages, *_, **__: found.append(tuple(packages)))
    return found


def test_a_program_that_is_there_whole_is_not_installed_again(asked: list[tuple[str, ...]]) -> None:
    assert debian.why_missing(PROGRAM, [PROGRAM]) == ""
    assert asked == []


def test_a_program_whose_driver_is_not_there_gets_it(asked: list[tuple[str, ...]]) -> None:
    assert debian.why_missing(PROGRAM, [PROGRAM, DRIVER]) == ""
    assert asked == [(PROGRAM, DRIVER)]
