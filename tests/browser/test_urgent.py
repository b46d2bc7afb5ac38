"""What is urgent, what waits or was refused and is sent again; the way to a date. By keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import clean, composer, say

SitDown = Callable[..., Prosecutor]
A_DAY = 5  # urgent messages of one person


class Between:
    """Somebody between a page and its server, who can refuse what the page posts."""

    def __init__(self, page: Page) -> None:
        self.refuses = False
        self.posted: list[str] = []
        page.route_web_socket("**/*", self._take)

    def _take(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def heard(message: str | bytes) -> None:
            frame: dict[str, Any] = json.loads(message)
            if frame.get("type") != "post":
                server.send(message)
                return
            self.posted.append(frame["id"])
            if not self.refuses:
                server.send(message)
                return
            no = {"code": "not-allowed", "message": "no", "do": "no", "params": {}}
            route.send(json.dumps({"type": "refused", "id": frame["id"], **no}))

        route.on_message(heard)


def hurry(person: Prosecutor) -> None:
    """Call the next message urgent, by keyboard."""
    box = person.page.get_by_label("Es urgente")
    box.press("Space")
    expect(box).to_be_checked()


def queue(person: Prosecutor, text: str) -> None:
    """Type and send what cannot leave now."""
    composer(person.page).focus()
    person.page.keyboard.insert_text(text)
    person.page.keyboard.press("Enter")
    expect(person.article(text)).to_have_count(1)


def failed(person: Prosecutor) -> Locator:
    return person.page.get_by_text("no salieron de este equipo")


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestUrgentAndSentAgain:
    """Between two people, each at their own browser."""

    def test_by_keyboard_between_two_people(self, sit_down: SitDown) -> None:
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        between = Between(ana.page)
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case(["México"], "Caso Río")
        ana.open_thread("Traslado")
        ana.add_person(boris.name(), thread="Traslado")
        boris.go_to(reference, "Traslado")
        expect(composer(boris.page)).to_be_visible(timeout=SLOW)
        say(ana, "Sin prisa")
        boris.reads("Sin prisa")

        self._stands_first_in_the_inbox(ana, boris)
        self._is_refused_beyond_five(ana, boris)
        self._waits_without_a_network(ana, boris)
        self._is_sent_again_at_once(ana, boris, between)
        self._goes_to_a_date(ana)
        assert ana.complaints == boris.complaints == []

    def _stands_first_in_the_inbox(self, ana: Prosecutor, boris: Prosecutor) -> None:
        page = boris.page
        page.get_by_role("link", name="Bandeja").first.press("Enter")
        expect(page.get_by_role("heading", name="Bandeja", level=1)).to_be_focused()
        say(ana, "Queda para mañana")
        hurry(ana)
        clean(ana, "urgent-composer")
        say(ana, "Salen a las 5")
        expect(ana.page.get_by_label("Es urgente")).not_to_be_checked()
        first = page.get_by_role("region").first
        expect(first).to_have_accessible_name("Urgente, le nombran o esperan su acuse")
        expect(first.get_by_role("link")).to_have_count(1)
        clean(boris, "urgent-inbox")
        page.get_by_role("heading", name="Bandeja", level=1).focus()
        page.keyboard.press("j")
        expect(first.get_by_role("link")).to_be_focused()
        page.keyboard.press("Enter")
        sought = page.locator("article.sought")
        expect(sought).to_contain_text("Salen a las 5")
        expect(sought.get_by_text("Urgente", exact=True)).to_be_visible()

    def _is_refused_beyond_five(self, ana: Prosecutor, boris: Prosecutor) -> None:
        for number in range(2, A_DAY + 1):
            hurry(ana)
            say(ana, f"Urgente número {number}")
            boris.reads(f"Urgente número {number}")
        hurry(ana)
        say(ana, "Una de más")
        refused = ana.article("Una de más")
        plain = refused.get_by_role("button", name="Enviar sin urgencia")
        expect(plain).to_be_visible(timeout=SLOW)
        clean(ana, "urgent-refused")
        expect(boris.article("Una de más")).to_have_count(0)
        plain.press("Enter")
        boris.reads("Una de más")
        expect(boris.article("Una de más").get_by_text("Urgente", exact=True)).to_have_count(0)

    def _waits_without_a_network(self, ana: Prosecutor, boris: Prosecutor) -> None:
        ana.context.set_offline(True)
        expect(ana.page.get_by_text("Sin conexión").first).to_be_visible(timeout=SLOW)
        waiting = [f"Sin red {number}" for number in range(1, 4)]
        for text in waiting:
            queue(ana, text)
        clean(ana, "waiting")
        ana.context.set_offline(False)
        for text in waiting:
            boris.reads(text)
        assert boris.texts()[-3:] == ana.texts()[-3:] == waiting

    def _is_sent_again_at_once(self, ana: Prosecutor, boris: Prosecutor, between: Between) -> None:
        between.refuses = True
        ana.context.set_offline(True)
        expect(ana.page.get_by_text("Sin conexión").first).to_be_visible(timeout=SLOW)
        again = [f"De nuevo {number}" for number in range(1, 5)]
        for text in again:
            queue(ana, text)
        ana.context.set_offline(False)
        expect(ana.page.get_by_text("4 mensajes no salieron")).to_be_visible(timeout=SLOW)
        clean(ana, "failed")
        between.refuses = False
        before = len(between.posted)
        ana.page.get_by_role("button", name="Reenviar todos").press("Enter")
        for text in again:
            boris.reads(text)
        assert boris.texts()[-4:] == again
        expect(failed(ana)).to_have_count(0)
        assert ana.texts() == boris.texts()
        sent = between.posted[before:]
        assert len(sent) == len(set(sent)) == len(again)
        ana.page.reload()
        ana.reads(again[-1])
        assert ana.texts() == boris.texts()

    def _goes_to_a_date(self, ana: Prosecutor) -> None:
        page = ana.page
        today = "new Intl.DateTimeFormat('sv-SE').format(new Date())"  # of the page's own zone
        page.get_by_role("button", name="Ir a una fecha").press("Enter")
        field = page.get_by_label("Fecha del mensaje")
        expect(field).to_be_focused()
        field.fill(page.evaluate(today))
        clean(ana, "jump")
        field.press("Enter")
        expect(field).to_have_count(0)
        expect(page.locator("article.sought")).to_contain_text("Sin prisa")
