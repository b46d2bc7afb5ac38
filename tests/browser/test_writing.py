"""What hands do at the page: held keys, lists that change, drafts, proofs, codes, small screens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

THREAD = "/expedientes/SV-2026-0147/hilos/t1"
BIG = "localStorage.setItem('casehub.preferences', JSON.stringify({text: '150'}))"
#  width, height and text size: a phone, and the same above its keyboard
SMALL = [(360, 640, "100"), (360, 640, "150"), (360, 330, "100"), (360, 330, "150")]


def sent(page: Page) -> list[dict[str, object]]:
    """Return what left the page, with the readers it was agreed for."""
    found: list[dict[str, object]] = page.evaluate("window.gallery.sent")
    return found


def ask(page: Page, text: str = "Va el acta.") -> Locator:
    """Type a message to readers who have changed, press Enter, and return the question."""
    field = page.get_by_label("Mensaje cifrado")
    field.fill(text)
    field.press("Enter")
    question = page.get_by_role("alertdialog")
    expect(question).to_be_visible()
    return question


@pytest.fixture
def page(browser: Browser, gallery: str) -> Iterator[Page]:
    """Return a page on the thread, on a phone."""
    context = browser.new_context(locale="es-SV", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{gallery}{THREAD}?scene=full")
    yield page
    context.close()


@pytest.mark.browser
class TestTheQuestionBeforeSending:
    def test_is_not_answered_by_a_key_that_is_held(self, page: Page) -> None:
        page.get_by_label("Mensaje cifrado").fill("Va el acta.")
        for _ in range(4):
            page.keyboard.down("Enter")  # the second and later ones count as repeats
        page.keyboard.up("Enter")
        expect(page.get_by_role("alertdialog")).to_be_visible()
        assert sent(page) == []

    def test_sends_to_whom_it_showed(self, page: Page) -> None:
        question = ask(page)
        expect(question).to_contain_text("Ellen Ward (lee desde ahora)")
        question.get_by_role("button", name="Confirmar y enviar").click()
        expect(page.get_by_label("Mensaje cifrado")).to_be_focused()
        assert sent(page) == [{"text": "Va el acta.", "readers": ["p-ma", "p-lo", "p-rc", "p-ew"]}]

    def test_is_asked_again_when_somebody_comes_in_meanwhile(self, page: Page) -> None:
        question = ask(page)
        page.evaluate("window.gallery.letIn('t1', 'p-jb')")
        confirm = question.get_by_role("button", name="Confirmar y enviar")
        expect(confirm).to_be_disabled()
        expect(question).to_contain_text("La lista acaba de cambiar")
        expect(question).to_contain_text("José Benítez (lee desde ahora)")
        confirm.click()  # waits until it can be pressed
        assert sent(page)[0]["readers"] == ["p-ma", "p-lo", "p-rc", "p-ew", "p-jb"]

    @pytest.mark.parametrize(("width", "height", "size"), SMALL)
    def test_leaves_the_text_and_its_buttons_in_sight(
        self, page: Page, width: int, height: int, size: str
    ) -> None:
        if size == "150":
            page.add_init_script(BIG)
            page.reload()
        question = ask(page)
        page.set_viewport_size({"width": width, "height": height})
        for part in (
            page.get_by_label("Mensaje cifrado"),
            question.get_by_role("button", name="Confirmar y enviar"),
            question.get_by_role("button", name="Seguir escribiendo"),
        ):
            expect(part).to_be_in_viewport(ratio=0.95)


@pytest.mark.browser
class TestANameThatLooksLikeAnothers:
    """Two persons of the thread are given names that deceive the eye."""

    NAMES = """() => {
      const names = {'p-ew': 'Lu\\u0441ía Ortega', 'p-rc': 'R\\u0430úl Chávez'};
      const people = window.gallery.view().people;
      window.gallery.become({
        people: people.map((one) => ({...one, name: names[one.id] ?? one.name})),
      });
    }"""

    def test_is_pointed_out_where_it_wrote(self, page: Page) -> None:
        page.evaluate(self.NAMES)
        hers = page.get_by_role("article").filter(has_text="Who holds the phone extraction report?")
        warned = re.compile(r"se ve igual que el de \W*Lucía Ortega\W* \(MX\), y es otra persona")
        expect(hers.get_by_text(warned)).to_be_visible()
        mixed = page.get_by_role("article").filter(has_text="preservar los registros telefónicos")
        expect(mixed.get_by_text("Este nombre mezcla letras de varios alfabetos")).to_be_visible()
        plain = page.get_by_role("article").filter(has_text="Abro este hilo")
        expect(plain.get_by_text(re.compile("se ve igual|mezcla letras"))).to_have_count(0)

    def test_is_pointed_out_where_somebody_is_mentioned(self, page: Page) -> None:
        page.evaluate(self.NAMES)
        field = page.get_by_label("Mensaje cifrado")
        field.fill("")
        field.press_sequentially("@")
        offered = page.get_by_role("list", name="Personas que leen este hilo").get_by_role("button")
        expect(offered).to_have_count(3)
        twins = offered.filter(has_text="nombre parecido al de otra persona")
        expect(twins).to_have_count(2)
        expect(twins.filter(has_text="México")).to_have_count(1)
        expect(twins.filter(has_text="Estados Unidos")).to_have_count(1)


@pytest.mark.browser
class TestTheWayToWhatIsUnread:
    def test_leads_from_a_note_to_threads_and_back_unless_somebody_types(
        self, page: Page, gallery: str
    ) -> None:
        page.goto(f"{gallery}/primera-linea/circle-n1?scene=full")
        page.get_by_role("heading", name="Camión blanco").focus()
        for key, name in (
            ("j", "Requisitos bancarios MX"),
            ("j", "Custodia de teléfonos"),
            ("k", "Requisitos bancarios MX"),
            ("k", "Camión blanco"),
        ):
            page.keyboard.press(key)
            expect(page.get_by_role("heading", name=name)).to_be_focused()
        field = page.get_by_label("Mensaje cifrado")
        field.press_sequentially("jk")
        expect(field).to_have_value("jk")


@pytest.mark.browser
class TestDraft:
    def test_of_another_tab_appears_here_while_nothing_is_typed(self, page: Page) -> None:
        field = page.get_by_label("Mensaje cifrado")
        page.evaluate("window.gallery.setDraft('t1', 'desde otra pestaña')")
        expect(field).to_have_value("desde otra pestaña")


@pytest.mark.browser
class TestProof:
    def test_is_asked_for_in_place_and_the_act_goes_on(self, page: Page, gallery: str) -> None:
        page.goto(f"{gallery}/cuenta?scene=full")
        page.get_by_role("button", name="Quitar la llave").click()
        page.get_by_role("dialog").get_by_role("button", name="Quitar la llave").click()
        code = page.get_by_label("Código de seis cifras")
        expect(code).to_be_focused()
        code.fill("000000")
        page.get_by_role("button", name="Confirmar", exact=True).click()
        expect(
            page.get_by_role("alert").filter(has_text="El código no es correcto")
        ).to_be_visible()
        expect(code).to_be_focused()
        assert page.evaluate("getSelection().toString()") == "000000"  # typed over next
        code.fill("481205")
        page.get_by_role("button", name="Confirmar", exact=True).click()
        expect(page.get_by_text("Todavía no tiene llaves de acceso.")).to_be_visible()


@pytest.mark.browser
class TestRecoveryCodes:
    def test_are_not_closed_by_a_stray_escape(self, page: Page, gallery: str) -> None:
        page.goto(f"{gallery}/cuenta?scene=full")
        page.get_by_role("button", name="Hacer códigos nuevos").click()
        page.get_by_role("button", name="Hacer diez códigos").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_role("listitem")).to_have_count(10)
        page.keyboard.press("Escape")
        expect(dialog.get_by_role("listitem")).to_have_count(10)
        expect(dialog.get_by_role("alert")).to_contain_text("¿Ya los guardó?")
        dialog.get_by_role("button", name="Ya los guardé").click()
        expect(dialog).to_be_hidden()
        expect(page.get_by_role("button", name="Hacer códigos nuevos")).to_be_focused()


@pytest.mark.browser
class TestIdling:
    def test_is_warned_of_two_minutes_before_the_end(self, page: Page) -> None:
        page.clock.install()
        page.reload()
        page.get_by_label("Mensaje cifrado").wait_for()
        page.clock.run_for(12 * 60_000)
        warning = page.get_by_text("La sesión está por terminar por falta de uso.")
        expect(warning).to_have_count(0)
        page.clock.run_for(70_000)
        expect(warning).to_be_visible()
        page.get_by_role("button", name="Seguir", exact=True).click()
        expect(warning).to_have_count(0)

    def test_locks_the_page_when_the_time_is_over(self, page: Page) -> None:
        page.clock.install()
        page.reload()
        page.get_by_label("Mensaje cifrado").wait_for()
        # By a reload what was decrypted leaves the memory; the page after it says why (ADR 30).
        with page.expect_navigation():
            page.clock.run_for(15 * 60_000 + 5_000)
        locked = page.evaluate("JSON.parse(sessionStorage.getItem('casehub.locked'))")
        assert locked["why"] == "idle"


@pytest.mark.browser
class TestSigningOut:
    def test_says_that_the_session_is_closed_and_not_that_it_was_lost(
        self, page: Page, gallery: str
    ) -> None:
        page.goto(f"{gallery}/cuenta?scene=full")
        page.get_by_role("button", name="Cerrar sesión").last.click()
        expect(page.get_by_text("Sesión cerrada.")).to_be_visible()
        expect(page.get_by_text("Su sesión terminó.")).to_have_count(0)
        expect(page.get_by_role("heading", name="Entrar", level=1)).to_be_focused()


@pytest.mark.browser
class TestNotices:
    def test_cover_neither_the_text_nor_a_dialog_and_go_when_the_network_is_back(
        self, page: Page, gallery: str
    ) -> None:
        page.evaluate("window.gallery.become({connection: 'offline'})")
        page.evaluate(
            "() => { window.gallery.send = async () => {"
            " throw Object.assign(new Error('x'), {code: 'unreachable'}) } }"
        )
        question = ask(page)
        question.get_by_role("button", name="Confirmar y enviar").click()
        failure = page.get_by_text("No hay respuesta del servidor.")
        expect(failure).to_be_visible()
        notice = failure.bounding_box()
        field = page.get_by_label("Mensaje cifrado").bounding_box()
        assert notice is not None
        assert field is not None
        assert notice["y"] + notice["height"] < field["y"]
        expect(page.get_by_label("Mensaje cifrado")).to_be_in_viewport(ratio=0.95)
        page.evaluate("window.gallery.become({connection: 'online'})")
        expect(failure).to_have_count(0)
