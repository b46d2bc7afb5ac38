"""Suspended in the middle of a conversation: her page closes, the others see it and go on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from casehub.directory.statements import parse
from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import clean

TITLE, THREAD = "Ruta de prueba", "Detenciones"
SECONDS = 2.0  # from the coordinator's act to her page's end
PUBLISHED = 30  # seconds until an act stands in the public log, on a loaded machine
REMOVED = 60_000  # ms until a member's program has taken her keys out


def signed(one: Prosecutor, kind: str, number: int) -> list[dict[str, Any]]:
    """Return what a number of statements of a type in the directory's log say, and their hands."""
    for _ in range(PUBLISHED):
        found = in_log(one, kind)
        if len(found) >= number:
            break
        time.sleep(1)
    return found


def in_log(one: Prosecutor, kind: str) -> list[dict[str, Any]]:
    """Return what is in it now; `hands` are how many signatures are good."""
    read = """async () => {
      const all = []
      for (;;) {
        const answer = await fetch(`/api/directory/log?after=${all.length}`)
        const { entries } = await answer.json()
        if (entries.length === 0) return all
        all.push(...entries)
      }
    }"""
    wires = [entry["statement"] for entry in one.page.evaluate(read)]
    found = [parse(wire) for wire in wires if wire is not None and wire["type"] == kind]
    return [{**statement.fields, "hands": len(statement.signers)} for statement in found]


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
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
        expect(dialog.get_by_text("Quedó firmado con su llave")).to_be_visible()
        assert [one["kind"] for one in signed(head, "revocation", 1)] == ["suspended"]
        dialog.get_by_label(re.compile("¿Por qué?")).select_option("device-lost")
        dialog.get_by_role("button", name="Guardar el motivo").click()
        head.shot("cutoff-coordinator")

        # nothing readable is left, and it says whom to call; a reload changes nothing
        expect(salvador.page.get_by_text("Buenos días")).to_have_count(0)
        expect(note).to_contain_text("secretaría")
        clean(salvador, "cutoff-stopped")
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


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestAStateWhoseAccessWasStopped:
    def test_is_confirmed_and_lifted_by_two_who_sign_the_same(
        self, sit_down: Callable[..., Prosecutor]
    ) -> None:
        head, officer = sit_down("hn.coordinacion"), sit_down("hn.cancilleria1")
        watching = sit_down("mx.enlace1")
        watching.sign_in_with_code(PASSWORD)
        head.sign_in_with_code(PASSWORD)
        head.page.get_by_role("link", name="Directorio").first.click()
        head.page.get_by_role("link", name="Honduras").first.click()
        head.page.get_by_role("button", name="Detener el acceso de Honduras").click()
        head.page.get_by_role("button", name="Detener ahora").click()

        enter(officer)
        assent(officer, "Confirmar la detención")
        expect(officer.page.get_by_text("Detenido y confirmado")).to_be_visible()
        assert [one["hands"] for one in signed(watching, "state-stop", 2)] == [1, 2]

        assent(officer, "Levantar la detención")
        expect(officer.page.get_by_text("Usted pidió levantarla")).to_be_visible()
        enter(head)
        expect(head.page.get_by_text("pidió levantarla")).to_be_visible()
        assent(head, "Levantar la detención")
        expect(head.page.get_by_text("El acceso del Estado está abierto")).to_be_visible()
        again = "El acceso de su Estado está abierto otra vez"
        for one in (head, officer):  # also who waits is told
            expect(one.page.get_by_role("heading", name=again)).to_be_visible(timeout=30_000)
        assert [one["hands"] for one in signed(watching, "state-lift", 1)] == [2]


def assent(one: Prosecutor, button: str) -> None:
    """Press a button, and once more under what it is said to do."""
    one.page.get_by_role("button", name=button).click()
    one.page.get_by_role("dialog").get_by_role("button", name=button).click()


def enter(one: Prosecutor) -> None:
    """Sign in where the State's access is stopped."""
    sign_in(one)
    expect(one.page.get_by_role("heading", name="El acceso de todo su Estado")).to_be_visible()


def sign_in(one: Prosecutor) -> None:
    """Account, password, then the code; whatever comes after that."""
    page = one.page
    page.goto(one.url)
    page.get_by_label("Cuenta", exact=True).fill(one.account)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Código de seis cifras").fill(one.present_code())
    page.get_by_role("button", name="Entrar", exact=True).click()
