"""A coordinator at a desk, and the log that indicators are made of."""

from tests.integration.oversight.conftest import *  # noqa: F403 - its fixtures
