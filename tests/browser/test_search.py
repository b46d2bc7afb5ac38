"""A prosecutor finds again what was said, on their own device, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import clean, say

SitDown = Callable[..., Prosecutor]
INDEX = "**/assets/piece-*.js"
TURNED = "Tráfico \u202eoculto en <b>Danlí</b>"


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestSearching:
    """Words in messages, where they stand, and what is said when there are none."""

    def test_by_keyboard_from_the_word_to_the_message_and_back(self, sit_down: SitDown) -> None:
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        # The network is away at the moment in which the page fetches what the index is made with.
        ana.page.route(INDEX, lambda route: route.abort("internetdisconnected"))
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Traslado")
        name = boris.name()
        ana.add_person(name, thread="Traslado")
        boris.go_to(reference, "Traslado")
        say(ana, TURNED, "Tráfico")
        say(boris, "Los traficantes cruzan el lunes")
        boris.act("Los traficantes cruzan el lunes", "Editar")
        edit = boris.page.get_by_label("Nuevo texto del mensaje")
        edit.fill("Los traficantes cruzan el martes")
        edit.press("Enter")
        ana.reads("Los traficantes cruzan el martes")
        self._finds(ana)
        self._narrows(ana, name)
        self._goes_there_and_back(ana, reference)
        ana.context.set_offline(True)
        ana.page.get_by_label("Buscar en los mensajes").fill("danl")
        expect(ana.page.locator("mark")).to_have_text(["Danlí"])
        ana.context.set_offline(False)
        assert ana.complaints == boris.complaints == []

    def _finds(self, ana: Prosecutor) -> None:
        page = ana.page
        page.locator("main h1, main h2").first.focus()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("buscar en los mensajes")
        page.keyboard.press("Escape")
        page.keyboard.press("s")
        field = page.get_by_label("Buscar en los mensajes")
        expect(field).to_be_focused()
        expect(page.get_by_text("No hay respuesta del servidor")).to_be_visible()
        page.unroute(INDEX)
        page.keyboard.type("TRAFIC")
        scope = "Busca en lo descifrado en este equipo: 2 mensajes desde"
        expect(page.get_by_text(scope)).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="2 mensajes")).to_be_visible()
        marks = page.locator("mark")
        expect(marks).to_have_text(["traficantes", "Tráfico"])
        assert page.locator("main b").count() == 0  # what is typed is no HTML
        turned = page.locator("[data-row] bdi[dir=auto]").nth(1)
        expect(turned).to_contain_text("\ufffdoculto en <b>Danlí</b>")
        assert "TRAFIC" not in page.url
        clean(ana, "search")

    def _narrows(self, ana: Prosecutor, name: str) -> None:
        page, marks = ana.page, ana.page.locator("mark")
        field = page.get_by_label("Buscar en los mensajes")
        page.get_by_label("Quién lo escribió").select_option(label=f"{name} (MX)")
        expect(marks).to_have_text(["traficantes"])
        field.fill("lunes")  # what it said before the edit
        expect(page.get_by_role("heading", name="No está en este equipo")).to_be_visible()
        expect(page.get_by_text("La búsqueda está limitada")).to_be_visible()
        clean(ana, "search-nothing")
        page.get_by_role("button", name="Quitar límites").press("Enter")
        expect(field).to_be_focused()

    def _goes_there_and_back(self, ana: Prosecutor, reference: str) -> None:
        page, marks = ana.page, ana.page.locator("mark")
        field = page.get_by_label("Buscar en los mensajes")
        field.fill("martes")
        expect(marks).to_have_text(["martes"])
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("article.sought")).to_contain_text("cruzan el martes", timeout=SLOW)
        page.wait_for_url(re.compile(rf"/expedientes/{reference}/hilos/.+\?mensaje=\d+$"))

        page.go_back()
        expect(field).to_have_value("martes")
        expect(marks).to_have_text(["martes"])
        field.fill(reference)
        listed = page.get_by_role("region", name="Por nombre, referencia o Estado")
        expect(listed.get_by_role("link").filter(has_text="Caso Río")).to_be_visible()
