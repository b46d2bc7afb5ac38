"""
Every screen, in light, dark and at 360 px: no axe or CSP violation, and a picture kept.

Light and dark are one walk: each screen is looked at in both, where it stands. At 360 px the way
from screen to screen is another, so that it is walked by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.looking import AXE, AXE_RUN, OF_COLOURS, RULES
from tests.browser.test_designation import sign_in

LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}
#  how wide somebody's page is, and the looks that each screen is given on the way
WALKS = {"wide": ("light", "dark"), "narrow": ("narrow",)}
#  of those who have few screens of their own; at 360 px the gallery has them all
FEWER_WALKS = ["wide", pytest.param("narrow", marks=pytest.mark.further)]


def violations(page: Page, rules: object = RULES) -> list[str]:
    """Run axe in the page (through the debugger, which no page policy restrains)."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        f"async (rules) => (await ({AXE_RUN})(rules)).violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))",
        rules,
    )
    return [str(item) for item in json.loads(json.dumps(found))]


class Walk:
    """Somebody goes from screen to screen; each is measured, and a picture of it kept."""

    def __init__(self, person: Prosecutor, walk: str, who: str = "") -> None:
        self.person, self.page = person, person.page
        self._looks = WALKS[walk]
        self._who = f"{who}-" if who else ""
        self._found: dict[str, list[str]] = {}

    def look(self, screen: str) -> None:
        """Note what is wrong with the screen that is open, in each look of this walk."""
        for number, look in enumerate(self._looks):
            self.page.emulate_media(color_scheme=LOOKS[look]["color_scheme"])
            self.page.wait_for_timeout(300)  # fades of 120 ms would be measured half-way
            name = f"{look}-{self._who}{screen}"
            self._found[name] = violations(self.page, OF_COLOURS if number else RULES)
            self.person.shot(name)
            wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                self._found[name].append(f"scrolls sideways by {wide} px")

    def go(self, link: str, heading: str | None = None) -> None:
        """Follow a link that can be seen, or that is behind "More"; wait for its page's heading."""
        seen = self.page.get_by_role("link", name=link).filter(visible=True)
        if seen.count() == 0:
            self._open_more()
        seen.first.click()
        title = self.page.get_by_role("heading", name=heading or link, level=1)
        expect(title).to_be_visible(timeout=SLOW)

    def _open_more(self) -> None:
        """Open what the bar below has no room for, with the keyboard; Escape closes it again."""
        more = self.page.locator("[aria-controls=more-places]")
        more.press("Enter")
        expect(more).to_have_attribute("aria-expanded", "true")
        self.page.keyboard.press("Tab")
        self.look("more")
        self.page.keyboard.press("Escape")
        expect(more).to_have_attribute("aria-expanded", "false")
        expect(more).to_be_focused()
        more.press("Enter")

    def is_clean(self) -> None:
        """Nothing was found wrong anywhere."""
        assert {screen: bad for screen, bad in self._found.items() if bad} == {}
        assert self.person.complaints == []


#  somebody of the offices, their first page, and the pages that they have beside the directory
OFFICES = {
    "sv.cancilleria1": ("Designaciones", ["Designaciones", "Avisos"]),
    "sv.coordinacion": ("Expedientes", ["Designaciones", "Avisos"]),
    "sv.auditoria1": ("Bitácora", ["Designaciones"]),
    "reg.secretaria": ("Directorio", []),
}
HEADINGS = {"Avisos": "Avisos a todos los Estados"}


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestEveryScreen:
    """One person walks through everything there is."""

    @pytest.mark.parametrize("walk", WALKS)
    def test_is_accessible_and_keeps_the_policy(
        self, walk: str, sit_down: Callable[..., Prosecutor]
    ) -> None:
        person = sit_down("gt.enlace1", **LOOKS[WALKS[walk][0]])
        page = person.page
        walking = Walk(person, walk)
        looked_at = walking.look

        page.goto(person.url)
        expect(page.get_by_role("button", name="Entrar con llave de acceso")).to_be_visible()
        looked_at("sign-in")
        person.sign_in_with_code(PASSWORD)
        looked_at("cases")
        page.get_by_role("button", name="Abrir expediente").first.click()
        looked_at("open-case")
        page.keyboard.press("Escape")
        person.open_case(["Honduras"], "Caso de prueba")
        looked_at("case")
        page.get_by_role("button", name="Abrir hilo").first.click()
        looked_at("open-thread")
        page.keyboard.press("Escape")
        person.open_thread("Calificación del hecho")
        person.write("Primer mensaje del hilo, con tildes: acción, año, güisquil.")
        looked_at("thread")
        for name, screen in (("Directorio", "directory"), ("Cuenta", "account")):
            walking.go(name)
            looked_at(screen)
        walking.go("Avisos", HEADINGS["Avisos"])
        looked_at("notices")
        page.get_by_role("button", name=re.compile(r"^Acusar recibo de los \d")).click()
        looked_at("notices-all")
        page.get_by_role("dialog").get_by_role("button", name=re.compile("^Acusar")).click()
        expect(page.get_by_role("button", name="Acusar recibo")).to_have_count(0)
        looked_at("notices-none")
        walking.is_clean()

    @pytest.mark.parametrize("walk", FEWER_WALKS)
    @pytest.mark.parametrize("account", OFFICES)
    def test_of_the_offices_is_accessible_and_keeps_the_policy(
        self, walk: str, account: str, sit_down: Callable[..., Prosecutor]
    ) -> None:
        person = sit_down(account, **LOOKS[WALKS[walk][0]])
        page = person.page
        walking = Walk(person, walk, account.replace(".", "-"))
        first, places = OFFICES[account]
        sign_in(person, first)
        walking.look("first")
        for place in places:
            walking.go(place, HEADINGS.get(place))
            walking.look(place.lower())
        walking.go("Directorio")
        walking.look("directory")
        page.get_by_role("link", name="El Salvador").filter(visible=True).first.click()
        expect(page.get_by_role("heading", name="El Salvador", level=1)).to_be_visible()
        walking.look("state")
        stop = page.get_by_role("button", name="Detener el acceso de El Salvador")
        may_stop = account != "sv.auditoria1"
        expect(stop).to_have_count(1 if may_stop else 0)
        if may_stop:
            stop.click()
            walking.look("state-stop")
            page.keyboard.press("Escape")
        # the first one of the specialised unit: somebody with whom numbers can be compared
        page.locator("[data-row]").nth(1).click()
        expect(page.get_by_text("Situación", exact=True)).to_be_visible(timeout=SLOW)
        if account == "sv.coordinacion":  # the one of them who works as a device
            expect(page.get_by_role("button", name="Verificar a")).to_be_visible(timeout=SLOW)
        walking.look("person")
        walking.is_clean()

    @pytest.mark.parametrize("walk", FEWER_WALKS)
    def test_of_a_stopped_state_is_accessible_and_keeps_the_policy(
        self, walk: str, sit_down: Callable[..., Prosecutor]
    ) -> None:
        secretariat, officer = (
            sit_down("reg.secretaria"),
            sit_down("ni.cancilleria1", **LOOKS[WALKS[walk][0]]),
        )
        sign_in(officer, "Designaciones")
        page = sign_in(secretariat, "Directorio")
        page.get_by_role("link", name="Nicaragua").filter(visible=True).first.click()
        page.get_by_role("button", name="Detener el acceso de Nicaragua").click()
        page.get_by_role("dialog").get_by_role("button", name="Detener ahora").click()
        expect(page.get_by_text("Detenido por una persona")).to_be_visible()
        walking = Walk(officer, walk, "ni-cancilleria1")
        expect(officer.page.locator("[data-stopped=state]")).to_be_visible(timeout=SLOW)
        walking.look("stopped")
        sign_in(officer, "El acceso de todo su Estado fue detenido.")
        walking.look("stopped-signed-in")
        officer.page.get_by_role("button", name="Confirmar la detención").click()
        walking.look("stopped-confirming")
        officer.page.get_by_role("dialog").get_by_role(
            "button", name="Confirmar la detención"
        ).click()
        expect(officer.page.get_by_text("Detenido y confirmado")).to_be_visible()
        walking.look("stopped-confirmed")
        officer.page.get_by_role("button", name="Levantar la detención").click()
        walking.look("stopped-lifting")
        officer.page.get_by_role("dialog").get_by_role(
            "button", name="Levantar la detención"
        ).click()
        expect(officer.page.get_by_text("Usted pidió levantarla")).to_be_visible()
        walking.look("stopped-lift-asked")
        walking.is_clean()
