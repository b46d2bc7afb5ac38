"""An auditor at work: what they find, what they are not told, and that they are seen."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hands import Keys
from tests.browser.looking import AXE, AXE_RUN, LISTEN, RULES
from tests.browser.test_bundle import give
from tests.servers.casehub_server import CaseHub, Place
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
WITNESSED = 60_000  # ms until three witnesses of the demo have cosigned what there is
DEMO = 400  # acts, and more, of making the demo region
SOON = 15_000  # ms within which a look at the log stands in it
PSEUDONYM = re.compile(r"P-[0-9A-Z]{8}")


@pytest.fixture(scope="session")
def witnessed(configuration: Configuration) -> Place:
    """The region once its three witnesses have cosigned what making it did; nobody runs there."""
    fresh = configuration.fresh()
    own = replace(fresh, settings={**fresh.settings, "CASEHUB_WITNESSES": ""})
    with CaseHub(own) as started:
        is_published(started)
    return own


@pytest.fixture
def place(configuration: Configuration, witnessed: Place) -> Place:
    return configuration.copy(witnessed)


@pytest.fixture
def casehub(place: Place) -> Iterator[CaseHub]:
    """One server with the demo's three witnesses; in full another process signs, and has them."""
    with CaseHub(place) as started:
        is_published(started)
        yield started


def is_published(casehub: CaseHub) -> None:
    """Wait until others can rely on what the demo has done."""
    until = time.monotonic() + WITNESSED / 1000
    found = 0
    while found < DEMO:
        assert time.monotonic() < until, "what the demo has done is not published"
        time.sleep(0.2)
        with suppress(httpx.TimeoutException):  # a new server's first answer, beside others
            found = published(casehub)


def published(casehub: CaseHub) -> int:
    """Return how many entries of the largest log others can rely on."""
    logs = httpx.get(f"{casehub.url}/api/log").json()
    return max((log["size"] for log in logs), default=0)


def enter(person: Prosecutor, heading: str = "Bitácora", hands: Keys | None = None) -> Page:
    """Sign in, by hand or by the keys, and return the page that one arrives at."""
    page = person.page
    page.goto(person.url)
    account, password = page.get_by_label("Cuenta", exact=True), page.get_by_label("Contraseña")
    code = page.get_by_label("Código de seis cifras")
    if hands is None:
        account.fill(person.account)
        password.fill(PASSWORD)
        password.press("Enter")
        code.fill(person.present_code())
    else:
        hands.write(account, person.account)
        hands.write(password, PASSWORD)
        page.keyboard.press("Enter")
        hands.write(code, person.present_code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    return page


def search(page: Page, act: str = "", **fields: str) -> Locator:
    """Fill the filter, send it, and return the rows that come."""
    form = page.get_by_role("form", name="Filtro")
    form.get_by_label("Acto").select_option(act)
    for label, text in fields.items():
        form.get_by_label(label.capitalize(), exact=True).fill(text)
    with page.expect_response("**/api/oversight/queries"):
        form.get_by_role("button", name="Buscar").click()
    expect(form.get_by_role("button", name="Buscar")).to_be_enabled()
    return page.get_by_role("region", name="Actos encontrados").locator("tbody tr")


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestANationalAuditor:
    def test_finds_opens_and_takes_away_what_happened_and_learns_no_name(
        self, sit_down: SitDown
    ) -> None:
        auditor = sit_down("sv.auditoria1", accept_downloads=True)
        page = enter(auditor)
        line = page.get_by_role("region", name="Integridad de la bitácora")
        expect(line.get_by_text("cofirmada 3/3")).to_be_visible(timeout=WITNESSED)
        expect(line.get_by_text("Íntegra", exact=True)).to_be_visible()

        rows = search(page, "cases.case.opened")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("SV-2026-0001")
        expect(rows.first).to_contain_text(PSEUDONYM)
        rows.first.get_by_role("link").click()
        entry = page.get_by_role("complementary", name="Expediente abierto")
        for words in ("cofirmado", "CA:", "CR:", "MX:", "Designada, con 3 firmas", "En 1 exp"):
            expect(entry.get_by_text(words).first).to_be_visible()
        auditor.shot("oversight-entry")

        address = page.url
        page.reload()
        expect(page.get_by_role("complementary", name="Expediente abierto")).to_be_visible()
        assert page.url == address
        page.keyboard.press("Escape")
        expect(page.get_by_role("complementary")).to_be_hidden()
        page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Atajos de teclado")
        expect(keys.get_by_text("siguiente: hilo sin leer, fila")).to_be_visible()
        expect(keys.get_by_text("escribir un mensaje")).to_be_hidden()  # not on this page
        page.keyboard.press("Escape")

        expect(page.get_by_role("button", name="Exportar CSV")).to_be_visible()
        files = []
        for _ in range(2):
            with page.expect_download() as waiting:
                page.get_by_role("button", name="Exportar CSV").click()
            files.append(Path(waiting.value.path()).read_bytes())
        assert files[0].startswith("\ufefflog,position,at,act,".encode())
        assert files[0].count(b"\r\n") == 2
        assert files[0].splitlines()[1:] == files[1].splitlines()[1:]
        name = auditor.page.evaluate(
            "async () => (await (await fetch('/api/directory/people')).json())"
            ".filter((one) => one.state === 'SV' && one.roles.includes('liaison'))"
            ".map((one) => one.name)"
        )
        assert len(name) == 2
        assert not any(one.encode() in files[0] for one in name)
        assert not any(one in page.content() for one in name)
        assert auditor.complaints == []

    def test_knows_a_name_once_a_second_auditor_has_agreed(self, sit_down: SitDown) -> None:
        first, second = sit_down("sv.auditoria1"), sit_down("sv.auditoria2")
        page = enter(first)
        search(page, "cases.case.opened").first.get_by_role("link").click()
        page.get_by_role("button", name="Pedir la identidad de").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Motivo").select_option("complaint")
        dialog.get_by_label("Número del expediente").fill("Q-17/2026")
        dialog.get_by_role("button", name="Pedir", exact=True).click()
        expect(page.get_by_text("Otra persona de la auditoría debe decidir")).to_be_visible()
        page.get_by_role("link", name="Identidades").click()
        expect(page.get_by_text("La pidió usted: decide otra persona.")).to_be_visible()

        other = enter(second)
        tab = other.get_by_role("link", name="Identidades")
        expect(tab.get_by_text("1 espera su decisión")).to_be_visible()
        other.get_by_role("link", name="Identidades").click()
        expect(other.get_by_text("Q-17/2026")).to_be_visible()
        other.get_by_role("button", name=re.compile("^Conceder la identidad")).click()
        sure = other.get_by_role("dialog", name="¿Conceder la identidad de")
        expect(sure).to_contain_text("No puede deshacerse")
        sure.get_by_role("button", name="Conceder la identidad").click()
        expect(other.get_by_text("espera decisión")).to_be_hidden()
        expect(other.get_by_text("Se avisará a la persona el")).to_be_visible()
        expect(other.get_by_text("espera su decisión")).to_be_hidden()
        second.shot("oversight-unmasking")

        page.get_by_role("link", name="Actos").click()
        row = search(page, "cases.case.opened").first
        expect(row.get_by_text("identidad concedida")).to_be_visible()
        expect(row).to_contain_text(PSEUDONYM)  # by which files and filters know them
        assert first.complaints == second.complaints == []

    def test_takes_a_bundle_away_and_reads_what_it_proves_from_a_disk_without_a_network(
        self, sit_down: SitDown, browser: Browser, tmp_path: Path, casehub: CaseHub
    ) -> None:
        auditor = sit_down("sv.auditoria1", accept_downloads=True)
        page = enter(auditor)
        page.get_by_role("link", name="Integridad", exact=True).click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Llevarse un paquete comprobable").first.click()
        bundle = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(bundle)
        with zipfile.ZipFile(bundle) as opened:
            opened.extract("verify.html", tmp_path)
        page.get_by_text("Solo un tramo", exact=True).first.click()
        page.get_by_label("Desde el asiento").first.fill("#1")
        page.get_by_label("Hasta el asiento").first.fill("3")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Llevarse un paquete comprobable").first.click()
        assert waiting.value.suggested_filename.endswith("-SV-1-3.zip")
        policy = tmp_path / "policy"
        policy.write_text(httpx.get(f"{casehub.url}/api/log/policy").text)
        asked: list[str] = []
        with browser.new_context(locale="es-SV") as context:
            context.set_offline(True)
            alone = context.new_page()
            alone.on("request", lambda request: asked.append(request.url))
            alone.goto((tmp_path / "verify.html").as_uri())
            give(alone, bundle)
            expect(alone.locator("h2").first).to_have_text("De una pieza, por sus propias claves")
            give(alone, bundle, policy=policy)
            expect(alone.locator(".note.ok h2")).to_have_text("Es lo que se firmó")
            proved = alone.locator(".proved")
            expect(proved).to_contain_text("entradas estaban en ella, cada una en su lugar")
            expect(proved).to_contain_text("actos abiertos son los que se registraron")
            expect(alone.locator(".questions")).to_contain_text("SV")
            expect(alone.locator(".signed li")).to_have_count(4)  # the log and three witnesses
            expect(alone.locator(".wrong")).to_have_count(0)
        loaded = {url for url in asked if not url.startswith("blob:")}
        assert loaded == {(tmp_path / "verify.html").as_uri()}

    def test_is_seen_by_the_coordination_of_the_state_within_seconds(
        self, sit_down: SitDown
    ) -> None:
        auditor, coordinator = sit_down("sv.auditoria1"), sit_down("sv.coordinacion")
        page = enter(auditor)
        search(page, "cases", expediente="SV-2026-0001")
        expect(page.get_by_text("Búsqueda registrada a las")).to_be_visible()
        watched = enter(coordinator, "Expedientes")
        watched.get_by_role("link", name="Auditorías").first.click()
        row = watched.get_by_role("row").filter(has_text="SV-2026-0001").first
        expect(row).to_contain_text("Búsqueda en la bitácora", timeout=SOON)
        expect(row).to_contain_text(auditor.name())
        coordinator.shot("oversight-audits")
        assert auditor.complaints == coordinator.complaints == []

    def test_needs_nothing_but_the_keys(self, sit_down: SitDown) -> None:
        auditor = sit_down("sv.auditoria1")
        keys = Keys(auditor.page)
        page = enter(auditor, hands=keys)
        expect(page.get_by_role("heading", name="Bitácora", level=1)).to_be_focused()
        rows = page.get_by_role("region", name="Actos encontrados").locator("tbody tr")
        expect(rows.nth(3)).to_be_visible()
        page.keyboard.press("/")
        expect(page.get_by_label("Expediente", exact=True)).to_be_focused()
        page.keyboard.type("sv-2026-0001")
        page.keyboard.press("Enter")
        expect(rows.first).to_contain_text("SV-2026-0001")
        expect(page).to_have_url(re.compile(r"expediente=SV-2026-0001"))
        keys.reach(rows.first.get_by_role("link"))
        page.keyboard.press("j")
        expect(rows.nth(1).get_by_role("link")).to_be_focused()
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        expect(page.get_by_role("complementary").get_by_role("heading").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(rows.first.get_by_role("link")).to_be_focused()
        page.go_back()
        keys.press(page.get_by_role("link", name="Cifras"))
        expect(page.get_by_role("heading", name="Actos por día")).to_be_visible()
        assert auditor.complaints == []


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestARegionalAuditor:
    def test_reads_numbers_of_all_states_and_no_small_one(self, sit_down: SitDown) -> None:
        """A month that runs is not offered; the demo region is younger than one that is over."""
        auditor = sit_down("reg.auditoria1")
        page = enter(auditor)
        page.get_by_role("button", name="Leer").click()
        table = page.get_by_role("region", name="Actos por Estado y materia").get_by_role("table")
        expect(table.get_by_role("row")).to_have_count(12)
        numbers = re.findall(r"\b\d+\b", " ".join(table.locator("td").all_inner_texts()))
        assert not {"1", "2", "3", "4"} & set(numbers) - {"5"}
        running = page.evaluate("new Date().toISOString().slice(0, 7)")
        assert running not in page.get_by_label("Mes").locator("option").evaluate_all(
            "all => all.map(one => one.value)"
        )
        expect(page.get_by_role("link", name="Identidades")).to_be_hidden()
        auditor.shot("oversight-region")
        assert auditor.complaints == []

    def test_reads_with_a_second_one_what_concerns_two_states_that_let_them(
        self, sit_down: SitDown
    ) -> None:
        first, second = sit_down("reg.auditoria1"), sit_down("reg.auditoria2")
        page = enter(first)
        page.get_by_role("link", name="Pares de Estados").click()
        form = page.get_by_role("form", name="Pedir un par")
        form.get_by_label("Un Estado").select_option("SV")
        form.get_by_label("El otro Estado").select_option("MX")
        form.get_by_label("Motivo").select_option("complaint")
        form.get_by_label("Número del expediente").fill("R-1/2026")
        form.get_by_role("button", name="Pedir").click()
        expect(page.get_by_text("Uno de los dos Estados no consiente")).to_be_visible()

        for account, other in (("sv.coordinacion", "México"), ("mx.coordinacion", "El Salvador")):
            coordinator = sit_down(account)
            watched = enter(coordinator, "Expedientes")
            watched.get_by_role("link", name="Auditorías").first.click()
            watched.get_by_role("button", name=f"Consentir ({other})").click()
            expect(watched.get_by_role("button", name=f"Retirar ({other})")).to_be_visible()
            assert coordinator.complaints == []
        coordinator.shot("oversight-consents")

        form.get_by_role("button", name="Pedir").click()
        expect(page.get_by_text("La pidió usted: decide otra persona.")).to_be_visible()
        there = enter(second)
        there.get_by_role("link", name="Pares de Estados").click()
        there.get_by_role("button", name="Conceder (").click()
        there.get_by_role("button", name="Leer los actos").click()
        table = there.get_by_role("table", name="Actos entre México y El Salvador")
        expect(table.get_by_role("row").nth(1)).to_contain_text(PSEUDONYM)
        second.shot("oversight-pair")

        watched.get_by_role("button", name="Retirar (El Salvador)").click()
        expect(watched.get_by_role("button", name="Consentir (El Salvador)")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Ya no lo consienten ambos Estados.")).to_be_visible()
        expect(page.get_by_role("button", name="Leer los actos")).to_be_hidden()


WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTheConsole:
    @pytest.mark.parametrize(
        ("viewport", "looks"),
        [(WIDE, {"light": "light", "dark": "dark"}), (NARROW, {"360": "light"})],
        ids=["wide", "360"],
    )
    def test_is_accessible_and_within_the_policy(
        self, sit_down: SitDown, viewport: dict[str, int], looks: dict[str, str]
    ) -> None:
        auditor = sit_down("mx.auditoria1", viewport=viewport, color_scheme="light")
        auditor.context.add_init_script(LISTEN)
        page = enter(auditor)
        found: dict[str, object] = {}
        for part in ("Actos", "Cifras", "Identidades", "Integridad"):
            page.get_by_role("link", name=part, exact=True).click()
            page.wait_for_load_state("networkidle")
            if part == "Actos":
                page.locator("tbody tr").first.get_by_role("link").click()
                expect(page.get_by_role("heading", name="Prueba")).to_be_visible()
            page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
            for look, scheme in looks.items():
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.wait_for_timeout(300)  # ms: fades are over, and axe sees the real colours
                wrong = page.evaluate(
                    f"rules => ({AXE_RUN})(rules)"
                    ".then(r => r.violations.map(v => [v.id, ...v.nodes.map(n => n.html)]))",
                    RULES,
                )
                wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                found[f"{part}, {look}"] = [wrong, page.evaluate("window.blocked"), wide]
                auditor.shot(f"oversight-{part.lower()}-{look}")
        assert found == {place: [[], [], False] for place in found}
        assert auditor.complaints == []
