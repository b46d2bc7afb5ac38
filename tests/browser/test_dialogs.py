"""What is done in a dialog, by keyboard: failures are in sight, and the keyboard is never lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.hands import Keys
from tests.browser.looking import LISTEN, faults, place

REQUEST = "/tramites/r1?scene=central"
TITLE = "Solicitud de El Salvador a México"
#  what stands in the place of the server's answers to a step, in their order
ANSWERS = """(given) => {
  const answers = {
    unreachable: () => Promise.reject(Object.assign(new Error("gone"), { code: "unreachable" })),
    proof: () => Promise.reject(Object.assign(new Error("who"), { code: "step-up-needed" })),
    done: (from) => Promise.resolve({
      ...from, may: ["withdraw"], next: from.next.filter(({ act }) => act === "withdraw"),
    }),
    none: () => new Promise(() => undefined),
  };
  const { gallery } = window;
  gallery.signIn.code = async () => undefined;
  gallery.dossiers.move = (from) => answers[given.shift()](from);
}"""
WAITED_FOR = """() => {
  const acts = window.gallery.designations;
  const read = acts.read;
  acts.read = (id) => new Promise((come) => { window.come = come; }).then(() => read(id));
}"""
IS_LOST = "document.activeElement === document.body"
COLOURS = """(button) => {
  const { color, backgroundColor, borderTopColor } = getComputedStyle(button);
  return [color, backgroundColor, borderTopColor];
}"""


@pytest.fixture
def page(browser: Browser, gallery: str) -> Iterator[Page]:
    """Return the page of a request that a central authority may transmit, on a small laptop."""
    with place(browser, 1280, 800) as context:
        page = context.new_page()
        page.goto(f"{gallery}{REQUEST}")
        page.evaluate(LISTEN)
        yield page


def transmitted(page: Page, *answers: str) -> Locator:
    """Fill in the dialog and sign, from the bottom of it; return the dialog."""
    hands, dialog = Keys(page), page.get_by_role("dialog", name="Transmitir")
    page.evaluate(ANSWERS, answers)
    hands.press(page.get_by_role("button", name="Transmitir", exact=True))
    hands.choose(dialog.get_by_label("Vía"), "paper")
    hands.choose(dialog.get_by_label("Idioma en que sale"), "es")
    dialog.locator(".dialog-body").evaluate("(body) => body.scrollTo(0, body.scrollHeight)")
    hands.press(dialog.get_by_role("button", name="Firmar"))
    return dialog


@pytest.mark.browser
@pytest.mark.timeout(120)
class TestTheKeyboard:
    """Goes on where what was done is told."""

    def test_is_at_the_failure_which_is_in_sight_each_time(self, page: Page) -> None:
        dialog = transmitted(page, "unreachable", "unreachable")
        failure = dialog.get_by_role("alert")
        for _ in range(2):
            expect(failure).to_have_count(1)
            expect(failure).to_be_focused()
            expect(failure).to_be_in_viewport(ratio=1)
            page.keyboard.press("Tab")
            assert not page.evaluate(IS_LOST)
            Keys(page).press(dialog.get_by_role("button", name="Firmar"))
        assert faults(page, ("light", "dark")) == {}

    def test_stays_in_the_dialog_above_which_somebody_said_who_they_are(self, page: Page) -> None:
        dialog = transmitted(page, "proof", "none")
        above, hands = page.get_by_role("dialog", name="Confirme que es usted"), Keys(page)
        hands.write(above.get_by_label("Código de seis cifras"), "123456")
        hands.press(above.get_by_role("button", name="Confirmar", exact=True))
        expect(above).to_be_hidden()
        expect(dialog.get_by_role("heading", name="Transmitir")).to_be_focused()

    def test_is_at_the_heading_and_on_no_other_step_once_one_was_taken(self, page: Page) -> None:
        expect(transmitted(page, "done")).to_be_hidden()
        expect(page.get_by_role("heading", name=TITLE)).to_be_focused()
        expect(page.get_by_role("button", name="Retirar", exact=True)).to_be_visible()

    def test_is_in_what_was_added_above_the_button(self, page: Page) -> None:
        page.goto(page.url.replace(REQUEST, "/primera-linea/circle-n5"))
        hands, dialog = Keys(page), page.get_by_role("dialog")
        hands.press(page.get_by_role("button", name="Responder a la consulta"))
        add = dialog.get_by_role("button", name="Añadir un cambio")
        hands.press(add)
        expect(dialog.get_by_label("Regla")).to_be_focused()
        hands.press(dialog.get_by_role("button", name="Quitar el cambio 1"))
        expect(add).to_be_focused()

    def test_is_at_the_heading_of_what_had_to_be_fetched(self, page: Page) -> None:
        page.goto(
            page.url.replace("/tramites/r1?scene=central", "/designaciones?scene=coordinator")
        )
        row = page.get_by_role("listitem").filter(has=page.get_by_role("link")).get_by_role("link")
        name = row.first.inner_text()
        page.evaluate(WAITED_FOR)
        Keys(page).press(row.first)
        expect(page.get_by_role("heading", name="Designación", level=1)).to_be_focused()
        page.evaluate("window.come()")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_focused()

    def test_is_in_the_code_that_was_wrong_with_the_failure_in_sight(self, page: Page) -> None:
        page.goto(page.url.replace(REQUEST, "/cuenta?scene=full"))
        page.set_viewport_size({"width": 360, "height": 740})
        hands, dialog = Keys(page), page.get_by_role("dialog")
        hands.press(page.get_by_role("button", name="Cambiar de aplicación"))
        hands.press(dialog.get_by_role("button", name="Mostrar el código QR"))
        code = dialog.get_by_label("Código de la aplicación nueva")
        hands.write(code, "000000")
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_be_in_viewport(ratio=1)
        expect(code).to_be_focused()


@pytest.mark.browser
@pytest.mark.timeout(120)
class TestAButtonThatCannotBePressed:
    """Looks like that, however much it matters, in either scheme."""

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_has_the_colours_of_every_other_one(self, page: Page, scheme: str) -> None:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.get_by_role("button", name="Transmitir", exact=True).click()
        dialog = page.get_by_role("dialog")
        main = dialog.get_by_role("button", name="Firmar")
        other = dialog.get_by_role("button", name="Cancelar")
        assert main.evaluate(COLOURS) != other.evaluate(COLOURS)
        for barred in ("disabled", "aria-disabled"):
            for one in (main, other):
                one.evaluate("(button, how) => button.setAttribute(how, 'true')", barred)
            page.wait_for_timeout(250)  # ms: colours fade
            looks = other.evaluate(COLOURS)
            assert main.evaluate(COLOURS) == looks
            main.evaluate("(button) => button.classList.replace('primary', 'danger')")
            page.wait_for_timeout(250)  # ms: colours fade
            assert main.evaluate(COLOURS) == looks
            main.evaluate("(button) => button.classList.replace('danger', 'primary')")
            main.evaluate("(button) => button.removeAttribute('disabled')")
            other.evaluate("(button) => button.removeAttribute('disabled')")
