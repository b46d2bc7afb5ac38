"""Nothing that a person types into a draft reaches the server readable, whichever field it is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary, hunt
from tests.browser.test_plaintext import places_on_disk
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

FIELDS = "main textarea:visible, main input[type=text]:visible, main input:not([type]):visible"
FOLDS = "section.form details:not([open]) > summary"
FEWEST = 100  # text fields of a whole form with items added and a second language beside


def fill_everything(page: Page) -> list[str]:
    """Add to every list, unfold all, then put a canary of its own into every text field there."""
    page.get_by_label("Todo en una página").check()
    page.get_by_label("Segunda lengua").select_option("en")
    for button in page.get_by_role("button", name=re.compile("^Agregar")).all():
        if button.is_visible():
            button.click()
    page.locator("select[id='f-measures.0.type']").select_option("controlled_delivery")
    while page.locator(FOLDS).count():
        page.locator(FOLDS).first.click()
    typed = []
    # Handles: an answer may make a question below it come or go, and so change who is the 20th.
    for number, field in enumerate(page.locator(FIELDS).element_handles()):
        if field.is_visible() and field.is_editable():
            typed.append(canary(f"field{number}"))
            field.fill(typed[-1])
    return typed


def set_aside(page: Page) -> str:
    """Leave a rule aside for a reason in one's own words."""
    row = page.locator("aside li.failed").filter(has_text="USE-UNDERTAKING")
    row.locator("summary").click(timeout=SLOW)
    reason = canary("exception")
    row.get_by_label("Motivo para exceptuar esta regla").fill(reason)
    row.get_by_role("button", name="Exceptuar con este motivo").click()
    aside = page.locator("aside li.overridden")
    aside.locator("summary").click(timeout=SLOW)
    expect(aside.get_by_text(reason)).to_be_visible()
    return reason


@pytest.mark.browser
@pytest.mark.timeout(400)
class TestADraft:
    def test_is_readable_nowhere_that_servers_write(
        self,
        configuration: Configuration,
        casehub: CaseHub,
        sit_down: Callable[..., Prosecutor],
    ) -> None:
        person = sit_down("gt.enlace1")
        person.sign_in_with_code(PASSWORD)
        person.open_case(["México"], canary("case"))
        page = person.page
        typed = [canary(place) for place in ("need", "worktitle")]
        page.get_by_role("link", name="Solicitudes").first.click()
        page.get_by_role("button", name="Nueva solicitud").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Estado requerido").select_option("MX")
        dialog.get_by_label("Qué necesita").fill(typed[0])
        dialog.get_by_label("Título de trabajo").fill(typed[1])
        dialog.get_by_role("button", name="Crear borrador").click()
        expect(page.get_by_text("Edita usted")).to_be_visible()

        fields = fill_everything(page)
        assert len(fields) > FEWEST
        typed.append(set_aside(page))
        # A long draft is sent less often; a loaded machine draws two hundred fields slowly.
        for words in ("Guardado en este equipo", "Cifrado y guardado en el servidor"):
            expect(page.get_by_text(words)).to_be_visible(timeout=SLOW)
        page.wait_for_timeout(500)

        assert hunt(places_on_disk(configuration, casehub), typed + fields) == []
        assert person.complaints == []
