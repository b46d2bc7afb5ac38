"""
Two people over a line of 600 ms there and back that loses 8 % of what is sent and goes dark twice.

`LINE_SEED` draws the same chances again; which piece meets which one is the clock's.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_files import choose, downloaded, send, short
from tests.browser.test_said import clean, composer
from tests.servers.bad_line import BadLine
from tests.servers.casehub_server import CaseHub, Place
from tests.servers.configurations import Configuration
from tools.region.private import spare_port

SitDown = Callable[..., Prosecutor]
SEED = int(os.environ.get("LINE_SEED", "") or random.SystemRandom().randrange(10**6))
DARK_SECONDS = 20
PATIENCE = 60_000  # ms after the light, over such a line
THREAD = "Traslado"
WORDS = ["uno", "dos", "tres"]
WAITS = re.compile("En cola|Enviado, sin confirmar")
# What the browser itself notes of a line that breaks; what our pages complain of has other words.
BROKEN = re.compile(r"net::ERR_(CONNECTION|NETWORK|EMPTY|TIMED|INCOMPLETE)")


class OverTheLine(CaseHub):
    """A server that is reached through a line alone."""

    line: BadLine

    @property
    def urls(self) -> list[str]:
        """Where the line begins."""
        return [f"http://localhost:{self.line.port}"]


@pytest.fixture
def casehub(
    configuration: Configuration, place: Place, request: pytest.FixtureRequest
) -> Iterator[OverTheLine]:
    request.node.add_report_section("call", "line", f"LINE_SEED={SEED}")
    port = spare_port()
    hub = OverTheLine(place, CASEHUB_ORIGINS=f"http://localhost:{port}")
    with BadLine(port, to=hub.processes[0].port, seed=SEED) as hub.line, hub:
        yield hub


@contextmanager
def dark(line: BadLine, person: Prosecutor) -> Iterator[None]:
    """Let nothing over while somebody does something, and for twenty seconds after that."""
    with line.dark():
        yield
        person.page.wait_for_timeout(DARK_SECONDS * 1000)


def type_in(person: Prosecutor, text: str) -> None:
    """Write to readers who have not changed."""
    composer(person.page).fill(text)
    composer(person.page).press("Enter")
    expect(person.article(text)).to_be_visible()


@pytest.mark.browser
@pytest.mark.timeout(420, func_only=True)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestOverABadLine:
    """What is written stays in view, goes when it can, and arrives once and in its place."""

    def test_two_people_lose_nothing_and_are_told_what_waits(
        self, casehub: OverTheLine, sit_down: SitDown, tmp_path: Path
    ) -> None:
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Ruta La Hachadura")
        ana.open_thread(THREAD)
        ana.add_person(boris.name(), thread=THREAD)
        boris.go_to(reference, THREAD)
        expect(composer(boris.page)).to_be_visible(timeout=SLOW)

        casehub.line.spoil()
        ana.write("La audiencia es a las 9")
        expect(boris.article("La audiencia es a las 9")).to_be_visible(timeout=PATIENCE)
        boris.write("Ahí estaré")
        expect(ana.article("Ahí estaré")).to_be_visible(timeout=PATIENCE)
        self._write_in_the_dark(casehub.line, ana, boris)
        self._send_a_file_in_the_dark(casehub.line, ana, boris, tmp_path / "acta.mp4")
        self._come_back(ana, boris)
        assert casehub.line.lost > 0
        complaints = [*ana.complaints, *boris.complaints]
        assert [one for one in complaints if not BROKEN.search(one)] == []

    def _write_in_the_dark(self, line: BadLine, ana: Prosecutor, boris: Prosecutor) -> None:
        with dark(line, ana):
            for word in WORDS:
                type_in(ana, word)
            type_in(boris, "cuatro")
            for word in WORDS:
                waits = ana.article(word).get_by_text(WAITS)
                expect(waits).to_be_visible()
            clean(ana, "line-dark")
        for person in (ana, boris):
            for word in (*WORDS, "cuatro"):
                expect(person.article(word)).to_have_count(1, timeout=PATIENCE)
            expect(person.page.get_by_text(WAITS)).to_have_count(0, timeout=PATIENCE)

    def _send_a_file_in_the_dark(
        self, line: BadLine, ana: Prosecutor, boris: Prosecutor, video: Path
    ) -> None:
        """The second time what was open is cut besides, as when an address has changed."""
        data = Random(7).randbytes(3_000_000)
        video.write_bytes(data)
        with dark(line, ana):
            choose(ana.page, video)
            line.cut()
        expect(ana.page.get_by_text("Listo para enviar")).to_be_visible(timeout=PATIENCE)
        send(ana)
        expect(boris.page.get_by_text(short(data))).to_be_visible(timeout=PATIENCE)
        boris.context.set_default_timeout(PATIENCE)
        assert downloaded(boris, video.name) == data

    def _come_back(self, ana: Prosecutor, boris: Prosecutor) -> None:
        """All is there in one order, also for who loads the page over such a line."""
        said = ana.texts()
        assert {"La audiencia es a las 9", *WORDS, "cuatro"} <= set(said)
        assert [text for text in said if text in WORDS] == WORDS
        boris.page.reload()
        expect(boris.article("cuatro")).to_be_visible(timeout=2 * PATIENCE)
        assert boris.texts() == said
        for person in (ana, boris):
            expect(person.page.get_by_text("En línea").first).to_be_visible(timeout=PATIENCE)
