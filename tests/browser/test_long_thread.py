"""The way to a date in a thread of ten thousand messages, and lists of two hundred, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.actors import SLOW
from tests.browser.looking import LISTEN, faults, faults_when_narrow


@pytest.mark.browser
class TestADateOfALongThread:
    """Ten thousand messages, of which a stretch is on the page."""

    def test_is_gone_to_by_keyboard_and_says_where_nothing_was_said(
        self, browser: Browser, gallery: str
    ) -> None:
        context = browser.new_context(locale="es-SV", timezone_id="America/El_Salvador")
        page = context.new_page()
        page.goto(f"{gallery}/expedientes/SV-2026-0147/hilos/t1?scene=long")
        expect(page.get_by_text("Mensaje 10000 de la ruta")).to_be_visible(timeout=SLOW)
        page.get_by_role("button", name="Ir a una fecha").press("Enter")
        field = page.get_by_label("Fecha del mensaje")
        expect(field).to_be_focused()
        field.fill("2026-09-05")
        field.press("Enter")
        expect(field).to_have_count(0)
        sought = page.locator("article.sought")
        expect(sought).to_be_in_viewport()
        expect(sought).to_contain_text("Mensaje 540 de la ruta")
        expect(page.get_by_text("Mensaje 10000 de la ruta")).to_have_count(0)

        page.get_by_role("button", name="Ir a una fecha").press("Enter")
        field.fill("2026-09-23")
        field.press("Enter")
        said = page.get_by_text("no hay mensajes. Se muestra el siguiente")
        expect(said).to_be_visible()
        field.press("Escape")
        expect(field).to_have_count(0)
        expect(page.get_by_role("button", name="Ir a una fecha")).to_be_focused()
        context.close()


@pytest.mark.browser
class TestTwoHundred:
    """Cases, and threads of one case: all of them are there at once, and narrowed by a word."""

    def test_are_listed_whole_narrowed_as_one_types_and_gone_through_by_keyboard(
        self, browser: Browser, gallery: str
    ) -> None:
        context = browser.new_context(locale="es-SV", timezone_id="America/El_Salvador")
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.goto(f"{gallery}/expedientes?scene=many")
        rows = page.get_by_role("table").get_by_role("row")
        expect(rows).to_have_count(1 + 200)
        assert faults(page, ("light",)) | faults_when_narrow(page) == {}
        page.keyboard.press("/")
        page.keyboard.type("asunto 19")
        expect(rows).to_have_count(1 + 12)  # 19, 119, and from 190 to 199
        page.get_by_label("Buscar expediente").fill("2026-0147")
        rows.nth(1).get_by_role("link").press("Enter")

        threads = page.get_by_role("region", name="SV-2026-0147").locator("a[href*='/hilos/']")
        expect(threads).to_have_count(200)
        assert faults(page, ("light",)) | faults_when_narrow(page) == {}
        page.goto(f"{gallery}/expedientes/SV-2026-0147/hilos/t9?scene=many")
        expect(threads.last).to_have_attribute("aria-current", "page")
        expect(threads.last).to_be_in_viewport()
        page.keyboard.press("/")
        page.keyboard.type("diligencia 19")
        expect(threads).to_have_count(8)  # 19, 119, and from 190 to 195
        context.close()
