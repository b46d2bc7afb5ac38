"""What a draft's page says of saving, one state after the other, however short each stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

# An expectation looks now and then, and misses a state that stands between two looks.
NOTE = """() => {
  const told = (window.savings = []);
  const look = () => {
    const now = document.querySelector(".saved")?.textContent.trim() ?? "";
    if (now !== told.at(-1)) told.push(now);
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true, childList: true, characterData: true,
  });
}"""
IN_ORDER = """() => {
  const at = window.savings.findIndex((one) => one.startsWith("Guardado en este equipo"));
  const then = window.savings.slice(at + 1).map((one) => one.startsWith("Cifrado y guardado"));
  return at >= 0 && then.at(-1) === true;
}"""
SECONDS = 5  # as of an expectation


@contextmanager
def saved(page: Page, *, seconds: float = SECONDS) -> Iterator[None]:
    """Do something, and wait until it is said to be on this device, and then at the server."""
    page.evaluate(NOTE)
    yield
    deadline = time.monotonic() + 2 * seconds  # of each of the two
    while not page.evaluate(IN_ORDER):
        assert time.monotonic() < deadline, page.evaluate("window.savings")
        page.wait_for_timeout(50)
