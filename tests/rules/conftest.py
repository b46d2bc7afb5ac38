"""The rulebook as the files of this tree say it, compiled once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from requests_mla.rulebook import load, source
from requests_mla.rules import book as books
from requests_mla.rules.book import Book
from tests.rules import DRAFTS, FEW


@pytest.fixture(scope="session")
def sources() -> list[source.Source]:
    return source.read()[0]


@pytest.fixture(scope="session")
def rulebook(sources, tmp_path_factory) -> Path:
    """The compiled file."""
    document, problems = load.compile_sources(sources)
    assert problems == []
    path = tmp_path_factory.mktemp("rulebook") / "rulebook.json"
    path.write_bytes(load.compiled(document))
    return path


@pytest.fixture(scope="session")
def book(rulebook) -> Book:
    return books.read(rulebook.read_bytes())


@pytest.fixture(scope="session")
def drafts() -> int:
    """How many drafts are made at random: some in a quick check, all in the whole test."""
    return DRAFTS if os.environ.get("RULES_DRAFTS") == "all" else FEW
