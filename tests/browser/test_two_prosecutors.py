"""Two prosecutors of two States talk, end to end encrypted, in two real browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD

TITLE = "Ruta La Hachadura"
THREAD = "Registros bancarios"
SitDown = Callable[..., Prosecutor]


@pytest.fixture
def talking(sit_down: SitDown) -> tuple[Prosecutor, Prosecutor, str]:
    """SV signed in by passkey, MX by code; a case and a thread that both read."""
    salvador, mexico = sit_down("sv.enlace1"), sit_down("mx.enlace1")
    salvador.plug_in_authenticator()
    salvador.sign_in_with_code(PASSWORD)
    salvador.add_passkey("Portátil de la oficina")
    salvador.sign_out()
    salvador.sign_in_with_passkey()
    mexico.sign_in_with_code(PASSWORD)
    reference = salvador.open_case(["México"], TITLE)
    salvador.open_thread(THREAD)
    sentence = salvador.add_person(mexico.name(), thread=THREAD)
    assert "México" in sentence
    assert mexico.name() in sentence
    mexico.go_to(reference, THREAD)
    expect(mexico.page.get_by_label("Mensaje cifrado")).to_be_enabled()
    return salvador, mexico, reference


@pytest.mark.browser
@pytest.mark.timeout(300)
class TestTwoProsecutors:
    """The main path, and what a bad day does to it."""

    def test_talk_reload_go_offline_use_a_second_tab_and_part(
        self, talking: tuple[Prosecutor, Prosecutor, str]
    ) -> None:
        salvador, mexico, reference = talking
        # both ways, in real time
        salvador.write("Buenos días desde San Salvador")
        mexico.reads("Buenos días desde San Salvador")
        mexico.write("Recibido en Ciudad de México")
        salvador.reads("Recibido en Ciudad de México")
        salvador.shot("thread")
        mexico.shot("thread-mx")

        # reload: nothing lost, nothing doubled, and a draft is still there
        mexico.page.get_by_label("Mensaje cifrado").fill("Un borrador sin enviar")
        expect(mexico.page.get_by_text("Borrador guardado en este equipo")).to_be_visible()
        mexico.page.reload()
        mexico.reads("Buenos días desde San Salvador")
        mexico.reads("Recibido en Ciudad de México")
        expect(mexico.page.get_by_label("Mensaje cifrado")).to_have_value("Un borrador sin enviar")
        mexico.page.get_by_label("Mensaje cifrado").fill("")

        # offline and back: what was written meanwhile on both sides arrives once
        mexico.context.set_offline(True)
        expect(mexico.page.get_by_text("Sin conexión").first).to_be_visible()
        mexico.write("Escrito sin conexión")
        salvador.write("Escrito mientras tanto")
        mexico.shot("offline")
        mexico.context.set_offline(False)
        salvador.reads("Escrito sin conexión")
        mexico.reads("Escrito mientras tanto")

        # a second tab of the same person: both read, both write, nothing twice
        second = mexico.new_tab()
        second.goto(mexico.page.url)
        mexico.reads("Escrito sin conexión", second)
        salvador.write("¿Lo ven las dos pestañas?")
        mexico.reads("¿Lo ven las dos pestañas?")
        mexico.reads("¿Lo ven las dos pestañas?", second)
        mexico.write("Desde la primera")
        mexico.reads("Desde la primera", second)
        salvador.reads("Desde la primera")

        # the same order for everyone
        assert salvador.texts() == mexico.texts() == mexico.texts(second)
        assert len(salvador.texts()) == 6

        # removed: the open page loses the thread at once, the next message is not theirs to read
        salvador.remove_person(mexico.name())
        gone = f"Ya no participa en el expediente {reference}"
        expect(mexico.page.get_by_role("heading", name=gone)).to_be_visible()
        mexico.shot("removed")
        salvador.write("Solo para El Salvador")
        mexico.page.wait_for_timeout(1500)
        assert "Solo para El Salvador" not in mexico.page.inner_text("body")
        mexico.page.reload()
        mexico.page.wait_for_timeout(1500)
        assert "Solo para El Salvador" not in mexico.page.inner_text("body")

        assert salvador.complaints == []
        assert mexico.complaints == []


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["full"], indirect=True)
class TestACaseThatTheSeedOpened:
    """Reference, States and people are there; only a browser can make its title."""

    def test_gets_its_title_from_its_owner_and_its_guest_reads_it(self, sit_down: SitDown) -> None:
        owner, guest = sit_down("mx.enlace1"), sit_down("us.enlace1")
        guest.sign_in_with_code(PASSWORD)
        owner.sign_in_with_code(PASSWORD)
        owner.page.get_by_role("link", name="MX-2026-0001").first.click()
        owner.page.get_by_role("button", name="Poner título").click()
        dialog = owner.page.get_by_role("dialog")
        expect(dialog.get_by_text(guest.name())).to_be_visible()
        dialog.get_by_label("Título").fill(TITLE)
        dialog.get_by_role("button", name="Cifrar y guardar").click()
        expect(owner.page.get_by_text(TITLE).first).to_be_visible()
        expect(guest.page.get_by_text(TITLE).first).to_be_visible()

        # and a member of the case is let into a thread that was opened without them
        owner.open_thread(THREAD)
        sentence = owner.add_person(guest.name(), thread=THREAD)
        assert "ya está en el expediente" in sentence
        guest.go_to("MX-2026-0001", THREAD)
        owner.write("Ahora sí lo lee")
        guest.reads("Ahora sí lo lee")
        assert owner.complaints == guest.complaints == []
