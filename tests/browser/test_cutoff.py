"""Suspended in the middle of a conversation: her page closes, the others see it and go on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD

TITLE, THREAD = "Ruta de prueba", "Detenciones"
SECONDS = 2.0  # from the coordinator's act to her page's end
REMOVED = 60_000  # ms until a member's program has taken her keys out


@pytest.mark.browser
@pytest.mark.timeout(300)
class TestSuspendedInTheMiddleOfAConversation:
    def test_she_is_cut_off_and_the_others_see_it_and_go_on_without_her(
        self, sit_down: Callable[..., Prosecutor]
    ) -> None:
        mexico, salvador = sit_down("mx.enlace1"), sit_down("sv.enlace1")
        head = sit_down("sv.coordinacion")
        for one in (mexico, salvador, head):
            one.sign_in_with_code(PASSWORD)
        reference = mexico.open_case(["El Salvador"], TITLE)
        mexico.open_thread(THREAD)
        name = salvador.name()
        mexico.add_person(name, thread=THREAD)
        salvador.go_to(reference, THREAD)
        expect(salvador.page.get_by_label("Mensaje cifrado")).to_be_enabled()
        mexico.write("Buenos días")
        salvador.reads("Buenos días")
        salvador.page.get_by_label("Mensaje cifrado").fill("Lo que no llegué a enviar")

        # one tap and one confirmation; why is asked afterwards
        head.page.get_by_role("link", name="Directorio").first.click()
        head.page.get_by_role("link", name=name).first.click()
        head.page.get_by_role("button", name=re.compile(f"Suspender a .*{re.escape(name)}")).click()
        dialog = head.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Suspender ahora").click()
        since = time.monotonic()
        note = salvador.page.locator("[data-stopped=suspended]")
        expect(note).to_be_visible(timeout=10_000)
        assert time.monotonic() - since < SECONDS
        expect(dialog.get_by_text("no lee ni actúa desde las")).to_be_visible()
        dialog.get_by_label(re.compile("¿Por qué?")).select_option("device-lost")
        dialog.get_by_role("button", name="Guardar el motivo").click()
        head.shot("cutoff-coordinator")

        # nothing readable is left, and it says whom to call; a reload changes nothing
        expect(salvador.page.get_by_text("Buenos días")).to_have_count(0)
        expect(note).to_contain_text("secretaría")
        salvador.shot("cutoff-stopped")
        salvador.page.reload()
        expect(note).to_be_visible()

        # the others are told, and go on once her keys are out
        line = mexico.page.get_by_text("no lo puede leer").last
        expect(line).to_be_visible(timeout=REMOVED)
        expect(mexico.page.locator("[data-cut-off]")).to_have_count(0, timeout=REMOVED)
        mexico.shot("cutoff-others")
        mexico.write("Seguimos sin ella")
        mexico.reads("Seguimos sin ella")

        # she cannot come back to read it, whatever her browser has kept
        page = salvador.page
        page.get_by_label("Cuenta", exact=True).fill("sv.enlace1")
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Continuar").click()
        page.get_by_label("Código de seis cifras").fill("000000")
        page.get_by_role("button", name="Entrar", exact=True).click()
        expect(page.get_by_text("Su acceso está suspendido")).to_be_visible()
        expect(page.get_by_text("Seguimos sin ella")).to_have_count(0)
