"""A State whose people designate somebody."""

from __future__ import annotations

import pytest

from tests.integration.designations.lives import Life


@pytest.fixture
def life(region):
    return Life(region)
