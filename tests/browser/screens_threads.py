"""The gallery's screens of what is done in threads, and of what waits without a network."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

THREAD = "/expedientes/SV-2026-0147/hilos/t1"


def _press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).first.click()


def _jump(day: str) -> Callable[[Page], None]:
    """Return the act of going to a day."""

    def act(page: Page) -> None:
        _press("Ir a una fecha")(page)
        page.get_by_label("Fecha del mensaje").fill(day)
        page.get_by_role("button", name="Ir", exact=True).click()

    return act


def _open(summary: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_text(summary, exact=True).click()


def _keep(reference: str) -> Callable[[Page], None]:
    return _press(f"Cerrar, conservar o retener {reference}…")


def _hurry(page: Page) -> None:
    page.get_by_label("Es urgente").check()


def _miss(page: Page) -> None:
    expect(page.get_by_text("Faltan 3 entradas")).to_be_visible()


def _look(name: str, until: str) -> Callable[[Page], None]:
    """Return the act of looking at a file, until this is said of it."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=f"Ver {name}", exact=True).click()
        page.get_by_text(until).first.wait_for()

    return act


def _want_a_strange_range(page: Page) -> None:
    _open("Solo un tramo")(page)
    page.get_by_label("Desde el asiento").fill("9")
    page.get_by_label("Hasta el asiento").fill("8")
    _press("Llevarse un paquete comprobable")(page)


def _give(page: Page) -> None:
    page.get_by_role("button", name="Entregar historia").click()
    page.get_by_role("button", name="Entregar 3 mensajes").wait_for()


#  screen               scene        address                     what is done there
SCREENS: dict[str, tuple[str, str, Callable[[Page], None] | None]] = {
    "thread-urgent": ("full", THREAD, _hurry),
    "thread-jump": ("full", THREAD, _press("Ir a una fecha")),
    "thread-jump-nowhere": ("full", THREAD, _jump("2027-01-01")),
    "thread-long": ("long", THREAD, _jump("2026-09-24")),
    "thread-words": ("full", f"{THREAD}/personas", _open("Ocho palabras de esta conversación")),
    "history-give": ("full", f"{THREAD}/personas", _give),
    "history-given": ("given", THREAD, None),
    "thread-missing": ("offline", THREAD, _miss),
    "thread-files": ("files", THREAD, None),
    "file-shown": ("files", THREAD, _look("acta.pdf", "Página 1 de 3")),
    "file-refused": ("files", THREAD, _look("doble.pdf", "dos archivos en uno")),
    "file-risk": ("files", THREAD, _press("Descargar oficio.docm")),
    "inbox-failed": ("offline", "/bandeja", None),
    "inbox-reminded": ("reminded", "/bandeja", None),
    "cases-begun": ("offline", "/", None),
    "case-begun": ("offline", "/expedientes/SV-2026-0147", None),
    "retention": ("coordinator", "/conservacion", None),
    "retention-hold": ("coordinator", "/conservacion", _keep("SV-2021-0031")),
    "retention-lift": ("coordinator", "/conservacion", _keep("SV-2020-0012")),
    "case-erased": ("full", "/expedientes/MX-2026-0092/hilos/t8", None),
    "bundle-range": ("auditor", "/bitacora/integridad", _want_a_strange_range),
}
