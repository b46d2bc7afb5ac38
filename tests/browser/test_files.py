"""A file from one prosecutor to another: sealed, cut off on its way, resumed, looked at."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, Route, expect

from casehub.core.pieces import MOST_BYTES, sizes
from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary, hunt
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_said import KEPT, clean, composer
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
MIB = 1 << 20
WORDS = "Va con el video de la audiencia"
PIECE = re.compile(r".*/api/attachments/[^/]+/chunks/\d+$")


def short(data: bytes) -> str:
    """Return a digest as the page abbreviates it."""
    digits = hashlib.sha256(data).hexdigest()[:16]
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


class Line:
    """The line to the server: it counts the pieces that go, and is cut or stands after so many."""

    def __init__(self, person: Prosecutor) -> None:
        self._person, self.sent, self._left, self._stands = person, 0, -1, False
        person.page.route(PIECE, self._pass)

    def cut_after(self, pieces: int) -> None:
        self._left, self._stands = pieces, False

    def stand_after(self, pieces: int) -> None:
        """What is sent after those is not answered."""
        self._left, self._stands = pieces, True

    def _pass(self, route: Route) -> None:
        if route.request.method == "PUT":
            if self._left == 0:
                if self._stands:
                    return
                self._person.context.set_offline(True)
                route.abort("internetdisconnected")
                return
            self._left -= 1
            self.sent += 1
        route.continue_()


def choose(page: Page, *files: Path) -> None:
    page.locator("input[type=file][multiple]").set_input_files(list(files))


def percent(sent: int, data: bytes) -> str:
    """Return how far a file is, in whole hundredths of what goes, when so many pieces went."""
    whole = next(size for size in sizes() if size >= len(data))
    return str(100 * sent * MIB // whole)


def send(person: Prosecutor) -> None:
    page = person.page
    page.get_by_role("button", name="Enviar", exact=True).click()
    confirm = page.get_by_role("button", name=re.compile("Confirmar y enviar"))
    sent = page.get_by_role("list", name="Archivos del mensaje").last
    expect(confirm.or_(sent).first).to_be_visible()
    if confirm.is_visible():
        confirm.click()
    expect(page.get_by_role("list", name="Archivos para este mensaje")).to_have_count(0)


def downloaded(person: Prosecutor, name: str) -> bytes:
    with person.page.expect_download() as found:
        person.page.get_by_role("button", name=f"Descargar {name}").click()
    return Path(found.value.path()).read_bytes()


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestAFile:
    """Two people, one file after the other."""

    def test_goes_on_where_the_network_was_cut_and_arrives_as_it_was_sent(
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

        name, inside = canary("file-name"), canary("file-content")
        line = Line(ana)
        self._resumes(ana, boris, line, tmp_path / f"{name}.mp4", inside.encode())
        self._is_too_large(ana, tmp_path / "disco.img")
        self._is_chosen_again(ana, boris, line, tmp_path)
        assert hunt(places_on_disk(configuration, casehub), [name, inside]) == []
        assert ana.complaints == boris.complaints == []

    def _resumes(
        self, ana: Prosecutor, boris: Prosecutor, line: Line, video: Path, inside: bytes
    ) -> None:
        data = inside + Random(7).randbytes(9 * MIB + 12_345) + inside
        video.write_bytes(data)
        line.cut_after(6)  # of ten
        choose(ana.page, video)
        expect(ana.page.get_by_text("Sin conexión; seguirá sola")).to_be_visible(timeout=SLOW)
        assert line.sent == 6
        progress = ana.page.get_by_role("progressbar", name=re.compile("^Avance de"))
        expect(progress).to_have_attribute("value", percent(6, data))
        expect(ana.page.get_by_text(f"Va en {percent(6, data)} %")).to_be_visible()
        clean(ana, "files-cut")
        line.cut_after(-1)
        ana.context.set_offline(False)
        expect(ana.page.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
        expect(progress).to_have_count(0)
        assert line.sent == 10
        send(ana)
        for person in (ana, boris):
            expect(person.page.get_by_text(short(data))).to_be_visible(timeout=SLOW)
        assert downloaded(boris, video.name) == data
        expect(boris.page.get_by_text("descargado y verificado")).to_be_visible()
        clean(boris, "files-thread")
        self._is_withdrawn(ana, boris, short(data))

    def _is_withdrawn(self, ana: Prosecutor, boris: Prosecutor, digest: str) -> None:
        """Sent to the wrong thread: a message without words is taken back as any other."""
        ana.article(digest).get_by_role("button", name="Acciones", exact=True).press("Enter")
        clean(ana, "files-acts")
        ana.act(digest, "Retirar")
        for words in ("Editar", "Pasar a otro hilo"):
            expect(ana.page.get_by_role("button", name=words)).to_have_count(0)
        dialog = ana.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Retirar mensaje").press("Enter")
        for person in (ana, boris):
            expect(person.page.get_by_text("Retirado por")).to_be_visible(timeout=SLOW)
            expect(person.article(digest)).to_have_count(0)
        more = ana.article("Retirado por").get_by_role("button", name="Acciones", exact=True)
        expect(more).to_have_count(0)

    def _is_too_large(self, ana: Prosecutor, file: Path) -> None:
        """By a byte: it is not begun, and what was typed stays."""
        with file.open("wb") as hollow:
            hollow.truncate(MOST_BYTES + 1)
        page = ana.page
        composer(page).fill(WORDS)
        choose(page, file)
        refused = page.get_by_role("alert").filter(has_text="El archivo pasa de 2 GiB.")
        expect(refused).to_be_visible()
        expect(refused).to_contain_text("Divídalo, por ejemplo con un compresor")
        expect(page.get_by_role("list", name="Archivos para este mensaje")).to_have_count(0)
        expect(composer(page)).to_have_value(WORDS)
        refused.get_by_role("button", name="Cerrar").press("Enter")
        expect(page.get_by_text(KEPT)).to_be_visible()

    def _is_chosen_again(
        self, ana: Prosecutor, boris: Prosecutor, line: Line, folder: Path
    ) -> None:
        """The page was loaded anew: another file is refused, the same one goes on where it was."""
        page, first = ana.page, line.sent
        video, other = folder / "video.mp4", folder / "otro.mp4"
        data = Random(8).randbytes(3 * MIB + 999)
        video.write_bytes(data)
        other.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        line.stand_after(2)  # of four
        choose(page, video)
        progress = page.get_by_role("progressbar", name=re.compile("^Avance de"))
        expect(progress).to_have_attribute("value", percent(2, data), timeout=SLOW)
        page.reload()
        line.cut_after(-1)
        waiting = page.get_by_role("list", name="Archivos para este mensaje")
        expect(waiting).to_contain_text("Detenido", timeout=SLOW)
        expect(waiting).to_contain_text("Elíjalo otra vez")
        expect(composer(page)).to_have_value(WORDS)
        for file, said in ((other, "No es el mismo archivo"), (video, "Listo para enviar")):
            with page.expect_file_chooser() as asked:
                page.get_by_role("button", name=re.compile("^Elegir otra vez")).press("Enter")
            asked.value.set_files(file)
            expect(waiting).to_contain_text(said, timeout=SLOW)
            if file is other:
                assert line.sent == first + 2
                clean(ana, "files-again")
        assert line.sent == first + 4
        send(ana)
        for person in (ana, boris):
            expect(person.article(WORDS)).to_contain_text(short(data), timeout=SLOW)
        assert downloaded(boris, video.name) == data
