"""A request starts from a message, another from that request, a third from its exported file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hands import Keys
from tests.browser.hunter import canary, hunt
from tests.browser.test_plaintext import places_on_disk
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

THREAD = "Bancos"
SUMMARY = "Resumen de los hechos pertinentes"
START = "Iniciar solicitud con este mensaje"
UPON_TEXT = """(button) => {
  const one = button.getBoundingClientRect();
  return [...document.querySelectorAll("article .text, article .head")].some((text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    return [...range.getClientRects()].some((other) => one.left < other.right
      && other.left < one.right && one.top < other.bottom && other.top < one.bottom);
  });
}"""


def create(page: Page, title: str) -> None:
    """Give the new request a title and open it."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Título de trabajo").fill(title)
    dialog.get_by_role("button", name="Crear borrador").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(page.get_by_text("Edita usted")).to_be_visible()
    expect(page.get_by_text("Cifrado y guardado en el servidor")).to_be_visible()


def begin(page: Page, source: str) -> None:
    """Open the dialog of a new request, and say what it starts from."""
    page.get_by_role("link", name="Solicitudes").first.click()
    page.get_by_role("button", name="Nueva solicitud").first.click()
    page.get_by_role("dialog").get_by_label(source).check()


def says(page: Page, text: str) -> None:
    """Wait until the draft on screen has this summary of the facts."""
    page.get_by_role("link", name="Hechos").first.click()
    expect(page.get_by_label(SUMMARY, exact=True)).to_have_value(text)


def origin(page: Page) -> Locator:
    """Return what the draft on screen says of where it came from."""
    return page.get_by_role("group", name="Origen del borrador")


@pytest.mark.browser
@pytest.mark.timeout(200)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestANewRequest:
    """Where it came from stands on it, leads back, and is told neither to the server nor abroad."""

    def test_starts_from_a_message_then_from_that_request_then_from_its_file(
        self,
        configuration: Configuration,
        casehub: CaseHub,
        sit_down: Callable[..., Prosecutor],
        tmp_path: Path,
    ) -> None:
        salvador, mexico = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (salvador, mexico):
            person.sign_in_with_code(PASSWORD)
        said, titles = canary("said"), [canary(f"title{number}") for number in range(3)]
        reference = salvador.open_case(["México"], "Ruta La Hachadura")
        salvador.open_thread(THREAD)
        salvador.add_person(mexico.name(), thread=THREAD)
        mexico.go_to(reference, THREAD)
        mexico.write(said)
        salvador.reads(said)

        self._from_the_message(salvador, mexico, said, titles[0])
        salvador.page.go_back()
        exported = self._export(salvador.page, tmp_path)
        assert said in exported
        assert mexico.name() not in exported
        assert "origins" not in json.loads(exported)
        self._from_the_request(salvador.page, said, titles[0], titles[1])
        self._from_the_file(salvador.page, said, titles[2], tmp_path)
        assert hunt(places_on_disk(configuration, casehub), [said, *titles]) == []
        assert salvador.complaints == mexico.complaints == []

    def _from_the_message(
        self, salvador: Prosecutor, mexico: Prosecutor, said: str, title: str
    ) -> None:
        """By keyboard; another State's prosecutor said it, informally."""
        page = salvador.page
        start = page.get_by_role("button", name=START)
        # in sight without a pointer over it, and beside what was said, not upon it
        expect(start).to_be_visible()
        assert start.evaluate(UPON_TEXT) is False
        Keys(page).press(start)
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text(said)).to_be_visible()
        expect(dialog.get_by_text(f"Es información informal de {mexico.name()}")).to_be_visible()
        expect(dialog.get_by_label("Estado requerido")).to_have_value("MX")
        expect(dialog.get_by_label("Qué necesita")).to_have_value(said)
        create(page, title)
        says(page, said)
        expect(origin(page)).to_contain_text(f"Empezó con un mensaje de {mexico.name()}")
        salvador.shot("origin")
        origin(page).get_by_role("link", name="Ver el mensaje").click()
        expect(page.locator("article.sought")).to_contain_text(said)

    def _from_the_request(self, page: Page, said: str, former: str, title: str) -> None:
        begin(page, "Una solicitud anterior")
        dialog = page.get_by_role("dialog")
        choice = dialog.get_by_label("Solicitud que se copia")
        option = choice.locator("option").filter(has_text=former)
        choice.select_option(option.get_attribute("value"))
        expect(dialog.get_by_text("Se copia 1 respuesta")).to_be_visible()
        create(page, title)
        expect(origin(page)).to_contain_text("Copia de la versión 1 de la solicitud")
        expect(origin(page)).to_contain_text("Empezó con un mensaje")
        expect(origin(page).get_by_role("link", name=former)).to_be_visible()
        says(page, said)
        # what was said informally is noted where the form asks for it, once
        note = origin(page).get_by_role("button", name="Anotarla en")
        note.click()
        expect(page.get_by_label("Un hilo de este expediente")).to_be_checked()
        page.get_by_role("link", name="Hechos").first.click()
        expect(origin(page)).to_be_visible()
        expect(note).to_have_count(0)

    def _from_the_file(self, page: Page, said: str, title: str, folder: Path) -> None:
        """A wrong file is refused in words, and the right one is chosen in its place."""
        begin(page, "Un archivo JSON")
        dialog = page.get_by_role("dialog")
        chooser = dialog.locator("input[type=file]")
        (folder / "wrong.json").write_text("{}", "utf-8")
        chooser.set_input_files(folder / "wrong.json")
        expect(dialog.get_by_role("alert")).to_contain_text("No se tomó nada")
        expect(dialog.get_by_text("Falta elegir la solicitud o el archivo.")).to_be_visible()
        chooser.set_input_files(folder / "request.json")
        expect(dialog.get_by_text("1 respuesta leída")).to_be_visible()
        create(page, title)
        says(page, said)
        page.get_by_label(SUMMARY, exact=True).fill(f"{said}.")
        expect(page.get_by_text("versión 2")).to_be_visible(timeout=SLOW)
        page.reload()
        expect(origin(page)).to_contain_text("Se leyó del archivo «request.json»")
        says(page, f"{said}.")

    def _export(self, page: Page, folder: Path) -> str:
        page.get_by_role("button", name="Exportar").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("JSON").check()
        dialog.get_by_role("button", name="Continuar").click()
        with page.expect_download() as download:
            dialog.get_by_role("button", name="Descargar sin cifrar").click()
        download.value.save_as(folder / "request.json")
        dialog.get_by_role("button", name="Cerrar").first.click()
        return (folder / "request.json").read_text("utf-8")
