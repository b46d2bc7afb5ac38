"""Files that a page hands over one after the other."""

from __future__ import annotations

import time

from playwright.sync_api import Download, Page

from tests.browser.actors import SLOW

MOMENT = 1_000  # ms in which one more would come


def all_handed_over(page: Page, taken: list[Download], number: int) -> None:
    """Wait until there are so many, and see that no more follow."""
    until = time.monotonic() + SLOW / 1000
    while len(taken) < number and time.monotonic() < until:
        page.wait_for_timeout(50)
    page.wait_for_timeout(MOMENT)
    assert len(taken) == number
