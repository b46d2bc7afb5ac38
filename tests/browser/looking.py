"""What is wrong with a page as it stands, in each scheme: blocked, cut off, covered, barred."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, FilePayload, Page

from tests.browser.pages import BELOW

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
LISTEN = """window.blocked = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.blocked.push(`${event.violatedDirective} ${event.sample}`));"""
#  What axe says of a page that it has seen as it stands, in other colours.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#  Of what is well nothing is wanted, and naming each of its places takes as long. Style sheets are
#  fetched anew for a rule that asks whether a telephone may be turned; none of ours asks that.
AXE_RUN = """(runOnly) => axe.run(
  document, {runOnly, resultTypes: ["violations"], preload: false})"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


#  a file to attach, of which nothing is read but its bytes
PAPER: FilePayload = {"name": "acta.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"}


def place(browser: Browser, width: int, height: int) -> BrowserContext:
    """Return a place to look at pages in, of so many pixels, in San Salvador."""
    return browser.new_context(
        locale="es-SV",
        timezone_id="America/El_Salvador",
        reduced_motion="reduce",
        viewport={"width": width, "height": height},
    )


def into(errors: list[str]) -> Callable[[Error], None]:
    """Return a listener that notes what goes wrong in a page."""
    return lambda error: errors.append(str(error))


def faults_when_narrow(page: Page) -> dict[str, object]:
    """Return what is wrong with a page on a small telephone; it is as wide as before then."""
    wide = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    found = faults(page, ("light",))
    if wide is not None:
        page.set_viewport_size(wide)
    return found


def faults(page: Page, schemes: Iterable[str]) -> dict[str, object]:
    """Return what is wrong with a page that stands, by scheme; an empty one if nothing is."""
    found: dict[str, object] = {}
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    for number, scheme in enumerate(schemes):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_timeout(250)  # ms: what comes by itself is there
        said = page.locator(".said.seen > p")
        wrong = {
            "blocked": page.evaluate("window.blocked ?? ['nobody listened']"),
            "scrolls sideways": page.evaluate("document.documentElement.scrollWidth > innerWidth"),
            "covered by what is said": said.evaluate(BELOW) if said.count() else [],
            "axe": page.evaluate(
                f"rules => ({AXE_RUN})(rules)"
                ".then(r => r.violations.map(v => [v.id, ...v.nodes.map(n => n.html)]))",
                OF_COLOURS if number else RULES,
            ),
        }
        found |= {f"{what}, {scheme}": one for what, one in wrong.items() if one}
    return found
