"""Files of a message looked at in their frame, refused there, and taken with a warning."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser import samples
from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary, hunt
from tests.browser.test_files import choose, downloaded
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_said import clean
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
JPEG = """async () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [80, 40];
  canvas.getContext('2d').fillRect(0, 0, 40, 40);
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg'));
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
}"""

SCREENSHOT = """async () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [90, 30];
  canvas.getContext('2d').fillRect(0, 0, 45, 30);
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
  await navigator.clipboard.write([new ClipboardItem({'image/png': blob})]);
}"""


def send_alone(person: Prosecutor, file: Path, *, strip: bool | None = None) -> None:
    """Send one file without words; `strip` answers what is asked of a picture that tells more."""
    page = person.page
    choose(page, file)
    if strip is not None:
        dialog = page.get_by_role("dialog")
        box = dialog.get_by_label("Quitar esos datos antes de cifrar")
        expect(box).not_to_be_checked()
        if strip:
            box.check()
        dialog.get_by_role("button", name="Adjuntar").click()
    expect(page.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
    goes_along = page.get_by_text("Se enviará con el lugar (GPS) donde se tomó")
    expect(goes_along).to_have_count(1 if strip is False else 0)
    if strip is False:
        clean(person, "preview-composer")
    send(person, file.name)


def send(person: Prosecutor, name: str) -> None:
    """Send the file that waits in the composer."""
    page = person.page
    page.get_by_role("button", name="Enviar", exact=True).click()
    confirm = page.get_by_role("button", name=re.compile("Confirmar y enviar"))
    waiting = page.get_by_role("list", name="Archivos para este mensaje")
    expect(confirm.or_(page.get_by_text(name).last).first).to_be_visible()
    if confirm.is_visible():
        confirm.click()
    expect(waiting).to_have_count(0, timeout=SLOW)


def look_at(person: Prosecutor, name: str) -> Locator:
    """Press "Ver" by keyboard; return the dialog."""
    button = person.page.get_by_role("button", name=f"Ver {name}")
    expect(button).to_be_visible(timeout=SLOW)
    button.press("Enter")
    return person.page.get_by_role("dialog")


def frame_of(page: Page) -> Frame:
    found = page.locator("iframe").element_handle().content_frame()
    assert found is not None
    return found


def close(person: Prosecutor, name: str) -> None:
    """Escape closes; the bytes go with the frame, and the keyboard is where it was."""
    person.page.keyboard.press("Escape")
    expect(person.page.get_by_role("dialog")).to_have_count(0)
    expect(person.page.locator("iframe")).to_have_count(0)
    expect(person.page.get_by_role("button", name=f"Ver {name}")).to_be_focused()


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestAPreview:
    """Two people; one sends, the other looks."""

    def test_shows_what_is_sound_refuses_what_is_not_and_warns_of_the_rest(
        self,
        configuration: Configuration,
        casehub: CaseHub,
        sit_down: SitDown,
        tmp_path: Path,
    ) -> None:
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Pruebas")
        ana.add_person(boris.name(), thread="Pruebas")
        boris.go_to(reference, "Pruebas")
        expect(boris.page.get_by_label("Mensaje cifrado")).to_be_visible(timeout=SLOW)

        name, inside = canary("preview-name"), canary("preview-exif")
        self._pdf(ana, boris, tmp_path)
        self._pictures(ana, boris, tmp_path, name, inside)
        self._pasted(ana, boris)
        self._refused(ana, boris, tmp_path)
        self._warned(ana, boris, tmp_path)
        self._withdrawn(ana, boris, tmp_path)
        self._locked(boris)
        assert hunt(places_on_disk(configuration, casehub), [name, inside]) == []
        assert ana.complaints == boris.complaints == []

    def _pdf(self, ana: Prosecutor, boris: Prosecutor, folder: Path) -> None:
        file = folder / "acta.pdf"
        file.write_bytes(samples.pdf("Primera hoja", "Segunda hoja"))
        send_alone(ana, file)
        dialog = look_at(boris, "acta.pdf")
        expect(dialog.get_by_text("Página 1 de 2")).to_be_visible(timeout=SLOW)
        frame = frame_of(boris.page)
        expect(frame.locator("canvas")).to_be_visible()
        expect(frame.get_by_text("Primera hoja", exact=True)).to_be_attached()
        clean(boris, "preview-pdf")
        close(boris, "acta.pdf")

    def _pictures(
        self, ana: Prosecutor, boris: Prosecutor, folder: Path, name: str, inside: str
    ) -> None:
        """A photograph as it was taken, and the same one without what the camera wrote."""
        plain = base64.b64decode(ana.page.evaluate(JPEG))
        taken = plain[:2] + samples.exif(place=True, said=inside) + plain[2:]
        for kept, strip in ((f"{name}-1.jpg", False), (f"{name}-2.jpg", True)):
            file = folder / kept
            file.write_bytes(taken)
            send_alone(ana, file, strip=strip)
            look_at(boris, kept)
            shown = frame_of(boris.page).locator("canvas")
            expect(shown).to_be_visible(timeout=SLOW)
            # Turned by a quarter either way: what says so stays.
            assert shown.evaluate("it => [it.width, it.height]") == [40, 80]
            close(boris, kept)
            got = downloaded(boris, kept)
            assert (inside.encode() in got, got == taken) == (not strip, not strip)
        file = folder / "foto.png"
        file.write_bytes(samples.png())
        send_alone(ana, file)
        look_at(boris, "foto.png")
        expect(frame_of(boris.page).locator("canvas")).to_be_visible(timeout=SLOW)
        close(boris, "foto.png")
        file = folder / "nota.txt"
        file.write_text("Pagar \u202e5021", encoding="utf-8")
        send_alone(ana, file)
        look_at(boris, "nota.txt")
        expect(frame_of(boris.page).locator("pre")).to_have_text("Pagar ⟦U+202E⟧5021")
        close(boris, "nota.txt")

    def _pasted(self, ana: Prosecutor, boris: Prosecutor) -> None:
        """A screenshot out of the clipboard, beside words that are half written."""
        page = ana.page
        ana.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate(SCREENSHOT)
        field = page.get_by_label("Mensaje cifrado")
        field.press_sequentially("Lo que se ve")
        field.press("ControlOrMeta+v")
        waiting = page.get_by_role("list", name="Archivos para este mensaje")
        expect(waiting.get_by_text("image.png", exact=True)).to_be_visible()
        expect(waiting.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
        expect(field).to_have_value("Lo que se ve")
        send(ana, "image.png")
        boris.reads("Lo que se ve")
        look_at(boris, "image.png")
        shown = frame_of(boris.page).locator("canvas")
        expect(shown).to_be_visible(timeout=SLOW)
        assert shown.evaluate("it => [it.width, it.height]") == [90, 30]
        close(boris, "image.png")

    def _refused(self, ana: Prosecutor, boris: Prosecutor, folder: Path) -> None:
        for name, data, why in (
            ("doble.pdf", samples.pdf("Hoja") + samples.zipped(), "dos archivos en uno"),
            ("enorme.png", samples.png(40_000, 40_000), "Se despliega a mucho más"),
        ):
            (folder / name).write_bytes(data)
            send_alone(ana, folder / name)
            dialog = look_at(boris, name)
            expect(dialog.get_by_text(why)).to_be_visible(timeout=SLOW)
            expect(boris.page.locator("iframe")).to_have_count(0)
            close(boris, name)
            # by its name it would be harmless; what was seen in it counts more
            boris.page.get_by_role("button", name=f"Descargar {name}").press("Enter")
            asked = boris.page.get_by_role("dialog", name="Antes de descargar")
            asked.get_by_role("button", name="Cancelar").press("Enter")
            expect(asked).to_be_hidden()

    def _warned(self, ana: Prosecutor, boris: Prosecutor, folder: Path) -> None:
        file = folder / "oficio.docm"
        file.write_bytes(samples.zipped())
        send_alone(ana, file)
        page = boris.page
        page.get_by_role("button", name="Descargar oficio.docm").press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("puede llevar programas (macros)")).to_be_visible()
        with page.expect_download() as found:
            dialog.get_by_role("button", name="Descargar de todos modos").press("Enter")
        assert Path(found.value.path()).read_bytes() == samples.zipped()

    def _withdrawn(self, ana: Prosecutor, boris: Prosecutor, folder: Path) -> None:
        """While somebody looks at it: it goes from their screen, and from the server."""
        file = folder / "ajeno.pdf"
        file.write_bytes(samples.pdf("Ajena"))
        send_alone(ana, file)
        look_at(boris, "ajeno.pdf")
        expect(frame_of(boris.page).locator("canvas")).to_be_visible(timeout=SLOW)
        with ana.page.expect_request(
            lambda asked: asked.method == "DELETE" and "/api/attachments/" in asked.url,
            timeout=SLOW,
        ):
            ana.act("ajeno.pdf", "Retirar")
            dialog = ana.page.get_by_role("dialog")
            dialog.get_by_role("button", name="Retirar mensaje").press("Enter")
        expect(boris.page.locator("iframe")).to_have_count(0, timeout=SLOW)
        expect(boris.page.get_by_text("Ajena")).to_have_count(0)

    def _locked(self, boris: Prosecutor) -> None:
        look_at(boris, "acta.pdf")
        expect(frame_of(boris.page).locator("canvas")).to_be_visible(timeout=SLOW)
        boris.page.keyboard.press("Alt+Shift+L")
        expect(boris.page.get_by_text("bloqueó esta página")).to_be_visible(timeout=SLOW)
        expect(boris.page.locator("iframe")).to_have_count(0)
