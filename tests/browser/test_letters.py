"""Central authorities and who drafts write to each other about a request; nobody else reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hands import Hands
from tests.browser.hunter import canary, hunt
from tests.browser.journeys import BY_KEYBOARD, JOURNEYS
from tests.browser.test_dossiers import by_paper, enter, look, step, until, verified
from tests.browser.test_formal import as_file, begin, looks_right
from tests.browser.test_plaintext import places_on_disk
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
BESIDE = "Palabras que acompañan este paso"
FREE = "Nueva comunicación"
SEND = "Enviar comunicación"
WAITS = "Sin enviar todavía"
LOOK = 30_000  # ms in which a page that rings for nobody has looked again
KEPT = 1_500  # ms after which what was typed is on the disk
TYPED = (
    *("sentwith", "askedwith", "written", "conditions", "offline", "filename"),
    *("reference", "contact"),
)
OWN = ("topapers", "frompapers")  # what never leaves the requesting State
AT_HOME = "Con la autoridad central propia"
INBOX = re.compile("^Bandeja")
REFERENCE = "Referencia (número de oficio, guía o expediente)"
CONTACT = "Contacto para el trámite (nombre y teléfono)"


def letters_of(person: Prosecutor) -> Locator:
    return person.page.get_by_role("region", name="Comunicaciones")


def beside(page: Page, step: str) -> Locator:
    """Return what the page tells of a step, by a word of it."""
    happened = page.get_by_role("region", name="Qué ha pasado")
    return happened.get_by_role("listitem").filter(has_text=step)


@pytest.mark.browser
@pytest.mark.timeout(500)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestLetters:
    """Between a drafter, her coordinator and both central authorities; nothing reaches the disk."""

    def test_are_read_by_who_carries_or_drafts_a_request_and_nobody_else(
        self, configuration: Configuration, casehub: CaseHub, sit_down: SitDown, tmp_path: Path
    ) -> None:
        typed = {place: canary(place) for place in TYPED}
        own = {place: canary(place) for place in OWN}
        enclosed = tmp_path / f"{typed['filename']}.csv"
        enclosed.write_text(canary("enclosed") * 9)
        journey = JOURNEYS[BY_KEYBOARD]
        author, signatory = sit_down(journey.account), sit_down("sv.coordinacion")
        home, abroad = sit_down("sv.central"), sit_down("mx.central")
        for person in (signatory, author):
            person.sign_in_with_code(PASSWORD)
        for person in (home, abroad):
            enter(person)
        request = self._is_made_ready(author, signatory, as_file(journey.draft, tmp_path))
        look(signatory, request)
        step(signatory, "Autorizar")
        look(home, request)
        expect(letters_of(home)).to_have_count(0)
        paper = self._is_checked_at_home(author, home, request, own)
        self._go_with_a_step(home, typed, paper)
        look(abroad, request)

        def acknowledges(hands: Hands, dialog: Locator) -> None:
            hands.write(dialog.get_by_label(REFERENCE), typed["reference"])
            hands.write(dialog.get_by_label(CONTACT), typed["contact"])

        step(abroad, "Acusar recibo", acknowledges)
        expect(beside(abroad.page, "acusó recibo")).to_contain_text(
            typed["reference"], timeout=SLOW
        )
        self._are_written(home, abroad, author, typed, enclosed)
        self._are_opened(author, abroad, enclosed)
        self._wait_for_the_network(home, typed)
        home.page.get_by_role("link", name=INBOX).click()
        self._are_asked_with(abroad, typed)
        self._are_told_in_the_inbox(home, typed)
        for person in (author, home, abroad):
            page = look(person, request)
            theirs = {} if person is abroad else own
            verified(page, 4 + 5 + len(theirs))
            for words in (*typed.values(), *theirs.values()):
                expect(page.get_by_text(words).first).to_be_visible()
        expect(abroad.page.get_by_role("region", name=AT_HOME)).to_have_count(0)
        for words in (*own.values(), paper):
            expect(abroad.page.get_by_text(words)).to_have_count(0)
        self._are_told_to_nobody_else(sit_down("mx.coordinacion"), request, typed)
        for person in (author, signatory, abroad):
            assert person.complaints == []
        # The browser's own word for a network that is not there: as she had none for a while.
        assert [one for one in home.complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []
        secrets = (*typed.values(), *own.values(), enclosed.read_text()[:40])
        assert hunt(places_on_disk(configuration, casehub), secrets) == []

    def _is_made_ready(self, author: Prosecutor, signatory: Prosecutor, file: Path) -> str:
        reference = author.open_case(["México"], "Trámite de ensayo")
        author.add_person(signatory.name())
        drafter = begin(author, reference, file)
        drafter.let_in(signatory.name())
        drafter.mark_ready()
        page = author.page
        page.get_by_role("link", name="Trámite", exact=True).click()
        expect(page.get_by_text("Etapa: Lista")).to_be_visible(timeout=SLOW)
        return page.url.rsplit("/", 1)[1]

    def _is_checked_at_home(
        self, author: Prosecutor, home: Prosecutor, request: str, own: dict[str, str]
    ) -> str:
        """The document goes to her own central authority, which finds that it is the authorised."""
        page = author.page
        page.goto(f"{author.url}/solicitudes/{request}")
        page.get_by_role("button", name="Documentos", exact=True).click()
        dialog = page.get_by_role("dialog", name="Documentos de la solicitud")
        dialog.get_by_role("group", name="Para quién son").get_by_role("checkbox").first.check()
        dialog.get_by_label("Word (.docx)").uncheck()
        dialog.get_by_role("button", name="Continuar").click()
        with page.expect_download(timeout=SLOW) as made:
            dialog.get_by_role("button", name="Hacer y descargar sin cifrar").click()
            again = page.get_by_role("dialog", name="Confirme que es usted")
            noted = dialog.get_by_text("Los documentos están asentados")
            expect(again.or_(noted).first).to_be_visible(timeout=SLOW)
            if again.is_visible():  # more than five minutes after she signed in
                again.get_by_label("Código de seis cifras").fill(author.present_code())
                again.get_by_role("button", name="Confirmar").press("Enter")
        dialog.get_by_role("button", name="Adjuntar para la autoridad central propia").press(
            "Enter"
        )
        dialog.get_by_role("link", name=AT_HOME).press("Enter")
        theirs = page.get_by_role("region", name=AT_HOME)
        expect(theirs.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
        theirs.get_by_label("Nueva comunicación interna").fill(own["topapers"])
        theirs.get_by_role("button", name=SEND).press("Enter")
        expect(theirs.get_by_role("article")).to_contain_text(own["topapers"], timeout=SLOW)
        page, paper = look(home, request), made.value.suggested_filename
        ours = page.get_by_role("region", name=AT_HOME)
        file = ours.get_by_role("list", name="Archivos de la comunicación")
        expect(file).to_contain_text("a partir de la versión autorizada (")
        with page.expect_download() as found:
            file.get_by_role("button", name=f"Descargar {paper}").press("Enter")
        assert Path(found.value.path()).read_bytes() == Path(made.value.path()).read_bytes()
        expect(file).to_contain_text("Abierto en este navegador", timeout=SLOW)
        ours.get_by_label("Nueva comunicación interna").fill(own["frompapers"])
        looks_right(page)
        home.shot("letters-home")
        ours.get_by_role("button", name=SEND).press("Enter")
        expect(theirs.get_by_text(own["frompapers"])).to_be_visible(timeout=SLOW)
        return paper

    def _go_with_a_step(self, home: Prosecutor, typed: dict[str, str], paper: str) -> None:
        """Typed in its dialog, and there again after a reload; it says what was checked."""
        page = home.page
        page.get_by_role("button", name="Transmitir", exact=True).click()
        dialog = page.get_by_role("dialog", name="Transmitir")
        expect(dialog.get_by_text("Comprobado en este navegador")).to_contain_text(paper)
        dialog.get_by_label(BESIDE).fill(typed["sentwith"])
        looks_right(page)
        home.shot("letter-beside")
        page.wait_for_timeout(KEPT)
        page.reload()

        def says(hands: Hands, dialog: Locator) -> None:
            expect(dialog.get_by_label(BESIDE)).to_have_value(typed["sentwith"])
            by_paper(hands, dialog)

        step(home, "Transmitir", says)
        expect(beside(page, "transmitió")).to_contain_text(typed["sentwith"], timeout=SLOW)
        verified(page, 2 + 1 + len(OWN))

    def _are_written(
        self,
        home: Prosecutor,
        abroad: Prosecutor,
        author: Prosecutor,
        typed: dict[str, str],
        enclosed: Path,
    ) -> None:
        """Without a step, under terms, with a file; open pages follow by the bell, or by asking."""
        page, letters = abroad.page, letters_of(abroad)
        expect(beside(page, "transmitió")).to_contain_text(typed["sentwith"], timeout=SLOW)
        for name in (home.name(), abroad.name(), author.name()):
            expect(letters).to_contain_text(name, timeout=SLOW)
        letters.get_by_label(FREE).fill(typed["written"])
        letters.get_by_text("Código de manejo").first.click()
        letters.get_by_role("checkbox", name="Con condiciones").check()
        letters.get_by_label("Qué condiciones").fill(typed["conditions"])
        letters.locator("input[type=file][multiple]").set_input_files(enclosed)
        expect(letters.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
        looks_right(page)
        abroad.shot("letters")
        letters.get_by_role("button", name=SEND).press("Enter")
        for person in (abroad, author, home):
            articles = letters_of(person).get_by_role("article")
            article = articles.filter(has_text=typed["written"])
            expect(article).to_be_visible(timeout=SLOW)
            expect(article).to_contain_text(typed["conditions"])

    def _are_opened(self, author: Prosecutor, abroad: Prosecutor, enclosed: Path) -> None:
        """The same bytes at the other end; whoever sent them sees who has opened them."""
        file = letters_of(author).get_by_role("list", name="Archivos de la comunicación")
        assert abroad.complaints == []
        file.get_by_role("button", name=f"Descargar {enclosed.name}").press("Enter")
        with author.page.expect_download() as found:
            file.get_by_role("button", name="Descargar en estos términos").press("Enter")
        assert Path(found.value.path()).read_text() == enclosed.read_text()
        looks_right(author.page)
        author.shot("letter-file")
        sent = letters_of(abroad).get_by_role("list", name="Archivos de la comunicación")
        expect(sent).to_contain_text(
            f"Lo abrieron, según el servidor: {author.name()}", timeout=LOOK
        )

    def _wait_for_the_network(self, home: Prosecutor, typed: dict[str, str]) -> None:
        """What was sent without one leaves by itself, once."""
        letters = letters_of(home)
        home.page.context.set_offline(True)
        letters.get_by_label(FREE).fill(typed["offline"])
        letters.get_by_role("button", name=SEND).press("Enter")
        expect(letters.get_by_text(WAITS)).to_be_visible(timeout=SLOW)
        home.page.context.set_offline(False)
        expect(letters.get_by_text(WAITS)).to_be_hidden(timeout=SLOW)
        expect(letters.get_by_role("article")).to_have_count(2, timeout=SLOW)

    def _are_asked_with(self, abroad: Prosecutor, typed: dict[str, str]) -> None:
        def says(hands: Hands, dialog: Locator) -> None:
            until("2031-01-15")(hands, dialog)
            hands.write(dialog.get_by_label(BESIDE), typed["askedwith"])

        step(abroad, "Pedir información", says)
        expect(beside(abroad.page, "pidió información")).to_contain_text(
            typed["askedwith"], timeout=SLOW
        )

    def _are_told_in_the_inbox(self, home: Prosecutor, typed: dict[str, str]) -> None:
        """One line, which says nothing of it, leads there, and is gone once it was shown."""
        page = home.page
        page.get_by_role("link", name="Trámites").first.click()
        page.get_by_role("link", name=INBOX).click()
        line = page.get_by_role("link", name="Una comunicación nueva en")
        expect(line).to_contain_text("México", timeout=SLOW)
        expect(page.get_by_role("main")).not_to_contain_text(typed["askedwith"])
        looks_right(page)
        home.shot("letters-unread")
        line.press("Enter")
        expect(beside(page, "pidió información")).to_contain_text(typed["askedwith"], timeout=SLOW)
        expect(page.get_by_role("article").filter(has_text=typed["askedwith"])).to_be_focused()
        page.get_by_role("link", name=INBOX).click()
        expect(page.get_by_role("heading", name="Bandeja")).to_be_visible()
        expect(line).to_have_count(0)

    def _are_told_to_nobody_else(
        self, told: Prosecutor, request: str, typed: dict[str, str]
    ) -> None:
        """A coordinator who does not draft sees the steps, and not that there is more."""
        told.sign_in_with_code(PASSWORD)
        page = look(told, request)
        verified(page, 4)
        expect(letters_of(told)).to_have_count(0)
        for words in typed.values():
            expect(page.get_by_text(words)).to_have_count(0)
