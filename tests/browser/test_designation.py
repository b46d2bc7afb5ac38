"""From a coordinator's draft to a liaison who talks, on the urgent path, in everybody's browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect

from casehub.demo.people import name_of
from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.returning import back_again, finds_signatures_checked, lift
from tests.browser.test_alta import heading, in_the_region, prove_kit, words_on
from tests.servers.casehub_server import CaseHub

SitDown = Callable[..., Prosecutor]
NAME = "Inés Portillo Cañas"
STATES = ["BZ", "CA", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV", "US"]
REMOVED = 60_000  # ms until a member's program has taken her keys out
IDENTITY_WORDS = "Palabras de su llave de identidad"


def sign_in(person: Prosecutor, first_page: str) -> Page:
    """Sign in by code as somebody whose first page is not the list of cases."""
    page = person.page
    page.goto(person.url)
    page.get_by_label("Cuenta", exact=True).fill(person.account)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Código de seis cifras").fill(person.present_code())
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(heading(page, first_page)).to_be_visible(timeout=SLOW)
    return page


def to_designation(page: Page) -> None:
    """Open the designation from the list, where it waits for whoever looks."""
    page.get_by_role("link", name="Designaciones").first.click()
    row = page.get_by_role("listitem").filter(has_text=NAME).first
    expect(row).to_contain_text("Le toca a usted")
    row.get_by_role("link", name=NAME).click()
    expect(heading(page, NAME)).to_be_visible()


def sign(page: Page, button: str) -> None:
    """Read, say so, and sign in the dialog that is open."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("list", name="Las seis palabras de su llave")).to_be_visible()
    dialog.get_by_label("Leí lo que firmo").check()
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_be_hidden(timeout=SLOW)


def draft(page: Page) -> None:
    """Write the draft; a reload in the middle loses nothing of it."""
    page.get_by_role("link", name="Designaciones").first.click()
    page.get_by_role("link", name="Nueva designación").click()
    page.get_by_label("Nombre completo").fill(NAME)
    page.get_by_label("Cargo", exact=True).fill("Fiscal de enlace")
    page.wait_for_timeout(1_000)  # ms: what is typed is on the disk
    page.reload()
    expect(page.get_by_text("Seguimos donde lo dejó")).to_be_visible(timeout=SLOW)
    expect(page.get_by_label("Nombre completo")).to_have_value(NAME)
    page.get_by_label("Oficina").select_option(index=1)
    expect(page.get_by_label("punto focal", exact=True)).to_be_checked()
    page.get_by_label("firmante", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Es urgente").check()
    page.get_by_role("button", name="Crear el borrador").click()
    expect(heading(page, NAME)).to_be_visible()


def consult(page: Page) -> None:
    """Ask the police; they object, and their paper stays in this browser."""
    page.get_by_label("Agencia", exact=True).select_option("police")
    page.get_by_role("button", name="Anotar que se preguntó").click()
    page.get_by_role("button", name=re.compile("^Anotar respuesta")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("objeción", exact=True).check()
    dialog.locator("input[type=file]").set_input_files(
        {"name": "nota.pdf", "mimeType": "application/pdf", "buffer": b"reservado"}
    )
    dialog.get_by_role("button", name="Anotar", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Cerrar la consulta").click()
    expect(page.get_by_text("Una agencia objetó")).to_be_visible()


def approve(page: Page) -> None:
    """See what this browser found out by itself, then sign."""
    to_designation(page)
    expect(page.get_by_text("comprobó por sí mismo las firmas")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("Una agencia objetó")).to_be_visible()
    expect(page.get_by_text("punto focal y firmante").first).to_be_visible()
    page.get_by_role("button", name="Aprobar", exact=True).click()
    sign(page, "Firmar y aprobar")


def enrol(page: Page, url: str, code: str) -> list[str]:
    """Become a person with keys, by a code on paper; return the six words on the screen."""
    page.goto(f"{url}/alta")
    page.get_by_label("Código").fill(code)
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Soy yo y los datos").click()
    page.get_by_role("button", name="Crear la llave de acceso").click()
    page.get_by_role("button", name="Seguir con una sola").click()
    page.get_by_role("button", name="Hacer mis llaves").click()
    words = words_on(page, IDENTITY_WORDS)
    page.get_by_role("button", name="Ya las leí").click()
    page.get_by_role("button", name="Hacer la hoja").click()
    prove_kit(page)
    page.get_by_label("He leído las reglas").check()
    page.get_by_role("button", name="Aceptar").click()
    expect(heading(page, "En espera de la confirmación")).to_be_visible(timeout=SLOW)
    return words


def hear(page: Page, words: list[str]) -> None:
    """Type what is heard: first a word wrong, then by four letters each."""
    for number, word in enumerate(words, 1):
        page.get_by_label(f"Palabra {number}").fill("zzzz" if number == 4 else word[:4])
    page.get_by_role("button", name="Comparar").click()
    expect(page.get_by_text("No coincide la palabra 4")).to_be_visible()
    page.get_by_label("Palabra 4").fill(words[3].upper())
    page.get_by_role("button", name="Comparar").click()


def notice(page: Page) -> Locator:
    """Return the line of the notices that tells of her."""
    page.get_by_role("link", name="Avisos").first.click()
    expect(heading(page, "Avisos a todos los Estados")).to_be_visible()
    return page.get_by_role("listitem").filter(has_text=NAME).first


class Socket:
    """What a page's sockets hear, from the first on."""

    def __init__(self, page: Page) -> None:
        self._open: list[WebSocket] = []
        self.heard = 0
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        self._open.append(socket)
        socket.on("framereceived", lambda _: self._hear())

    def _hear(self) -> None:
        self.heard += 1

    @property
    def closed(self) -> bool:
        """Whether none is open any more."""
        return all(socket.is_closed() for socket in self._open)


def suspend(page: Page, name: str = NAME) -> None:
    """Stop somebody from their page in the directory: one tap and one confirmation."""
    page.get_by_role("link", name="Directorio").first.click()
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("button", name=re.compile(f"Suspender a .*{re.escape(name)}")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Suspender ahora").click()
    expect(dialog.get_by_text("no lee ni actúa desde las")).to_be_visible(timeout=SLOW)
    page.keyboard.press("Escape")


def cut_off(officer: Page, ines: Prosecutor, mexico: Prosecutor, hers: Socket) -> None:
    """Have an officer of her ministry stop her in the middle of the conversation."""
    ines.page.get_by_label("Mensaje cifrado").fill("Lo que no llegó a enviar")
    suspend(officer)
    expect(ines.page.locator("[data-stopped=suspended]")).to_be_visible(timeout=SLOW)
    expect(ines.page.get_by_text("Bienvenida")).to_have_count(0)
    assert hers.closed
    heard = hers.heard
    assert heard > 0

    # the thread says when, and goes on without her
    words = rf"{NAME}.* perdió el acceso a las \d\d:\d\d:\d\d"
    expect(mexico.page.get_by_text(re.compile(words)).last).to_be_visible(timeout=REMOVED)
    expect(mexico.page.locator("[data-cut-off]")).to_have_count(0, timeout=REMOVED)
    mexico.write("Seguimos sin ella")
    mexico.reads("Seguimos sin ella")
    mexico.shot("designation-suspended")
    assert hers.heard == heard
    assert hers.closed
    # her card says what else she does, by what was signed
    expect(officer.get_by_text("punto focal y firmante")).to_be_visible()


def everybody_was_told(casehub: CaseHub, mexico: Prosecutor, others: list[Prosecutor]) -> None:
    """Look at three States' pages, and ask what all eleven are told."""
    for person in others:
        person.sign_in_with_code(PASSWORD)
    for person in (mexico, *others):
        notice(person.page)
        person.page.get_by_label("De otros Estados", exact=True).check()
        lines = person.page.get_by_role("listitem").filter(has_text=NAME)
        expect(lines.filter(has_text="Persona suspendida")).to_have_count(1)
        expect(lines.filter(has_text="Designación nueva")).to_have_count(1)
    told = in_the_region(casehub, f"told({NAME!r})")
    assert told.split() == [f"{state}:announced,suspended" for state in STATES]


def comes_back(
    head: Page, officer: Page, ines: Prosecutor, mexico: Prosecutor, reference: str
) -> None:
    """Lift the suspension by two; she goes on with the key that her browser kept."""
    mexico.go_to(reference, "Registros")
    lift(head, NAME)
    lift(officer, NAME)
    back_again(ines, mexico, reference=reference, thread="Registros")
    finds_signatures_checked(officer, NAME)


@pytest.mark.browser
@pytest.mark.timeout(900)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestADesignation:
    """On the urgent path: the coordinator, two officers, and whom they designate."""

    def test_goes_from_a_draft_to_a_liaison_who_talks_until_suspended_and_every_state_is_told(
        self, sit_down: SitDown, casehub: CaseHub
    ) -> None:
        coordinator = sit_down("sv.coordinacion")
        at_coordinator = sign_in(coordinator, "Expedientes")
        draft(at_coordinator)
        consult(at_coordinator)
        at_coordinator.get_by_role("button", name="Ver lo que se firma").click()
        expect(at_coordinator.get_by_role("dialog").get_by_text(NAME).first).to_be_visible()
        coordinator.shot("designation-nominate")
        sign(at_coordinator, "Firmar y proponer")

        officers = [sit_down(f"sv.cancilleria{number}") for number in (1, 2)]
        for officer in officers:
            approve(sign_in(officer, "Designaciones"))
            officer.shot("designation-approved")

        to_designation(at_coordinator)
        at_coordinator.get_by_role("button", name="Hacer el código").click()
        code = at_coordinator.get_by_label("Código de un solo uso").last.inner_text()
        coordinator.shot("designation-code")
        at_coordinator.get_by_role("button", name="Ya lo tengo").click()

        ines = sit_down("nobody")
        ines.plug_in_authenticator()
        hers = Socket(ines.page)
        words = enrol(ines.page, ines.url, code)
        field = at_coordinator.get_by_label("Palabra 1")
        expect(field).to_be_visible(timeout=SLOW)  # the page follows by itself
        hear(at_coordinator, words)
        sign(at_coordinator, "Firmar: es su llave")
        expect(heading(ines.page, "Expedientes")).to_be_visible(timeout=SLOW)

        mexico = sit_down("mx.enlace1")
        mexico.sign_in_with_code(PASSWORD)
        told = notice(mexico.page)
        mexico.page.get_by_label("De otros Estados", exact=True).check()
        expect(told).to_contain_text("Designación nueva")
        expect(told).to_contain_text("urgente")
        told.get_by_role("button", name="Acusar recibo").click()
        expect(told.get_by_text("Su Estado acusó recibo")).to_be_visible()
        notice(at_coordinator)
        at_coordinator.get_by_label("De su Estado", exact=True).check()
        own = at_coordinator.get_by_role("listitem").filter(has_text=NAME).first
        expect(own).to_contain_text("Acusaron recibo: México", timeout=SLOW)

        reference = mexico.open_case(["El Salvador"], "Ruta La Hachadura")
        mexico.open_thread("Registros")
        mexico.add_person(NAME, thread="Registros")
        ines.go_to(reference, "Registros")
        ines.write("Buenos días; soy la nueva fiscal de enlace")
        mexico.reads("Buenos días; soy la nueva fiscal de enlace")
        mexico.write("Bienvenida")
        ines.reads("Bienvenida")

        cut_off(officers[0].page, ines, mexico, hers)
        others = [sit_down(f"{state}.enlace1") for state in ("gt", "pa")]
        everybody_was_told(casehub, mexico, others)

        comes_back(at_coordinator, officers[0].page, ines, mexico, reference)
        for person in (coordinator, *officers, ines, mexico):
            assert person.complaints == []


def renew(page: Page, name: str) -> None:
    """Renew somebody with another function than they have: the page says what is taken."""
    page.get_by_role("link", name="Designaciones").first.click()
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("link", name="Renovar", exact=True).click()
    page.get_by_label("punto focal", exact=True).uncheck()
    page.get_by_label("firmante", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(heading(page, name)).to_be_visible(timeout=SLOW)


def says_what_changes(where: Page | Locator) -> None:
    """Read which functions there were, and what the person can do no more."""
    expect(where.get_by_text("Es una renovación")).to_be_visible(timeout=SLOW)
    expect(where.get_by_text("Antes: punto focal")).to_be_visible()
    expect(where.get_by_text("deja de ser punto focal")).to_be_visible()
    expect(where.get_by_text("deja de ser firmante")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestARenewal:
    """Of somebody of the demo, with one function for another."""

    def test_says_at_every_step_what_it_changes_and_is_approved_by_two(
        self, sit_down: SitDown
    ) -> None:
        name = name_of("GT", 5, 3)  # gt.enlace1
        coordinator = sit_down("gt.coordinacion")
        page = sign_in(coordinator, "Expedientes")
        renew(page, name)
        expect(page.get_by_text("renovación", exact=True)).to_be_visible()
        says_what_changes(page)
        coordinator.shot("renewal-drafted")
        page.get_by_role("button", name="Ver lo que se firma").click()
        says_what_changes(page.get_by_role("dialog"))
        coordinator.shot("renewal-nominate")
        sign(page, "Firmar y proponer")
        officers = [sit_down(f"gt.cancilleria{number}") for number in (1, 2)]
        for officer in officers:
            at = sign_in(officer, "Designaciones")
            at.get_by_role("link", name=name).first.click()
            says_what_changes(at)
            officer.shot("renewal-approve")
            at.get_by_role("button", name="Aprobar", exact=True).click()
            sign(at, "Firmar y aprobar")
        expect(officers[1].page.get_by_text("Aprobada. Todos los Estados")).to_be_visible()
        for person in (coordinator, *officers):
            assert person.complaints == []
