"""A request is put to the requested State informally, changed by the answer, and made ready."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.drafter import Drafter
from tests.browser.hands import Keys
from tests.browser.hunter import canary, hunt
from tests.browser.journeys import BY_KEYBOARD, JOURNEYS
from tests.browser.test_first_day import clock_ahead
from tests.browser.test_formal import as_file, begin
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_said import clean
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
OVERDUE = timedelta(days=14)  # five working days of the requested State are over by then
KEPT = 1_500  # ms after which what was typed is on the disk
#  each of the eight questions, in their order, and what is answered to it besides words
ANSWERS = {
    "¿Es delito allí": "En parte",
    "¿Está la medida": "Sí",
    "¿Bastan los hechos": "Sí",
    "¿Qué autoridad": "Como figura",
    "¿Hay un caso paralelo": "No",
    "¿Se pide alguna garantía": "Ninguna",
    "¿Qué formalidades": "Ninguna",
    "¿Podría obtenerse": "No",
}
IN_WORDS = tuple(f"conanswer{number}" for number in range(len(ANSWERS)))
TYPED = ("consubject", "consummary", *IN_WORDS, "conpoint")
INFORMAL = "Informal, no vinculante"


def is_screened(drafter: Drafter) -> None:
    """Signed as it is; only then it can be asked about."""
    page = drafter.page
    consult = page.get_by_role("button", name="Consultar", exact=True)
    expect(consult).to_have_count(0)
    drafter.go("request.review")
    drafter.hands.press(drafter.button("ready.sign"))
    drafter.hands.press(drafter.button("sign.do", page.get_by_role("dialog")))
    expect(consult).to_be_visible(timeout=SLOW)


def is_asked(ana: Prosecutor, boris: Prosecutor, typed: dict[str, str]) -> None:
    page = ana.page
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Consultar", exact=True).press("Enter")
    expect(dialog.get_by_text(INFORMAL)).to_be_visible()
    dialog.get_by_role("checkbox", name=re.compile(re.escape(boris.name()))).press("Space")
    dialog.get_by_label("Asunto").fill(typed["consubject"])
    dialog.get_by_label("Resumen").fill(typed["consummary"])
    dialog.get_by_role("checkbox", name=re.compile("¿Hay un caso paralelo")).press("Space")
    clean(ana, "consulting")
    page.wait_for_timeout(KEPT)
    page.reload()  # nothing of it is lost
    page.get_by_role("button", name="Consultar", exact=True).press("Enter", timeout=SLOW)
    expect(dialog.get_by_label("Resumen")).to_have_value(typed["consummary"])
    parallel = dialog.get_by_role("checkbox", name=re.compile("¿Hay un caso"))
    expect(parallel).not_to_be_checked()
    parallel.press("Space")
    dialog.get_by_role("button", name="Enviar la consulta").press("Enter")
    expect(dialog).to_be_hidden(timeout=SLOW)
    asked = consultations(ana)
    expect(asked.get_by_text("Sin respuesta aún")).to_be_visible(timeout=SLOW)
    expect(asked.get_by_text(re.compile("respuesta esperada hasta el"))).to_be_visible()
    expect(page.get_by_role("button", name="Consultar", exact=True)).to_have_count(0)


def consultations(ana: Prosecutor) -> Locator:
    return ana.page.get_by_role("region", name="Consultas informales")


def is_answered(boris: Prosecutor, reference: str, typed: dict[str, str]) -> None:
    page = boris.page
    page.get_by_role("link", name=re.compile("Primera línea")).first.press("Enter")
    row = page.get_by_role("link", name=re.compile(typed["consubject"]))
    expect(row).to_be_visible(timeout=SLOW)
    row.press("Enter")
    expect(boris.article(typed["consummary"])).to_be_visible(timeout=SLOW)
    expect(page.get_by_text(reference)).to_have_count(0)
    page.get_by_role("button", name="Responder a la consulta").press("Enter")
    dialog, hands = page.get_by_role("dialog"), Keys(page)
    expect(dialog.get_by_label("En palabras")).to_have_count(len(ANSWERS))
    for at, (question, answer) in enumerate(ANSWERS.items()):
        asked = dialog.get_by_role("group", name=re.compile(re.escape(question)))
        hands.tick(asked.get_by_role("radio", name=answer, exact=True))
        dialog.get_by_label("En palabras").nth(at).fill(typed[IN_WORDS[at]])
    hands.tick(dialog.get_by_role("radio", name="Favorable con cambios"))
    expect(dialog.get_by_text("Falta qué cambiar.")).to_be_visible()
    dialog.get_by_role("button", name="Añadir un cambio").press("Enter")
    dialog.get_by_label("Regla").select_option("FORM-CERT")
    dialog.get_by_label("Qué cambiar").fill(typed["conpoint"])
    clean(boris, "consulting-answer")
    dialog.get_by_role("button", name="Enviar la respuesta").press("Enter")
    expect(dialog).to_be_hidden(timeout=SLOW)
    for words in (INFORMAL, *(typed[place] for place in IN_WORDS)):
        expect(boris.article(typed["conpoint"])).to_contain_text(words)
    expect(page.get_by_role("button", name="Responder a la consulta")).to_have_count(0)
    clean(boris, "consultation")


def has_the_turn(drafter: Drafter) -> None:
    edit = drafter.page.get_by_role("button", name="Editar", exact=True)
    if edit.count():
        edit.first.press("Enter")
    drafter.edits()


def is_taken_in(drafter: Drafter, boris: Prosecutor, typed: dict[str, str]) -> None:
    """Fields with who said it; the point stands in its section, and is settled there."""
    page, ana = drafter.page, drafter.person
    asked = consultations(ana)
    expect(asked.get_by_text("Favorable con cambios")).to_be_visible(timeout=SLOW)
    expect(asked.get_by_text(boris.name())).to_be_visible()
    clean(ana, "consulted")
    drafter.go("request.drafting")
    has_the_turn(drafter)
    take = asked.get_by_role("button", name="Pasar al borrador")
    take.press("Enter", timeout=SLOW)
    expect(page.get_by_text("Pasado al borrador").first).to_be_visible(timeout=SLOW)
    expect(asked).to_be_focused()
    drafter.open_section("consultation")
    said = drafter.shown("consultation.dual_criminality_answer")
    expect(said).to_have_value(re.compile(f"{typed[IN_WORDS[0]]}.*{boris.name()}"))
    drafter.open_section("measures")
    point = page.get_by_text(re.compile(f"FORM-CERT: {typed['conpoint']}"))
    expect(point).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Marcar como resuelto").first.press("Enter")
    expect(page.get_by_role("button", name="Marcar como resuelto")).to_have_count(0)
    # Whether the central authority was told of the contact is the drafter's to say.
    drafter.open_section("prior_contacts")
    drafter.answer("prior_contacts.0.central_authority_informed", "yes", "yes_no")


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)  # embedded: test_dossiers
class TestAConsultation:
    """Asked and answered by keyboard; nothing of it reaches the server readable."""

    def test_is_asked_answered_with_changes_and_taken_into_what_becomes_ready(
        self, configuration: Configuration, casehub: CaseHub, sit_down: SitDown, tmp_path: Path
    ) -> None:
        typed = {place: canary(place) for place in TYPED}
        journey = JOURNEYS[BY_KEYBOARD]
        ana, boris = sit_down(journey.account), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Consulta de ensayo")
        drafter = begin(ana, reference, as_file(journey.draft, tmp_path))
        is_screened(drafter)
        is_asked(ana, boris, typed)
        is_answered(boris, reference, typed)
        is_taken_in(drafter, boris, typed)
        drafter.mark_ready()
        assert ana.complaints == boris.complaints == []
        assert hunt(places_on_disk(configuration, casehub), typed.values()) == []


@pytest.mark.browser
@pytest.mark.ahead
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestAConsultationThatNobodyAnswers:
    """Silence is said to be that, and holds nobody up."""

    def test_is_taken_back_asked_anew_and_gone_on_without(
        self, casehub: CaseHub, sit_down: SitDown, tmp_path: Path
    ) -> None:
        typed = {place: canary(place) for place in TYPED}
        journey = JOURNEYS[BY_KEYBOARD]
        ana, boris = sit_down(journey.account), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Consulta sin respuesta")
        drafter = begin(ana, reference, as_file(journey.draft, tmp_path))
        is_screened(drafter)
        is_asked(ana, boris, typed)
        asked, hands = consultations(ana), Keys(ana.page)
        hands.press(asked.get_by_role("button", name="Retirar la consulta"))
        hands.press(asked.get_by_role("button", name="Pulse otra vez: Retirar la consulta"))
        expect(asked.get_by_text("Retirada", exact=True)).to_be_visible(timeout=SLOW)
        expect(asked).to_be_focused()
        is_asked(ana, boris, typed)

        request = ana.page.url
        casehub.go_on_at(OVERDUE)
        for person in (ana, boris):
            clock_ahead(person, OVERDUE)
        ana.sign_in_with_code(PASSWORD)
        ana.page.goto(request)
        hands.press(asked.get_by_role("button", name="Seguir sin respuesta"))
        hands.press(asked.get_by_role("button", name="Pulse otra vez: Seguir sin respuesta"))
        expect(ana.page.get_by_text("el silencio no es consentimiento")).to_be_visible(timeout=SLOW)
        expect(asked.get_by_text("Sin respuesta", exact=True)).to_be_visible()
        clean(ana, "consulted-in-vain")
        drafter.go("request.drafting")
        has_the_turn(drafter)
        hands.press(asked.get_by_role("button", name="Pasar al borrador"))
        expect(ana.page.get_by_text("Pasado al borrador").first).to_be_visible(timeout=SLOW)
        expect(asked).to_be_focused()

        boris.sign_in_with_code(PASSWORD)
        boris.page.get_by_role("link", name=re.compile("Primera línea")).first.press("Enter")
        for row in boris.page.get_by_role("link", name=re.compile(typed["consubject"])).all():
            row.press("Enter")
            expect(boris.article(typed["consummary"])).to_be_visible(timeout=SLOW)
            answer = boris.page.get_by_role("button", name="Responder a la consulta")
            expect(answer).to_have_count(0)
            boris.page.go_back()
        assert ana.complaints == boris.complaints == []
