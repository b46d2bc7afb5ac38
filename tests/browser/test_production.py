"""The first people of a region that is no demo: from the ministry's safe to the directory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import ARGUMENTS, CHROMIUM, SHOTS
from tests.browser.test_alta import heading, prove_kit, words_on
from tests.browser.test_designation import IDENTITY_WORDS, hear, sign
from tests.servers.production import Production

NAMED = 30_000  # ms until a page that waits has seen what was entered for it
HEAD = "Rosa Elvira Menjívar"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Production:
    """Return a region of one State's root, with no person in it and no server yet."""
    begun = Production(tmp_path_factory.mktemp("production"), "SV")
    begun.begin()
    return begun


@dataclass
class Desks:
    """Where people sit down, each at a fresh browser that trusts the place's certificate."""

    browser: Browser
    url: str
    seated: list[Prosecutor] = field(default_factory=list)

    def one(self) -> Prosecutor:
        """Return somebody at a fresh browser, with a passkey device in it."""
        context: BrowserContext = self.browser.new_context(
            locale="es-SV",
            timezone_id="America/El_Salvador",
            viewport={"width": 1280, "height": 800},
        )
        person = Prosecutor(context, self.url, "nobody", SHOTS / "production")
        person.plug_in_authenticator()
        self.seated.append(person)
        return person


@pytest.fixture
def desks(
    production: Production, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Desks]:
    """Serve the region; its browsers are told of the certificate by its key."""
    casehub, front = production.serve()
    trusting = f"--ignore-certificate-errors-spki-list={production.certificate.pin}"
    with casehub, front:
        # Of the run's own driver: a second one cannot start beside it.
        kind = browser.browser_type
        own = kind.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, trusting])
        there = Desks(own, front.url)
        yield there
        for number, person in enumerate(there.seated):
            if getattr(request.node, "failed", False):
                person.shot(f"failed-{number}")
            person.context.close()
        own.close()


def swap_authenticator(person: Prosecutor) -> None:
    """Take the passkey device out of the browser and put another one in, as an envelope's."""
    person.authenticator.send(
        "WebAuthn.removeVirtualAuthenticator", {"authenticatorId": person.authenticator_id}
    )
    person.plug_in_authenticator()


def begin(person: Prosecutor, code: str, name: str) -> Page:
    """Find the designation that the code is for, and make the first passkey."""
    page = person.page
    page.goto(person.url)
    page.get_by_role("link", name="Tengo un código de alta").click()
    page.get_by_label("Código").fill(code)
    page.get_by_role("button", name="Continuar").click()
    expect(heading(page, "Designación encontrada")).to_be_focused()
    expect(page.get_by_text(name)).to_be_visible()
    page.get_by_role("button", name="Soy yo y los datos").click()
    page.get_by_role("button", name="Crear la llave de acceso").click()
    expect(heading(page, "Segunda llave de acceso")).to_be_visible(timeout=SLOW)
    return page


def make_keys(page: Page) -> list[str]:
    """Make the keys, the kit and the promise to keep the rules; return the six words."""
    page.get_by_role("button", name="Hacer mis llaves").click()
    words = words_on(page, IDENTITY_WORDS)
    page.get_by_role("button", name=re.compile("^Ya las")).click()
    page.get_by_role("button", name="Hacer la hoja").click()
    prove_kit(page)
    page.get_by_label("He leído las reglas").check()
    page.get_by_role("button", name="Aceptar").click()
    return words


def become_officer(production: Production, person: Prosecutor, name: str, folder: Path) -> Page:
    """Go the way of a ministry's officer: code, keys, file, ceremony, and in."""
    code = production.invite("SV", name, "Oficial de cancillería")
    page = begin(person, code, name)
    person.shot("officer-second")
    page.get_by_role("button", name="Seguir con una sola").click()
    words = make_keys(page)
    expect(heading(page, "Archivo para la ceremonia de su Estado")).to_be_visible(timeout=SLOW)
    person.shot("officer-file")
    assert words_on(page, IDENTITY_WORDS) == words
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar el archivo").click()
    request = folder / f"{name.split(maxsplit=1)[0].lower()}.json"
    download.value.save_as(request)
    production.enter(production.ministries["SV"].name_officer(request, words))
    expect(heading(page, "Designaciones")).to_be_visible(timeout=NAMED)
    return page


def at_directory(page: Page, *names: str) -> None:
    """See these people in the directory, verified by this browser."""
    page.get_by_role("link", name="Directorio").first.click()
    expect(heading(page, "Directorio")).to_be_visible()
    for name in names:
        expect(page.get_by_role("link", name=name)).to_be_visible(timeout=SLOW)


def designate(page: Page, name: str) -> None:
    """Draft somebody as the State's coordinator, consult the police, and nominate."""
    page.get_by_role("link", name="Designaciones").first.click()
    page.get_by_role("link", name="Nueva designación").click()
    page.get_by_label("Nombre completo").fill(name)
    page.get_by_label("Cargo", exact=True).fill("Jefa de la unidad de asuntos internacionales")
    page.get_by_label("Oficina").select_option(label="Fiscalía General de la República")
    page.get_by_label("coordinación nacional").check()
    page.get_by_role("button", name="Crear el borrador").click()
    expect(heading(page, name)).to_be_visible()
    page.get_by_label("Agencia", exact=True).select_option("police")
    page.get_by_role("button", name="Anotar que se preguntó").click()
    page.get_by_role("button", name=re.compile("^Anotar respuesta")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("sin objeción", exact=True).check()
    dialog.get_by_role("button", name="Anotar", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Cerrar la consulta").click()
    page.get_by_role("button", name="Ver lo que se firma").click()
    sign(page, "Firmar y proponer")


def approve(page: Page, name: str) -> None:
    """Approve what this browser has verified by itself."""
    page.get_by_role("link", name="Directorio").first.click()  # the list is read when it is opened
    page.get_by_role("link", name="Designaciones").first.click()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_text("comprobó por sí mismo las firmas")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Aprobar", exact=True).click()
    sign(page, "Firmar y aprobar")


@pytest.mark.browser
@pytest.mark.timeout(1200)
class TestANewRegion:
    """No demo: roots made in the ministries, the first people let in with a code on paper."""

    def test_begins_with_officers_whom_the_root_names_and_a_coordinator_whom_they_designate(
        self, production: Production, desks: Desks, tmp_path: Path
    ) -> None:
        production.office("SV", "prosecution", "Fiscalía General de la República")
        ana, bruno = desks.one(), desks.one()
        at_ana = become_officer(production, ana, "Ana Lucía Funes", tmp_path)
        at_bruno = become_officer(production, bruno, "Bruno Escobar", tmp_path)
        at_directory(at_ana, "Ana Lucía Funes", "Bruno Escobar")
        ana.shot("officer-directory")

        designate(at_ana, HEAD)
        approve(at_ana, HEAD)
        approve(at_bruno, HEAD)
        at_bruno.get_by_role("button", name="Hacer el código").click()
        code = at_bruno.get_by_label("Código de un solo uso").last.inner_text()
        at_bruno.get_by_role("button", name="Ya lo tengo").click()

        rosa = desks.one()
        page = begin(rosa, code, HEAD)
        rosa.shot("coordinator-second")
        # Whose key others vouch for has a second passkey, and cannot go on without.
        expect(page.get_by_role("button", name="Seguir con una sola")).to_have_count(0)
        swap_authenticator(rosa)
        page.get_by_label("Cómo llamarla").fill("En sobre, en la coordinación")
        page.get_by_role("button", name="Crear la llave de acceso").click()
        words = make_keys(page)
        expect(heading(page, "En espera de la confirmación")).to_be_visible(timeout=SLOW)
        rosa.shot("coordinator-waiting")

        expect(at_bruno.get_by_label("Palabra 1")).to_be_visible(timeout=SLOW)
        hear(at_bruno, words)
        sign(at_bruno, "Firmar: es su llave")
        expect(heading(page, "Expedientes")).to_be_visible(timeout=SLOW)
        at_directory(page, HEAD, "Ana Lucía Funes")
        expect(page.get_by_text("designación y llave verificadas").first).to_be_visible()
        rosa.shot("coordinator-directory")
        assert [one.complaints for one in desks.seated] == [[], [], []]
