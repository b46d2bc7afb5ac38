"""
How long searching takes on a device: `make bench-search`.

A Chromium page under the service's own policy holds 10,000 messages of 24 words in 20 threads,
sealed in IndexedDB as on a device, and is asked: for a rare word, a common beginning, two words,
one letter, nothing that is there; and for the rare word after each new message, which first makes
one piece of the index anew. A time is from the question to the texts of the 50 newest hits,
decrypted; 50 ms are aimed at. It means something only with the machine, which is printed.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys

from playwright.sync_api import sync_playwright

from tests.browser.pages import served
from tools.checks import chromium

MESSAGES = 10_000
ROUNDS = 21
GOAL_MS = 50
NAMES = {
    "rare": "a rare word",
    "common": "a common beginning",
    "two": "two words",
    "letter": "one letter",
    "none": "nothing there",
    "after": "after a new message",
}


def main() -> int:
    """Print the conditions and the times."""
    browser = chromium()
    if browser is None:
        print("No Chromium: set CHROMIUM to one.")
        return 1
    with served("search") as address, sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = started.new_page()
        page.goto(address)
        found = page.evaluate(f"() => bench({MESSAGES}, {ROUNDS})")
        name = f"Chromium {started.version.split('.')[0]}"
        started.close()
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {name}"
    )
    print(f"{MESSAGES} messages, {found['pieces']} pieces, {ROUNDS} rounds; goal {GOAL_MS} ms")
    print(f"{'made from nothing':20} {found['build']:8.0f} ms")
    print(f"{'opened from disk':20} {found['open']:8.0f} ms")
    for key, title in NAMES.items():
        times = sorted(found["times"][key])
        hits = found["totals"].get(key, found["totals"]["rare"])
        middle, worst = statistics.median(times), times[-1]
        print(f"{title:20} {middle:8.1f} ms median, {worst:6.1f} ms worst, {hits} hits")
    return 0


if __name__ == "__main__":
    sys.exit(main())
