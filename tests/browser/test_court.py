"""A part of a thread for a court: asked, looked at by a second person, made, checked offline."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.downloads import all_handed_over
from tests.browser.hunter import canary, hunt
from tests.browser.looking import AXE, FRONTEND, RULES
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_said import clean
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
SHOTS = FRONTEND.parent / "artefacts" / "screens" / "court"
FIRST, ANSWER = f"Llega el martes {canary('court-message')}", "Recibido en México"
SECRET = f"El informante {canary('court-restricted')}"
COURT, WHOM = f"Juzgado Tercero {canary('court')}", f"Jueza {canary('court-recipient')}"
CANARIES = [text.split()[-1] for text in (FIRST, SECRET, COURT, WHOM)]


@pytest.mark.browser
@pytest.mark.timeout(420)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestAThreadForACourt:
    def test_leaves_with_two_hands_and_proves_itself_without_a_network(
        self,
        casehub: CaseHub,
        configuration: Configuration,
        sit_down: SitDown,
        browser: Browser,
        tmp_path: Path,
    ) -> None:
        carla = sit_down("sv.coordinacion")
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (carla, ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Traslado")
        ana.add_person(boris.name(), thread="Traslado")
        boris.go_to(reference, "Traslado")
        expect(boris.page.get_by_label("Mensaje cifrado")).to_be_visible(timeout=SLOW)
        ana.write(FIRST)
        boris.reads(FIRST)
        boris.write(ANSWER)
        boris.page.locator("summary", has_text="Código de manejo").press("Enter")
        boris.page.get_by_label("No en juicio").press("Space")
        boris.page.keyboard.press("Escape")
        boris.write(SECRET)
        ana.reads(SECRET)

        self._is_asked(ana)
        self._is_looked_at(carla)
        made, pdf = self._is_made(ana, tmp_path)
        self._is_told(boris)
        self._is_checked(browser, ana, made, tmp_path)
        self._reads_as_a_pdf(pdf)
        assert hunt(places_on_disk(configuration, casehub), CANARIES) == []
        assert ana.complaints == boris.complaints == carla.complaints == []

    def _is_asked(self, ana: Prosecutor) -> None:
        page = ana.page
        page.get_by_role("button", name="Llevar al tribunal").press("Enter")
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Para qué").select_option("trial")
        expect(dialog.get_by_text("Falta el tribunal o la autoridad.")).to_be_visible()
        dialog.get_by_label("Tribunal o autoridad").fill(COURT)
        expect(dialog.get_by_text("Falta quién lo recibe.")).to_be_visible()
        dialog.get_by_label("Quién lo recibe").fill(WHOM)
        page.keyboard.press("Enter")
        expect(dialog.get_by_text("Salen 2 mensajes y actos")).to_be_visible(timeout=SLOW)
        expect(dialog.get_by_text("Se retiene uno por su código de manejo")).to_be_visible()
        foreign = dialog.get_by_text("Contiene información de México")
        expect(foreign).to_contain_text("la coordinación de El Salvador")
        clean(ana, "court-asking")
        dialog.get_by_role("button", name="Pedir la exportación").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        page.get_by_role("button", name="Llevar al tribunal").press("Enter")
        already = dialog.get_by_text("Ya pidió una exportación de este hilo")
        expect(already).to_contain_text("Espera la conformidad de la coordinación", timeout=SLOW)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()

    def _is_looked_at(self, carla: Prosecutor) -> None:
        page = carla.page
        page.get_by_role("link", name="Expedientes").first.click()
        look = page.get_by_role("button", name=re.compile("^Ver y decidir"))
        expect(look).to_be_visible(timeout=SLOW)
        clean(carla, "court-waiting")
        look.press("Enter")
        dialog = page.get_by_role("dialog")
        for said in (
            COURT,
            WHOM,
            "Juicio",
            "México",
            "salen 2 mensajes y actos",
            "Son todos los que",
        ):
            expect(dialog.get_by_text(said).first).to_be_visible(timeout=SLOW)
        expect(dialog.get_by_text(FIRST)).to_have_count(0)
        clean(carla, "court-consent")
        dialog.get_by_role("button", name="Dar conformidad").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)

    def _is_made(self, ana: Prosecutor, folder: Path) -> tuple[Path, Path]:
        page = ana.page
        page.get_by_role("link", name="Expedientes").first.click()
        make = page.get_by_role("button", name=re.compile("^Hacer y descargar"))
        expect(make).to_be_visible(timeout=SLOW)
        expect(page.get_by_role("link", name=re.compile("· Traslado$"))).to_be_visible()
        taken: list[Download] = []

        def take(one: Download) -> None:
            taken.append(one)

        page.on("download", take)
        make.press("Enter")
        expect(page.get_by_text("Exportación hecha, comprobada")).to_be_visible(timeout=4 * SLOW)
        expect(page.get_by_text("Huella del PDF (SHA-256):")).to_be_visible()
        all_handed_over(page, taken, 2)
        clean(ana, "court-made")
        files = {}
        for one in taken:
            path = folder / one.suggested_filename
            one.save_as(path)
            files[path.suffix] = path
        return files[".zip"], files[".pdf"]

    def _is_told(self, boris: Prosecutor) -> None:
        page = boris.page
        page.get_by_role("link", name="Expedientes").first.click()
        told = page.get_by_role("region", name="Exportaciones para tribunales")
        expect(told.get_by_text("Hecha")).to_be_visible(timeout=SLOW)
        expect(page.get_by_text(COURT)).to_have_count(0)

    def _is_checked(self, browser: Browser, ana: Prosecutor, made: Path, folder: Path) -> None:
        policy, roots, forged = folder / "policy", folder / "roots.json", folder / "forged.zip"
        policy.write_text(ana.page.request.get(f"{ana.url}/api/log/policy").text())
        shutil.copy(FRONTEND / "demo-roots.json", roots)
        with zipfile.ZipFile(made) as opened:
            (folder / "verify.html").write_bytes(opened.read("verify.html"))
            assert SECRET.encode() not in made.read_bytes()
        flipped = bytearray(made.read_bytes())
        flipped[flipped.index(b"Juzgado")] ^= 1
        forged.write_bytes(flipped)
        context = browser.new_context(locale="es-SV", reduced_motion="reduce")
        context.set_offline(True)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "verify.html").as_uri())
        page.locator("#bundle").set_input_files(made)
        expect(page.locator(".note.warn h2")).to_be_visible(timeout=SLOW)
        page.locator("#policy").set_input_files(policy)
        expect(page.locator(".note.warn h2")).to_be_focused(timeout=SLOW)
        page.locator("#roots").set_input_files(roots)
        expect(page.locator(".note.ok h2")).to_be_focused(timeout=SLOW)
        for said in (FIRST, ANSWER, COURT, WHOM, "su código de manejo"):
            expect(page.get_by_text(said).first).to_be_visible()
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            self._looks_well(page, f"offline-{width}")
        page.locator("#bundle").set_input_files(forged)
        expect(page.locator(".note.stop h2")).to_be_focused(timeout=SLOW)
        expect(page.get_by_text(FIRST)).to_have_count(0)
        self._looks_well(page, "offline-forged")
        assert {url for url in asked if not url.startswith("blob:")} == {page.url}
        context.close()

    def _looks_well(self, page: Page, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (name, wide)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        run = "(rules) => axe.run(document, {runOnly: rules}).then((found) => found.violations)"
        assert page.evaluate(run, RULES) == []

    def _reads_as_a_pdf(self, pdf: Path) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        shutil.copy(pdf, SHOTS / "thread.pdf")
        assert pdf.read_bytes().startswith(b"%PDF-1.7")
        reader = shutil.which("pdftotext")
        if reader is None:
            return
        text = subprocess.run([reader, str(pdf), "-"], capture_output=True, check=True).stdout
        said = re.sub(r"\s+", " ", text.decode())
        for word in (FIRST, ANSWER, COURT, WHOM, "Retenido"):
            assert word in said
        assert SECRET not in said
