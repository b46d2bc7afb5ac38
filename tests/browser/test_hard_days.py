"""A request that is refused, and one at three in the morning whose drafter is suspended midway."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.drafter import Drafter
from tests.browser.hands import Hands
from tests.browser.journeys import BY_KEYBOARD, JOURNEYS, moved
from tests.browser.test_dossiers import by_paper, confirm, enter, look, propose, step, verified
from tests.browser.test_first_day import clock_ahead
from tests.browser.test_formal import as_file, begin, looks_right
from tests.servers.casehub_server import CaseHub

HERE = ZoneInfo("America/El_Salvador")
NIGHT = 3  # o'clock
SitDown = Callable[..., Prosecutor]
#  why it is urgent, and what was done already to protect people: words of the draft alone
TYPED = {
    "reason": "Hay personas encerradas en la casa",
    "rescue_action": "La policía de fronteras va a la casa desde las 02:40",
}
#  whatever stands on a page, in its fields too
ALL_OF_IT = """() => [document.body.textContent, ...[...document.querySelectorAll(
  "input, textarea, select")].map((one) => one.value)].join("\\n")"""


def here(ahead: timedelta) -> datetime:
    return datetime.fromtimestamp(time.time(), HERE) + ahead


def until_night() -> timedelta:
    """Return how far the next three in the morning of El Salvador is."""
    now = here(timedelta())
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return (night if night > now else night + timedelta(days=1)) - now


def drafted(ahead: timedelta, **urgency: str) -> dict[str, Any]:
    """Return what is asked, by the law of the day on which it is."""
    answers = JOURNEYS[BY_KEYBOARD].draft
    draft = dict(moved(answers, here(ahead).date() - date.fromisoformat(answers["law_date"])))
    return {**draft, "urgency": {**draft["urgency"], **urgency}}


def is_ready(drafter: Drafter, signatory: Prosecutor) -> str:
    """Let a draft be ready, with its signatory in it, and return the request's id."""
    drafter.let_in(signatory.name())
    drafter.mark_ready()
    return number(drafter)


def number(drafter: Drafter) -> str:
    """Go on to the record of a request that is ready, and return its id."""
    page = drafter.page
    page.get_by_role("link", name="Trámite", exact=True).click()
    expect(page.get_by_text("Etapa: Lista")).to_be_visible(timeout=SLOW)
    return page.url.rsplit("/", 1)[1]


def is_typed(drafter: Drafter) -> None:
    """See in the form why it is urgent and what was done already."""
    drafter.open_section("urgency")
    for key, words in TYPED.items():
        expect(drafter.shown(f"urgency.{key}")).to_have_value(words)


def refuses(hands: Hands, dialog: Locator) -> None:
    hands.tick(dialog.get_by_role("checkbox", name=re.compile("^R03")))
    hands.tick(dialog.get_by_label("Se consultó antes con el Estado requirente"))
    hands.choose(dialog.get_by_label("Condiciones que se consideraron"), "not-accepted")


def by_interpol(hands: Hands, dialog: Locator) -> None:
    hands.choose(dialog.get_by_label("Vía", exact=True), "interpol")
    hands.tick(dialog.get_by_label("Ambos Estados están de acuerdo en esta vía"))
    hands.choose(dialog.get_by_label("Idioma en que sale"), "es")


def in_writing(hands: Hands, dialog: Locator) -> None:
    hands.choose(dialog.get_by_label("Vía"), "paper")


def was_not_useful(hands: Hands, dialog: Locator) -> None:
    hands.choose(dialog.get_by_label("Utilidad de lo recibido"), "not-useful")
    hands.date(dialog.get_by_label("Conservar el expediente hasta"), "2036-01-15")


@pytest.mark.browser
@pytest.mark.further
@pytest.mark.ahead
@pytest.mark.timeout(900)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestHardDays:
    """Between a drafter, who stands in for her, a signatory and both central authorities."""

    def test_one_is_refused_with_its_ground_and_one_leaves_at_night_though_its_drafter_is_stopped(
        self, sit_down: SitDown, casehub: CaseHub, tmp_path: Path
    ) -> None:
        ahead = until_night()
        casehub.go_on_at(ahead)
        author, deputy = sit_down("sv.enlace1"), sit_down("sv.enlace2")
        signatory = sit_down("sv.coordinacion")
        home, abroad = sit_down("sv.central"), sit_down("mx.central")
        second = sit_down("mx.coordinacion")
        for person in (author, deputy, signatory, home, abroad, second):
            clock_ahead(person, ahead)
        for person in (author, deputy, signatory, second):
            person.sign_in_with_code(PASSWORD)
        for person in (home, abroad):
            enter(person)
        reference = author.open_case(["México"], "Noche de ensayo")
        for one in (signatory, deputy):
            author.add_person(one.name())

        file = as_file(drafted(ahead), tmp_path)
        request = is_ready(begin(author, reference, file), signatory)
        self._is_refused(author, signatory, home, abroad, request)

        until = (here(ahead) + timedelta(days=20)).date()
        life = {"level": "danger_to_life", "deadline": until.isoformat(), **TYPED}
        file = as_file(drafted(ahead, **life), tmp_path)
        drafter = begin(author, reference, file)
        drafter.let_in(signatory.name())
        address = author.page.url
        is_typed(drafter)
        self._is_suspended(author, signatory)
        self._lets_in(signatory, deputy, address)
        request = self._is_taken_over(deputy, address)
        self._leaves_at_night(signatory, home, abroad, second, request)
        for person in (deputy, signatory, home, abroad, second):
            assert person.complaints == []

    def _is_refused(
        self,
        author: Prosecutor,
        signatory: Prosecutor,
        home: Prosecutor,
        abroad: Prosecutor,
        request: str,
    ) -> None:
        """After both consulted, with its ground; both sides read it, and it is closed."""
        look(signatory, request)
        step(signatory, "Autorizar")
        look(home, request)
        step(home, "Transmitir", by_paper)
        look(abroad, request)
        step(abroad, "Acusar recibo")
        step(abroad, "Denegar", refuses)
        for person in (abroad, home, author):
            page = look(person, request)
            expect(page.get_by_text("Etapa: Denegada")).to_be_visible()
            expect(page.get_by_text(re.compile("R03")).first).to_be_visible()
            verified(page, 4)
        looks_right(author.page)
        author.shot("dossier-refused")
        step(author, "Cerrar la solicitud", was_not_useful)
        expect(author.page.get_by_text("Etapa: Cerrada")).to_be_visible()

    def _is_suspended(self, author: Prosecutor, signatory: Prosecutor) -> None:
        """Her page closes; nothing of the draft is readable on it any more, nor after a reload."""
        name = author.name()
        page = signatory.page
        page.goto(signatory.url)
        page.get_by_role("link", name="Directorio").first.click()
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("button", name=re.compile(f"Suspender a .*{re.escape(name)}")).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Suspender ahora").click()
        note = author.page.locator("[data-stopped=suspended]")
        expect(note).to_be_visible(timeout=SLOW)
        left = [author.page.evaluate(ALL_OF_IT)]
        author.page.reload()
        expect(note).to_be_visible(timeout=SLOW)
        left.append(author.page.evaluate(ALL_OF_IT))
        assert [words for words in TYPED.values() for text in left if words in text] == []
        expect(dialog.get_by_text("no lee ni actúa desde las")).to_be_visible(timeout=SLOW)
        dialog.get_by_label(re.compile("¿Por qué?")).select_option("device-lost")
        dialog.get_by_role("button", name="Guardar el motivo").click()

    def _lets_in(self, signatory: Prosecutor, deputy: Prosecutor, address: str) -> None:
        """The coordinator who reads it gives it on to whoever had read none of it."""
        page = signatory.page
        page.goto(address)
        drafter = Drafter(signatory)
        drafter.let_in(deputy.name())
        is_typed(drafter)

    def _is_taken_over(self, deputy: Prosecutor, address: str) -> str:
        """By whoever stands in for her: the turn is free, and every word is there."""
        page = deputy.page
        page.goto(address)
        drafter = Drafter(deputy)
        page.get_by_role("button", name="Editar", exact=True).first.click(timeout=SLOW)
        drafter.edits()
        is_typed(drafter)
        drafter.mark_ready()
        return number(drafter)

    def _leaves_at_night(
        self,
        signatory: Prosecutor,
        home: Prosecutor,
        abroad: Prosecutor,
        second: Prosecutor,
        request: str,
    ) -> None:
        """At once; that it has to be confirmed in writing stands there until it is."""
        look(signatory, request)
        step(signatory, "Autorizar")
        page = look(home, request)
        self._says_whom_to_call(home)
        step(home, "Transmitir", by_interpol)
        waits = page.get_by_text(re.compile("falta confirmarla por escrito"))
        expect(waits).to_be_visible()
        looks_right(page)
        home.shot("dossier-by-interpol")
        look(abroad, request)
        step(abroad, "Acusar recibo")
        step(abroad, "Comenzar la ejecución")
        propose(abroad, "Dar por ejecutada")
        confirm(second, request, "Dar por ejecutada")
        look(home, request)
        step(home, "Confirmar por escrito", in_writing)
        expect(waits).to_have_count(0)
        verified(home.page, 6)
        expect(home.page.get_by_text("Etapa: Ejecutada")).to_be_visible()

    def _says_whom_to_call(self, home: Prosecutor) -> None:
        """Of both States, the one that is to act first; it is looked at as the rest."""
        page = home.page
        part = page.locator(".card.urgent")
        expect(part.get_by_role("heading", name="A quién se llama ahora")).to_be_visible()
        expect(part.get_by_text("Corresponde actuar a: ")).to_contain_text("El Salvador")
        rows = part.locator("tbody tr")
        expect(rows.first).to_contain_text("El Salvador")
        expect(
            rows.filter(has_text=home.name()).get_by_text("le corresponde actuar")
        ).to_be_visible()
        expect(rows.filter(has_text="México").first).to_be_visible()
        looks_right(page)
        home.shot("dossier-urgent")
