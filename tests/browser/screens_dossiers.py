"""The gallery's screens of requests on their way between two States."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.looking import PAPER

Act = Callable[[Page], None] | None


def _press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def _come_too_late(page: Page) -> None:
    """What was chosen is still there when somebody else came first."""
    _press("Transmitir")(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Vía").select_option("paper")
    dialog.get_by_label("Idioma en que sale").select_option("es")
    dialog.get_by_role("button", name="Firmar").click()
    dialog.locator(".failure").wait_for()


def _tick_nothing(page: Page) -> None:
    """A refusal without a ground, and otherwise whole."""
    _press("Denegar")(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Se consultó antes").check()
    dialog.get_by_label("Condiciones que se consideraron").select_option("none-possible")
    dialog.get_by_label("Documento que lo prueba").set_input_files(PAPER)
    dialog.get_by_role("button", name="Firmar").click()


def show_all(page: Page) -> None:
    """Drafts, and what others of the State make or receive."""
    page.get_by_label("Todas las de mi Estado").check()


def show_all_by_stage(page: Page) -> None:
    show_all(page)
    page.get_by_label("Tablero por etapas").check()


SCREENS: dict[str, tuple[str, str, Act]] = {
    "dossiers": ("central", "/tramites", None),
    "inbox-letters": ("central", "/bandeja", None),
    "dossiers-board": (
        "full",
        "/tramites",
        lambda page: page.get_by_label("Tablero por etapas").check(),
    ),
    "dossier": ("central", "/tramites/r1", None),
    "dossier-drafter": ("full", "/tramites/r1", None),
    "dossier-transmit": ("central", "/tramites/r1", _press("Transmitir")),
    "dossier-late": ("central", "/tramites/r1", _come_too_late),
    "dossier-untrue": ("central", "/tramites/d2", None),
    "dossier-confirm": ("central", "/tramites/d2", _press("Confirmar por escrito")),
    "dossier-recorded": ("central", "/tramites/d3", None),
    "dossier-refuse": ("central", "/tramites/d3", _press("Denegar")),
    "dossier-refuse-part": ("central", "/tramites/d3", _press("Denegar una parte")),
    "dossier-unticked": ("central", "/tramites/d3", _tick_nothing),
    "dossier-urgent": ("full", "/tramites/d4", None),
    "dossier-close": ("central", "/tramites/d5", _press("Cerrar la solicitud")),
    "dossier-custody": ("central", "/tramites/d2/custodia", None),
    "dossier-none": ("central", "/tramites/d9", None),
}
