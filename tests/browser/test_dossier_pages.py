"""The page of a request on its way, by keyboard: what goes wrong is told where the keyboard is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hands import Keys
from tests.browser.looking import LISTEN, PAPER, faults, place

TITLE = "Solicitud de El Salvador a Honduras"
MEXICO = "Solicitud de El Salvador a México"
BOARD = re.compile(r"/tramites\?vista=tablero&cuales=entrantes$")
UNREACHABLE = """() => {
  const acts = window.gallery.dossiers;
  const read = acts.read;
  acts.read = () => Promise.reject(Object.assign(new Error("gone"), { code: "unreachable" }));
  window.reach = () => { acts.read = read; };
}"""


@pytest.fixture
def page(browser: Browser, gallery: str) -> Iterator[Page]:
    """Return the list of requests of a central authority."""
    with place(browser, 1280, 720) as context:
        page = context.new_page()
        page.goto(f"{gallery}/tramites?scene=central")
        yield page


@pytest.mark.browser
@pytest.mark.timeout(120)
class TestTheKeyboard:
    """Never left on what has gone."""

    def test_goes_on_at_the_heading_once_what_could_not_be_read_is(self, page: Page) -> None:
        hands = Keys(page)
        page.evaluate(UNREACHABLE)
        hands.press(page.get_by_role("link", name=TITLE))
        failure = page.locator("main .failure")
        expect(failure).to_contain_text("unreachable")
        again = page.get_by_role("button", name="Intentar otra vez")
        hands.press(again)
        expect(again).to_be_focused()
        page.evaluate("window.reach()")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=TITLE)).to_be_focused()
        expect(failure).to_have_count(0)

    def test_is_led_to_the_list_that_wants_a_tick(self, page: Page) -> None:
        hands = Keys(page)
        hands.press(page.get_by_role("link", name=TITLE))
        hands.press(page.get_by_role("button", name="Denegar", exact=True))
        dialog = page.get_by_role("dialog", name="Denegar")
        hands.tick(dialog.get_by_label("Se consultó antes"))
        hands.choose(dialog.get_by_label("Condiciones que se consideraron"), "none-possible")
        dialog.get_by_label("Documento que lo prueba").set_input_files(PAPER)
        hands.press(dialog.get_by_role("button", name="Firmar"))
        grounds = dialog.get_by_role("group", name="Motivos")
        first = grounds.get_by_role("checkbox").first
        expect(first).to_be_focused()
        expect(first).to_have_accessible_description("Marque al menos una opción.")
        expect(first).to_have_attribute("aria-invalid", "true")
        page.keyboard.press("Space")
        expect(first).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.browser
@pytest.mark.timeout(120)
class TestTheBoard:
    """The same requests in columns, chosen and walked by keyboard, kept in the address."""

    def test_is_chosen_by_keyboard_and_comes_back_with_its_address(self, page: Page) -> None:
        hands = Keys(page)
        table = page.get_by_role("region", name="Trámite de las solicitudes")
        expect(table).to_be_visible()
        hands.tick(page.get_by_label("Tablero por etapas"))
        column = page.get_by_role("region", name="Por transmitir 1")
        expect(column.get_by_role("link", name=MEXICO)).to_be_visible()
        expect(table).to_have_count(0)
        expect(page.get_by_label("Las que redacto")).to_have_count(0)
        hands.tick(page.get_by_label("Las que mi Estado recibe"))
        expect(page.get_by_text("No hay solicitudes de esta selección.")).to_be_visible()
        expect(page).to_have_url(BOARD)
        hands.tick(page.get_by_label("Las que mi Estado pide"))
        hands.press(column.get_by_role("link", name=MEXICO))
        expect(page.get_by_role("heading", name=MEXICO)).to_be_visible()
        page.go_back()
        expect(page.get_by_label("Tablero por etapas")).to_be_checked()
        expect(page.get_by_label("Las que mi Estado pide")).to_be_checked()

    def test_stands_one_under_the_other_at_360_pixels(self, page: Page) -> None:
        page.evaluate(LISTEN)
        page.get_by_label("Tablero por etapas").check()
        page.set_viewport_size({"width": 360, "height": 740})
        columns = page.locator("main .board section")
        lefts = {box["x"] for one in columns.all() if (box := one.bounding_box())}
        assert (columns.count(), len(lefts)) == (6, 1)
        assert faults(page, ("light", "dark")) == {}
