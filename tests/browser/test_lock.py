"""A page that is locked, its profile on the disk, and what a copy of that profile is worth."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import samples
from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.hunter import canary
from tests.browser.profiles import at_profile, carried, in_memory, traces
from tests.browser.test_files import choose, send
from tests.browser.test_preview import JPEG, close, frame_of, look_at
from tests.browser.test_said import clean, say
from tests.servers.casehub_server import CaseHub

SitDown = Callable[..., Prosecutor]
ACCOUNT = "sv.enlace1"
PLACES = (
    "title", "thread", "said", "reply", "edit", "pin", "draft", "last", "search",
    "quoting", "terms", "file", "exif", "subject", "told", "asked", "unsent",
)  # fmt: skip
LOCKED = "bloqueó esta página"
# Every record of every store of the page's own origin, as text.
STORED = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const table of db.objectStoreNames) {
      const rows = await new Promise((done) => {
        const asked = db.transaction(table).objectStore(table).getAll();
        asked.onsuccess = () => done(asked.result);
      });
      for (const { key, bytes } of rows) {
        found.push(`${name} ${key} ${new TextDecoder('latin1').decode(bytes)}`);
      }
    }
    db.close();
  }
  return found;
}"""
ASK_FOR_THE_SHARE = """async () => {
  const token = /csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
  const body = JSON.stringify({ install: crypto.randomUUID() });
  const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': token };
  return (await fetch('/api/unlock-share', { method: 'POST', headers, body })).status;
}"""


def sign_in_again(person: Prosecutor) -> None:
    """Where the page stands, without going elsewhere."""
    page = person.page
    page.get_by_label("Cuenta", exact=True).fill(person.account)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Código de seis cifras").fill(person.present_code())
    page.get_by_role("button", name="Entrar", exact=True).click()


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestLocking:
    """By one key chord: from the screen, the memory, the other tabs and the disk."""

    def test_leaves_nothing_readable_here_and_a_copied_profile_opens_nothing(
        self, browser: Browser, casehub: CaseHub, sit_down: SitDown, tmp_path: Path
    ) -> None:
        typed = {place: canary(place) for place in PLACES}
        boris = sit_down("mx.enlace1")
        boris.sign_in_with_code(PASSWORD)
        home = tmp_path / "home"
        with at_profile(browser, home, casehub.urls[-1], ACCOUNT) as ana:
            ana.sign_in_with_code(PASSWORD)
            reference = self._work(ana, boris, typed)
            self._gives_under_terms(ana, boris, typed)
            self._sends_a_photograph(ana, boris, tmp_path, typed)
            self._tells_another_state(ana, typed)
            ana.go_to(reference, typed["thread"])
            live = carried(home, tmp_path / "live")
            self._lock(ana, typed)
            self._unlock(ana, typed)
            ana.page.evaluate("name => localStorage.setItem('control', name)", canary("control"))
            ana.page.keyboard.press("Alt+Shift+L")
            expect(ana.page.get_by_text(LOCKED)).to_be_visible()
            control = ana.page.evaluate("localStorage.getItem('control')")
            place = ana.page.url
            assert ana.complaints == []
        assert traces(home, typed) == []
        # The positive control: the same search over the same folder finds what is there.
        assert traces(home, {"control": control}) != []
        old = carried(home, tmp_path / "old")
        self._opens_nothing(browser, live, place, typed)
        self._opens_nothing(browser, old, place, typed)
        self._is_noticed_before_it_sends(browser, home, old, place, boris)

    def _work(self, ana: Prosecutor, boris: Prosecutor, typed: dict[str, str]) -> str:
        reference = ana.open_case(["México"], typed["title"])
        ana.open_thread(typed["thread"])
        ana.add_person(boris.name(), thread=typed["thread"])
        boris.go_to(reference, typed["thread"])
        say(ana, typed["said"])
        boris.reads(typed["said"])
        boris.write(typed["reply"])
        ana.reads(typed["reply"])
        ana.act(typed["said"], "Editar")
        edit = ana.page.get_by_label("Nuevo texto del mensaje")
        edit.fill(typed["edit"])
        edit.press("Enter")
        boris.reads(typed["edit"])
        ana.act(typed["edit"], "Fijar")
        dialog = ana.page.get_by_role("dialog")
        dialog.get_by_label("Para qué se fija").fill(typed["pin"])
        dialog.get_by_role("button", name="Fijar", exact=True).click()
        expect(boris.page.get_by_text("fijó un mensaje")).to_be_visible()
        return reference

    def _gives_under_terms(self, ana: Prosecutor, boris: Prosecutor, typed: dict[str, str]) -> None:
        """An answer that quotes what was said, with conditions for whoever reads it."""
        page = ana.page
        ana.act(typed["reply"], "Responder con cita")
        page.locator("summary", has_text="Código de manejo").press("Enter")
        page.get_by_label("Con condiciones").press("Space")
        page.get_by_label("Qué condiciones").fill(typed["terms"])
        page.keyboard.press("Escape")
        say(ana, typed["quoting"])
        for person in (ana, boris):
            answer = person.article(typed["quoting"])
            expect(answer.locator("blockquote")).to_contain_text(typed["reply"])
            expect(answer).to_contain_text(typed["terms"])

    def _sends_a_photograph(
        self, ana: Prosecutor, boris: Prosecutor, folder: Path, typed: dict[str, str]
    ) -> None:
        """With all that its camera wrote, looked at where it was sent."""
        page, photograph = ana.page, folder / f"{typed['file']}.jpg"
        plain = base64.b64decode(page.evaluate(JPEG))
        inside = samples.exif(place=True, said=typed["exif"])
        photograph.write_bytes(plain[:2] + inside + plain[2:])
        choose(page, photograph)
        page.get_by_role("dialog").get_by_role("button", name="Adjuntar").click()
        expect(page.get_by_text("Listo para enviar")).to_be_visible(timeout=SLOW)
        send(ana)
        # by its author as soon as the server has it
        expect(page.get_by_role("button", name=f"Ver {photograph.name}")).to_be_enabled()
        look_at(ana, photograph.name)
        expect(frame_of(page).locator("canvas")).to_be_visible(timeout=SLOW)
        close(ana, photograph.name)
        expect(boris.page.get_by_role("button", name=f"Ver {photograph.name}")).to_be_visible()

    def _tells_another_state(self, ana: Prosecutor, typed: dict[str, str]) -> None:
        """First-line information: a note that is sent, and one that is being written."""
        page = ana.page
        dialog = page.get_by_role("dialog")
        page.get_by_role("button", name="Enviar un aviso").press("Enter")
        dialog.get_by_role("checkbox").first.press("Space")
        dialog.get_by_label("Asunto").fill(typed["subject"])
        dialog.get_by_label("Qué se sabe").fill(typed["told"])
        dialog.get_by_label("Qué se pide").fill(typed["asked"])
        dialog.get_by_role("button", name="Enviar el aviso").press("Enter")
        expect(dialog).to_be_hidden(timeout=SLOW)
        expect(page.get_by_role("link", name=re.compile(typed["subject"]))).to_be_visible()
        page.go_back()
        page.get_by_role("button", name="Enviar un aviso").press("Enter")
        dialog.get_by_label("Qué se sabe").fill(typed["unsent"])
        dialog.get_by_role("button", name="Cancelar").press("Enter")
        expect(dialog).to_be_hidden()

    def _lock(self, ana: Prosecutor, typed: dict[str, str]) -> None:
        """With a second tab that searches, and in the middle of a word."""
        page, name = ana.page, ana.name()
        other = ana.new_tab()
        other.goto(f"{ana.url}/buscar")
        other.get_by_label("Buscar en los mensajes").fill(typed["search"])
        expect(other.get_by_role("heading", name="No está en este equipo")).to_be_visible()
        page.bring_to_front()
        field = page.get_by_label("Mensaje cifrado")
        field.fill(typed["draft"])
        here = {"said", "reply", "edit", "draft", "quoting", "terms", "file"}
        assert set(in_memory(page, typed)) >= here
        where = page.url
        page.keyboard.press("Alt+Shift+L")
        for tab in (page, other):
            expect(tab.get_by_text(f"{name} {LOCKED}")).to_be_visible(timeout=SLOW)
            expect(tab.get_by_role("heading", name="Bloqueado")).to_be_focused()
            assert not any(text in tab.content() for text in typed.values())
            assert in_memory(tab, typed) == []
        assert page.url == where
        clean(ana, "locked")
        other.close()

    def _unlock(self, ana: Prosecutor, typed: dict[str, str]) -> None:
        sign_in_again(ana)
        field = ana.page.get_by_label("Mensaje cifrado")
        expect(field).to_have_value(typed["draft"], timeout=SLOW)
        ana.reads(typed["quoting"])
        expect(ana.article(typed["quoting"])).to_contain_text(typed["reply"])
        field.fill("")
        say(ana, typed["last"])

    def _opens_nothing(
        self, browser: Browser, folder: Path, place: str, typed: dict[str, str]
    ) -> None:
        """Elsewhere, with all that the disk had, the cookies among it."""
        with at_profile(browser, folder, place, ACCOUNT) as thief:
            thief.page.goto(place)
            expect(
                thief.page.get_by_role("button", name="Entrar con llave de acceso")
            ).to_be_visible(timeout=SLOW)
            assert thief.page.evaluate(ASK_FOR_THE_SHARE) in {401, 403}
            stored = thief.page.evaluate(STORED)
            assert any("/line/" in row or " line/" in row for row in stored)
            assert not any(text.split("-")[2] in row for text in typed.values() for row in stored)

    def _is_noticed_before_it_sends(
        self, browser: Browser, home: Path, old: Path, place: str, boris: Prosecutor
    ) -> None:
        """Somebody goes on, and then works with the profile of before."""
        with at_profile(browser, home, place.split("/expedientes", maxsplit=1)[0], ACCOUNT) as ana:
            ana.page.goto(place)
            sign_in_again(ana)
            say(ana, "Dicho después de la copia")
            boris.reads("Dicho después de la copia")
            ana.page.keyboard.press("Alt+Shift+L")
            expect(ana.page.get_by_text(LOCKED)).to_be_visible()
        back = boris.page.get_by_text("volvió a sincronizarse")
        expect(back).to_have_count(0)
        with at_profile(browser, old, place.split("/expedientes", maxsplit=1)[0], ACCOUNT) as ana:
            ana.page.goto(place)
            sign_in_again(ana)
            say(ana, "Dicho con el perfil de antes")
            # First it comes back into the group, by a commit that the log has to have.
            late = boris.article("Dicho con el perfil de antes")
            expect(late).to_have_count(1, timeout=SLOW)
            expect(back).to_have_count(1)
            order = boris.page.locator("main").inner_text()
            assert order.index("volvió a sincronizarse") < order.index("perfil de antes")
