"""Ana of El Salvador, Boris of Mexico, Carla of Guatemala."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casehub.cases.queries import digest_of_joining


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


@pytest.fixture
def hand(region):
    """Return `hand(service, by, joining, later)`: a hand under what is proposed."""

    def call(service, by, joining, *, after=timedelta(0), digest=None):
        return service(
            joining=joining.id,
            digest=digest or digest_of_joining(joining),
            actor=by.actor,
            now=region.now + after,
        )

    return call


@pytest.fixture
def coordinator(region):
    return lambda state: region.seat(state).coordinator
