"""The recovery kit that one still has, and what one is told before a browser is given up."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.looking import LISTEN, faults, faults_when_narrow

SitDown = Callable[..., Prosecutor]
TITLE, THREAD, DRAFT = "Ruta de prueba", "Traslados", "Lo que nadie ha leído"
OTHER_KIT = ["0000000B"] + ["AAAAAAAA"] * 7


def at_account(person: Prosecutor) -> Page:
    """Go to Cuenta."""
    person.page.get_by_role("link", name="Cuenta").first.click()
    expect(person.page.get_by_role("heading", name="Cuenta", level=1)).to_be_visible()
    return person.page


def print_kit(page: Page) -> list[str]:
    """Make a kit and prove it; return the eight groups that stand on the paper."""
    page.get_by_role("button", name="Hacer la hoja").click()
    listed = page.get_by_role("list", name="Grupos de la hoja").get_by_role("listitem")
    expect(listed).to_have_count(8)
    groups = [one.inner_text() for one in listed.all()]
    for field in page.get_by_role("textbox", name=re.compile(r"^Grupo \d$")).all():
        label = page.locator(f"label[for='{field.get_attribute('id')}']").inner_text()
        field.fill(groups[int(label.split()[-1]) - 1])
    page.get_by_role("button", name="Comprobar", exact=True).click()
    expect(page.get_by_text("Comprobada el")).to_be_visible(timeout=SLOW)
    return groups


def type_kit(page: Page, groups: list[str]) -> None:
    """Type a kit by the keyboard alone, from the first field on, and send it off with Enter."""
    for number, group in enumerate(groups, start=1):
        expect(page.get_by_label(f"Grupo {number}")).to_be_focused()
        page.keyboard.type(group)
        page.keyboard.press("Tab" if number < len(groups) else "Enter")


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTheRecoveryKit:
    def test_is_proven_in_this_browser_and_nothing_of_it_leaves(self, sit_down: SitDown) -> None:
        person = sit_down("cr.enlace1")
        person.context.add_init_script(LISTEN)
        person.sign_in_with_code(PASSWORD)
        page = at_account(person)
        sent: list[str] = []

        def listen(request: Request) -> None:
            sent.append(f"{request.url} {request.post_data or ''}".upper())

        page.on("request", listen)
        page.on("websocket", lambda wire: wire.on("framesent", lambda said: sent.append(str(said))))
        groups = print_kit(page)

        page.get_by_role("button", name="Comprobar que la tengo").click()
        type_kit(page, OTHER_KIT)
        expect(page.get_by_text("No se perdió nada")).to_be_visible()
        expect(page.get_by_label("Grupo 2")).to_have_value("AAAAAAAA")
        page.get_by_role("button", name="Cancelar").click()

        page.get_by_role("button", name="Comprobar que la tengo").click()
        with page.expect_response("**/api/account/kit/proof") as answered:
            type_kit(page, groups)
        assert answered.value.json()["proven_on"] is not None
        opens = page.get_by_text("La hoja abre el último respaldo")
        expect(opens).to_be_visible()
        assert faults(page, ("light", "dark")) | faults_when_narrow(page) == {}
        person.shot("kit-opens")
        everything = "\n".join(sent)
        assert "/API/ACCOUNT/KIT/PROOF" in everything
        for group in groups:
            assert group not in everything
            assert group.replace("-", "") not in everything
        assert person.complaints == []


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestGivingUpThisBrowser:
    def test_says_first_what_is_read_no_more_and_who_lets_one_in_again(
        self, sit_down: SitDown
    ) -> None:
        ana, luis = sit_down("cr.enlace1"), sit_down("gt.enlace1")
        for one in (ana, luis):
            one.context.add_init_script(LISTEN)
            one.sign_in_with_code(PASSWORD)
        name = luis.name()
        reference = ana.open_case(["Guatemala"], TITLE)
        ana.open_thread(THREAD)
        ana.add_person(name, thread=THREAD)
        luis.go_to(reference, THREAD)
        ana.write("Buenos días")
        luis.reads("Buenos días")
        ana.go_to(reference, THREAD)
        ana.page.get_by_label("Mensaje cifrado").fill(DRAFT)

        page = at_account(ana)
        page.get_by_role("button", name="Retirar este navegador").click()
        dialog = page.get_by_role("dialog")
        row = dialog.get_by_role("listitem").filter(has_text=THREAD).first
        expect(row).to_contain_text(reference)
        expect(row).to_contain_text(name)
        expect(row).to_contain_text("Guatemala")
        expect(row).to_contain_text("Hay un borrador escrito aquí")
        expect(dialog).to_contain_text("Es su último equipo")
        expect(page.locator(".said.seen")).to_have_count(0, timeout=SLOW)  # of what came before
        assert faults(page, ("light", "dark")) == {}
        ana.shot("losses")
        with page.expect_download() as saved:
            dialog.get_by_role("button", name="Guardar la lista").click()
        text = Path(saved.value.path()).read_text(encoding="utf-8")
        assert THREAD in text
        assert name in text

        # neither a press nor another word does it, and to cancel loses nothing
        word = dialog.get_by_label("Para confirmar, escriba")
        dialog.get_by_role("button", name="Retirar ahora").click()
        word.fill("cualquiera")
        word.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text("no coincide")
        expect(word).to_be_focused()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(page.get_by_role("button", name="Retirar este navegador")).to_be_focused()
        ana.go_to(reference, THREAD)
        expect(page.get_by_label("Mensaje cifrado")).to_have_value(DRAFT)

        at_account(ana)
        page.get_by_role("button", name="Retirar este navegador").click()
        word.fill("retirar")
        word.press("Enter")
        expect(page.locator("[data-stopped=device]")).to_be_visible(timeout=SLOW)
        assert ana.complaints == luis.complaints == []
