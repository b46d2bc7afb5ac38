"""First-line information between two States that share no case: told, answered, used, declined."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary, hunt
from tests.browser.test_plaintext import places_on_disk
from tests.browser.test_said import clean, say
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration

SitDown = Callable[..., Prosecutor]
KEPT = 1_500  # ms after which what was typed is on the disk
TYPED = (
    "subject", "told", "asked", "noteterms", "reply", "declined", "second", "third", "waiting",
    "notesearch",
)  # fmt: skip


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestFirstLineInformation:
    """Sent from a case by keyboard, read without it; nothing of it reaches the server readable."""

    def test_is_told_answered_used_and_declined(
        self, configuration: Configuration, casehub: CaseHub, sit_down: SitDown
    ) -> None:
        typed = {place: canary(place) for place in TYPED}
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        for person in (ana, boris):
            person.sign_in_with_code(PASSWORD)
        reference = ana.open_case([], "Caso Río")

        self._is_told(ana, boris, typed)
        self._is_read_without_its_case(ana, boris, reference, typed)
        self._is_answered_and_used(ana, boris, typed)
        self._is_declined(ana, boris, reference, typed)
        self._joins_a_case_that_is_there(ana, boris, reference, typed)
        self._waits_for_its_first_reader(ana, reference, typed)
        ana.page.get_by_label("Buscar avisos").fill(typed["notesearch"])
        expect(ana.page.get_by_text("Ningún aviso coincide")).to_be_visible()
        assert ana.complaints == boris.complaints == []
        assert hunt(places_on_disk(configuration, casehub), typed.values()) == []

    def _tell(self, ana: Prosecutor, boris: Prosecutor, subject: str, told: str) -> Locator:
        """Fill in the dialog of the case on screen."""
        ana.page.get_by_role("button", name="Enviar un aviso").press("Enter")
        dialog = ana.page.get_by_role("dialog")
        expect(dialog.get_by_text("Falta a quién.")).to_be_visible()
        dialog.get_by_role("checkbox", name=re.compile(re.escape(boris.name()))).press("Space")
        dialog.get_by_label("Asunto").fill(subject)
        dialog.get_by_label("Qué se sabe").fill(told)
        return dialog

    def _is_told(self, ana: Prosecutor, boris: Prosecutor, typed: dict[str, str]) -> None:
        dialog = self._tell(ana, boris, typed["subject"], typed["told"])
        dialog.get_by_label("Qué se pide").fill(typed["asked"])
        dialog.locator("summary", has_text="Código de manejo").press("Enter")
        dialog.get_by_label("Con condiciones").press("Space")
        dialog.get_by_label("Qué condiciones").fill(typed["noteterms"])
        clean(ana, "note-telling")
        ana.page.wait_for_timeout(KEPT)
        ana.page.reload()  # nothing of it is lost, the terms least of all
        ana.page.get_by_role("button", name="Enviar un aviso").press("Enter", timeout=SLOW)
        expect(dialog.get_by_label("Asunto")).to_have_value(typed["subject"])
        expect(dialog.get_by_label("Qué se sabe")).to_have_value(typed["told"])
        expect(dialog.get_by_label("Qué se pide")).to_have_value(typed["asked"])
        expect(dialog.get_by_role("checkbox", name=re.compile(boris.name()))).to_be_checked()
        expect(dialog.locator("summary", has_text="Código de manejo")).to_contain_text(
            "condiciones"
        )
        dialog.get_by_role("button", name="Enviar el aviso").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        sent = ana.page.get_by_role("region", name="Enviados")
        expect(sent.get_by_role("link", name=re.compile(typed["subject"]))).to_be_visible()
        expect(sent.get_by_text("Para México")).to_be_visible()

    def _is_read_without_its_case(
        self, ana: Prosecutor, boris: Prosecutor, reference: str, typed: dict[str, str]
    ) -> None:
        page = boris.page
        page.get_by_role("link", name=re.compile("Primera línea")).first.press("Enter")
        received = page.get_by_role("region", name="Recibidos")
        row = received.get_by_role("link", name=re.compile(typed["subject"]))
        expect(row).to_be_visible(timeout=SLOW)
        clean(boris, "notes")
        row.press("Enter")
        expect(page.get_by_role("heading", name=typed["subject"])).to_be_focused()
        given = boris.article(typed["told"])
        expect(given).to_contain_text(typed["asked"])
        expect(given).to_contain_text(typed["noteterms"])
        expect(page.get_by_text(reference)).to_have_count(0)
        clean(boris, "note")
        page.get_by_role("button", name="Acusar recibo").press("Enter")
        expect(page.get_by_text("Con acuse de recibo", exact=True)).to_be_visible()
        seen = ana.page.get_by_role("region", name="Enviados")
        expect(seen.get_by_text("Con acuse de recibo", exact=True)).to_be_visible(timeout=SLOW)

    def _is_answered_and_used(
        self, ana: Prosecutor, boris: Prosecutor, typed: dict[str, str]
    ) -> None:
        say(boris, typed["reply"])
        ana.page.get_by_role("link", name=re.compile(typed["subject"])).press("Enter")
        ana.reads(typed["reply"])
        page = boris.page
        page.get_by_role("button", name="Unir a un expediente").press("Enter")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Abrir un expediente nuevo").press("Enter")
        dialog.get_by_label("Título").fill("Caso Frontera")
        dialog.get_by_role("button", name="Abrir expediente").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        expect(page.get_by_text("Con expediente", exact=True)).to_be_visible()
        page.get_by_role("button", name="Se utilizó").press("Enter")
        for person in (ana, boris):
            used = person.page.get_by_text("Utilizado", exact=True).first
            expect(used).to_be_visible(timeout=SLOW)
        expect(page.get_by_role("button", name="Se utilizó")).to_have_count(0)
        page.get_by_role("button", name="Llevó a una solicitud").press("Enter")
        for person in (ana, boris):
            led = person.page.get_by_text("Llevó a una solicitud", exact=True).first
            expect(led).to_be_visible(timeout=SLOW)
        # Which case came of it is its own State's to know.
        expect(ana.page.get_by_text(re.compile(r"MX-\d{4}-\d+"))).to_have_count(0)
        expect(ana.page.get_by_role("button", name="Acusar recibo")).to_have_count(0)

    def _is_declined(
        self, ana: Prosecutor, boris: Prosecutor, reference: str, typed: dict[str, str]
    ) -> None:
        ana.page.get_by_role("link", name=reference).first.press("Enter")
        dialog = self._tell(ana, boris, typed["second"], "Otro asunto")
        dialog.get_by_role("button", name="Enviar el aviso").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        page = boris.page
        page.get_by_role("link", name="Todos los avisos").press("Enter")
        page.get_by_role("link", name=re.compile(typed["second"])).press("Enter")
        expect(boris.article("Otro asunto")).to_be_visible(timeout=SLOW)
        page.get_by_role("button", name="Rechazar").press("Enter")
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Razón").select_option(label="No es competencia nuestra")
        dialog.get_by_label("Explicación para quienes leen el aviso").fill(typed["declined"])
        clean(boris, "note-declining")
        dialog.get_by_role("button", name="Rechazar").press("Enter")
        expect(page.get_by_text("Rechazado", exact=True)).to_be_visible()
        expect(boris.article(typed["declined"])).to_be_visible()
        expect(page.get_by_role("button", name="Acusar recibo")).to_have_count(0)
        seen = ana.page.get_by_role("region", name="Enviados")
        expect(seen.get_by_text("Rechazado", exact=True)).to_be_visible(timeout=SLOW)

    def _joins_a_case_that_is_there(
        self, ana: Prosecutor, boris: Prosecutor, reference: str, typed: dict[str, str]
    ) -> None:
        """The case that the first note opened; several notes may lead to one."""
        ana.page.get_by_role("link", name="Expedientes").first.press("Enter")
        ana.page.get_by_role("link", name=reference).first.press("Enter")
        dialog = self._tell(ana, boris, typed["third"], "Del mismo camión")
        dialog.get_by_role("button", name="Enviar el aviso").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        page = boris.page
        page.get_by_role("link", name="Todos los avisos").press("Enter")
        page.get_by_role("link", name=re.compile(typed["third"])).press("Enter")
        expect(boris.article("Del mismo camión")).to_be_visible(timeout=SLOW)
        page.get_by_role("button", name="Unir a un expediente").press("Enter")
        dialog = page.get_by_role("dialog")
        join = dialog.get_by_role("button", name="Unir a un expediente")
        expect(join).to_be_disabled()
        there = dialog.get_by_label("Expediente", exact=True)
        case = there.locator("option", has_text="Caso Frontera")
        there.select_option(case.get_attribute("value"))
        clean(boris, "note-joining")
        joined = case.inner_text().split()[0]
        join.press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        expect(page.get_by_text("Con expediente", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name=joined).first).to_be_visible()
        seen = ana.page.get_by_role("region", name="Enviados")
        row = seen.get_by_role("link", name=re.compile(typed["third"]))
        expect(row).to_be_visible()
        expect(seen.get_by_text("Con expediente", exact=True)).to_be_visible(timeout=SLOW)
        expect(ana.page.get_by_text(joined)).to_have_count(0)

    def _waits_for_its_first_reader(
        self, ana: Prosecutor, reference: str, typed: dict[str, str]
    ) -> None:
        """Nobody of Guatemala has come in yet: it says so before, and is not called sent after."""
        page = ana.page
        page.get_by_role("link", name="Expedientes").first.press("Enter")
        page.get_by_role("link", name=reference).first.press("Enter")
        page.get_by_role("button", name="Enviar un aviso").press("Enter")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("searchbox").fill("Guatemala")
        dialog.get_by_role("checkbox", name=re.compile("aún sin dispositivo")).first.press("Space")
        dialog.get_by_label("Asunto").fill(typed["waiting"])
        dialog.get_by_label("Qué se sabe").fill("Sale de Ayutla")
        expect(dialog.get_by_text("Aún no saldrá para Guatemala")).to_be_visible()
        expect(dialog.get_by_role("link", name="Guatemala en el directorio")).to_be_visible()
        clean(ana, "note-nobody-there")
        dialog.get_by_role("button", name="Enviar el aviso").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        said = page.get_by_role("status").filter(has_text="Aún no sale para Guatemala")
        expect(said.first).to_be_attached()
        expect(page.get_by_text("Aviso enviado.")).to_have_count(0)
        sent = page.get_by_role("region", name="Enviados")
        row = sent.get_by_role("listitem").filter(has_text=typed["waiting"])
        expect(row.get_by_text("Aún no sale: espera a su primer lector")).to_be_visible()
        expect(row.get_by_text("Enviado", exact=True)).to_have_count(0)
        row.get_by_role("link").press("Enter")
        expect(page.get_by_text(re.compile("Escrito el"))).to_be_visible()
        expect(page.get_by_role("link", name="Guatemala en el directorio")).to_be_visible()
        page.get_by_role("link", name="Todos los avisos").press("Enter")
