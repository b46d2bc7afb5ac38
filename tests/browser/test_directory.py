"""The directory: somebody found, their hours, their contact within a case, paper and a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD

PHONE, NOTE = "+504 9999 0101", "De noche, solo llamar"


def at_directory(person: Prosecutor) -> Page:
    """Go to the directory and wait until it is read."""
    person.page.get_by_role("link", name="Directorio").first.click()
    expect(person.page.get_by_role("heading", name="Directorio", level=1)).to_be_visible()
    expect(person.page.get_by_text("designación y llave verificadas").first).to_be_visible()
    return person.page


def find(person: Prosecutor, words: str) -> Page:
    """Search, and go to the one person who is found."""
    page = at_directory(person)
    page.get_by_label("Buscar en el directorio").fill(words)
    expect(page.get_by_text("1 persona", exact=True)).to_be_visible()
    page.locator("[data-row]").click()
    expect(page.get_by_text("Acto de la cancillería")).to_be_visible()
    return page


def without_accents(name: str) -> str:
    """Return a name as somebody in a hurry types it."""
    return name.lower().translate(str.maketrans("áéíóúñü", "aeiounu"))


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTheDirectory:
    """Two prosecutors of two States who share a case."""

    def test_leads_to_a_person_and_within_a_case_to_their_contact(
        self, sit_down: Callable[..., Prosecutor], tmp_path: Path
    ) -> None:
        ana, luis = sit_down("hn.enlace1"), sit_down("pa.enlace1")
        for person in (ana, luis):
            person.sign_in_with_code(PASSWORD)
        name, other = luis.name(), ana.name()

        page = find(ana, f"{without_accents(name)} panama")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        expect(page.get_by_text(re.compile(r"de 08:00 a 16:00 \(Panama\)"))).to_be_visible()
        expect(page.get_by_text("para usted: 07:00–15:00")).to_be_visible()
        expect(page.get_by_text(re.compile(r"ahora son las \d\d:\d\d allí"))).to_be_visible()
        expect(page.get_by_text("Huella de su llave")).to_be_visible()
        expect(page.get_by_text(re.compile("Firmado por .+ y .+"))).to_be_visible()
        expect(
            page.get_by_text("Se muestra solo dentro de un expediente compartido.")
        ).to_be_visible()
        card = page.url

        self._give_contact(luis)
        reference = ana.open_case(["Panamá"], "Ruta del sur")
        ana.open_thread("Contacto")
        ana.add_person(name, thread="Contacto")
        page.goto(card)
        page.get_by_text(f"Se mostrará dentro de {reference}.").wait_for()
        page.get_by_role("button", name="Ver contacto").click()
        expect(page.get_by_text(PHONE)).to_be_visible()
        expect(page.get_by_text(NOTE)).to_be_visible()
        ana.shot("directory-contact")
        self._sees_who_looked(luis, other)

        self._finds_an_office_by_its_telephone(ana, luis)
        self._narrow(ana)
        self._take_away(ana, tmp_path)
        self._law_of_a_state(ana)
        assert ana.complaints == []
        assert luis.complaints == []

    def _give_contact(self, person: Prosecutor) -> None:
        """Type one's own contact into one's own card."""
        page = find(person, without_accents(person.name()))
        expect(page.get_by_text("No ha dado un contacto.")).to_be_visible()
        page.get_by_role("button", name="Cambiar contacto").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Teléfono").fill(PHONE)
        dialog.get_by_label("Indicación").fill(NOTE)
        dialog.get_by_role("button", name="Guardar contacto").click()
        expect(dialog).to_be_hidden()
        expect(page.get_by_text("Nadie lo ha consultado.")).to_be_visible()

    def _sees_who_looked(self, person: Prosecutor, who: str) -> None:
        """Look at one's own card again: it says who was shown the contact."""
        page = find(person, without_accents(person.name()))
        shown = page.get_by_role("region", name="Quién consultó su contacto")
        expect(shown.get_by_text(who)).to_be_visible()

    def _finds_an_office_by_its_telephone(self, person: Prosecutor, other: Prosecutor) -> None:
        """Search for a public telephone as it is dialled; the card of whoever is there shows it."""
        page = find(other, without_accents(other.name()))
        shown = page.locator("a[href^='tel:+999']").first
        telephone = shown.inner_text()
        assert shown.get_attribute("href") == "tel:" + telephone.replace(" ", "")
        page = at_directory(person)
        page.get_by_label("Buscar en el directorio").fill(telephone.replace(" ", ""))
        expect(page.get_by_role("link", name=telephone)).to_have_count(1)
        expect(page.get_by_text("3 personas", exact=True)).to_be_visible()
        expect(page.locator("[data-row]", has_text=other.name())).to_be_visible()
        page.get_by_label("Buscar en el directorio").fill("")

    def _narrow(self, person: Prosecutor) -> None:
        """Filter by State and role, and walk through the names by keyboard."""
        page = at_directory(person)
        page.get_by_label("Estado", exact=True).select_option("CR")
        page.get_by_label("Función", exact=True).select_option("liaison")
        expect(page.get_by_text("2 personas", exact=True)).to_be_visible()
        assert page.url.endswith("?estado=CR&funcion=liaison")
        page.get_by_role("heading", name="Directorio", level=1).focus()
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator("[data-row]").nth(1)).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator("[data-row]").nth(0)).to_be_focused()
        page.get_by_label("Sin verificar").check()
        expect(page.get_by_text("Nadie coincide con la búsqueda.")).to_be_visible()
        page.get_by_role("button", name="Quitar filtros").click()

    def _take_away(self, person: Prosecutor, folder: Path) -> None:
        """Print the whole list, and save one's own State's people as CSV."""
        page = at_directory(person)
        page.emulate_media(media="print")
        expect(page.get_by_text(re.compile("Impreso por"))).to_be_visible()
        expect(page.get_by_label("Estado", exact=True)).to_be_hidden()
        expect(page.get_by_role("button", name="Imprimir")).to_be_hidden()
        assert len(page.pdf(path=folder / "directory.pdf")) > 10_000
        page.emulate_media(media="screen")
        page.evaluate("window.print = () => { window.printed = true; }")
        with page.expect_response("**/api/directory/prints") as logged:
            page.get_by_role("button", name="Imprimir").click()
        page.wait_for_function("window.printed === true")
        assert logged.value.ok
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV de Honduras").click()
        assert saved.value.suggested_filename == "directorio-HN.csv"
        saved.value.save_as(folder / "own.csv")
        text = (folder / "own.csv").read_bytes().decode("utf-8")
        assert text.startswith("\ufeffEstado,Oficina,Nombre,")
        assert len(text.splitlines()) == 1 + 8
        assert {line.split(",")[0] for line in text.splitlines()[1:]} == {"HN"}
        assert text.splitlines()[0].endswith(",Teléfono público de la oficina")
        assert all(",'+999 " in line for line in text.splitlines()[1:])
        assert PHONE not in text

    def _law_of_a_state(self, person: Prosecutor) -> None:
        """Look at a State: its authority by instrument and day, what is not established."""
        page = at_directory(person)
        page.get_by_role("link", name="El Salvador", exact=True).click()
        table = page.get_by_role("region", name="Tabla de autoridades centrales")
        before = table.get_by_role("row").filter(has_text="Corrupción")
        expect(before.get_by_text("ya no rige")).to_have_count(1)
        expect(page.get_by_text("Oficina de INTERPOL")).to_be_visible()
        expect(page.get_by_text("Pregunte al punto de contacto.").first).to_be_visible()
        expect(page.get_by_text(re.compile("^Confianza: ")).first).to_be_visible()
        person.shot("directory-state")
