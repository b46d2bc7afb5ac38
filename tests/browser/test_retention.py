"""A case is held, closed and deleted at the end of its period: what its people see, by keyboard."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import clean
from tests.servers.casehub_server import CaseHub

SitDown = Callable[..., Prosecutor]
MORE = "Cerrar, conservar o retener"
A_ROUND = 90_000  # ms: one comes each minute


def press(button: Locator) -> None:
    """Do it without a pointer."""
    button.focus()
    button.press("Enter")


def dialog_of(page: Page, reference: str) -> Locator:
    """Open what can be done about how long a case is kept."""
    press(page.get_by_role("button", name=MORE).first)
    return page.get_by_role("dialog", name=f"Conservación de {reference}")


def close(person: Prosecutor, reference: str) -> None:
    """Close the case on screen."""
    dialog = dialog_of(person.page, reference)
    press(dialog.get_by_role("button", name="Cerrar el expediente"))
    expect(dialog).to_be_hidden(timeout=SLOW)  # it waits for the log's proof


def aged(casehub: CaseHub, reference: str) -> None:
    """
    Let a case have been closed six years ago, while everybody goes on today.

    A server could go on that late (`casehub.go_on_at`), but designations end before, and with them
    who would look. That a device deletes what it has once its own clock is that late is shown in
    `frontend/src/effects/retention/wiping.test.ts`.
    """
    set_back = "UPDATE cases_case SET closed_at = {} WHERE reference = {}"
    if owner := casehub.place.owner:
        folder, _, name = owner["DATABASE_URL"].removeprefix("postgres:///").rpartition("/")
        with psycopg.connect(host=folder, dbname=name) as postgres:
            # As the tables' owner alone can: every other way in is held to an event.
            postgres.execute("ALTER TABLE cases_case DISABLE TRIGGER USER")
            postgres.execute(set_back.format("closed_at - interval '6 years'", "%s"), (reference,))
            postgres.execute("ALTER TABLE cases_case ENABLE TRIGGER USER")
            postgres.execute("ALTER TABLE cases_case ENABLE ALWAYS TRIGGER cases_case_has_event")
        return
    with sqlite3.connect(casehub.place.data / "casehub.sqlite3", timeout=20) as sqlite:
        sqlite.execute(set_back.format("datetime(closed_at, '-6 years')", "?"), (reference,))


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestHowLongACaseIsKept:
    def test_is_seen_by_its_people_from_the_hold_to_the_deletion(
        self, sit_down: SitDown, casehub: CaseHub
    ) -> None:
        ana, coordination = sit_down("sv.enlace1"), sit_down("sv.coordinacion")
        for person in (ana, coordination):
            person.sign_in_with_code(PASSWORD)
        page, theirs = ana.page, coordination.page

        # A hold is set by an office that is not in the case, and everybody in it sees it.
        held = ana.propose_case([], "Caso Río")
        ana.open_thread("Traslado")
        ana.write("Lo dicho")
        expect(page.get_by_text("Expediente: 5 años tras el cierre")).to_be_visible()
        press(theirs.get_by_role("link", name="Conservación de los expedientes de su Estado"))
        row = theirs.get_by_role("listitem").filter(has_text=held)
        expect(row).to_be_visible(timeout=SLOW)
        press(row.get_by_role("button"))
        dialog = theirs.get_by_role("dialog")
        clean(coordination, "retention-dialog")
        dialog.get_by_label("Fundamento").select_option(label="orden judicial")
        press(dialog.get_by_role("button", name="Poner una retención legal"))
        expect(row.get_by_text("Retención legal")).to_be_visible(timeout=SLOW)
        clean(coordination, "retention-page")
        expect(page.get_by_text("aquí no se retira ni se borra nada")).to_be_visible(timeout=SLOW)
        message = ana.article("Lo dicho").first
        press(message.get_by_role("button", name="Acciones", exact=True))
        expect(message.get_by_role("button", name="Editar")).to_be_visible()
        expect(message.get_by_role("button", name="Retirar")).to_have_count(0)

        # Closed, it is read and nothing is added; the day passes and nothing goes.
        close(ana, held)
        expect(page.get_by_text("aquí ya no se añaden mensajes")).to_be_visible(timeout=SLOW)
        expect(page.get_by_label("Mensaje cifrado")).to_have_count(0)
        expect(page.get_by_text("no se borra nada mientras siga la retención")).to_be_visible()
        clean(ana, "retention-closed")
        aged(casehub, held)

        # Another one, which nobody holds, is deleted by the round, which is said in its place. By
        # this browser's own clock it was begun today: what it has is kept, and that is said too.
        gone = ana.propose_case([], "Caso Lago")
        ana.open_thread("Sin nada")
        address = page.url
        close(ana, gone)
        aged(casehub, gone)
        said = page.get_by_text("El contenido se borró el")
        expect(said).to_be_visible(timeout=A_ROUND)
        assert page.url == address
        expect(said).to_contain_text("Este equipo no lo da por bueno")
        expect(said).to_contain_text("La copia de este equipo se conserva")
        expect(page.get_by_text("Caso Lago")).to_be_visible()
        clean(ana, "retention-erased")
        ana.go_to(held, "Traslado")
        ana.reads("Lo dicho")
        assert ana.complaints == []
        assert coordination.complaints == []
