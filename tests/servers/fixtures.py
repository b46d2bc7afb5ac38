"""Fixtures over real servers. A test that asks for one of them runs on both configurations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .casehub_server import CaseHub, Place
from .configurations import Configuration, Embedded, Full

CONFIGURATIONS = {"embedded": Embedded, "full": Full}


@pytest.fixture(scope="session", params=list(CONFIGURATIONS))
def configuration(request: pytest.FixtureRequest) -> Iterator[Configuration]:
    """Each way to run, prepared once a session."""
    with CONFIGURATIONS[request.param]() as prepared:
        yield prepared


@pytest.fixture
def place(configuration: Configuration) -> Place:
    """A fresh database and data folder, no server."""
    return configuration.fresh()


@pytest.fixture
def casehub(configuration: Configuration, place: Place) -> Iterator[CaseHub]:
    """Running servers over a fresh place: one process embedded, two full."""
    with CaseHub(place, processes=configuration.processes) as running:
        yield running


@pytest.fixture(scope="module")
def standing(configuration: Configuration) -> Iterator[CaseHub]:
    """Running servers that the tests of a file share: for those that only look at them."""
    with CaseHub(configuration.fresh(), processes=configuration.processes) as running:
        yield running
