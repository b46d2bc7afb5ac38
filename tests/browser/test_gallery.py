"""Every screen of the gallery in four shapes: nothing blocked, nothing axe objects to."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
GALLERY = FRONTEND / "node_modules" / ".cache" / "gallery"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
LISTEN = """window.blocked = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.blocked.push(`${event.violatedDirective} ${event.sample}`));"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

THREAD = "/expedientes/SV-2026-0147/hilos/t1"
PEOPLE = f"{THREAD}/personas"


def _press(name: str) -> Callable[[Page], None]:
    """Return the act of pressing the first button of that name."""
    return lambda page: page.get_by_role("button", name=name).first.click()


def _choose_person(page: Page) -> None:
    _press("Agregar persona")(page)
    page.get_by_label("Inés Paz").check()


def _look_at_readers(page: Page) -> None:
    _choose_person(page)
    _press("Continuar")(page)


def _make_codes(page: Page) -> None:
    _press("Hacer códigos nuevos")(page)
    _press("Hacer diez códigos")(page)


#  screen               scene        address                     what is done there
SCREENS: dict[str, tuple[str, str, Callable[[Page], None] | None]] = {
    "sign-in": ("anonymous", "/", None),
    "sign-in-person": ("anonymous", "/", _press("Elegir a")),
    "second-factor": ("password", "/", None),
    "cases": ("full", "/", None),
    "no-cases": ("empty", "/", None),
    "open-case": ("full", "/", _press("Abrir expediente")),
    "case": ("full", "/expedientes/SV-2026-0147", None),
    "open-thread": ("full", "/expedientes/SV-2026-0147", _press("Abrir hilo")),
    "thread": ("full", THREAD, None),
    "confirm-readers": (
        "full",
        THREAD,
        lambda page: page.get_by_label("Mensaje cifrado").press("Enter"),
    ),
    "frozen": ("frozen", THREAD, None),
    "offline": ("offline", THREAD, None),
    "people": ("full", PEOPLE, None),
    "add-person": ("full", PEOPLE, _choose_person),
    "add-person-readers": ("full", PEOPLE, _look_at_readers),
    "remove-person": ("full", PEOPLE, _press("Quitar a")),
    "directory": ("full", "/directorio", None),
    "account": ("full", "/cuenta", None),
    "recovery-codes": ("full", "/cuenta", _make_codes),
    "remove-passkey": ("full", "/cuenta", _press("Quitar la llave")),
    "shortcuts": ("full", "/", lambda page: page.keyboard.press("?")),
    "nothing-there": ("full", "/nada", None),
}
SHAPES: dict[str, dict[str, object]] = {
    "light": {"viewport": {"width": 1440, "height": 860}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 860}, "color_scheme": "dark"},
    "two-panes": {"viewport": {"width": 900, "height": 800}, "color_scheme": "light"},
    "narrow": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
}


class _Gallery(SimpleHTTPRequestHandler):
    """The built gallery under the policy of the real server; every address is the one page."""

    def do_GET(self) -> None:
        if not (GALLERY / self.path.split("?")[0].lstrip("/")).is_file():
            self.path = "/index.html"
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Build the gallery and serve it; return its address."""
    build = ["npx", "vite", "build", "-c", "tests/ui/vite.config.ts", "--logLevel", "error"]
    subprocess.run(build, cwd=FRONTEND, check=True)
    handler = partial(_Gallery, directory=str(GALLERY))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize("shape", SHAPES)
class TestEveryScreen:
    """In light, dark, two panes and 360 px."""

    def test_is_allowed_by_the_policy_and_accessible(
        self, browser: Browser, gallery: str, shape: str
    ) -> None:
        settings = {"locale": "es-SV", "timezone_id": "America/El_Salvador", **SHAPES[shape]}
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.add_init_script(LISTEN)
        found: dict[str, object] = {}
        for screen, (scene, address, act) in SCREENS.items():
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error, into=errors: into.append(str(error)))  # type: ignore[misc]
            page.goto(f"{gallery}{address}?scene={scene}")
            page.get_by_text("CaseHub").first.wait_for()
            if act is not None:
                act(page)
            page.wait_for_timeout(250)  # ms: fades are over, and axe sees the real colours
            blocked = page.evaluate("window.blocked")
            wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
            objections = page.evaluate(
                "rules => axe.run(document, {runOnly: rules})"
                ".then(r => r.violations.map(v => [v.id, ...v.nodes.map(n => n.html)]))",
                RULES,
            )
            if blocked or errors or wide or objections:
                found[screen] = {
                    "blocked": blocked,
                    "errors": errors,
                    "scrolls sideways": wide,
                    "axe": objections,
                }
            page.close()
        context.close()
        assert found == {}
