"""A case is opened to another State by hand: its prosecutor, its coordination, and who joins."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD

SitDown = Callable[..., Prosecutor]
TITLE = "Ruta El Amatillo"


def waiting(page: Page, reference: str, state: str) -> Locator:
    """Return the line of what waits for the reader's State: a case, and who is asked."""
    section = page.get_by_role("region", name="Expedientes que esperan a su Estado")
    return (
        section.get_by_role("listitem")
        .filter(has_text=reference)
        .filter(has_text=f"abrirlo a {state}")
    )


@pytest.mark.browser
@pytest.mark.timeout(400)  # three browsers begin, on whatever machine
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestOpeningACaseToHonduras:
    def test_takes_its_prosecutor_its_coordination_and_honduras_itself(
        self, sit_down: SitDown
    ) -> None:
        people = [sit_down(one) for one in ("sv.enlace1", "sv.coordinacion", "hn.enlace1")]
        for person in people:
            person.sign_in_with_code(PASSWORD)
        salvador, coordination, honduras = people
        mine = salvador.page

        reference = salvador.propose_case(["Honduras", "Guatemala"], TITLE)
        proposed = mine.get_by_role("list", name="Estados propuestos")
        first = proposed.get_by_role("listitem").filter(has_text="Honduras")
        expect(
            first.get_by_text("Espera el visto bueno de la coordinación de El Salvador")
        ).to_be_visible()
        salvador.shot("joining-case")

        # What is not wanted after all is taken back.
        mine.get_by_role("button", name="Retirar la propuesta de Guatemala").click()
        mine.get_by_role("button", name="Pulse otra vez: Retirar la propuesta").click()
        expect(proposed.get_by_role("listitem")).to_have_count(1)

        # Honduras hears of it only once the coordination has consented.
        theirs = honduras.page
        expect(theirs.get_by_text(reference)).to_have_count(0)
        line = waiting(coordination.page, reference, "Honduras")
        expect(line).to_be_visible(timeout=SLOW)
        withdrawn = waiting(coordination.page, reference, "Guatemala")
        expect(withdrawn).to_have_count(0, timeout=SLOW)
        expect(coordination.page.get_by_text(TITLE)).to_have_count(0)
        coordination.shot("joining-consent")
        line.get_by_role("button", name=re.compile("^Dar el visto bueno")).click()
        expect(first.get_by_text("Espera que Honduras acepte")).to_be_visible(timeout=SLOW)

        line = waiting(theirs, reference, "Honduras")
        expect(line.get_by_text(salvador.name())).to_be_visible(timeout=SLOW)
        expect(theirs.get_by_role("link", name=reference)).to_have_count(0)
        expect(theirs.get_by_text(TITLE)).to_have_count(0)
        honduras.shot("joining-accept")
        line.get_by_role("button", name=re.compile("^Aceptar")).click()
        expect(line).to_have_count(0)

        # It takes part now, and its people can be let in.
        expect(mine.get_by_text("HN · SV")).to_be_visible(timeout=SLOW)
        expect(proposed).to_have_count(0)
        salvador.add_person(honduras.name())
        expect(theirs.get_by_role("link", name=reference)).to_be_visible(timeout=SLOW)
        expect(theirs.get_by_text(TITLE)).to_be_visible(timeout=SLOW)

        # Another State, later, which does not want to: its reason stands in the case.
        mine.get_by_role("button", name="Abrir a otro Estado").click()
        dialog = mine.get_by_role("dialog")
        dialog.get_by_label("Estado", exact=True).select_option(label="Panamá")
        dialog.get_by_role("button", name="Proponer").click()
        line = waiting(coordination.page, reference, "Panamá")
        line.get_by_role("button", name=re.compile("^Rechazar")).click()
        why = coordination.page.get_by_role("dialog")
        why.get_by_label("Motivo").select_option(label="Antes hay que hablarlo")
        why.get_by_role("button", name="Rechazar").click()
        expect(mine.get_by_text("No se abrió: Antes hay que hablarlo")).to_be_visible(timeout=SLOW)
        for person in people:
            assert person.complaints == []
