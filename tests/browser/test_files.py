"""A file from one prosecutor to another: sealed, cut off on its way, resumed, looked at."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary, hunt
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_said import clean
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
MIB = 1 << 20
PIECE = re.compile(r".*/api/attachments/[^/]+/chunks/\d+$")


def short(data: bytes) -> str:
    """Return a digest as the page abbreviates it."""
    digits = hashlib.sha256(data).hexdigest()[:16]
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


class Line:
    """The line to the server: it counts the pieces that go, and is cut after so many."""

    def __init__(self, person: Prosecutor) -> None:
        self._person, self.sent, self._left = person, 0, -1
        person.page.route(PIECE, self._pass)

    def cut_after(self, pieces: int) -> None:
        self._left = pieces

    def _pass(self, route: Route) -> None:
        if route.request.method == "PUT":
            if self._left == 0:
                self._person.context.set_offline(True)
                route.abort("internetdisconnected")
                return
            self._left -= 1
            self.sent += 1
        route.continue_()


def choose(page: Page, *files: Path) -> None:
    page.locator("input[type=file][multiple]").set_input_files(list(files))


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
        self._resumes(ana, boris, tmp_path / f"{name}.mp4", inside.encode())
        assert hunt(places_on_disk(configuration, casehub), [name, inside]) == []
        assert ana.complaints == boris.complaints == []

    def _resumes(self, ana: Prosecutor, boris: Prosecutor, video: Path, inside: bytes) -> None:
        data = inside + Random(7).randbytes(9 * MIB + 12_345) + inside
        video.write_bytes(data)
        line = Line(ana)
        line.cut_after(6)  # of ten
        choose(ana.page, video)
        expect(ana.page.get_by_text("Sin conexión; seguirá sola")).to_be_visible(timeout=SLOW)
        assert line.sent == 6
        clean(ana, "files-cut")
        line.cut_after(-1)
        ana.context.set_offline(False)
        expect(ana.page.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
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
