"""From a code on paper to a device that counts, and a second browser that asks to be one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.servers.casehub_server import CaseHub

SitDown = Callable[..., Prosecutor]
NAME = "Inés Portillo Cañas"


def in_the_region(casehub: CaseHub, call: str) -> str:
    """
    Do something in the server's region as those whose screens are not part of this journey.

    It is done at the time of the servers, where their clock goes ahead.
    """
    script = f"from tests.browser import designating; print('>>' + designating.{call})"
    ahead = casehub.processes[0].ahead
    printed = casehub.place.manage("shell", "-v", "0", "-c", script, ahead=ahead)
    return printed.split(">>")[1].strip()


def heading(page: Page, name: str) -> Locator:
    """Return the first heading of a step."""
    return page.get_by_role("heading", name=name, level=1)


def words_on(page: Page, label: str) -> list[str]:
    """Return the six words that a page shows."""
    found = page.get_by_role("list", name=label).get_by_role("listitem")
    expect(found).to_have_count(6)
    return found.all_inner_texts()


def shows_the_same(ring: Locator, words: list[str], asking: Page) -> None:
    """The words, and by a picture of the other screen's code; one of something else has none."""
    assert ring.get_by_role("listitem").all_inner_texts() == words
    ring.locator("summary").press("Enter")
    picture = ring.get_by_label("Imagen del código QR")
    drawn = asking.get_by_role("img", name="Código con las mismas palabras")
    for what, said in (
        (asking.get_by_role("heading", level=1), "no se lee el código"),
        (drawn, "Es su código"),
    ):
        photograph = {"name": "foto.png", "mimeType": "image/png", "buffer": what.screenshot()}
        picture.set_input_files(photograph)
        expect(ring.get_by_text(said)).to_be_visible()


def prove_kit(page: Page) -> None:
    """Type the groups back that are asked for, as from the printed sheet."""
    groups = page.get_by_role("list", name="Grupos de la hoja").get_by_role("listitem")
    expect(groups).to_have_count(8)
    printed = groups.all_inner_texts()
    for field in page.get_by_label(re.compile(r"^Grupo \d$")).all():
        label = page.locator(f"label[for='{field.get_attribute('id')}']").inner_text()
        field.fill(printed[int(label.split()[-1]) - 1])
    page.get_by_role("button", name="Comprobar").click()


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestSomebodyWithACode:
    """Enrols, closes the laptop in between, is bound, and works."""

    def test_becomes_a_person_with_a_device_and_lets_a_second_browser_in(
        self, sit_down: SitDown, casehub: CaseHub
    ) -> None:
        designation, code = in_the_region(casehub, f"code({NAME!r})").split()
        ines = sit_down("nobody")
        page = ines.page
        ines.plug_in_authenticator()
        page.goto(f"{ines.url}/alta")

        page.get_by_label("Código").fill("0000-0000")
        page.get_by_role("button", name="Continuar").click()
        expect(page.get_by_text("pida otro a su coordinación")).to_be_visible()
        (refused,) = ines.complaints  # the browser's own word for the code that is none
        assert "403" in refused
        ines.complaints.clear()
        page.get_by_label("Código").fill(code)
        page.get_by_role("button", name="Continuar").click()
        expect(heading(page, "Designación encontrada")).to_be_focused()
        expect(page.get_by_text(NAME)).to_be_visible()
        page.get_by_role("button", name="Soy yo y los datos").click()
        page.get_by_role("button", name="Crear la llave de acceso").click()

        expect(heading(page, "Segunda llave de acceso")).to_be_visible(timeout=SLOW)
        page.reload()
        page.get_by_role("button", name="Seguir con una sola").click()
        page.get_by_role("button", name="Hacer mis llaves").click()
        label = "Palabras de su llave de identidad"
        words = words_on(page, label)
        page.reload()
        assert words_on(page, label) == words
        page.get_by_role("button", name="Ya las leí").click()

        page.get_by_role("button", name="Hacer la hoja").click()
        listed = page.get_by_role("list", name="Grupos de la hoja")
        printed = listed.inner_text()
        page.reload()
        expect(listed).to_be_visible(timeout=SLOW)
        assert listed.inner_text() == printed
        prove_kit(page)
        page.get_by_label("He leído las reglas").check()
        page.get_by_role("button", name="Aceptar").click()
        expect(heading(page, "En espera de la confirmación")).to_be_visible(timeout=SLOW)
        assert words_on(page, label) == words

        assert in_the_region(casehub, f"bind({designation!r})") == "bound"
        expect(heading(page, "Expedientes")).to_be_visible(timeout=SLOW)

        second = sit_down("nobody")
        second.page.goto(second.url)
        carry_passkey(ines, second)
        second.page.get_by_role("button", name="Entrar con llave de acceso").click()
        shown = words_on(second.page, "Palabras de este navegador")
        ring = page.get_by_role("alert", name="Un navegador nuevo pide ser equipo suyo")
        expect(ring).to_be_visible(timeout=SLOW)
        shows_the_same(ring, shown, second.page)
        ring.get_by_role("button", name="Son las mismas").click()
        expect(heading(second.page, "Expedientes")).to_be_visible(timeout=SLOW)
        assert ines.complaints == second.complaints == []


def carry_passkey(one: Prosecutor, other: Prosecutor) -> None:
    """Have the same hardware key in another browser."""
    held = one.authenticator.send(
        "WebAuthn.getCredentials", {"authenticatorId": one.authenticator_id}
    )
    other.plug_in_authenticator()
    for credential in held["credentials"]:
        other.authenticator.send(
            "WebAuthn.addCredential",
            {"authenticatorId": other.authenticator_id, "credential": credential},
        )
