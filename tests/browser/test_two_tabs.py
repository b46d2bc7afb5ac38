"""
Two tabs of one browser write by turns, and now and then the one whose turn it is crashes.

`TAB_SENDS=1000` writes so many, `TAB_SEED` crashes at the same places again. A key that was used
twice shows at the reader: of the second message under it nothing can be opened any more.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import composer

SitDown = Callable[..., Prosecutor]
SENDS = int(os.environ.get("TAB_SENDS", "") or 32)
SEED = int(os.environ.get("TAB_SEED", "") or random.SystemRandom().randrange(10**6))
DIES = 8  # a tab crashes once in so many sends
LOOKS = 16  # sends after which both sides have everything
KEPT = "Borrador guardado en este equipo"  # only what a page said this of may it not lose
PATIENCE = 60_000  # ms: others wait for what a crashed tab held
THREAD = "Traslado"
CRASHES = re.compile("page: .*crash")


class Tabs:
    """Two tabs on one thread."""

    def __init__(self, person: Prosecutor) -> None:
        self.person, self.url = person, person.page.url
        self.pages = [person.page, self._open()]
        self.deaths = 0

    def _open(self) -> Page:
        page = self.person.new_tab()
        page.goto(self.url)
        expect(composer(page)).to_be_visible(timeout=PATIENCE)
        return page

    def crash(self, turn: int) -> None:
        """End the process behind a tab, as want of memory would; open the thread anew."""
        page = self.pages[turn]
        with page.expect_event("crash"), suppress(Error):  # nobody is left to answer
            page.goto("chrome://crash")
        self.deaths += 1
        for at, other in enumerate(self.pages):
            if at == turn or _crashed(other):  # a process may serve both
                other.close()
                self.pages[at] = self._open()

    def write(self, turn: int, text: str, *, crashes: bool) -> None:
        """Send from one tab; a message that was not kept still stands where it was typed."""
        page = self.pages[turn]
        composer(page).fill(text)
        if not crashes:
            composer(page).press("Enter")
            expect(self.person.article(text, page)).to_be_visible(timeout=PATIENCE)
            return
        expect(page.get_by_text(KEPT)).to_be_visible(timeout=PATIENCE)
        composer(page).press("Enter")
        self.crash(turn)
        page = self.pages[turn]
        message, field = self.person.article(text, page), composer(page)
        until = time.monotonic() + PATIENCE / 1000
        while not message.count() and field.input_value() != text and time.monotonic() < until:
            page.wait_for_timeout(100)
        if not message.count():
            field.press("Enter")
        expect(message).to_be_visible(timeout=PATIENCE)


def _crashed(page: Page) -> bool:
    try:
        page.evaluate("1")
    except Error:
        return True
    return False


@pytest.mark.browser
@pytest.mark.timeout(200 + 3 * SENDS)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTwoTabs:
    """As somebody has them open who compares two places of a case."""

    def test_of_which_one_crashes_now_and_then_lose_and_double_nothing(
        self, sit_down: SitDown, request: pytest.FixtureRequest
    ) -> None:
        request.node.add_report_section("call", "tabs", f"TAB_SEED={SEED}")
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Ruta La Hachadura")
        ana.open_thread(THREAD)
        ana.add_person(boris.name(), thread=THREAD)
        boris.go_to(reference, THREAD)
        ana.write("antes")
        boris.reads("antes")
        tabs, chance = Tabs(ana), random.Random(SEED)
        fatal = set(chance.sample(range(SENDS), SENDS // DIES or 1))
        for at in range(SENDS):
            tabs.write(at % 2, f"n{at:04}", crashes=at in fatal)
            if (at + 1) % LOOKS == 0:
                self._has_all(tabs, boris, range(at + 1 - LOOKS, at + 1))
        assert tabs.deaths >= len(fatal)
        complaints = [*ana.complaints, *boris.complaints]
        assert [one for one in complaints if not CRASHES.search(one)] == []

    def _has_all(self, tabs: Tabs, boris: Prosecutor, numbers: range) -> None:
        for page in (boris.page, *tabs.pages):
            for number in numbers:
                expect(boris.article(f"n{number:04}", page)).to_have_count(1, timeout=PATIENCE)
            expect(page.get_by_text("En cola")).to_have_count(0, timeout=PATIENCE)
