"""A request from being asked about informally to being closed, between six people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.drafter import Drafter
from tests.browser.hands import Hands, Keys
from tests.browser.hunter import canary, hunt
from tests.browser.journeys import BY_KEYBOARD, JOURNEYS
from tests.browser.test_consulting import TYPED, is_answered, is_asked, is_screened, is_taken_in
from tests.browser.test_formal import as_file, begin, looks_right
from tests.browser.test_plaintext import places_on_disk
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
Says = Callable[[Hands, Locator], None]
SIGNED = "Firma comprobada en este navegador"


def enter(person: Prosecutor) -> None:
    """Sign in at a central authority, whose first page are its requests."""
    page = person.page
    page.goto(person.url)
    page.get_by_label("Cuenta", exact=True).fill(person.account)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Código de seis cifras").fill(person.present_code())
    page.get_by_role("button", name="Entrar", exact=True).click()
    heading = page.get_by_role("heading", name="Trámite de las solicitudes", level=1)
    expect(heading).to_be_visible(timeout=SLOW)


def look(person: Prosecutor, request: str) -> Page:
    """Open the request's dossier anew, and wait for its record."""
    person.page.goto(f"{person.url}/tramites/{request}")
    expect(
        person.page.get_by_role("heading", name="Solicitud de El Salvador a México")
    ).to_be_visible(timeout=SLOW)
    return person.page


def by_statute(hands: Hands, dialog: Locator) -> None:
    hands.choose(dialog.get_by_label("Facultad con la que autoriza"), "statute")


#  what an act says where nothing else is asked
USUAL: dict[str, Says] = {"Autorizar": by_statute}


def step(person: Prosecutor, act: str, says: Says | None = None) -> None:
    """Take a step without a pointer: its button, what it says, the signature."""
    sign(person, act, says or USUAL.get(act), said=f"Paso firmado: {act}.")


def propose(person: Prosecutor, act: str, says: Says | None = None) -> None:
    """Sign a step first that takes two: the request stays where it is."""
    sign(person, act, says, said=f"Paso propuesto: {act}. Espera a otra persona.")


def confirm(person: Prosecutor, request: str, act: str, says: Says | None = None) -> None:
    """Put the second hand under what waits, and see that it was done."""
    page = look(person, request)
    expect(page.get_by_text(f"Paso propuesto: {act}")).to_be_visible()
    sign(person, "Confirmar este paso", says, said=f"Paso confirmado: {act}.")
    expect(page.get_by_text("Un paso espera a una segunda persona")).to_have_count(0)


def sign(person: Prosecutor, act: str, says: Says | None, *, said: str) -> None:
    page, hands = person.page, Keys(person.page)
    hands.press(page.get_by_role("button", name=act, exact=True))
    dialog = page.get_by_role("dialog", name=act)
    if says is not None:
        says(hands, dialog)
    hands.press(dialog.get_by_role("button", name="Firmar"))
    again = page.get_by_role("dialog", name="Confirme que es usted")
    expect(again.or_(page.get_by_text(said)).first).to_be_visible(timeout=SLOW)
    if again.is_visible():  # more than five minutes after the last proof
        hands.write(again.get_by_label("Código de seis cifras"), person.present_code())
        hands.press(again.get_by_role("button", name="Confirmar"))
    expect(dialog).to_be_hidden(timeout=SLOW)


def verified(page: Page, steps: int) -> None:
    """Wait until this browser has found all steps to be signed by whom it says."""
    expect(page.get_by_text(SIGNED)).to_have_count(steps, timeout=SLOW)


def by_paper(hands: Hands, dialog: Locator) -> None:
    hands.choose(dialog.get_by_label("Vía"), "paper")
    hands.choose(dialog.get_by_label("Idioma en que sale"), "es")


def until(day: str) -> Says:
    return lambda hands, dialog: hands.date(
        dialog.get_by_label("Fecha hasta la que se espera la respuesta"), day
    )


def in_two_parts(draft: dict[str, Any]) -> dict[str, Any]:
    """Ask for a second account as well: one can be answered before the other."""
    (first,) = draft["measures"]
    account = "0000 0000 0000 000043 (de ejemplo)"
    told = first["description"].replace("0042", "0043")
    second = {**first, "description": told, "fields": {**first["fields"], "account": account}}
    return {**draft, "measures": [first, second]}


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestARequest:
    """Drafter, signatory, focal point and both central authorities, each in their own browser."""

    def test_goes_from_being_asked_about_by_signed_steps_to_closed(
        self, configuration: Configuration, casehub: CaseHub, sit_down: SitDown, tmp_path: Path
    ) -> None:
        journey, typed = JOURNEYS[BY_KEYBOARD], {place: canary(place) for place in TYPED}
        file = as_file(in_two_parts(journey.draft), tmp_path)
        author, signatory = sit_down(journey.account), sit_down("sv.coordinacion")
        home, abroad = sit_down("sv.central"), sit_down("mx.central")
        focal, second = sit_down("mx.enlace1"), sit_down("mx.coordinacion")
        for person in (signatory, author, focal, second):
            person.sign_in_with_code(PASSWORD)
        for person in (home, abroad):
            enter(person)
            expect(person.page.get_by_text("No hay solicitudes")).to_be_visible()
        drafter, reference = self._is_begun(author, signatory, file)
        is_screened(drafter)
        is_asked(author, focal, typed)
        is_answered(focal, reference, typed)
        is_taken_in(drafter, focal, typed)
        request = self._is_made_ready(drafter)

        look(signatory, request)
        step(signatory, "Autorizar")
        # The author's page, open since it was ready, follows by itself.
        expect(author.page.get_by_text("Etapa: Autorizada")).to_be_visible(timeout=SLOW)
        self._is_nothing_abroad(abroad, request)
        page = look(home, request)
        expect(page.get_by_text("Favorable con cambios")).to_be_visible()  # it hears of the contact
        self._is_sent(home)
        look(abroad, request)
        step(abroad, "Acusar recibo")
        self._is_asked_about(home, abroad, request)
        self._is_executed_in_part(home, abroad, second, request)
        self._is_executed(abroad, second, request, tmp_path / "acta.pdf")
        self._is_handed_over(author, request, tmp_path / "extracto.csv")
        self._is_closed(author, request)
        for person in (home, abroad):
            page = look(person, request)
            verified(page, 10)
            expect(page.get_by_text("Ahora no le toca ningún paso.")).to_be_visible()
        for person in (author, signatory, focal, home, abroad, second):
            assert person.complaints == []
        assert hunt(places_on_disk(configuration, casehub), typed.values()) == []

    def _is_begun(
        self, author: Prosecutor, signatory: Prosecutor, file: Path
    ) -> tuple[Drafter, str]:
        """By a drafter, who lets the coordinator read it."""
        reference = author.open_case(["México"], "Trámite de ensayo")
        author.add_person(signatory.name())
        drafter = begin(author, reference, file)
        drafter.let_in(signatory.name())
        return drafter, reference

    def _is_made_ready(self, drafter: Drafter) -> str:
        drafter.mark_ready()
        page = drafter.page
        page.get_by_role("link", name="Trámite", exact=True).click()
        expect(page.get_by_text("Etapa: Lista")).to_be_visible()
        expect(page.get_by_role("button", name="Autorizar")).to_have_count(0)
        return page.url.rsplit("/", 1)[1]

    def _is_nothing_abroad(self, abroad: Prosecutor, request: str) -> None:
        """Until it is sent; an answer like that for what there never was."""
        page = abroad.page
        page.goto(f"{abroad.url}/tramites/{request}")
        failure = page.locator("main .failure")
        expect(failure).to_be_visible(timeout=SLOW)
        told = failure.inner_text()
        page.goto(f"{abroad.url}/tramites/{request[:-4]}0000")
        expect(failure).to_be_visible(timeout=SLOW)
        assert failure.inner_text().splitlines()[:2] == told.splitlines()[:2]

    def _is_sent(self, home: Prosecutor) -> None:
        """After what the dialog asks for; what was chosen is still there when it is refused."""
        page = home.page
        verified(page, 1)
        page.get_by_role("button", name="Transmitir", exact=True).click()
        dialog = page.get_by_role("dialog", name="Transmitir")
        dialog.get_by_label("Vía").select_option("network")
        dialog.get_by_label("Idioma en que sale").select_option("es")
        looks_right(page)
        home.shot("dossier-transmit")
        dialog.get_by_role("button", name="Firmar").click()
        expect(dialog.get_by_role("alert")).to_contain_text("channel-preservation", timeout=SLOW)
        expect(dialog.get_by_label("Idioma en que sale")).to_have_value("es")
        page.keyboard.press("Escape")
        step(home, "Transmitir", by_paper)
        verified(page, 2)

    def _is_asked_about(self, home: Prosecutor, abroad: Prosecutor, request: str) -> None:
        """Answered once; a second page that still offers the step hears that it was taken."""
        step(abroad, "Pedir información", until("2031-01-15"))
        late = home.new_tab()
        late.goto(f"{home.url}/tramites/{request}")
        late.get_by_role("button", name="Dar la información pedida").click()
        look(home, request)
        step(home, "Dar la información pedida")
        dialog = late.get_by_role("dialog")
        dialog.get_by_role("button", name="Firmar").click()
        expect(dialog.get_by_role("alert")).to_contain_text("move-behind", timeout=SLOW)
        expect(dialog.get_by_text("Este paso ya no se puede dar")).to_be_visible(timeout=SLOW)
        expect(dialog.get_by_role("button", name="Firmar")).to_be_disabled()
        late.close()

    def _is_executed_in_part(
        self, home: Prosecutor, abroad: Prosecutor, second: Prosecutor, request: str
    ) -> None:
        """One of two accounts: nothing moves before a second person says so, too."""
        look(abroad, request)
        step(abroad, "Comenzar la ejecución")
        first = "1. Registros bancarios"

        def part(hands: Hands, dialog: Locator) -> None:
            hands.tick(dialog.get_by_role("checkbox", name=first))
            expect(dialog.get_by_text("Este paso necesita dos personas")).to_be_visible()
            expect(dialog.get_by_text(second.name())).to_be_visible()

        propose(abroad, "Responder una parte", part)
        page = abroad.page
        expect(page.get_by_text("Etapa: En ejecución")).to_be_visible()
        expect(page.get_by_text("Lo propuso usted")).to_be_visible()
        expect(page.get_by_role("button", name="Confirmar este paso")).to_have_count(0)
        looks_right(page)
        abroad.shot("dossier-proposed")
        expect(look(home, request).get_by_text("Etapa: En ejecución")).to_be_visible()
        expect(home.page.get_by_text("Un paso espera a una segunda persona")).to_have_count(0)
        second.page.get_by_role("link", name="Plazos").first.click()
        waits = "Paso de una solicitud que espera a una segunda persona"
        second.page.get_by_role("link", name=waits).first.click(timeout=SLOW)
        confirm(second, request, "Responder una parte")
        expect(look(abroad, request).get_by_text("Etapa: Ejecutada en parte")).to_be_visible()

    def _is_executed(
        self, abroad: Prosecutor, second: Prosecutor, request: str, file: Path
    ) -> None:
        """
        With evidence that stays where it is, and some that goes along, encrypted.

        The hash of each is kept; the second compares what they have at hand.
        """
        file.write_bytes(b"what the bank answered")
        sent = file.with_name("extracto.csv")
        sent.write_bytes(b"2026-03-01;1200.00")

        def says(hands: Hands, dialog: Locator) -> None:
            dialog.get_by_label("Archivos de la prueba").set_input_files(file)
            hands.tick(dialog.get_by_label("Confidencial"))
            attach = dialog.get_by_role("button", name="Adjuntar archivo")
            expect(attach).to_be_visible()
            dialog.locator("input[type=file][multiple]").last.set_input_files(sent)
            expect(dialog.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)

        propose(abroad, "Dar por ejecutada", says)

        def compares(hands: Hands, dialog: Locator) -> None:
            dialog.get_by_label("Comparar un archivo").set_input_files(file)
            expect(dialog.get_by_text("es uno de los archivos que este paso")).to_be_visible()
            looks_right(second.page)
            second.shot("dossier-second")

        confirm(second, request, "Dar por ejecutada", compares)
        page = look(abroad, request)
        for one in (file, sent):
            digest = hashlib.sha256(one.read_bytes()).hexdigest()
            expect(page.get_by_text(digest).first).to_be_visible()
        expect(page.get_by_text("Confirmó como segunda persona")).to_have_count(2)
        verified(page, 8)
        looks_right(page)
        abroad.shot("dossier-executed")
        page.get_by_role("link", name="Trámites").first.click()
        expect(page.get_by_role("row", name="Ejecutada")).to_be_visible()
        looks_right(page)

    def _is_handed_over(self, author: Prosecutor, request: str, sent: Path) -> None:
        """The same bytes to whoever asked for them, beside the step that names them."""
        page = look(author, request)
        files = page.get_by_role("list", name="Archivos de la comunicación")
        with page.expect_download(timeout=SLOW) as found:
            files.get_by_role("button", name=f"Descargar {sent.name}").press("Enter")
        assert Path(found.value.path()).read_bytes() == sent.read_bytes()
        looks_right(page)
        author.shot("dossier-evidence")

    def _is_closed(self, author: Prosecutor, request: str) -> None:
        def says(hands: Hands, dialog: Locator) -> None:
            hands.choose(dialog.get_by_label("Utilidad de lo recibido"), "useful")
            hands.date(dialog.get_by_label("Conservar el expediente hasta"), "2036-01-15")

        look(author, request)
        step(author, "Cerrar la solicitud", says)
        expect(author.page.get_by_text("Etapa: Cerrada")).to_be_visible()
        verified(author.page, 10)  # of nine steps, and of the letter that carries a file
