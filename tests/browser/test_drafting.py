"""A prosecutor drafts a request in a real browser, and a colleague goes on with it in another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.drafter import Drafter
from tests.browser.pages import BELOW
from tests.browser.saving import saved

SitDown = Callable[..., Prosecutor]
TITLE = "Registros bancarios"
FIELD = "Resumen de los hechos pertinentes"
SUMMARY = "Un grupo cobró por cruzar la frontera y depositó el dinero en dos cuentas."
AWAY = 7_000  # ms: longer than a walk from one page of a request to another takes
MORE = f"{SUMMARY} Faltan las fechas."


def covered_by(said: Locator) -> list[str]:
    """Return the acts and headings that lie below what the page says by itself."""
    found: list[str] = said.evaluate(BELOW)
    return found


def begin(prosecutor: Prosecutor) -> None:
    """Open a draft to Mexico from the list of requests, with one measure suggested by words."""
    page = prosecutor.page
    page.get_by_role("link", name="Solicitudes").first.click()
    page.get_by_role("button", name="Nueva solicitud").first.click()
    dialog = page.get_by_role("dialog")
    # the case has one other State
    expect(dialog.get_by_label("Estado requerido")).to_have_value("MX")
    expect(dialog.get_by_role("button", name="Crear borrador")).to_be_in_viewport(ratio=1)
    dialog.get_by_label("Qué necesita").fill("movimientos de una cuenta")
    dialog.get_by_label("Registros bancarios y financieros").first.check()
    dialog.get_by_label("Título de trabajo").fill(TITLE)
    dialog.get_by_role("button", name="Crear borrador").click()
    expect(page.get_by_text("Edita usted")).to_be_visible()


def write(prosecutor: Prosecutor, text: str) -> None:
    """Type the summary of the facts and wait until it is at the server."""
    page = prosecutor.page
    page.get_by_role("link", name="Hechos").first.click()
    with saved(page):
        page.get_by_label(FIELD, exact=True).fill(text)


@pytest.mark.browser
@pytest.mark.timeout(300)
class TestDrafting:
    @pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
    def test_is_saved_encrypted_and_still_there_after_a_reload(self, sit_down: SitDown) -> None:
        salvador = sit_down("sv.enlace1")
        salvador.sign_in_with_code(PASSWORD)
        salvador.open_case(["México"], "Ruta La Hachadura")
        begin(salvador)
        write(salvador, SUMMARY)
        page = salvador.page
        page.get_by_role("link", name="Base legal").first.click()
        with saved(page):
            page.get_by_role("button", name="Adoptar").first.click()
            expect(page.get_by_text("en el borrador").first).to_be_visible()

        page.reload()
        page.get_by_role("link", name="Hechos").first.click()
        expect(page.get_by_label(FIELD, exact=True)).to_have_value(SUMMARY)
        page.get_by_role("link", name="Revisión previa").first.click()
        expect(page.get_by_text("impiden marcarla como lista")).to_be_visible()
        page.get_by_role("link", name="Versiones").first.click()
        expect(page.get_by_label("Versión nueva")).to_be_visible()
        salvador.shot("drafting")
        assert salvador.complaints == []

    @pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
    def test_goes_on_after_a_walk_through_the_app_and_is_signed_knowingly(
        self, sit_down: SitDown
    ) -> None:
        salvador = sit_down("sv.enlace1")
        salvador.sign_in_with_code(PASSWORD)
        salvador.open_case(["México"], "Ruta La Hachadura")
        begin(salvador)
        page = salvador.page
        said = page.get_by_role("status").filter(has_text="Borrador creado")
        expect(said).to_be_visible()
        assert covered_by(said) == []
        expect(page.get_by_text("Cifrado y guardado en el servidor")).to_be_visible(timeout=30_000)
        page.get_by_role("link", name="Versiones").first.click()
        expect(page.get_by_text("Todavía no hay nada que comparar.")).to_be_visible()
        page.get_by_role("link", name="Redacción").click()

        guide = page.get_by_role("group", name="Por dónde seguir")
        expect(guide).to_contain_text("Empiece aquí")
        first = guide.get_by_role("button", name="Ir al primer pendiente")
        first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("section.form :focus")).to_be_visible()
        expect(guide.get_by_role("button", name="Ir al siguiente")).to_be_visible()

        write(salvador, SUMMARY)
        page.get_by_role("link", name="Directorio").first.click()
        page.wait_for_timeout(AWAY)
        page.get_by_role("link", name="Solicitudes").first.click()
        page.get_by_role("link", name=TITLE).first.click()
        expect(page.get_by_text("Edita usted", exact=True)).to_be_visible()
        write(salvador, MORE)

        page.get_by_role("link", name="Revisión previa").first.click()
        sign = page.get_by_role("button", name="Firmar este resultado")
        sign.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(f"revisión previa de «{TITLE}»")
        expect(dialog).to_contain_text("La versión 3.")
        expect(dialog).to_contain_text(f"{salvador.name()}, Fiscalía General de la República")
        expect(dialog).to_contain_text("no se retira")
        salvador.shot("sign")
        page.keyboard.press("Escape")
        expect(sign).to_be_focused()
        expect(page.get_by_text("Nadie ha firmado todavía")).to_be_visible()
        sign.click()
        dialog.get_by_role("button", name="Firmar", exact=True).click()
        expect(
            page.get_by_text(f"{salvador.name()} firmó la revisión de la versión 3")
        ).to_be_visible()
        assert salvador.complaints == []

    @pytest.mark.parametrize("configuration", ["full"], indirect=True)
    def test_is_read_by_a_colleague_who_then_has_the_turn(self, sit_down: SitDown) -> None:
        first, second = sit_down("sv.enlace1"), sit_down("sv.enlace2")
        first.sign_in_with_code(PASSWORD)
        second.sign_in_with_code(PASSWORD)
        first.open_case(["México"], "Ruta La Hachadura")
        first.add_person(second.name())
        begin(first)
        write(first, SUMMARY)
        page = first.page
        Drafter(first).let_in(second.name())
        with saved(page):
            page.get_by_label(FIELD, exact=True).fill(MORE)

        theirs = second.page
        theirs.get_by_role("link", name="Solicitudes").first.click()
        theirs.get_by_role("link", name=TITLE).first.click()
        expect(theirs.get_by_text("Edita", exact=False).first).to_be_visible()
        theirs.get_by_role("link", name="Hechos").first.click()
        field = theirs.get_by_label(FIELD, exact=True)
        expect(field).to_have_value(MORE)
        expect(field).not_to_be_editable()
        page.get_by_role("button", name="Entregar turno").click()
        expect(theirs.get_by_text("Nadie edita ahora.")).to_be_visible()
        theirs.get_by_role("button", name="Editar").click()
        expect(field).to_be_editable()
        write(second, SUMMARY)
        expect(page.get_by_label(FIELD, exact=True)).to_have_value(SUMMARY)
        assert first.complaints == second.complaints == []
