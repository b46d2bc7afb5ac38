"""Four people of two States in one thread; one of them has nothing but a keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hands import POINTED, Keys
from tests.browser.test_files import downloaded
from tests.browser.test_said import clean, composer, say
from tests.opening import joined

SitDown = Callable[..., Prosecutor]
INDEX = "**/assets/piece-*.js"
THREAD, ASIDE = "Traslado", "Cosas aparte"
TURNED = "Tráfico \u202eoculto en <b>Danlí</b>"
ASKS = "Confirme quien vaya a la audiencia"
QUESTION, ANSWER = "¿Quién lleva el acta?", "La llevo yo"


class ByKeyboard:
    """What somebody does in cases and threads with Tab, arrows, Enter and single keys."""

    def __init__(self, person: Prosecutor) -> None:
        self.person, self.page, self.keys = person, person.page, Keys(person.page)

    def sign_in(self) -> None:
        page, keys = self.page, self.keys
        page.goto(self.person.url)
        keys.write(page.get_by_label("Cuenta", exact=True), self.person.account)
        keys.write(page.get_by_label("Contraseña"), PASSWORD)
        page.keyboard.press("Enter")
        code = page.get_by_label("Código de seis cifras")
        expect(code).to_be_visible()
        keys.write(code, self.person.present_code())
        page.keyboard.press("Enter")
        self.person.is_in()

    def open_case(self, state: str, title: str) -> str:
        """Open a case file that `state` has joined, and return its reference."""
        page, keys = self.page, self.keys
        keys.press(page.get_by_role("button", name="Abrir expediente").first)
        dialog = page.get_by_role("dialog")
        keys.write(dialog.get_by_label("Título"), title)
        keys.tick(dialog.get_by_role("checkbox", name=re.compile(state)))
        keys.press(dialog.get_by_role("button", name="Abrir expediente"))
        page.wait_for_url(re.compile(r"/expedientes/[A-Z]{2}-\d{4}-\d+"))
        reference = page.url.rpartition("/")[2]
        joined(self.person.url, reference)
        proposed = page.get_by_role("list", name="Estados propuestos")
        expect(proposed).to_have_count(0, timeout=SLOW)
        return reference

    def open_thread(self, name: str) -> None:
        page = self.page
        page.keyboard.press("n")
        dialog = page.get_by_role("dialog")
        self.keys.write(dialog.get_by_label("Nombre del hilo"), name)
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(page.get_by_role("heading", name=name)).to_be_focused()

    def let_in(self, name: str) -> None:
        """Add somebody to the thread on screen."""
        page, keys = self.page, self.keys
        keys.press(page.get_by_role("button", name="Agregar persona").first)
        dialog = page.get_by_role("dialog")
        keys.tick(dialog.get_by_role("radio", name=re.compile(name)))
        expect(dialog.get_by_role("checkbox", name=THREAD)).to_be_checked()
        keys.press(dialog.get_by_role("button", name="Continuar"))
        keys.press(dialog.get_by_role("button", name=re.compile("^Agregar a")))
        expect(dialog).to_be_hidden(timeout=SLOW)  # it waits for the log's proof

    def say(self, text: str, shown: str | None = None) -> None:
        """Type into the composer, send, and agree to who reads if that is asked."""
        page = self.page
        self.keys.write(composer(page), text)
        page.keyboard.press("Enter")
        confirm = page.get_by_role("button", name=re.compile("Confirmar y enviar"))
        message = self.person.article(shown or text)
        expect(confirm.or_(message).first).to_be_visible()
        if confirm.is_visible():
            self.keys.press(confirm)
        expect(message.first).to_be_visible()

    def attach(self, file: Path) -> None:
        page = self.page
        with page.expect_file_chooser() as asked:
            self.keys.press(page.get_by_role("button", name="Adjuntar archivo"))
        asked.value.set_files(file)
        expect(page.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)

    def quote(self, text: str) -> None:
        """Walk up the record to a message, and answer it."""
        more = self.person.article(text).get_by_role("button", name="Acciones", exact=True)
        self.keys.reach(self.page.locator("[data-more][tabindex='0']"))
        self.keys.climb(more)
        self.page.keyboard.press("Enter")
        answer = self.person.article(text).get_by_role("button", name="Responder con cita")
        self.keys.press(answer)
        expect(composer(self.page)).to_be_focused()


@pytest.mark.browser
@pytest.mark.timeout(500)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestFourPeople:
    """From the sign-in to the word that is found again, without a pointer."""

    def test_work_in_one_thread_and_one_of_them_by_keyboard_alone(
        self, sit_down: SitDown, tmp_path: Path
    ) -> None:
        ana, boris = sit_down("sv.enlace1"), sit_down("mx.enlace1")
        carla, diego = sit_down("sv.enlace2"), sit_down("mx.enlace2")
        ana.page.add_init_script(POINTED)
        hers = ByKeyboard(ana)
        hers.sign_in()
        for person in (boris, carla, diego):
            person.sign_in_with_code(PASSWORD)
        # The network is away at the moment in which the page fetches what the index is made with.
        ana.page.route(INDEX, lambda route: route.abort("internetdisconnected"))
        reference = hers.open_case("México", "Caso Río")
        hers.open_thread(ASIDE)
        hers.open_thread(THREAD)
        self._come_in(hers, reference, boris, carla, diego)
        self._talk(hers, boris, carla, diego)
        self._acknowledge(hers, [boris, carla, diego], tmp_path / "acta.txt")
        self._goes_to_what_is_unread(hers, boris)
        self._is_called(hers, diego)
        self._finds(hers)
        self._narrows(hers, boris.name())
        self._goes_there_and_back(hers, reference)
        ana.context.set_offline(True)
        hers.keys.write(ana.page.get_by_label("Buscar en los mensajes"), "danl")
        expect(ana.page.locator("mark")).to_have_text(["Danlí"])
        ana.context.set_offline(False)
        assert ana.page.evaluate("window.pointed") == 0
        for person in (ana, boris, carla, diego):
            assert person.complaints == []

    def _come_in(
        self,
        hers: ByKeyboard,
        reference: str,
        boris: Prosecutor,
        carla: Prosecutor,
        diego: Prosecutor,
    ) -> None:
        """Two of them by the keyboard, the fourth by whoever came in."""
        for person in (boris, carla):
            hers.let_in(person.name())
            person.go_to(reference, THREAD)
            expect(composer(person.page)).to_be_visible(timeout=SLOW)
        boris.add_person(diego.name(), thread=THREAD)
        diego.go_to(reference, THREAD)
        expect(composer(diego.page)).to_be_visible(timeout=SLOW)

    def _talk(
        self, hers: ByKeyboard, boris: Prosecutor, carla: Prosecutor, diego: Prosecutor
    ) -> None:
        hers.say(TURNED, "Tráfico")
        say(boris, "Los traficantes cruzan el lunes")
        boris.act("Los traficantes cruzan el lunes", "Editar")
        edit = boris.page.get_by_label("Nuevo texto del mensaje")
        edit.fill("Los traficantes cruzan el martes")
        edit.press("Enter")
        say(carla, QUESTION)
        hers.person.reads("Los traficantes cruzan el martes")
        hers.person.reads(QUESTION)
        say(diego, "Yo no")
        hers.person.reads("Yo no")
        hers.quote(QUESTION)
        hers.say(ANSWER)
        for person in (boris, carla, diego):
            quoted = person.article(ANSWER).locator("blockquote")
            expect(quoted).to_contain_text(QUESTION)

    def _acknowledge(self, hers: ByKeyboard, others: list[Prosecutor], act: Path) -> None:
        """A file goes with what is to be acknowledged; who has not is said by name."""
        act.write_text("El acta", encoding="utf-8")
        hers.attach(act)
        hers.keys.tick(hers.page.get_by_label("Pedir acuse de recibo"))
        hers.say(ASKS)
        *quick, late = others
        for person in quick:
            person.article(ASKS).get_by_role("button", name="Acusar recibo").click()
        asked = hers.person.article(ASKS)
        count = asked.locator("summary", has_text="2 de 3 han acusado recibo")
        hers.keys.press(count)
        owing = asked.get_by_text(re.compile(rf"No ha acusado recibo: .*{late.name()}.* \(MX\)"))
        expect(owing).to_be_visible()
        assert downloaded(late, act.name) == act.read_bytes()
        late.article(ASKS).get_by_role("button", name="Acusar recibo").click()
        expect(asked.get_by_text("3 de 3 han acusado recibo")).to_be_visible()
        clean(hers.person, "four-people")

    def _goes_to_what_is_unread(self, hers: ByKeyboard, boris: Prosecutor) -> None:
        """By j and k, from the thread in which nobody else is."""
        page = hers.page
        for key, text in (("j", "Sigo en la sala"), ("k", "Ya terminó")):
            hers.keys.press(page.get_by_role("link", name=ASIDE))
            expect(page.get_by_role("heading", name=ASIDE)).to_be_focused()
            say(boris, text)
            waits = page.get_by_role("link", name=THREAD)
            expect(waits).to_contain_text("sin leer", timeout=SLOW)
            page.keyboard.press(key)
            expect(page.get_by_role("heading", name=THREAD)).to_be_focused()
            hers.person.reads(text)

    def _is_called(self, hers: ByKeyboard, diego: Prosecutor) -> None:
        page = hers.page
        hers.keys.press(page.get_by_role("link", name="Bandeja").first)
        expect(page.get_by_role("heading", name="Bandeja", level=1)).to_be_focused()
        name = hers.person.name()
        composer(diego.page).focus()
        diego.page.keyboard.type(f"Ya salgo, @{name.split()[0]}")
        expect(diego.page.get_by_role("list", name="Personas que leen este hilo")).to_be_visible()
        diego.page.keyboard.press("Enter")
        expect(composer(diego.page)).to_have_value(f"Ya salgo, @{name} ")
        diego.page.keyboard.press("Enter")
        calls = page.get_by_role("region", name="Urgente, le nombran o esperan su acuse")
        expect(calls.get_by_text("le nombra", exact=True)).to_be_visible(timeout=SLOW)
        page.keyboard.press("j")
        expect(calls.get_by_role("link")).to_be_focused()
        page.keyboard.press("j")
        expect(calls.get_by_role("link")).not_to_be_focused()
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        expect(page.locator("article.sought")).to_be_focused(timeout=SLOW)
        expect(page.locator("article.sought")).to_contain_text("Ya salgo")

    def _finds(self, hers: ByKeyboard) -> None:
        page = hers.page
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_contain_text("buscar en los mensajes")
        page.keyboard.press("Escape")
        page.keyboard.press("s")
        field = page.get_by_label("Buscar en los mensajes")
        expect(field).to_be_focused()
        expect(page.get_by_text("No hay respuesta del servidor")).to_be_visible()
        page.unroute(INDEX)
        page.keyboard.type("TRAFIC")
        scope = "Busca en lo descifrado en este equipo: 9 mensajes desde"
        expect(page.get_by_text(scope)).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="2 mensajes")).to_be_visible()
        marks = page.locator("mark")
        expect(marks).to_have_text(["traficantes", "Tráfico"])
        assert page.locator("main b").count() == 0  # what is typed is no HTML
        turned = page.locator("[data-row] bdi[dir=auto]").nth(1)
        expect(turned).to_contain_text("\ufffdoculto en <b>Danlí</b>")
        assert "TRAFIC" not in page.url
        clean(hers.person, "search")

    def _narrows(self, hers: ByKeyboard, name: str) -> None:
        page, marks = hers.page, hers.page.locator("mark")
        field = page.get_by_label("Buscar en los mensajes")
        wrote = page.get_by_label("Quién lo escribió")
        his = wrote.locator("option").filter(has_text=name).get_attribute("value")
        hers.keys.choose(wrote, his or "")
        expect(marks).to_have_text(["traficantes"])
        hers.keys.write(field, "lunes")  # what it said before the edit
        expect(page.get_by_role("heading", name="No está en este equipo")).to_be_visible()
        expect(page.get_by_text("La búsqueda está limitada")).to_be_visible()
        clean(hers.person, "search-nothing")
        hers.keys.press(page.get_by_role("button", name="Quitar límites"))
        expect(field).to_be_focused()

    def _goes_there_and_back(self, hers: ByKeyboard, reference: str) -> None:
        page, marks = hers.page, hers.page.locator("mark")
        field = page.get_by_label("Buscar en los mensajes")
        hers.keys.write(field, "martes")
        expect(marks).to_have_text(["martes"])
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.locator("article.sought")).to_contain_text("cruzan el martes", timeout=SLOW)
        page.wait_for_url(re.compile(rf"/expedientes/{reference}/hilos/.+\?mensaje=\d+$"))

        page.go_back()  # which is the browser's own key
        expect(field).to_have_value("martes")
        expect(marks).to_have_text(["martes"])
        hers.keys.write(field, reference)
        listed = page.get_by_role("region", name="Por nombre, referencia o Estado")
        expect(listed.get_by_role("link").filter(has_text="Caso Río")).to_be_visible()
