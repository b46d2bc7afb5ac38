"""The documents of a request that is ready: asked about twice, noted in the log, downloaded."""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, Route, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.downloads import all_handed_over
from tests.browser.drafter import Drafter
from tests.browser.hunter import canary, hunt
from tests.browser.journeys import BY_KEYBOARD, JOURNEYS
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_retention import close
from tests.browser.test_screens import violations
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

OFFICE = "FISCALÍA DE ENSAYO"
HEADER = ("language", "law_date", "requesting_state", "requested_state")
BESIDE = ("v", "unknown", "overrides", "origins", "notes", "translations")
NAMES = re.compile(r"-v\d+-es\.(pdf|docx)$")


def picture(side: int) -> bytes:
    """Return a blue square as a PNG."""
    rows = zlib.compress((b"\0" + bytes((32, 64, 128)) * side) * side)
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        told = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + told

    parts = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def as_file(draft: dict[str, object], folder: Path) -> Path:
    """Write a draft as the JSON that a new request begins with."""
    sections = {key: one for key, one in draft.items() if key not in {*HEADER, *BESIDE}}
    plain = {key: draft[key] for key in HEADER} | {
        "schema": "urn:casehub:request:1",
        "rulebook": "0" * 64,
        "sections": sections,
        "unknown": draft.get("unknown", []),
    }
    made = folder / "request.json"
    made.write_text(json.dumps(plain), "utf-8")
    return made


def begin(person: Prosecutor, reference: str, file: Path) -> Drafter:
    """Begin a request from a file, and have the turn."""
    page = person.page
    page.get_by_role("link", name="Solicitudes").first.click()
    page.get_by_role("button", name="Nueva solicitud").first.click()
    dialog = page.get_by_role("dialog")
    case = dialog.get_by_label("Expediente", exact=True)
    option = case.locator("option").filter(has_text=reference)
    case.select_option(option.get_attribute("value"))
    dialog.get_by_label("Un archivo JSON").check()
    dialog.locator("input[type=file]").set_input_files(file)
    dialog.get_by_label("Título de trabajo").fill("Documentos de ensayo")
    dialog.get_by_role("button", name="Crear borrador").click()
    drafter = Drafter(person)
    drafter.edits()
    return drafter


def letterhead(page: Page, folder: Path) -> None:
    """Write what one's office prints, in the directory."""
    page.get_by_role("link", name="Directorio").first.click()
    page.get_by_role("link", name="El Salvador").first.click()
    dialog = page.get_by_role("dialog")
    comes_by_itself(page, dialog)
    dialog.get_by_label("Arriba").fill(f"{OFFICE}\nUnidad de prueba")
    dialog.get_by_label("Al pie").fill("Calle de ensayo 1")
    emblem = folder / "emblem.png"
    emblem.write_bytes(picture(90))
    dialog.get_by_label("Escudo o emblema").set_input_files(emblem)
    expect(dialog.get_by_text("Hay un emblema")).to_be_visible()
    looks_right(page)
    is_answered_as_behind(page, dialog)
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog.get_by_text("El membrete está guardado.")).to_be_visible(timeout=SLOW)
    dialog.get_by_role("button", name="Cerrar").last.click()


def comes_by_itself(page: Page, dialog: Locator) -> None:
    """Open it while nothing is answered: what is kept comes with the connection."""
    page.context.set_offline(True)
    expect(page.get_by_text("Sin conexión").first).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Membrete de mi oficina").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    page.context.set_offline(False)
    expect(dialog.get_by_label("Arriba")).to_be_visible(timeout=SLOW)
    expect(dialog.get_by_role("alert")).to_have_count(0)


def is_answered_as_behind(page: Page, dialog: Locator) -> None:
    """
    Save it, and have that answered as if another one had come first.

    What is kept then is the person's own; it stands beside what is typed, which stays.
    """
    route, saved = "**/api/letterheads", list[bool]()
    behind = json.dumps({"code": "letterhead-behind", "message": "", "do": "", "params": {}})

    def meanwhile(one: Route) -> None:
        if one.request.method != "POST":
            one.continue_()
            return
        saved.append(one.fetch().ok)
        one.fulfill(status=409, content_type="application/json", body=behind)

    page.route(route, meanwhile)
    dialog.get_by_role("button", name="Guardar").click()
    theirs = dialog.get_by_role("region", name="El que se guardó entretanto dice:")
    expect(theirs.get_by_text(OFFICE)).to_be_visible(timeout=SLOW)
    page.unroute(route)
    assert saved == [True]
    dialog.get_by_label("Arriba").fill(f"{OFFICE}\nOtra unidad")
    looks_right(page)
    theirs.get_by_role("button", name="Usar ese en lugar del mío").click()
    expect(dialog.get_by_label("Arriba")).to_have_value(f"{OFFICE}\nUnidad de prueba")
    expect(dialog.get_by_label("Al pie")).to_have_value("Calle de ensayo 1")


def looks_right(page: Page) -> None:
    """In both schemes, and as narrow as a telephone."""
    wide = page.viewport_size
    for size in (wide, {"width": 360, "height": 740}):
        assert size is not None
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert violations(page) == []
    if wide is not None:
        page.set_viewport_size(wide)


def check(dialog: Locator, file: Path, words: str) -> None:
    dialog.get_by_label("Comprobar un archivo").set_input_files(file)
    expect(dialog.get_by_text(words)).to_be_visible(timeout=SLOW)


def makes_no_more(person: Prosecutor, reference: str, word: Path) -> None:
    """Close the case: what it made is compared as before, and nobody edits."""
    page = person.page
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cerrar").last.click()
    page.get_by_role("link", name=reference).first.click()
    close(person, reference)
    page.get_by_role("link", name="Solicitudes").first.click()
    page.get_by_role("link", name="Documentos de ensayo").first.click()
    page.get_by_role("button", name="Documentos", exact=True).click()
    expect(dialog.get_by_text("no se hacen más documentos")).to_be_visible(timeout=SLOW)
    expect(dialog.get_by_role("button", name="Continuar")).to_have_count(0)
    check(dialog, word, "No cambió nada.")
    looks_right(page)
    dialog.get_by_role("button", name="Cerrar").last.click()
    expect(page.get_by_role("button", name="Editar", exact=True)).to_have_count(0)


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTheDocuments:
    """Of a request that nothing blocks."""

    def test_are_made_after_two_questions_and_are_those_of_which_the_log_tells(
        self,
        configuration: Configuration,
        casehub: CaseHub,
        sit_down: Callable[..., Prosecutor],
        tmp_path: Path,
    ) -> None:
        journey = JOURNEYS[BY_KEYBOARD]
        person = sit_down(journey.account)
        page = person.page
        person.sign_in_with_code(PASSWORD)
        reference = person.open_case([journey.state], "Documentos")
        letterhead(page, tmp_path)
        said, draft = canary("document"), journey.draft
        draft["facts"]["summary"] += f" {said}"
        drafter = begin(person, reference, as_file(draft, tmp_path))
        expect(page.get_by_role("button", name="Documentos", exact=True)).to_have_count(0)
        drafter.mark_ready()

        page.get_by_role("button", name="Documentos", exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_label("Membrete").locator("option")).to_have_count(2)
        # the case's number is the server's word: printed is what this person lets stand
        number = dialog.get_by_label("Número del expediente")
        expect(number).to_have_value(reference)
        own = canary("reference")
        number.fill(own)
        go_on = dialog.get_by_role("button", name="Continuar")
        expect(go_on).to_be_disabled()
        dialog.get_by_role("group", name="Para quién son").get_by_role("checkbox").first.check()
        looks_right(page)
        person.shot("documents")
        downloads: list[Download] = []
        page.on("download", lambda one: downloads.append(one))  # noqa: PLW0108 - a method takes no listener
        go_on.click()
        expect(dialog.get_by_text("¿Seguro?")).to_be_visible()
        assert downloads == []
        dialog.get_by_role("button", name="Hacer y descargar sin cifrar").click()
        expect(dialog.get_by_text("Los documentos están asentados")).to_be_visible(timeout=SLOW)
        person.shot("documents-made")
        all_handed_over(page, downloads, 2)

        files = {}
        for one in downloads:
            assert NAMES.search(one.suggested_filename)
            files[one.suggested_filename] = tmp_path / one.suggested_filename
            one.save_as(files[one.suggested_filename])
        assert len(files) == 2
        (word,) = (file for file in files.values() if file.suffix == ".docx")
        with zipfile.ZipFile(word) as parts:
            assert own in parts.read("word/header2.xml").decode()
        for file in files.values():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            expect(dialog.get_by_text(f"SHA-256 {digest}")).to_be_visible()
            # the page compares the file with the commitment that stands in the log
            check(dialog, file, "No cambió nada.")
            changed = tmp_path / f"changed-{file.name}"
            changed.write_bytes(file.read_bytes()[:-1] + b"x")
            check(dialog, changed, "No es ninguno de estos documentos")
        assert hunt(places_on_disk(configuration, casehub), [said, own]) == []
        makes_no_more(person, reference, word)
        assert person.complaints == []
