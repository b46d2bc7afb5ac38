"""One's own account: another code generator, other sessions ended, and the account closed."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Callable

import pytest
from django_otp.oath import totp
from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.servers.casehub_server import CaseHub

SitDown = Callable[..., Prosecutor]
AT_ONCE = 5_000  # ms within which a page must be cut off
SECRET = re.compile(r"[A-Z2-7]{32}")
ENDED = "Su sesión terminó."


def section(page: Page, title: str) -> Locator:
    """Return a part of the page Cuenta."""
    return page.get_by_role("region", name=title)


def at_account(person: Prosecutor) -> Page:
    """Go to Cuenta."""
    person.page.get_by_role("link", name="Cuenta").first.click()
    expect(person.page.get_by_role("heading", name="Cuenta", level=1)).to_be_visible()
    return person.page


def code_of(secret: str, *, later: int = 0) -> str:
    """Compute what an application with this secret shows, now or in `later` steps of 30 s."""
    return f"{totp(b32decode(secret), drift=later):06d}"


class Wires:
    """The sockets of a page, and whether they are cut."""

    def __init__(self, page: Page) -> None:
        self.open: set[WebSocket] = set()
        page.on("websocket", self._opened)

    def _opened(self, wire: WebSocket) -> None:
        self.open.add(wire)
        wire.on("close", lambda _: self.open.discard(wire))


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestAnotherCodeGenerator:
    """Set up from the secret on the page, by hand."""

    def test_opens_the_account_from_then_on_and_its_secret_stays_nowhere(
        self, sit_down: SitDown, casehub: CaseHub
    ) -> None:
        person = sit_down("mx.enlace1")
        person.sign_in_with_code(PASSWORD)
        page = at_account(person)
        page.get_by_role("button", name="Cambiar de aplicación").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Mostrar el código QR").click()
        expect(dialog.get_by_role("img", name=re.compile("^Código QR"))).to_be_visible()
        found = SECRET.search(re.sub(r"\s", "", dialog.inner_text()))
        assert found is not None
        secret = found[0]
        person.shot("code-generator")

        # what the new application does not show counts for nothing
        dialog.get_by_label("Código de la aplicación nueva").fill(code_of(secret, later=40))
        dialog.get_by_role("button", name="Confirmar aplicación").click()
        expect(dialog.get_by_text("El código no es el que muestra ahora")).to_be_visible()

        dialog.get_by_label("Código de la aplicación nueva").fill(code_of(secret))
        dialog.get_by_role("button", name="Confirmar aplicación").click()
        expect(dialog).to_be_hidden()
        expect(page.get_by_text("Aplicación de códigos confirmada")).to_be_visible()
        assert secret not in re.sub(r"\s", "", page.content())

        person.sign_out()
        page.get_by_label("Cuenta", exact=True).fill(person.account)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Continuar").click()
        page.get_by_label("Código de seis cifras").fill(code_of(secret, later=1))
        page.get_by_role("button", name="Entrar", exact=True).click()
        expect(section(page, "Aplicación de códigos")).to_be_visible()

        kept = [file.read_bytes() for file in casehub.place.data.rglob("*") if file.is_file()]
        assert len(kept) > 1
        raw = b32decode(secret)
        for trace in (secret.encode(), raw, raw.hex().encode()):
            assert not any(trace in content for content in kept)
        # the browser itself notes the one refusal
        assert ["403 (Forbidden)" in complaint for complaint in person.complaints] == [True]


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestOpenSessions:
    """One person at two browsers."""

    def test_are_listed_and_the_other_one_is_cut_off_at_once(self, sit_down: SitDown) -> None:
        office, home = sit_down("mx.enlace1"), sit_down("mx.enlace1")
        wires = Wires(home.page)
        home.sign_in_with_code(PASSWORD)
        office.sign_in_with_code(PASSWORD)
        assert wires.open
        page = at_account(office)
        rows = section(page, "Sesiones abiertas").get_by_role("listitem")
        expect(rows).to_have_count(2)
        expect(rows.filter(has_text="esta sesión")).to_have_count(1)
        expect(rows.filter(has_text="Equipo")).to_have_count(2)
        expect(rows.filter(has_text="Último uso")).to_have_count(2)
        rows.last.scroll_into_view_if_needed()
        office.shot("sessions")

        rows.get_by_role("button", name=re.compile("^Cerrar la sesión abierta el")).click()
        expect(home.page.get_by_text(ENDED)).to_be_visible(timeout=AT_ONCE)
        assert wires.open == set()
        status = home.page.evaluate("async () => (await fetch('/api/cases')).status")
        assert status == 401
        expect(rows).to_have_count(1)
        expect(page.get_by_text("No hay otras sesiones abiertas.")).to_be_visible()
        expect(page.get_by_text("En línea").first).to_be_visible()
        assert office.complaints == home.complaints == []


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestClosingTheAccount:
    """For good: nobody gets in, and nothing is encrypted to that person any more."""

    def test_shuts_its_person_out_everywhere_and_the_others_go_on(self, sit_down: SitDown) -> None:
        salvador, mexico = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        elsewhere = sit_down("mx.enlace1")
        salvador.sign_in_with_code(PASSWORD)
        mexico.sign_in_with_code(PASSWORD)
        elsewhere.sign_in_with_code(PASSWORD)
        reference = salvador.open_case(["México"], "Ruta de ensayo")
        salvador.open_thread("Registros")
        ramiro = mexico.name()
        salvador.add_person(ramiro, thread="Registros")
        mexico.go_to(reference, "Registros")
        salvador.write("Antes")
        mexico.reads("Antes")

        page = at_account(mexico)
        page.get_by_role("button", name="Cerrar mi cuenta").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Para confirmar, escriba: definitivo").fill("definitivo")
        mexico.shot("close-account")
        dialog.get_by_role("button", name="Cerrar la cuenta").click()
        expect(page.get_by_text("Su cuenta quedó cerrada.")).to_be_visible()
        expect(elsewhere.page.get_by_text(ENDED)).to_be_visible(timeout=AT_ONCE)
        mexico.shot("account-closed")

        page.get_by_label("Cuenta", exact=True).fill(mexico.account)
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Continuar").click()
        expect(page.get_by_text("La cuenta o la contraseña no son correctas.")).to_be_visible()

        # The others' browsers take that person out by themselves, two to six seconds later so that
        # not all do at once, and say so.
        gone = salvador.page.get_by_text(re.compile(f"quitó a {re.escape(ramiro)}"))
        expect(gone).to_be_visible(timeout=SLOW)
        readers = salvador.page.get_by_role("complementary", name="Quién lee este hilo")
        expect(readers.get_by_text(ramiro)).to_have_count(0)
        salvador.write("Después")
        expect(salvador.article("Después").get_by_text("Recibido por el servidor")).to_be_visible()
        salvador.shot("after-closing")
        assert salvador.complaints == []
