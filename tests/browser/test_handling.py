"""Information given under terms: how it is marked, and what it takes to use it elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_files import choose, downloaded
from tests.browser.test_said import KEPT, clean, composer, say
from tests.browser.test_screens import violations

SitDown = Callable[..., Prosecutor]
SECRET = "El informante se llama Rosa"
MEANWHILE = "Un momento"
ONLY = "Solo la fiscal que lo pidió"


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestHandlingCodes:
    """Chosen, shown, copied, quoted; asked about, given, refused: by keyboard."""

    def test_go_with_the_information_and_hold_it_back(
        self, sit_down: SitDown, tmp_path: Path
    ) -> None:
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Solo nosotros")
        ana.open_thread("Traslado")
        ana.add_person(boris.name(), thread="Traslado")
        boris.go_to(reference, "Traslado")
        expect(composer(boris.page)).to_be_visible(timeout=SLOW)

        self._goes_with_a_file(ana, boris, tmp_path / "acta.txt")
        self._is_given(ana, boris)
        self._is_copied_with_its_terms(ana)
        self._asks_for_leave(ana, boris)
        self._goes_on(ana, reference)
        self._is_refused(ana, boris, reference)
        assert ana.complaints == boris.complaints == []

    def _goes_with_a_file(self, ana: Prosecutor, boris: Prosecutor, act: Path) -> None:
        """A file with a code of its own, under a message that has none."""
        act.write_text("El acta", encoding="utf-8")
        page = boris.page
        choose(page, act)
        expect(page.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
        waits = page.get_by_role("list", name="Archivos para este mensaje")
        picker = waits.locator("summary", has_text="Código de manejo del archivo")
        expect(picker).to_contain_text("el de su mensaje")
        picker.press("Enter")
        waits.get_by_label("No transmitir").press("Space")
        expect(picker).to_contain_text("No transmitir")
        clean(boris, "handling-file-picker")
        page.keyboard.press("Escape")
        expect(picker).to_be_focused()
        # What is said meanwhile closes no question about who reads, of a file without words either.
        page.get_by_role("button", name="Enviar", exact=True).click()
        confirm = page.get_by_role("button", name=re.compile("Confirmar y enviar"))
        expect(confirm).to_be_visible()
        say(ana, MEANWHILE)
        boris.reads(MEANWHILE)
        confirm.click()
        expect(waits).to_have_count(0)
        for person in (ana, boris):
            row = person.page.get_by_role("list", name="Archivos del mensaje")
            expect(row.get_by_text("No transmitir")).to_be_visible(timeout=SLOW)
        # its author takes it as it is; whoever received it is told its terms first
        assert downloaded(boris, act.name) == act.read_bytes()
        take = ana.page.get_by_role("button", name=f"Descargar {act.name}")
        take.press("Enter")
        under = ana.page.get_by_role("button", name="Descargar en estos términos")
        expect(under).to_be_focused()
        said = ana.page.get_by_role("group", name="Términos del archivo")
        expect(said).to_contain_text("Este archivo se dio con restricciones")
        expect(said).to_contain_text("No transmitir")
        clean(ana, "handling-file-terms")
        under.press("Escape")
        expect(take).to_be_focused()
        expect(said).to_have_count(0)
        take.press("Enter")
        with ana.page.expect_download() as found:
            under.press("Enter")
        assert found.value.suggested_filename == act.name
        assert Path(found.value.path()).read_bytes() == act.read_bytes()

    def _is_given(self, ana: Prosecutor, boris: Prosecutor) -> None:
        page = boris.page
        picker = page.locator("summary", has_text="Código de manejo")
        expect(picker).to_contain_text("Ninguno")  # a file's code is none of the next message
        picker.press("Enter")
        page.get_by_label("No en juicio").press("Space")
        page.set_viewport_size({"width": 360, "height": 740})
        page.get_by_label("Con condiciones").press("Space")
        expect(page.get_by_label("Qué condiciones")).to_be_in_viewport(ratio=0.9)
        for height in (640, 724, 742, 790):  # nothing lies half over what stands below the codes
            page.set_viewport_size({"width": 360, "height": height})
            assert violations(page) == [], height
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_label("Qué condiciones").fill(ONLY)
        clean(boris, "handling-picker")
        page.keyboard.press("Escape")
        expect(picker).to_be_focused()
        composer(page).fill("El informante")
        expect(page.get_by_text(KEPT)).to_be_visible()
        page.reload()  # words come back under the terms that were chosen for them
        expect(composer(page)).to_have_value("El informante", timeout=SLOW)
        expect(picker).to_contain_text("No en juicio · Con condiciones")
        self._is_the_same_in_another_tab(boris)
        say(boris, SECRET)
        for person in (ana, boris):
            given = person.article(SECRET)
            expect(given.get_by_text("No en juicio")).to_be_visible()
            expect(given.get_by_text(ONLY)).to_be_visible()
        ana.page.emulate_media(media="print")
        expect(ana.article(SECRET).get_by_text("No en juicio")).to_be_visible()
        expect(ana.article(SECRET).get_by_text(ONLY)).to_be_visible()
        ana.page.emulate_media(media="screen")
        # the next message of the thread is given under the same terms, unless told
        expect(picker).to_contain_text("No en juicio · Con condiciones")

    def _is_the_same_in_another_tab(self, boris: Prosecutor) -> None:
        """Words and terms are one draft; an empty field is no message that was sent."""
        page, tab = boris.page, boris.new_tab()
        tab.goto(page.url)
        there = tab.locator("summary", has_text="Código de manejo")
        expect(composer(tab)).to_have_value("El informante", timeout=SLOW)
        expect(there).to_contain_text("No en juicio · Con condiciones")
        for text in ("El informante se llama", ""):
            composer(page).fill(text)
            expect(composer(tab)).to_have_value(text)
            expect(there).to_contain_text("No en juicio · Con condiciones")
        tab.close()
        expect(page.locator("summary", has_text="Código de manejo")).to_contain_text("No en juicio")

    def _is_copied_with_its_terms(self, ana: Prosecutor) -> None:
        copied = ana.page.evaluate(
            """text => {
              const row = [...document.querySelectorAll("article")]
                .find(one => one.textContent.includes(text));
              getSelection().selectAllChildren(row);
              const clipboardData = new DataTransfer();
              const how = { clipboardData, bubbles: true, cancelable: true };
              row.dispatchEvent(new ClipboardEvent("copy", how));
              getSelection().removeAllRanges();
              return clipboardData.getData("text/plain");
            }""",
            SECRET,
        )
        assert SECRET in copied
        assert re.search(r"\[Código de manejo: No en juicio; Con condiciones; .+\(MX\)\.\]", copied)

    def _pass(self, person: Prosecutor) -> None:
        """Ask to pass it to the other thread."""
        person.act(SECRET, "Pasar a otro hilo")
        dialog = person.page.get_by_role("dialog")
        threads = dialog.get_by_label("A qué hilo")
        here = threads.locator("option").filter(has_text="Solo nosotros")
        threads.select_option(here.get_attribute("value"))
        dialog.get_by_label("Qué dice usted de él").fill("Lo que dijo México")
        person.page.keyboard.press("Enter")

    def _asks_for_leave(self, ana: Prosecutor, boris: Prosecutor) -> None:
        self._pass(ana)
        dialog = ana.page.get_by_role("dialog")
        expect(dialog.get_by_text(re.compile("Hace falta permiso de"))).to_be_visible()
        clean(ana, "handling-asking")
        dialog.get_by_label("Para qué lo necesita").fill("Para el equipo de El Salvador")
        ana.page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        boris.page.get_by_role("link", name="Bandeja").first.press("Enter")
        calls = boris.page.get_by_role("region", name="Urgente, le nombran o esperan su acuse")
        expect(calls.get_by_text("Le piden permiso")).to_be_visible()
        calls.get_by_role("link").press("Enter")
        expect(boris.page.get_by_text("Para el equipo de El Salvador")).to_be_visible()
        clean(boris, "handling-asked")
        boris.page.get_by_role("button", name="Dar permiso").press("Enter")
        for person in (ana, boris):
            expect(person.page.get_by_text("Permiso dado", exact=True)).to_be_visible()

    def _goes_on(self, ana: Prosecutor, reference: str) -> None:
        self._pass(ana)
        expect(ana.page.get_by_role("dialog")).to_be_hidden()
        ana.go_to(reference, "Solo nosotros")
        brought = ana.article("Lo que dijo México")
        expect(brought.get_by_text(SECRET)).to_be_visible()
        expect(brought.get_by_text("Con permiso de su autor")).to_be_visible()
        expect(brought.locator("blockquote").get_by_text("No en juicio")).to_be_visible()
        clean(ana, "handling-passed")

    def _is_refused(self, ana: Prosecutor, boris: Prosecutor, reference: str) -> None:
        ana.go_to(reference, "Traslado")
        start = ana.article(SECRET).get_by_role("button", name="Iniciar solicitud con este mensaje")
        start.first.press("Enter")
        dialog = ana.page.get_by_role("dialog")
        expect(dialog.get_by_text(re.compile("Para empezar una solicitud"))).to_be_visible()
        dialog.get_by_label("Para qué lo necesita").fill("Solicitud de registro")
        ana.page.keyboard.press("Enter")
        boris.page.get_by_role("button", name="Negar…").press("Enter")
        refusal = boris.page.get_by_role("dialog")
        refusal.get_by_label("Por qué no").fill("Pondría en riesgo a la fuente")
        boris.page.keyboard.press("Enter")
        expect(ana.page.get_by_text("Permiso negado", exact=True)).to_be_visible()
        expect(ana.page.get_by_text("Pondría en riesgo a la fuente")).to_be_visible()
