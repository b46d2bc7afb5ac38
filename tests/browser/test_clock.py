"""A device whose clock is wrong says so, before anything signed by it is refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import clean

HOUR = 3600.0


def set_clock(page: Page, ahead: float) -> None:
    """Set a page's clock so many seconds before the machine's; it goes on from there."""
    page.clock.set_system_time(datetime.fromtimestamp(time.time() + ahead, UTC))


@pytest.mark.browser
@pytest.mark.timeout(100)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestAClockThatIsWrong:
    def test_is_told_from_the_sign_in_on_until_it_is_right(
        self, sit_down: Callable[..., Prosecutor]
    ) -> None:
        person = sit_down("sv.enlace1")
        page = person.page
        set_clock(page, 2 * HOUR)
        page.goto(person.url)
        note = page.get_by_text("El reloj de este equipo va 2 h adelantado")
        expect(note).to_be_visible()
        what_to_do = page.get_by_text("Compare con otro reloj")
        expect(what_to_do).to_be_visible()
        clean(person, "clock-wrong")
        note.press("Enter")
        expect(what_to_do).to_be_hidden()
        page.set_viewport_size({"width": 360, "height": 640})
        page.reload()  # on a phone it begins so, and leaves room for what somebody reads
        expect(note).to_be_visible()
        expect(what_to_do).to_be_hidden()
        person.shot("clock-phone")
        note.press("Enter")
        expect(what_to_do).to_be_visible()
        page.set_viewport_size({"width": 1280, "height": 800})
        set_clock(page, 0)
        person.sign_in_with_code(PASSWORD)
        expect(note).to_have_count(0)
        set_clock(page, -50 * HOUR)
        page.get_by_role("link", name="Directorio").first.click()
        expect(page.get_by_text("El reloj de este equipo va 2 días atrasado")).to_be_visible(
            timeout=SLOW
        )
        set_clock(page, 0)
        page.get_by_role("link", name="Cuenta").first.click()
        expect(page.get_by_text("El reloj de este equipo")).to_have_count(0, timeout=SLOW)
        assert person.complaints == []
