"""The auditors' console: long work, paper, the keys alone, and a log that does not hold."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.hands import Keys
from tests.browser.test_oversight import (  # noqa: F401 - its server
    SitDown,
    casehub,
    enter,
    published,
    search,
)
from tests.browser.test_receipts import judged, policy_of, taken
from tests.servers.casehub_server import CaseHub

PROVEN = 30_000  # ms: an export waits for its proof, up to fifteen seconds
COUNTED = re.compile(r"(\d[\d.,\s]*) entradas llevan la marca de su Estado; se le muestran (\1)\.")


class Held:
    """Answers of an address that wait until somebody lets them go."""

    def __init__(self, page: Page, address: str) -> None:
        self._page, self._address = page, address
        self._waiting: list[Route] = []
        self.shown: Callable[[Route], bool] = lambda _: False
        page.route(address, self._hold)

    def _hold(self, route: Route) -> None:
        if not self.shown(route):
            self._waiting.append(route)

    def let_go(self, answer: dict[str, Any] | None = None) -> None:
        """Let what waits have this answer, or its own; from now on everything has its own."""
        for route in self._waiting:
            with suppress(Error):  # whoever asked may have gone
                if answer is None:
                    route.continue_()
                else:
                    route.fulfill(json=answer)
        self._page.unroute(self._address)


def in_halves(route: Route, asked: list[str]) -> bool:
    """Answer the first piece of an export as if a second one followed; others are held."""
    asked.append(route.request.url)
    if len(asked) > 1:
        return False
    answer = route.fetch()
    route.fulfill(response=answer, json=answer.json() | {"next": "more"})
    return True


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestLongWork:
    def test_shows_how_far_it_is_can_be_stopped_and_goes_on_paper(self, sit_down: SitDown) -> None:
        auditor = sit_down("sv.auditoria1", accept_downloads=True)
        page = enter(auditor)
        search(page, "cases.case.opened")

        asked: list[str] = []
        pieces = Held(page, "**/api/oversight/exports/*/pieces*")
        pieces.shown = lambda route: in_halves(route, asked)
        taking = page.get_by_role("group", name="Exportar esta búsqueda")
        taking.get_by_role("button", name="Exportar CSV").click()
        expect(taking.get_by_role("status")).to_have_text("1 de 1 actos", timeout=PROVEN)
        bar = taking.get_by_role("progressbar")
        assert (bar.get_attribute("max"), bar.evaluate("one => one.value")) == ("1", 1)
        auditor.shot("console-export")
        taking.get_by_role("button", name="Detener").click()
        pieces.let_go({"text": "", "entries": 0, "next": None})
        expect(page.get_by_text("Exportación detenida. No se guardó nada.")).to_be_visible()
        expect(taking.get_by_role("button", name="Exportar CSV")).to_be_visible()

        page.get_by_role("link", name="Integridad", exact=True).click()
        card = page.get_by_role("region", name=re.compile(r"^audit\."))
        bundle = Held(page, "**/api/oversight/logs/*/bundle")
        card.get_by_role("button", name="Llevarse un paquete comprobable").click()
        expect(card.get_by_text("Se prepara el paquete: 0 kB recibidos")).to_be_visible()
        expect(card.get_by_role("progressbar")).to_be_visible()
        auditor.shot("console-bundle")
        card.get_by_role("button", name="Detener").click()
        expect(card.get_by_role("button", name="Llevarse un paquete comprobable")).to_be_visible()
        bundle.let_go()
        with page.expect_download(timeout=2 * PROVEN):
            card.get_by_role("button", name="Llevarse un paquete comprobable").click()

        whole = page.get_by_role("region", name="¿Se muestra todo?")
        whole.get_by_role("button", name="Comprobar que se muestra todo").click()
        expect(whole.locator(".note.ok")).to_have_text(COUNTED, timeout=2 * PROVEN)
        auditor.shot("console-complete")

        page.get_by_role("link", name="Actos", exact=True).click()
        search(page, "cases.case.opened", expediente="SV-2026-0001")
        page.get_by_role("link", name="Cifras").click()
        expect(page.get_by_role("heading", name="Actos por día")).to_be_visible()
        expect(page.get_by_text("Impreso por")).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.get_by_text("Solo estos actos:")).to_be_visible()
        expect(page.get_by_text(f"Impreso por {auditor.name()} (El Salvador)")).to_be_visible()
        for gone in ("navigation", "form"):
            expect(page.get_by_role(gone)).to_have_count(0)  # type: ignore[arg-type]
        expect(page.get_by_role("table").first).to_be_visible()
        expect(page.get_by_role("button").filter(visible=True)).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=auditor._shots / "console-print.png", full_page=True)
        page.emulate_media(media="screen")
        with page.expect_response("**/api/oversight/queries"):
            page.get_by_role("link", name="Quitar filtros").click()
        expect(page.get_by_text("Todos los actos que conciernen al Estado")).to_be_visible()
        assert auditor.complaints == []


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTheKeysAlone:
    def test_reach_every_filter_row_entry_and_kept_view(self, sit_down: SitDown) -> None:
        auditor = sit_down("sv.auditoria1")
        keys = Keys(auditor.page)
        page = enter(auditor, hands=keys)
        form = page.get_by_role("form", name="Filtro")
        rows = page.get_by_role("region", name="Actos encontrados").locator("tbody tr")
        expect(rows.nth(3)).to_be_visible()
        office = form.get_by_label("Oficina")
        expect(office.locator("option").nth(1)).to_be_attached()

        keys.choose(form.get_by_label("Acto"), "cases.case.opened")
        keys.choose(form.get_by_label("Resultado"), "done")
        keys.choose(office, office.locator("option").nth(1).get_attribute("value") or "")
        keys.write(form.get_by_label("Seudónimo"), "nadie")
        keys.press(form.get_by_role("button", name="Buscar"))
        expect(form.get_by_role("alert")).to_contain_text("El seudónimo tiene ocho letras")
        expect(form.get_by_label("Seudónimo")).to_be_focused()
        keys.press(form.get_by_role("button", name="Quitar filtros"))  # typed, not searched for
        expect(form.get_by_label("Seudónimo")).to_have_value("")
        expect(form.get_by_label("Acto")).to_have_value("")

        keys.choose(form.get_by_label("Acto"), "cases.case.opened")
        keys.choose(form.get_by_label("Resultado"), "done")
        keys.choose(office, office.locator("option").nth(1).get_attribute("value") or "")
        keys.write(form.get_by_label("Seudónimo"), "0000oooo")
        today = page.evaluate("new Date().toISOString().slice(0, 10)")
        keys.date(form.get_by_label("Desde"), "2026-01-01")
        keys.date(form.get_by_label("Hasta"), today)
        keys.press(form.get_by_role("button", name="Buscar"))
        expect(page).to_have_url(re.compile("P-00000000"))
        keys.press(form.get_by_role("button", name="Quitar filtros"))
        expect(form.get_by_label("Seudónimo")).to_have_value("")

        keys.choose(form.get_by_label("Acto"), "cases.case.opened")
        keys.press(form.get_by_role("button", name="Buscar"))
        expect(rows).to_have_count(1)
        keys.press(rows.first.get_by_role("link"))
        entry = page.get_by_role("complementary")
        expect(entry.get_by_role("heading").first).to_be_focused()
        keys.reach(entry.get_by_role("button", name="Guardar la prueba"))
        page.keyboard.press("Escape")

        keys.press(page.locator("summary", has_text="Vistas guardadas"))
        keys.write(page.get_by_label("Nombre de la vista"), "Aperturas")
        page.keyboard.press("Enter")
        kept = page.get_by_role("link", name="Aperturas")
        expect(kept).to_be_visible()
        keys.press(form.get_by_role("button", name="Quitar filtros"))
        expect(rows.nth(3)).to_be_visible()
        keys.press(kept)
        expect(rows).to_have_count(1)
        keys.press(page.get_by_role("button", name="Quitar la vista Aperturas"))
        expect(kept).to_be_hidden()
        assert auditor.complaints == []


def older(page: Page, note: str) -> None:
    """Have a browser be shown an earlier checkpoint of the acts, signed and cosigned as it was."""
    page.route(
        re.compile(r"/api/log/acts-\d+/checkpoint$"),
        lambda route: route.fulfill(body=note, content_type="text/plain"),
    )


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestASmallerLog:
    #  who signs in, and the page that they arrive at
    PEOPLE = (
        ("sv.auditoria1", "Bitácora"),
        ("reg.auditoria1", "Bitácora"),
        ("sv.coordinacion", "Expedientes"),
    )

    def test_is_an_alarm_for_whoever_signs_in_and_hands_out_the_evidence(
        self,
        sit_down: SitDown,
        casehub: CaseHub,  # noqa: F811
        tmp_path: Path,
    ) -> None:
        pages = [
            (sit_down(account, accept_downloads=True), heading) for account, heading in self.PEOPLE
        ]
        logs = httpx.get(f"{casehub.url}/api/log").json()
        acts = next(one["name"] for one in logs if one["name"].startswith("acts"))
        note = httpx.get(f"{casehub.url}/api/log/{acts}/checkpoint").text
        then = published(casehub)
        for person, heading in pages:
            enter(person, heading)  # an act, so the log grows
        until = time.monotonic() + SLOW / 1000
        while published(casehub) <= then:
            assert time.monotonic() < until, "what was done is not published"
            time.sleep(0.2)
        policy = tmp_path / "policy"
        policy.write_text(policy_of(casehub))
        for person, _ in pages:
            with person.page.expect_response(re.compile(r"/acts-\d+/checkpoint$")):
                person.page.reload()  # it looks, and keeps the larger one
            person.page.wait_for_timeout(2_000)
            older(person.page, note)
            person.page.reload()
            alarm = person.page.get_by_role("alert", name="Alarma de la bitácora pública")
            expect(alarm).to_contain_text("menos asientos de los que ya había", timeout=SLOW)
            if heading == "Bitácora":  # whatever the server says of itself
                line = person.page.get_by_role("region", name="Integridad de la bitácora")
                expect(line.get_by_text("No se fíe todavía")).to_be_visible()
            file = _evidence(person, alarm, tmp_path)
            assert json.loads(file.read_text())["after"] == note
            assert judged(file, policy)["shows"] == "rollback"
            person.shot(f"console-alarm-{person.account}")


def _evidence(person: Prosecutor, alarm: Locator, folder: Path) -> Path:
    own = folder / person.account
    own.mkdir()
    return taken(person.page, alarm.get_by_role("button", name="Descargar la prueba"), own)
