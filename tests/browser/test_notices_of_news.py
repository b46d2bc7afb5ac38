"""What a device says aloud while nobody looks: that there is something new, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import clean

SitDown = Callable[..., Prosecutor]
# A headless browser shows nothing to anybody, and its pages are always looked at.
SYSTEM = """
window.told = []; window.asked = 0; window.away = false;
window.Notification = class {
  static permission = 'default';
  static async requestPermission() {
    window.asked += 1;
    return (this.permission = 'granted');
  }
  constructor(...said) { this.entry = { said, open: true }; window.told.push(this.entry); }
  close() { this.entry.open = false; }
};
Object.defineProperty(document, 'visibilityState', {
  get: () => (window.away ? 'hidden' : 'visible'),
});
"""
NEWS = ["Hay novedades en CaseHub", {"tag": "casehub", "lang": "es"}]


def away(page: Page, *, yes: bool) -> None:
    page.evaluate(
        "yes => { window.away = yes; document.dispatchEvent(new Event('visibilitychange')); }", yes
    )


def told(page: Page) -> list[dict[str, object]]:
    found: list[dict[str, object]] = page.evaluate("window.told")
    return found


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestNews:
    """Off until somebody wants it; one sentence; one at a time; silent at quiet hours."""

    def test_is_said_in_one_sentence_to_whoever_agreed_and_is_not_looking(
        self, sit_down: SitDown
    ) -> None:
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        ana.page.add_init_script(SYSTEM)
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        # A case that the seed opened is new to her until she looks: the count begins at nothing.
        expect(ana.page).to_have_title("(1) CaseHub", timeout=SLOW)
        ana.page.get_by_role("link", name="SV-2026-0001").first.click()
        expect(ana.page).to_have_title("CaseHub")
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Traslado")
        ana.add_person(boris.name(), thread="Traslado")
        boris.go_to(reference, "Traslado")
        page = ana.page
        page.get_by_role("link", name="Cuenta").first.click()
        expect(page).to_have_title("CaseHub", timeout=SLOW)
        away(page, yes=True)
        boris.write("Nadie lo ha pedido")
        expect(page).to_have_title("(1) CaseHub", timeout=SLOW)
        assert told(page) == []
        assert page.evaluate("window.asked") == 0

        away(page, yes=False)
        page.get_by_label("Avisar en este equipo").check()
        assert page.evaluate("window.asked") == 1
        page.get_by_label("Desde las").fill("03:00")
        page.get_by_label("hasta las").fill("03:00")
        clean(ana, "notify")
        boris.write("Mientras alguien mira")
        expect(page).to_have_title("(2) CaseHub", timeout=SLOW)
        assert told(page) == []

        away(page, yes=True)
        boris.write("Uno")
        expect(page).to_have_title("(3) CaseHub", timeout=SLOW)
        boris.write("Dos")
        expect(page).to_have_title("(4) CaseHub", timeout=SLOW)
        first, second = told(page)
        assert first == {"said": NEWS, "open": False}
        assert second == {"said": NEWS, "open": True}
        away(page, yes=False)
        assert not any(one["open"] for one in told(page))

        page.get_by_label("Desde las").fill("00:00")
        page.get_by_label("hasta las").fill("23:59")
        away(page, yes=True)
        boris.write("De noche")
        expect(page).to_have_title("(5) CaseHub", timeout=SLOW)
        assert len(told(page)) == 2
        assert ana.complaints == boris.complaints == []
