"""Files looked at in their frame, against fixtures: what is shown, refused, typed, and kept out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.browser.looking import AXE, LISTEN, RULES, faults, into, place

THREAD = "/expedientes/SV-2026-0147/hilos/t1?scene=files"
SLOW = 30_000  # ms
# In the frame: what somebody who took it over would try. None of it may succeed.
BREAK_OUT = """async () => {
  const tried = {};
  const attempt = async (name, act) => {
    try { tried[name] = String(await act()); } catch (error) { tried[name] = 'no'; }
  };
  await attempt('cookie', () => document.cookie || 'empty');
  await attempt('storage', () => localStorage.length);
  await attempt('database', () => new Promise((done, fail) => {
    const asked = indexedDB.open('x');
    asked.onsuccess = () => done('open');
    asked.onerror = fail;
  }));
  await attempt('parent', () => parent.document.title);
  await attempt('address', () => parent.location.href);
  await attempt('fetch', () => fetch('/api/session').then((r) => r.status));
  await attempt('image', () => new Promise((done, fail) => {
    const image = new Image();
    image.onload = () => done('loaded');
    image.onerror = fail;
    image.src = '/static/app/index.html?' + Math.random();
  }));
  await attempt('eval', () => (0, eval)('1 + 1'));
  await attempt('wasm', () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  await attempt('window', () => window.open('https://example.org') ?? 'no');
  await attempt('socket', () => new Promise((done, fail) => {
    const socket = new WebSocket('ws://127.0.0.1:9/');
    socket.onopen = () => done('open');
    socket.onerror = fail;
  }));
  await attempt('top', () => { top.location = 'https://example.org'; return 'left'; });
  return [origin, tried];
}"""


@pytest.fixture
def complaints() -> list[str]:
    """Return what a page and its frame complain of: nothing, at the end."""
    return []


@pytest.fixture
def page(browser: Browser, gallery: str, complaints: list[str]) -> Iterator[Page]:
    """Open a thread with files of every kind."""
    context = place(browser, 1280, 800)
    context.add_init_script(LISTEN)
    opened = context.new_page()
    opened.on("pageerror", into(complaints))
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    opened.goto(f"{gallery}{THREAD}")
    expect(button(opened, "Ver acta.pdf")).to_be_visible(timeout=SLOW)
    yield opened
    blocked = [frame.evaluate("window.blocked") for frame in opened.frames]
    context.close()
    assert [one for one in blocked if one] == []
    assert complaints == []


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def look(page: Page, name: str) -> Locator:
    """Open a file by keyboard; return the dialog."""
    button(page, f"Ver {name}").press("Enter")
    return page.get_by_role("dialog")


def frame_of(page: Page) -> Frame:
    found = page.locator("iframe").element_handle().content_frame()
    assert found is not None
    return found


def press_inside(page: Page, key: str) -> None:
    """Press a key where the frame has the focus; it may be gone a moment later."""
    frame_of(page).evaluate(
        "key => { setTimeout(() => dispatchEvent(new KeyboardEvent('keydown', { key })), 0); }", key
    )


def dark(page: Page) -> str:
    """Return the colour of the frame's first point of ink, to know that something is drawn."""
    return str(
        frame_of(page).evaluate(
            "() => { const c = document.querySelector('canvas');"
            "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            "let n = 0; for (let i = 0; i < d.length; i += 4) if (d[i] < 128) n += 1;"
            "return n > 20 ? 'drawn' : 'blank'; }"
        )
    )


@pytest.mark.browser
@pytest.mark.timeout(300)
class TestAFrame:
    """What is in it, and what cannot come out of it."""

    def test_shows_the_pages_of_a_pdf_by_keyboard_and_gives_the_focus_back(
        self, page: Page
    ) -> None:
        dialog = look(page, "acta.pdf")
        expect(dialog.get_by_text("Página 1 de 3")).to_be_visible(timeout=SLOW)
        expect(frame_of(page).get_by_text("Primera hoja", exact=True)).to_be_attached()
        assert dark(page) == "drawn"
        page.keyboard.press("PageDown")
        expect(frame_of(page).get_by_text("Segunda hoja", exact=True)).to_be_attached()
        press_inside(page, "PageDown")
        expect(dialog.get_by_text("Página 3 de 3")).to_be_visible()
        expect(frame_of(page).get_by_text("Tercera hoja", exact=True)).to_be_attached()
        expect(dialog.get_by_role("button", name="Página siguiente")).to_be_disabled()
        narrow = frame_of(page).locator("canvas").bounding_box()
        page.keyboard.press("+")
        expect(dialog.get_by_text("150 %")).to_be_visible()
        page.wait_for_timeout(500)
        wide = frame_of(page).locator("canvas").bounding_box()
        assert narrow is not None
        assert wide is not None
        assert wide["width"] > narrow["width"] * 1.3
        press_inside(page, "Escape")
        expect(dialog).to_have_count(0)
        expect(page.locator("iframe")).to_have_count(0)
        expect(button(page, "Ver acta.pdf")).to_be_focused()

    def test_can_reach_nothing_whoever_took_it_over(
        self, page: Page, gallery: str, complaints: list[str]
    ) -> None:
        look(page, "foto.png")
        expect(frame_of(page).locator("canvas")).to_be_visible(timeout=SLOW)
        origin, tried = frame_of(page).evaluate(BREAK_OUT)
        assert origin == "null"
        assert {name: said for name, said in tried.items() if said != "no"} == {}
        assert page.url.startswith(gallery)
        frame_of(page).evaluate("window.blocked = []")
        assert complaints != []  # the browser says what it refused
        complaints.clear()

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("con-programa.pdf", "lleva código o acciones dentro"),
            ("mueve.gif", "Se muestra la primera"),
        ],
    )
    def test_says_what_is_not_seen_of_it(self, page: Page, name: str, said: str) -> None:
        dialog = look(page, name)
        expect(dialog.get_by_text(said)).to_be_visible(timeout=SLOW)
        expect(frame_of(page).locator("canvas")).to_be_visible()

    def test_shows_a_text_with_all_that_could_not_be_seen(self, page: Page) -> None:
        look(page, "nota.txt")
        text = frame_of(page).locator("pre")
        expect(text).to_have_text("Pagar a ⟦U+202E⟧5021⟦U+202C⟧ hoy.\n<b>no es negrita</b>\n")
        expect(frame_of(page).locator("b")).to_have_count(0)

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("doble.pdf", "dos archivos en uno"),
            ("doble.gif", "dos archivos en uno"),
            ("pagina.txt", "dos archivos en uno"),
            ("enorme.png", "Se despliega a mucho más"),
            ("vueltas.pdf", "Se despliega a mucho más"),
            ("escondida.pdf", "Se despliega a mucho más"),
            ("rota.jpg", "No respeta su propio formato"),
        ],
    )
    def test_refuses_and_keeps_nothing_of_it(self, page: Page, name: str, why: str) -> None:
        dialog = look(page, name)
        expect(dialog.get_by_text(why)).to_be_visible(timeout=SLOW)
        expect(page.locator("iframe")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(button(page, f"Ver {name}")).to_be_focused()

    @pytest.mark.parametrize("keyboard_in", ["page", "frame"])
    def test_goes_with_the_page_that_is_locked(self, page: Page, keyboard_in: str) -> None:
        look(page, "acta.pdf")
        expect(page.get_by_text("Página 1 de 3")).to_be_visible(timeout=SLOW)
        if keyboard_in == "frame":
            frame_of(page).locator("main").focus()
        with page.expect_event("framedetached"):  # nor only out of the document
            page.keyboard.press("Alt+Shift+L")
        expect(page.locator("iframe")).to_have_count(0, timeout=SLOW)

    @pytest.mark.parametrize("name", ["acta.pdf", "foto.png", "nota.txt"])
    @pytest.mark.parametrize("width", [1280, 360])
    def test_is_accessible_itself(self, page: Page, name: str, width: int) -> None:
        page.set_viewport_size({"width": width, "height": 740})
        look(page, name)
        expect(frame_of(page).locator("h1")).to_be_attached(timeout=SLOW)
        assert faults(page, ("light", "dark") if width > 360 else ("light",)) == {}
        frame = frame_of(page)
        frame.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
        inside = frame.evaluate(
            "rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(v => v.id))",
            RULES,
        )
        assert inside == []
        page.screenshot(path=f"artefacts/screens/viewer-{name}-{width}.png")


@pytest.mark.browser
@pytest.mark.timeout(300)
class TestAFileThatIsOnlyDownloaded:
    """With what it may do, before it is on the disk."""

    @pytest.mark.parametrize(
        ("name", "said", "kept"),
        [
            ("oficio.docm", "puede llevar programas (macros)", "oficio.docm"),
            ("acta.pdf.exe", "Su nombre finge terminar en", "acta_pdf.exe"),
        ],
    )
    def test_is_asked_about(self, page: Page, name: str, said: str, kept: str) -> None:
        expect(button(page, f"Ver {name}")).to_have_count(0)
        button(page, f"Descargar {name}").press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text(said)).to_be_visible()
        assert faults(page, ("light", "dark")) == {}
        page.screenshot(path=f"artefacts/screens/risk-{name}.png")
        page.keyboard.press("Escape")
        expect(button(page, f"Descargar {name}")).to_be_focused()
        button(page, f"Descargar {name}").press("Enter")
        with page.expect_download() as found:
            dialog.get_by_role("button", name="Descargar de todos modos").press("Enter")
        assert found.value.suggested_filename == kept

    def test_is_taken_at_once_where_it_is_only_not_shown(self, page: Page) -> None:
        row = page.get_by_role("listitem").filter(has_text="audiencia.mp4")
        expect(row.get_by_text("Solo se puede descargar.")).to_be_visible()
        with page.expect_download() as found:
            button(page, "Descargar audiencia.mp4").press("Enter")
        assert found.value.suggested_filename == "audiencia.mp4"
