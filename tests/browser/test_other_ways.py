"""Requests that do not go straight on: put off, sent back, given up, late, recorded for others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import printed, test_oversight
from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.drafter import Drafter
from tests.browser.hands import Hands
from tests.browser.saving import saved
from tests.browser.story import stories_of, tells
from tests.browser.test_designation import suspend
from tests.browser.test_dossiers import Says, by_paper, enter, look, step, verified
from tests.browser.test_first_day import clock_ahead
from tests.browser.test_formal import as_file, begin, looks_right
from tests.browser.test_hard_days import drafted, here, is_ready
from tests.servers.casehub_server import CaseHub

SitDown = Callable[..., Prosecutor]
TOMORROW = timedelta(days=1)
LATER = timedelta(days=3)  # when whatever was to be until tomorrow is over
FEEDBACK = "Sirvió para descartar una condena previa"
FORMER = "Firmado cuando estaba en funciones"
#  no coercion in it: one hand of the requested State answers
RECORD: dict[str, Any] = {
    "type": "criminal_record",
    "description": "Certificado de antecedentes penales de la persona nombrada",
    "nexus": "Dirá si fue condenada antes por los mismos hechos",
    "fields": {
        "target_person": "Wilmer Inventado Cruz",
        "purpose_detail": "Determinar si hay condenas previas",
        "certification": "certified_copy",
    },
}


def day(ahead: timedelta) -> str:
    return here(ahead).date().isoformat()


def of_records(**urgency: str) -> dict[str, Any]:
    return {**drafted(timedelta(), **urgency), "measures": [RECORD]}


def in_two_parts(asked: dict[str, Any]) -> dict[str, Any]:
    """Ask for the records of a second person: they can be refused, and the others not."""
    other = {**RECORD["fields"], "target_person": "Nelson Inventado Paz"}
    return {**asked, "measures": [RECORD, {**RECORD, "fields": other}]}


def refuses_the_second(hands: Hands, dialog: Locator) -> None:
    hands.tick(dialog.get_by_role("checkbox", name=re.compile("^R14")))
    hands.tick(dialog.get_by_role("checkbox", name=re.compile("^2\\.")))
    hands.tick(dialog.get_by_label("Se consultó antes con el Estado requirente"))
    hands.choose(dialog.get_by_label("Condiciones que se consideraron"), "rest-accepted")
    hands.tick(dialog.get_by_role("checkbox", name="Solo para este caso"))


def by_its_deadline(hands: Hands, dialog: Locator) -> None:
    hands.choose(dialog.get_by_label("Por qué caduca"), "deadline")
    rests_on = dialog.get_by_label("Día en que se funda")
    expect(rests_on).to_have_value(day(TOMORROW))
    expect(rests_on).not_to_be_editable()


def because(code: str) -> Says:
    return lambda hands, dialog: hands.choose(dialog.get_by_label("Motivo"), code)


def puts_off(hands: Hands, dialog: Locator) -> None:
    hands.tick(dialog.get_by_label("Se consultó antes con el Estado requirente"))
    hands.date(dialog.get_by_label("Fecha en que se revisa el aplazamiento"), day(TOMORROW))


def sends_back(hands: Hands, dialog: Locator) -> None:
    hands.tick(dialog.get_by_role("checkbox", name=re.compile("^D08")))
    hands.tick(dialog.get_by_role("checkbox", name=re.compile("SPEC-PERIOD")))


def is_of_use(hands: Hands, dialog: Locator) -> None:
    hands.choose(dialog.get_by_label("Utilidad de lo recibido"), "partly-useful")
    hands.date(dialog.get_by_label("Conservar el expediente hasta"), "2036-01-15")
    hands.write(dialog.get_by_label("Palabras que acompañan este paso"), FEEDBACK)


def brought_nothing(hands: Hands, dialog: Locator) -> None:
    expect(dialog.get_by_label("Utilidad de lo recibido")).to_have_value("nothing-received")
    hands.date(dialog.get_by_label("Conservar el expediente hasta"), "2036-01-15")


@pytest.mark.browser
@pytest.mark.further
@pytest.mark.ahead
@pytest.mark.timeout(900)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestOtherWays:
    """Of four requests, between a drafter, a signatory and both central authorities."""

    def test_are_gone_by_signed_steps_and_the_log_alone_tells_of_each(
        self, sit_down: SitDown, casehub: CaseHub, tmp_path: Path
    ) -> None:
        author, signatory = sit_down("sv.enlace1"), sit_down("sv.coordinacion")
        home, abroad = sit_down("sv.central"), sit_down("mx.central")
        self._are_in(author, signatory, home, abroad)
        reference = author.open_case(["México"], "Otras vías")
        author.add_person(signatory.name())
        urgent = of_records(
            level="urgent", reason="La audiencia es ese día", deadline=day(TOMORROW)
        )
        sent_back, unsent, given_up, late = (
            is_ready(begin(author, reference, as_file(one, tmp_path)), signatory)
            for one in (of_records(), of_records(), in_two_parts(of_records()), urgent)
        )
        for request in (sent_back, unsent, given_up, late):
            look(signatory, request)
            step(signatory, "Autorizar")
        for request in (sent_back, given_up, late):
            look(home, request)
            step(home, "Transmitir", by_paper)
        self._is_put_off(abroad, sent_back)
        self._is_given_up_unsent(author, home, abroad, unsent)
        self._is_refused_in_part(home, abroad, given_up)
        self._is_given_up(home, abroad, given_up)
        page = look(home, late)
        expect(page.get_by_text("Dar por caducada: autoridad central")).to_contain_text(
            "cuando haya pasado el"
        )
        self._expires_by_no_deadline(page)

        officer = abroad.name()
        replacing, auditor = sit_down("mx.coordinacion"), sit_down("sv.auditoria1")
        everybody = (author, signatory, home, abroad, replacing, auditor)
        casehub.go_on_at(LATER)
        for person in everybody:
            clock_ahead(person, LATER)
        self._are_in(author, signatory, home, abroad, replacing)
        self._is_late(home, abroad, late)
        self._is_sent_back(abroad, sent_back)
        self._is_mended(author, sent_back)
        look(signatory, sent_back)
        step(signatory, "Autorizar")
        look(home, sent_back)
        step(home, "Transmitir", by_paper)
        suspend(replacing.page, officer)
        self._is_recorded(home, sent_back, tmp_path)
        self._is_closed(author, home, sent_back)
        self._is_printed(auditor)
        for person in everybody:
            assert person.complaints == []
        self._is_told(stories_of(casehub, tmp_path), sent_back, unsent, given_up, late)

    def _are_in(self, *people: Prosecutor) -> None:
        for person in people:
            if person.account.endswith("central"):
                enter(person)
            else:
                person.sign_in_with_code(PASSWORD)

    def _is_put_off(self, abroad: Prosecutor, request: str) -> None:
        """Until a day that is kept before whoever is to look again."""
        page = look(abroad, request)
        step(abroad, "Acusar recibo")
        step(abroad, "Aplazar", puts_off)
        expect(page.get_by_text("Etapa: Aplazada")).to_be_visible()
        row = page.get_by_role("row", name="Revisar el aplazamiento de una solicitud")
        expect(row).to_contain_text("queda 1 día", timeout=SLOW)
        verified(page, 4)

    def _is_given_up_unsent(
        self, author: Prosecutor, home: Prosecutor, abroad: Prosecutor, request: str
    ) -> None:
        """By the central authority: whoever drafts it does so no more; abroad there is none."""
        page = look(author, request)
        expect(page.get_by_text("Etapa: Autorizada")).to_be_visible()
        expect(page.get_by_role("button", name="Retirar", exact=True)).to_have_count(0)
        look(home, request)
        step(home, "Retirar", because("no-longer-needed"))
        look(author, request)
        expect(page.get_by_text("Etapa: Retirada")).to_be_visible()
        step(author, "Cerrar la solicitud", brought_nothing)
        verified(page, 3)
        abroad.page.goto(f"{abroad.url}/tramites/{request}")
        expect(abroad.page.locator("main .failure")).to_be_visible(timeout=SLOW)

    def _is_refused_in_part(self, home: Prosecutor, abroad: Prosecutor, request: str) -> None:
        """On its ground and after both consulted; the rest stays where it is, for both States."""
        page = look(abroad, request)
        step(abroad, "Acusar recibo")
        step(abroad, "Denegar una parte", refuses_the_second)
        expect(page.get_by_role("button", name="Denegar una parte")).to_have_count(0)
        for person in (abroad, home):
            page = look(person, request)
            expect(page.get_by_text("Etapa: Con acuse de recibo")).to_be_visible()
            expect(page.get_by_text("(denegada)")).to_have_count(1)
            expect(page.get_by_text("(pendiente)")).to_have_count(1)
            expect(page.get_by_text("Se aceptaron para el resto").first).to_be_visible()
            verified(page, 4)
        looks_right(page)

    def _is_given_up(self, home: Prosecutor, abroad: Prosecutor, request: str) -> None:
        """By the central authority once it was sent; the other one reads why."""
        look(home, request)
        step(home, "Retirar", because("obtained-otherwise"))
        page = look(abroad, request)
        expect(page.get_by_text("Motivo: Se obtuvo por otra vía").first).to_be_visible()
        verified(page, 5)
        expect(page.get_by_text("Ahora no le toca ningún paso.")).to_be_visible()

    def _expires_by_no_deadline(self, page: Page) -> None:
        """Before its day: by the others it could."""
        page.get_by_role("button", name="Dar por caducada").click()
        why = page.get_by_role("dialog").get_by_label("Por qué caduca")
        expect(why.get_by_role("option")).to_have_text(
            ["Elija", "Prescribió el delito", "Terminó sin ella el proceso"]
        )
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    def _is_late(self, home: Prosecutor, abroad: Prosecutor, request: str) -> None:
        """What was wanted until a day that is over in both States is no longer waited for."""
        page = look(home, request)
        expect(page.get_by_role("row", name="Fecha límite de una solicitud")).to_contain_text(
            "vencido", timeout=SLOW
        )
        step(home, "Dar por caducada", by_its_deadline)
        for person in (home, abroad):
            page = look(person, request)
            expect(page.get_by_text("Etapa: Caducada")).to_be_visible()
            expect(page.get_by_text("Pasó su fecha límite").first).to_be_visible()
            verified(page, 3)

    def _is_sent_back(self, abroad: Prosecutor, request: str) -> None:
        """Once its review is over it goes on where it was, and comes back with what is wrong."""
        page = look(abroad, request)
        row = page.get_by_role("row", name="Revisar el aplazamiento de una solicitud")
        expect(row).to_contain_text("vencido", timeout=SLOW)
        step(abroad, "Reanudar")
        expect(page.get_by_text("Etapa: Con acuse de recibo")).to_be_visible()
        expect(row).to_have_count(0)
        step(abroad, "Devolver", sends_back)
        verified(page, 6)
        looks_right(page)

    def _is_mended(self, author: Prosecutor, request: str) -> None:
        """In a new version, which is made ready as the first was."""
        page = look(author, request)
        where = page.get_by_role("region", name="Dónde está")
        expect(where.get_by_text("D08 · medida sin límites")).to_be_visible(timeout=SLOW)
        page.get_by_role("link", name="Corregirla en el borrador").click(timeout=SLOW)
        why = page.get_by_role("region", name="Por qué volvió")
        expect(why.get_by_text("D08 · medida sin límites")).to_be_visible(timeout=SLOW)
        looks_right(page)
        author.shot("draft-came-back")
        page.get_by_role("button", name="Editar", exact=True).first.click()
        drafter = Drafter(author)
        drafter.edits()
        why.get_by_role("link", name="Falta el período de esta medida").click()
        expect(drafter.heading("measures")).to_be_visible()
        with saved(page):
            drafter.answer("measures.0.description", "Antecedentes de 2016 a 2026", "text")
        page.reload()  # it is a draft now, and came back still
        expect(why.get_by_text("D08 · medida sin límites")).to_be_visible(timeout=SLOW)
        drafter.mark_ready()
        expect(why).to_have_count(0)

    def _is_recorded(self, home: Prosecutor, request: str, folder: Path) -> None:
        """Where nobody speaks for the other State any more: each step with what proves it."""
        page = look(home, request)
        expect(page.get_by_text("México no tiene aquí quien hable por él")).to_be_visible()
        for act in ("Acusar recibo", "Comenzar la ejecución", "Dar por ejecutada"):
            paper = folder / f"{act}.pdf"
            paper.write_bytes(act.encode())

            def says(_hands: Hands, dialog: Locator, paper: Path = paper) -> None:
                dialog.get_by_label("Documento que lo prueba").set_input_files(paper)

            step(home, act, says)
            digest = hashlib.sha256(paper.read_bytes()).hexdigest()
            expect(page.get_by_text(digest)).to_be_visible()
        expect(page.get_by_text(f"Lo registró {home.name()} (El Salvador)")).to_have_count(3)
        verified(page, 7)
        expect(page.get_by_text(FORMER)).to_have_count(4)  # of whoever spoke for it before
        looks_right(page)
        home.shot("dossier-recorded")

    def _is_closed(self, author: Prosecutor, home: Prosecutor, request: str) -> None:
        """With of what use it was, in a code and in words for those who carried it."""
        look(author, request)
        step(author, "Cerrar la solicitud", is_of_use)
        page = look(home, request)
        expect(page.get_by_text("Etapa: Cerrada")).to_be_visible()
        expect(page.get_by_text("Útil en parte").first).to_be_visible()
        expect(page.get_by_text(FEEDBACK).first).to_be_visible(timeout=SLOW)

    def _is_printed(self, auditor: Prosecutor) -> None:
        """What the quarter comes to, with why so little may be told of so few."""
        page = test_oversight.enter(auditor)
        page.get_by_role("link", name="Indicadores").first.click()
        page.get_by_role("button", name="Leer", exact=True).click()
        least = page.get_by_role("status").filter(
            has_text="No se dice ninguna cifra de menos de 5 casos"
        )
        expect(least).to_be_visible(timeout=SLOW)
        page.emulate_media(media="print")
        expect(least).to_be_visible()
        expect(page.get_by_text(f"Impreso por {auditor.name()} (El Salvador)")).to_be_visible()
        expect(page.get_by_role("table").first).to_be_visible()
        for gone in ("navigation", "form"):
            expect(page.get_by_role(gone)).to_have_count(0)  # type: ignore[arg-type]
        expect(page.get_by_role("button").filter(visible=True)).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        self._stands_on_paper(auditor)
        page.emulate_media(media="screen")

    def _stands_on_paper(self, auditor: Prosecutor) -> None:
        """Every heading and every figure of the page, who printed it, and no way to go on."""
        page, pdf = auditor.page, auditor._shots / "indicators.pdf"
        page.pdf(path=pdf)
        paper = printed.read(pdf)
        headings = page.get_by_role("heading").all_inner_texts()
        rows = page.get_by_role("row").all_inner_texts()
        assert {"Indicadores", "Devueltas por defecto", "Efecto de las reglas"} <= {*headings}
        assert [one for one in (*headings, *rows) if printed.bare(one) not in paper] == []
        for words in (
            f"Impreso por {auditor.name()} (El Salvador) el",
            "No se dice ninguna cifra de menos de 5 casos, ni otra con la que se deduciría",
            "D08 · medida sin límites no se dice",
        ):
            assert printed.bare(words) in paper
        for gone in ("Bitácora", "Cuenta", "Bloquear", "Cerrar sesión", "Imprimir", "CSV"):
            assert printed.bare(gone) not in paper

    def _is_told(
        self, told: dict[str, list[str]], sent_back: str, unsent: str, given_up: str, late: str
    ) -> None:
        """In order, with its codes, by the log alone."""
        first = ("se autorizó la versión 1", "transmitió la versión 1")
        tells(
            told[unsent],
            "se autorizó la versión 1",
            "motivo: Ya no se necesita",
            "No se recibió nada",
        )
        part = "condiciones que se consideraron: Se aceptaron para el resto"
        tells(told[given_up], *first, part, "motivo: Se obtuvo por otra vía")
        tells(told[late], *first, "causa: Pasó su fecha límite; se funda en el día: ")
        back = ("P01 · perturbaría una investigación", "se retomó", "D08 · medida sin límites")
        again = ("se guardó la versión 2", "se autorizó la versión 2", "transmitió la versión 2")
        proven = "anotado por el otro Estado según un documento"
        closed = ("Útil en parte", "se envió una comunicación")
        tells(told[sent_back], *first, *back, *again, proven, proven, proven, *closed)
