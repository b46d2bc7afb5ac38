"""A State whose people designate somebody."""

from __future__ import annotations

import pytest

from tests.integration.designations.lives import Life


@pytest.fixture
def life(region, patient_log):
    """A life of months, in which nobody has to sign the log."""
    return Life(region)
