"""Every screen, in light, dark and at 360 px: no axe or CSP violation, and a picture kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD

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
        found: dict[str, list[str]] = {}

        def looked_at(screen: str) -> None:
            page.wait_for_timeout(300)  # fades of 120 ms would be measured half-way
            found[screen] = violations(page)
            person.shot(f"{look}-{screen}")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                found[screen].append(f"scrolls sideways by {wide} px")

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
            page.get_by_role("link", name=name).filter(visible=True).first.click()
            expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
            looked_at(screen)
        assert {screen: bad for screen, bad in found.items() if bad} == {}
        assert person.complaints == []
