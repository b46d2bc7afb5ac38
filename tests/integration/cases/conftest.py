"""Ana of El Salvador, Boris of Mexico, Carla of Guatemala."""

from __future__ import annotations

import pytest


@pytest.fixture
def ana(region):
    return region.equipped("SV")


@pytest.fixture
def boris(region):
    return region.equipped("MX")


@pytest.fixture
def carla(region):
    return region.equipped("GT")


@pytest.fixture
def acting(now):
    """Call a service as somebody, now."""

    def call(service, by, **kwargs):
        return service(actor=by.actor, now=now, **kwargs)

    return call
