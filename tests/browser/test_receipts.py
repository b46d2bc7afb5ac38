"""The public log in a person's own hands: marks, proofs carried away, and an alarm."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

from audit import receipt
from audit.tlog.note import Note
from audit.tlog.policy import Policy
from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.pages import open_place
from tests.browser.test_screens import LOOKS, violations
from tests.servers.casehub_server import PROJECT, CaseHub

SitDown = Callable[..., Prosecutor]
CLIENT = PROJECT / "frontend" / "headless" / "dist" / "casehub-client.mjs"


class Served(Protocol):
    """What answers at an address."""

    @property
    def url(self) -> str:
        """The address."""


def policy_of(casehub: Served) -> str:
    """Return the policy that is handed out there."""
    with urllib.request.urlopen(f"{casehub.url}/api/log/policy", timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def is_settled(person: Prosecutor, text: str) -> Locator:
    """Wait until a message bears its mark."""
    mark = person.article(text).locator(".settled")
    expect(mark).to_contain_text("asentado", timeout=SLOW)
    return mark


def at_constancy(page: Page) -> Locator:
    open_place(page, "Cuenta")
    section = page.get_by_role("region", name="Mi constancia")
    expect(section).to_be_visible()
    return section


def taken(page: Page, button: Locator, folder: Path) -> Path:
    """Press a button that hands a file over; return where it lies."""
    with page.expect_download() as handed:
        button.click()
    file = folder / handed.value.suggested_filename
    handed.value.save_as(file)
    return file


def judged(evidence: Path, policy: Path) -> dict[str, Any]:
    """What the client's verifier says of an evidence file, with no server at all."""
    command = ["node", CLIENT, "--policy", policy, "--evidence", evidence]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    said: dict[str, Any] = json.loads(result.stdout)
    return {**said, "code": result.returncode}


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestAMessage:
    """Sent, promised, and within seconds in the log."""

    def test_is_marked_as_entered_and_its_proof_can_be_carried_away(
        self, sit_down: SitDown, casehub: CaseHub, tmp_path: Path
    ) -> None:
        person = sit_down("sv.enlace1")
        page = person.page
        person.sign_in_with_code(PASSWORD)
        person.open_case(["Honduras"], "Caso con constancia")
        person.open_thread("Oficios")
        person.write("El oficio salió hoy.")
        mark = is_settled(person, "El oficio salió hoy.")
        assert "Asiento" in (mark.get_attribute("title") or "")
        person.shot("receipt-mark")
        # It is kept, not only drawn.
        page.reload()
        is_settled(person, "El oficio salió hoy.")

        section = at_constancy(page)
        row = section.get_by_role("listitem").filter(has_text="Mensaje cifrado").first
        expect(row).to_contain_text("Asentado")
        expect(section.get_by_text("Registró este equipo")).to_be_visible()
        expect(section.get_by_text("sin promesa firmada")).to_have_count(0)
        expect(section.get_by_text("Prometido", exact=True)).to_have_count(0, timeout=SLOW)
        section.scroll_into_view_if_needed()
        person.shot("receipt-constancy")
        file = taken(page, row.get_by_role("button", name="Descargar constancia"), tmp_path)

        read = receipt.parse(file.read_text())
        opened = read.verify(Policy.parse(policy_of(casehub)))
        event = json.loads(read.payload or b"")
        assert event["kind"] == "messaging.message.accepted"
        assert file.name == f"acts-{event['at'][:4]}-{read.proof.index}.tlog-proof"
        assert opened.checkpoint.origin.startswith("audit.")
        said = casehub.place.manage("audit", "receipt", str(file))
        assert f"Entry {read.proof.index} of {opened.checkpoint.origin}" in said
        assert person.complaints == []


@pytest.fixture
def rolled_back(
    sit_down: SitDown, casehub: CaseHub, tmp_path: Path
) -> tuple[Prosecutor, Path, str]:
    """A person at their browser, after the whole installation was put back to an older state."""
    person = sit_down("sv.enlace1")
    person.sign_in_with_code(PASSWORD)
    reference = person.open_case(["Honduras"], "Caso repuesto")
    person.open_thread("Oficios")
    person.write("Antes de la copia.")
    is_settled(person, "Antes de la copia.")
    policy = tmp_path / "policy"
    policy.write_text(policy_of(casehub))
    server = casehub.processes[0]
    older = tmp_path / "older"
    server.stop()
    shutil.copytree(casehub.place.data, older)
    server.start()
    expect(person.page.get_by_text("En línea").first).to_be_visible(timeout=SLOW)
    person.write("Después de la copia.")
    is_settled(person, "Después de la copia.")
    person.page.reload()  # what was seen last is what is kept
    is_settled(person, "Después de la copia.")
    time.sleep(2)  # the look that a reload begins
    server.stop()
    shutil.rmtree(casehub.place.data)
    shutil.copytree(older, casehub.place.data)  # database, keys and anchor
    server.start()
    person.page.reload()
    return person, policy, reference


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestAnInstallationPutBack:
    """The anchor was restored with it: only who remembers can tell."""

    def test_is_noticed_and_leaves_evidence_that_others_can_judge(
        self, rolled_back: tuple[Prosecutor, Path, str], casehub: CaseHub, tmp_path: Path
    ) -> None:
        person, policy, reference = rolled_back
        page = person.page
        alarm = page.get_by_role("alert", name="Alarma de la bitácora pública")
        expect(alarm).to_contain_text("menos asientos de los que ya había firmado", timeout=SLOW)
        file = taken(page, alarm.get_by_role("button", name="Descargar la prueba"), tmp_path)
        evidence = json.loads(file.read_text())
        believed = Policy.parse(policy.read_text())
        sizes = [believed.open(evidence[which]).checkpoint.size for which in ("before", "after")]
        assert sizes[0] > sizes[1]
        assert Note.parse(evidence["before"]).text.split("\n")[0] == evidence["origin"]
        assert judged(file, policy)["shows"] == "rollback"

        # On every page, also where nobody is signed in, and after a reload.
        for name, scheme in LOOKS.items():
            page.set_viewport_size(scheme["viewport"])
            page.emulate_media(color_scheme=scheme["color_scheme"])
            at_constancy(page)
            expect(alarm).to_be_visible()
            page.wait_for_timeout(300)
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
            person.shot(f"receipt-alarm-{name}")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.reload()
        expect(alarm).to_be_visible()

        # Nobody is let in while it lasts; what shuts out or is only written goes on.
        page.get_by_role("link", name="Expedientes").first.click()
        page.get_by_role("link", name=reference).first.click()
        page.get_by_role("button", name="Agregar persona").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio").first.check()
        dialog.get_by_role("button", name="Continuar").click()
        dialog.get_by_role("button", name="Agregar a").click()
        expect(dialog.get_by_text("No agregue personas ni equipos").first).to_be_visible()
        person.shot("receipt-refused")
        page.keyboard.press("Escape")

        # The log goes on from the older state, beyond what was signed: now it contradicts itself.
        for _ in range(40):
            with urllib.request.urlopen(f"{casehub.url}/api/log", timeout=10) as answer:
                acts = next(one for one in json.load(answer) if one["name"].startswith("acts"))
            if acts["size"] > sizes[0]:
                break
            page.reload()
            page.wait_for_timeout(1_000)
        expect(alarm).to_contain_text("dos historias que se contradicen", timeout=90_000)
        file = taken(page, alarm.get_by_role("button", name="Descargar la prueba"), tmp_path)
        said = judged(file, policy)
        assert (said["shows"], said["code"]) == ("contradiction", 1)
        person.sign_out()
        expect(alarm).to_be_visible()
        assert violations(page) == []

    def test_is_believed_anew_only_by_a_persons_decision(
        self, rolled_back: tuple[Prosecutor, Path, str]
    ) -> None:
        person, _, _ = rolled_back
        page = person.page
        alarm = page.get_by_role("alert", name="Alarma de la bitácora pública")
        expect(alarm).to_be_visible(timeout=SLOW)
        section = at_constancy(page)
        section.get_by_role("button", name="Confiar de nuevo desde cero").click()
        dialog = page.get_by_role("dialog")
        person.shot("receipt-anew")
        dialog.get_by_role("button", name="Olvidar y confiar").click()
        expect(alarm).to_be_hidden()
        page.reload()
        expect(section).to_be_visible()
        expect(alarm).to_be_hidden()
