"""Nothing that a person types reaches the server readable: a hunt through all that it wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest
import redis
from playwright.sync_api import expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary, hunt
from tests.servers.casehub_server import CaseHub
from tests.servers.configurations import Configuration, Full

PLACES = (
    "title", "thread", "message", "second", "draft", "offline", "casesearch", "threadsearch",
    "peoplesearch", "threadpeople", "directory", "demosearch", "account", "password", "code",
    "recovery", "passkey", "fragment", "query", "reply", "phone", "contact",
    "device", "enrolment", "search", "edit", "answer", "mention", "pinnote", "resolved", "reopened",
    "terms", "onward", "leave", "noleave",
)  # fmt: skip


def places_on_disk(configuration: Configuration, casehub: CaseHub) -> list[Path]:
    """Flush what servers hold and return every folder that they write to."""
    folders = [casehub.place.data]
    if isinstance(configuration, Full):
        name = casehub.place.settings["DATABASE_URL"].rsplit("/", 1)[1]
        with psycopg.connect(
            host=str(configuration.postgres.folder), dbname=name, autocommit=True
        ) as connection:
            connection.execute("CHECKPOINT")
        redis.Redis.from_url(configuration.valkey.url).save()
        folders += [configuration.postgres.folder, configuration.valkey.folder]
    return folders


@pytest.mark.browser
@pytest.mark.timeout(400)
class TestNothingTypedIsReadable:
    """Canaries everywhere a person can type."""

    def test_in_database_write_ahead_log_redis_dump_logs_and_output(
        self,
        configuration: Configuration,
        casehub: CaseHub,
        sit_down: Callable[..., Prosecutor],
    ) -> None:
        typed = {place: canary(place) for place in PLACES}
        person, other = sit_down("hn.enlace1"), sit_down("pa.enlace1")
        page = person.page
        page.goto(f"{person.url}/#{typed['fragment']}")
        page.get_by_label("Buscar persona o Estado").fill(typed["demosearch"])
        self._fail_to_sign_in(person, typed)
        self._fail_to_enrol(person, typed)
        other.sign_in_with_code(PASSWORD)
        person.plug_in_authenticator()
        person.sign_in_with_code(PASSWORD)
        person.add_passkey(typed["passkey"])
        page.get_by_role("button", name="Cambiar nombre de").click()
        page.get_by_label("Nombre de este equipo").fill(typed["device"])
        page.get_by_role("button", name="Guardar nombre").click()
        expect(page.get_by_text(typed["device"])).to_be_visible()

        reference = person.open_case(["Panamá"], typed["title"])
        person.open_thread(typed["thread"])
        page.get_by_role("button", name="Agregar persona").first.click()
        box = page.get_by_role("dialog").get_by_placeholder("Buscar persona")
        if box.count():
            box.fill(typed["peoplesearch"])
        page.keyboard.press("Escape")
        person.add_person(other.name(), thread=typed["thread"])
        page.get_by_role("button", name="Abrir hilo").first.click()
        page.get_by_role("dialog").get_by_label("Nombre del hilo").fill(typed["threadpeople"])
        page.keyboard.press("Escape")
        person.write(typed["message"])
        other.go_to(reference, typed["thread"])
        other.reads(typed["message"])
        other.write(typed["reply"])
        person.reads(typed["reply"])
        self._act_on_messages(person, other, typed)
        person.context.set_offline(True)
        person.write(typed["offline"])
        person.context.set_offline(False)
        other.reads(typed["offline"])
        page.get_by_label("Mensaje cifrado").fill(typed["draft"])
        expect(page.get_by_text("Borrador guardado en este equipo")).to_be_visible()
        self._search(person, typed)
        self._give_contact(person, typed)
        page.goto(f"{person.url}/expedientes?q={typed['query']}")
        page.wait_for_timeout(500)

        hits = hunt(places_on_disk(configuration, casehub), typed.values())
        assert hits == []
        # The positive control: the same hunter, over the same folders, finds what is there.
        control = canary("control")
        with httpx.Client(base_url=casehub.url) as client:
            client.get("/api/session")
        (casehub.place.data / "planted.log").write_text(f"GET /?q={control}", encoding="utf-8")
        found = hunt(places_on_disk(configuration, casehub), [control])
        assert found == ["control: plain in planted.log"]

    def _act_on_messages(
        self, person: Prosecutor, other: Prosecutor, typed: dict[str, str]
    ) -> None:
        """Quote, mention, edit and pin; what was said before the edit was a canary, too."""
        person.write(typed["second"])
        other.act(typed["message"], "Responder con cita")
        other.write(typed["answer"])
        expect(person.article(typed["answer"])).to_contain_text(typed["message"])
        field = person.page.get_by_label("Mensaje cifrado")
        field.fill(f"@{typed['mention']}")
        field.fill("")
        name = other.name()
        field.press_sequentially(f"@{name[:3]}")
        field.press("Enter")
        person.write(f"@{name} {typed['mention']}")
        person.act(typed["second"], "Editar")
        edited = person.page.get_by_label("Nuevo texto del mensaje")
        edited.fill(typed["edit"])
        edited.press("Enter")
        other.reads(typed["edit"])
        person.act(typed["edit"], "Fijar")
        dialog = person.page.get_by_role("dialog")
        dialog.get_by_label("Para qué se fija").fill(typed["pinnote"])
        dialog.get_by_role("button", name="Fijar", exact=True).click()
        expect(other.page.get_by_text("fijó un mensaje")).to_be_visible()
        self._settle(person, other, typed)
        self._hold_back(person, other, typed)

    def _hold_back(self, person: Prosecutor, other: Prosecutor, typed: dict[str, str]) -> None:
        """Give information under terms, ask for leave to use it elsewhere, and refuse that."""
        page = person.page
        page.locator("summary", has_text="Código de manejo").click()
        page.get_by_label("Con condiciones").check()
        page.get_by_label("Qué condiciones").fill(typed["terms"])
        person.write(typed["onward"])
        expect(other.article(typed["onward"])).to_contain_text(typed["terms"])
        other.article(typed["onward"]).get_by_role("button", name="Iniciar solicitud").click()
        dialog = other.page.get_by_role("dialog")
        dialog.get_by_label("Para qué lo necesita").fill(typed["leave"])
        dialog.get_by_role("button", name="Pedir permiso").click()
        expect(page.get_by_text(typed["leave"])).to_be_visible()
        page.get_by_role("button", name="Negar…").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Por qué no").fill(typed["noleave"])
        dialog.get_by_role("button", name="Negar el permiso").click()
        expect(other.page.get_by_text(typed["noleave"])).to_be_visible()

    def _settle(self, person: Prosecutor, other: Prosecutor, typed: dict[str, str]) -> None:
        """Resolve the thread and reopen it, each with a reason for its readers."""
        for name, field in (("Resolver", "resolved"), ("Reabrir", "reopened")):
            person.page.get_by_role("button", name=name, exact=True).click()
            dialog = person.page.get_by_role("dialog")
            dialog.get_by_label("Motivo").fill(typed[field])
            dialog.get_by_role("button", name=name, exact=True).click()
            expect(other.page.get_by_text(typed[field]).first).to_be_visible()

    def _fail_to_enrol(self, person: Prosecutor, typed: dict[str, str]) -> None:
        """Type a code of enrolment that is none."""
        page = person.page
        page.goto(f"{person.url}/alta")
        page.get_by_label("Código").fill(typed["enrolment"])
        page.get_by_role("button", name="Continuar").click()
        expect(page.locator(".failure")).to_be_visible()
        page.goto(person.url)

    def _fail_to_sign_in(self, person: Prosecutor, typed: dict[str, str]) -> None:
        """Type into every box of the sign-in page, wrongly."""
        page = person.page
        page.get_by_label("Cuenta", exact=True).fill(typed["account"])
        page.get_by_label("Contraseña").fill(typed["password"])
        page.get_by_role("button", name="Continuar").click()
        alert = page.get_by_role("alert")
        expect(alert.filter(has_text="wrong-credentials")).to_be_visible()
        page.get_by_label("Cuenta", exact=True).fill(person.account)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Continuar").click()
        page.get_by_label("Código de seis cifras").fill(typed["code"])
        page.get_by_role("button", name="Entrar", exact=True).click()
        page.get_by_role("button", name="Usar un código de recuperación").click()
        page.get_by_label("Código de recuperación").fill(typed["recovery"])
        page.get_by_role("button", name="Entrar", exact=True).click()
        refused = re.compile("wrong-code|code-throttled|bad-frame")
        expect(alert.filter(has_text=refused)).to_be_visible()
        page.get_by_role("button", name="Empezar de nuevo").click()
        expect(page.get_by_role("button", name="Entrar con llave de acceso")).to_be_visible()

    def _give_contact(self, person: Prosecutor, typed: dict[str, str]) -> None:
        """Say how one is reached: the server can read it and keeps it in a sealed column alone."""
        page = person.page
        page.get_by_role("link", name="Directorio").first.click()
        page.get_by_label("Buscar en el directorio").fill(person.name())
        page.locator("[data-row]").get_by_text(person.name()).first.click()
        for _ in range(2):  # the second time the first must be gone
            page.get_by_role("button", name="Cambiar contacto").click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_label("Teléfono").fill(typed["phone"])
            dialog.get_by_label("Indicación").fill(typed["contact"])
            dialog.get_by_role("button", name="Guardar contacto").click()
            expect(dialog).to_be_hidden()
        page.get_by_role("button", name="Ver contacto").click()
        expect(page.get_by_text(typed["phone"])).to_be_visible()

    def _search(self, person: Prosecutor, typed: dict[str, str]) -> None:
        """Type into every search box behind the sign-in."""
        page = person.page
        box = page.get_by_label("Buscar hilo")
        if box.count():
            box.fill(typed["threadsearch"])
        page.get_by_role("link", name="Directorio").first.click()
        page.get_by_label("Buscar en el directorio").fill(typed["directory"])
        page.get_by_role("link", name="Expedientes").first.click()
        page.get_by_role("link", name="Buscar", exact=True).first.click()
        page.get_by_label("Buscar en los mensajes").fill(typed["search"])
        expect(page.get_by_text("No está en este equipo")).to_be_visible()
        page.get_by_label("Buscar en los mensajes").fill(typed["message"])
        expect(page.locator("mark").first).to_be_visible()
        page.get_by_role("link", name="Expedientes").first.click()
        box = page.get_by_label("Buscar expediente")
        if box.count():
            box.fill(typed["casesearch"])
