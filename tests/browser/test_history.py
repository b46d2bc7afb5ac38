"""History for whoever comes later: offered message by message, given, verified, shown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary, hunt
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_said import clean, composer, say
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
OPEN, ANSWER, SECRET = (canary(place) for place in ("open", "answer", "secret"))
GIVES = "Entregar historia a"


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestHistory:
    """Of three, one comes later: by keyboard, with what is held back."""

    def test_is_given_to_whoever_comes_later_and_shown_in_its_place(
        self, configuration: Configuration, casehub: CaseHub, sit_down: SitDown
    ) -> None:
        ana, boris, carla = sit_down("sv.enlace1"), sit_down("mx.enlace1"), sit_down("sv.enlace2")
        for person in (ana, boris, carla):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Traslado")
        ana.add_person(boris.name(), thread="Traslado")
        boris.go_to(reference, "Traslado")
        expect(composer(boris.page)).to_be_visible(timeout=SLOW)
        say(ana, OPEN)
        boris.reads(OPEN)
        say(boris, ANSWER)
        self._says_in_confidence(boris)
        for text in (ANSWER, SECRET):
            ana.reads(text)

        name = carla.name()
        ana.add_person(name, thread="Traslado")
        carla.go_to(reference, "Traslado")
        expect(composer(carla.page)).to_be_visible(timeout=SLOW)
        assert carla.texts() == []

        self._is_offered(ana, name)
        self._is_shown(carla)
        assert hunt(places_on_disk(configuration, casehub), [OPEN, ANSWER, SECRET]) == []
        self._is_taken_back(ana, carla)
        assert ana.complaints == boris.complaints == carla.complaints == []

    def _says_in_confidence(self, boris: Prosecutor) -> None:
        page = boris.page
        page.locator("summary", has_text="Código de manejo").press("Enter")
        page.get_by_label("No en juicio").press("Space")
        page.keyboard.press("Escape")
        say(boris, SECRET)

    def _is_offered(self, ana: Prosecutor, name: str) -> None:
        page = ana.page
        start = page.get_by_role("button", name=re.compile(f"{GIVES}.*{re.escape(name)}"))
        expect(start).to_be_visible(timeout=SLOW)
        start.press("Enter")
        dialog = page.get_by_role("dialog")
        goes = dialog.get_by_role("list", name="Se entrega: 2 mensajes", exact=True)
        for text in (OPEN, ANSWER):
            expect(goes.get_by_text(text)).to_be_visible(timeout=SLOW)
        held = dialog.get_by_role("list", name="No se entrega: 1 mensaje", exact=True)
        expect(held.get_by_text("solo su autor puede entregarlo")).to_be_visible()
        expect(dialog.get_by_text(SECRET)).to_have_count(0)
        clean(ana, "history-offer")
        dialog.get_by_label("Hasta").fill("2020-01-01")
        expect(dialog.get_by_text("De ese período no hay nada que entregar")).to_be_visible()
        dialog.get_by_label("Hasta").fill("")
        dialog.get_by_role("button", name="Entregar 2 mensajes").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        line = page.locator("[data-act=give-history]")
        expect(line).to_contain_text("2 mensajes anteriores")

    def _is_shown(self, carla: Prosecutor) -> None:
        page = carla.page
        begins = page.locator("[data-given=begin]")
        expect(begins).to_contain_text("Historia entregada por", timeout=SLOW)
        expect(page.locator("[data-given=end]")).to_have_count(1)
        for text in (OPEN, ANSWER):
            carla.reads(text)
        assert carla.texts() == [OPEN, ANSWER]
        line = page.locator("[data-act=give-history]")
        expect(line).to_contain_text("2 mensajes anteriores")
        expect(line).to_contain_text("con las firmas comprobadas")
        clean(carla, "history-shown")
        page.reload()
        carla.reads(OPEN)
        expect(page.get_by_text(SECRET)).to_have_count(0)

    def _is_taken_back(self, ana: Prosecutor, carla: Prosecutor) -> None:
        """What its author takes back goes from where it was given to as well."""
        ana.act(OPEN, "Retirar")
        sure = ana.page.get_by_role("dialog")
        sure.get_by_role("button", name="Retirar mensaje").press("Enter")
        expect(carla.page.get_by_text(OPEN)).to_have_count(0, timeout=SLOW)
        carla.reads(ANSWER)
