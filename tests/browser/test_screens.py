"""Every screen, in light, dark and at 360 px: no axe or CSP violation, and a picture kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_designation import sign_in

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 800}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}


def violations(page: Page) -> list[str]:
    """Run axe in the page (through the debugger, which no page policy restrains)."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}}))"
        ".violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))",
        RULES,
    )
    return [str(item) for item in json.loads(json.dumps(found))]


class Walk:
    """Somebody goes from screen to screen; each is measured, and a picture of it kept."""

    def __init__(self, person: Prosecutor, look: str, who: str = "") -> None:
        self.person, self.page = person, person.page
        self._name = f"{look}-{who}-" if who else f"{look}-"
        self._found: dict[str, list[str]] = {}

    def look(self, screen: str) -> None:
        """Note what is wrong with the screen that is open."""
        self.page.wait_for_timeout(300)  # fades of 120 ms would be measured half-way
        self._found[screen] = violations(self.page)
        self.person.shot(f"{self._name}{screen}")
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self._found[screen].append(f"scrolls sideways by {wide} px")

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
        more = self.page.get_by_role("button", name="Más")
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
@pytest.mark.parametrize("look", LOOKS)
class TestEveryScreen:
    """One person walks through everything there is."""

    def test_is_accessible_and_keeps_the_policy(
        self, look: str, sit_down: Callable[..., Prosecutor]
    ) -> None:
        person = sit_down("gt.enlace1", **LOOKS[look])
        page = person.page
        walk = Walk(person, look)
        looked_at = walk.look

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
            walk.go(name)
            looked_at(screen)
        walk.go("Avisos", HEADINGS["Avisos"])
        looked_at("notices")
        page.get_by_role("button", name=re.compile(r"^Acusar recibo de los \d")).click()
        looked_at("notices-all")
        page.get_by_role("dialog").get_by_role("button", name=re.compile("^Acusar")).click()
        expect(page.get_by_role("button", name="Acusar recibo")).to_have_count(0)
        looked_at("notices-none")
        walk.is_clean()

    @pytest.mark.parametrize("account", OFFICES)
    def test_of_the_offices_is_accessible_and_keeps_the_policy(
        self, look: str, account: str, sit_down: Callable[..., Prosecutor]
    ) -> None:
        person = sit_down(account, **LOOKS[look])
        page = person.page
        walk = Walk(person, look, account.replace(".", "-"))
        first, places = OFFICES[account]
        sign_in(person, first)
        walk.look("first")
        for place in places:
            walk.go(place, HEADINGS.get(place))
            walk.look(place.lower())
        walk.go("Directorio")
        walk.look("directory")
        page.get_by_role("link", name="El Salvador").filter(visible=True).first.click()
        expect(page.get_by_role("heading", name="El Salvador", level=1)).to_be_visible()
        walk.look("state")
        stop = page.get_by_role("button", name="Detener el acceso de El Salvador")
        may_stop = account != "sv.auditoria1"
        expect(stop).to_have_count(1 if may_stop else 0)
        if may_stop:
            stop.click()
            walk.look("state-stop")
            page.keyboard.press("Escape")
        # the first one of the specialised unit: somebody with whom numbers can be compared
        page.locator("[data-row]").nth(1).click()
        expect(page.get_by_text("Situación", exact=True)).to_be_visible(timeout=SLOW)
        if account == "sv.coordinacion":  # the one of them who works as a device
            expect(page.get_by_role("button", name="Verificar a")).to_be_visible(timeout=SLOW)
        walk.look("person")
        walk.is_clean()

    def test_of_a_stopped_state_is_accessible_and_keeps_the_policy(
        self, look: str, sit_down: Callable[..., Prosecutor]
    ) -> None:
        secretariat, officer = (
            sit_down("reg.secretaria"),
            sit_down("ni.cancilleria1", **LOOKS[look]),
        )
        sign_in(officer, "Designaciones")
        page = sign_in(secretariat, "Directorio")
        page.get_by_role("link", name="Nicaragua").filter(visible=True).first.click()
        page.get_by_role("button", name="Detener el acceso de Nicaragua").click()
        page.get_by_role("dialog").get_by_role("button", name="Detener ahora").click()
        expect(page.get_by_text("Detenido por una persona")).to_be_visible()
        walk = Walk(officer, look, "ni-cancilleria1")
        expect(officer.page.locator("[data-stopped=state]")).to_be_visible(timeout=SLOW)
        walk.look("stopped")
        sign_in(officer, "El acceso de todo su Estado fue detenido.")
        walk.look("stopped-signed-in")
        officer.page.get_by_role("button", name="Confirmar la detención").click()
        walk.look("stopped-confirming")
        officer.page.get_by_role("dialog").get_by_role(
            "button", name="Confirmar la detención"
        ).click()
        expect(officer.page.get_by_text("Detenido y confirmado")).to_be_visible()
        walk.look("stopped-confirmed")
        officer.page.get_by_role("button", name="Levantar la detención").click()
        walk.look("stopped-lifting")
        officer.page.get_by_role("dialog").get_by_role(
            "button", name="Levantar la detención"
        ).click()
        expect(officer.page.get_by_text("Usted pidió levantarla")).to_be_visible()
        walk.look("stopped-lift-asked")
        walk.is_clean()
