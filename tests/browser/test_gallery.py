"""Every screen of the gallery in four shapes: nothing blocked, nothing axe objects to."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import screens_alta, screens_dossiers, screens_threads
from tests.browser.looking import FRONTEND, LISTEN, faults, into, place

THREAD = "/expedientes/SV-2026-0147/hilos/t1"
EXAMPLE = (FRONTEND.parent / "docs" / "reference" / "request.example.json").read_text("utf-8")
STRANGE = json.dumps(
    json.loads(EXAMPLE) | {"requested_state": "BZ", "overrides": [], "colour": "verde"}
)
PEOPLE = f"{THREAD}/personas"
REQUEST = "/solicitudes/r1"


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


def _show_qr_code(page: Page) -> None:
    _press("Cambiar de aplicación")(page)
    _press("Mostrar el código QR")(page)


def _type_wrong_word(page: Page) -> None:
    _press("Cerrar mi cuenta")(page)
    page.get_by_label("Para confirmar, escriba").fill("definitiva")
    page.get_by_role("dialog").get_by_role("button", name="Cerrar la cuenta").click()


def _close_account(page: Page) -> None:
    _press("Cerrar mi cuenta")(page)
    page.get_by_label("Para confirmar, escriba").fill("Definitivo")
    page.get_by_role("dialog").get_by_role("button", name="Cerrar la cuenta").click()
    page.get_by_label("Código de seis cifras").fill("481205")
    _press("Confirmar")(page)
    page.get_by_text("Su cuenta quedó cerrada").wait_for()


def _say_what_is_needed(page: Page) -> None:
    _press("Nueva solicitud")(page)
    page.get_by_label("Qué necesita").fill("movimientos de una cuenta")
    page.get_by_label("Registros bancarios y financieros").first.check()


def _start_from(request: str) -> Callable[[Page], None]:
    """Return the act of starting a new request from a former one."""

    def act(page: Page) -> None:
        _press("Nueva solicitud")(page)
        page.get_by_label("Una solicitud anterior").check()
        page.get_by_label("Solicitud que se copia").select_option(request)
        page.get_by_role("dialog").get_by_text("Se abre").first.wait_for(state="hidden")

    return act


def _start_from_file(content: str) -> Callable[[Page], None]:
    """Return the act of starting a new request from a file."""

    def act(page: Page) -> None:
        _press("Nueva solicitud")(page)
        page.get_by_label("Un archivo JSON").check()
        page.locator("input[type=file]").set_input_files(
            {"name": "SV.json", "mimeType": "application/json", "buffer": content.encode()}
        )
        page.get_by_role("dialog").locator(".failure, .note strong").first.wait_for()

    return act


def _start_from_message(page: Page) -> None:
    """Walk by keyboard to the message of another State's prosecutor, and start with it."""
    start = page.get_by_role("button", name="Iniciar solicitud con este mensaje")
    start.last.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_label("José Benítez").check()


def _see_message(page: Page) -> None:
    page.get_by_role("link", name="Ver el mensaje").click()
    page.locator("article:focus").wait_for()


def _show_checklist(page: Page) -> None:
    """Open the pane that narrow screens keep behind a button, and the reasons of a finding."""
    first = page.locator("li.failed summary").first
    first.wait_for(state="attached")
    if not first.is_visible():
        page.get_by_role("button", name="Revisión (").click()
    first.click()


def _show_whole(page: Page) -> None:
    page.get_by_label("Todo en una página").check()


def _show_english(page: Page) -> None:
    page.get_by_label("Una sección a la vez").check()
    page.get_by_label("Segunda lengua").select_option("en")


def _show_all_rules(page: Page) -> None:
    page.get_by_label("Resultado", exact=True).select_option("all")


def _open_views(page: Page) -> None:
    page.get_by_text("Vistas guardadas: 1").click()


def _open_entry(act: str) -> Callable[[Page], None]:
    """Return the act of opening an entry of the log."""

    def open_it(page: Page) -> None:
        page.get_by_role("link", name=act).first.click()
        page.get_by_role("heading", name="Prueba").wait_for()

    return open_it


def _ask_name(page: Page) -> None:
    _open_entry("Expediente consultado")(page)
    _press("Pedir la identidad de")(page)
    page.get_by_label("Número del expediente").wait_for()


def _lack_a_name(page: Page) -> None:
    page.get_by_label("Cargo", exact=True).fill("Fiscal de enlace")
    _press("Crear el borrador")(page)


def _mishear(page: Page) -> None:
    for number, word in enumerate(("abeja", "cobre", "lima", "otoño", "rueda", "túnel"), 1):
        page.get_by_label(f"Palabra {number}").fill(word)
    _press("Comparar")(page)
    page.get_by_text("No coincide la palabra 3").wait_for()


def _hear(page: Page) -> None:
    _mishear(page)
    page.get_by_label("Palabra 3").fill("linc")
    _press("Comparar")(page)


def _reject(page: Page) -> None:
    _press("Rechazar la designación")(page)
    page.get_by_label("Motivo").select_option("wrong-data")


DIRECTORY: dict[str, tuple[str, str, Callable[[Page], None] | None]] = {
    "directory": ("full", "/directorio", None),
    "directory-filtered": ("full", "/directorio?estado=SV&ahora=1", None),
    "directory-empty": ("empty", "/directorio", None),
    "directory-offline": ("offline", "/directorio", None),
    "directory-ministry": ("ministry", "/directorio", None),
    "directory-figures": ("regional", "/directorio", None),
    "directory-state": ("coordinator", "/directorio/estados/SV", None),
    "directory-office": ("coordinator", "/directorio/estados/SV", _press("Anotar oficina")),
    "directory-authority": ("coordinator", "/directorio/estados/SV", _press("Anotar autoridad")),
    "directory-person": ("full", "/directorio/personas/p-lo", _press("Ver contacto")),
    "directory-self": ("full", "/directorio/personas/p-ma", None),
    "directory-unverified": ("full", "/directorio/personas/p-ew", None),
    "directory-post": ("ministry", "/directorio/personas/p-lo", None),
    "directory-hours": ("coordinator", "/directorio/personas/p-jb", _press("Cambiar horario")),
    "directory-contact": ("full", "/directorio/personas/p-ma", _press("Cambiar contacto")),
    "directory-nobody": ("full", "/directorio/personas/p-zz", None),
}
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
    "propose-state": ("full", "/expedientes/SV-2026-0147", _press("Abrir a otro Estado")),
    "refuse-joining": ("full", "/", _press("Rechazar")),
    "thread": ("full", THREAD, None),
    "thread-settling": ("full", THREAD, _press("Resolver")),
    "thread-alone": ("full", "/expedientes/SV-2026-0147/hilos/t9", None),
    "confirm-readers": (
        "full",
        THREAD,
        lambda page: page.get_by_label("Mensaje cifrado").press("Enter"),
    ),
    "frozen": ("frozen", THREAD, None),
    "frozen-continue": ("frozen", THREAD, _press("Continuar en un hilo nuevo")),
    "frozen-case": ("frozen", "/expedientes/SV-2026-0147", _press("Ver qué pasó")),
    "frozen-draft": ("frozen", REQUEST, None),
    "frozen-continue-draft": ("frozen", REQUEST, _press("Continuar en un borrador nuevo")),
    "continued": ("frozen", "/expedientes/SV-2026-0147/hilos/t2", None),
    "offline": ("offline", THREAD, None),
    "clock": ("clock", THREAD, None),
    "people": ("full", PEOPLE, None),
    "add-person": ("full", PEOPLE, _choose_person),
    "add-person-readers": ("full", PEOPLE, _look_at_readers),
    "remove-person": ("full", PEOPLE, _press("Quitar a")),
    **DIRECTORY,
    **screens_threads.SCREENS,
    "account": ("full", "/cuenta", None),
    "account-region": (
        "regional",
        "/cuenta",
        lambda page: page.get_by_role("list", name="Las seis palabras de su llave").wait_for(),
    ),
    "account-week": ("week", "/cuenta", None),
    "thread-week": ("week", THREAD, None),
    "recovery-codes": ("full", "/cuenta", _make_codes),
    "code-generator": ("full", "/cuenta", _show_qr_code),
    "close-account": ("full", "/cuenta", _type_wrong_word),
    "account-closed": ("full", "/cuenta", _close_account),
    "remove-passkey": ("full", "/cuenta", _press("Quitar la llave")),
    "shortcuts": ("full", "/", lambda page: page.keyboard.press("?")),
    "inbox": ("full", "/bandeja", None),
    "inbox-calls": ("full", "/bandeja", lambda page: page.get_by_label("Me llaman (2)").check()),
    "inbox-nothing": ("empty", "/bandeja", None),
    "notes": ("full", "/primera-linea", None),
    "note": ("full", "/primera-linea/circle-n1", None),
    "note-decline": ("full", "/primera-linea/circle-n1", _press("Rechazar")),
    "note-telling": ("full", "/expedientes/SV-2026-0147", _press("Enviar un aviso")),
    "requests": ("full", "/solicitudes", None),
    "requests-all": ("full", "/solicitudes", screens_dossiers.show_all),
    "requests-board": ("full", "/solicitudes", screens_dossiers.show_all_by_stage),
    "no-requests": ("empty", "/solicitudes", None),
    "new-request": ("full", "/solicitudes", _say_what_is_needed),
    "new-request-former": ("full", "/solicitudes", _start_from("r1")),
    "new-request-former-unread": ("full", "/solicitudes", _start_from("r2")),
    "new-request-file": ("full", "/solicitudes", _start_from_file(STRANGE)),
    "new-request-file-refused": ("full", "/solicitudes", _start_from_file("{}")),
    "new-request-message": ("full", THREAD, _start_from_message),
    "request-origin": ("full", "/solicitudes/r10", None),
    "message-sought": ("full", "/solicitudes/r10", _see_message),
    "request": ("full", REQUEST, None),
    "request-measures": ("full", f"{REQUEST}/measures", None),
    "request-persons": ("full", f"{REQUEST}/persons", None),
    "request-basis": ("full", f"{REQUEST}/legal_basis", None),
    "request-judgement": ("full", f"{REQUEST}/judgement", None),
    "request-checklist": ("full", f"{REQUEST}/facts", _show_checklist),
    "request-whole": ("full", REQUEST, _show_whole),
    "request-bilingual": ("full", f"{REQUEST}/facts", _show_english),
    "request-read-only": ("full", "/solicitudes/r3/persons", None),
    "request-not-saved": ("full", "/solicitudes/r5", None),
    "request-behind": ("full", "/solicitudes/r6", None),
    "request-malformed": ("full", "/solicitudes/r7", None),
    "request-nothing-good": ("full", "/solicitudes/r8", None),
    "request-day-full": ("full", "/solicitudes/r9", None),
    "request-readers-out-of-case": ("full", "/solicitudes/r7", _press("Leen 2 personas")),
    "request-turn-lost": ("full", "/solicitudes/r11/facts", None),
    "request-turn-again": ("full", "/solicitudes/r11/facts", _press("Volver a editar")),
    "request-next-gap": ("full", REQUEST, _press("Ir al primer pendiente")),
    "request-said": ("full", REQUEST, _press("Entregar turno")),
    "request-readers": ("full", REQUEST, _press("Leen 2 personas")),
    "request-export": ("full", REQUEST, _press("Exportar")),
    "request-waiting": ("full", "/solicitudes/r4", None),
    "review": ("full", f"{REQUEST}/revision", _show_all_rules),
    "review-sign": ("full", f"{REQUEST}/revision", _press("Firmar este resultado")),
    "review-unknown-stage": ("full", "/solicitudes/r12/revision", None),
    "review-signed": ("full", "/solicitudes/r2/revision", None),
    "review-differs": ("full", "/solicitudes/r3/revision", None),
    "versions": ("full", f"{REQUEST}/versiones", _press("Comparar")),
    "versions-alone": ("full", "/solicitudes/r10/versiones", None),
    "versions-other-author": ("full", "/solicitudes/r7/versiones", None),
    "log": ("auditor", "/bitacora", None),
    "log-views": ("auditor", "/bitacora", _open_views),
    "log-entry": ("auditor", "/bitacora", _open_entry("Expediente consultado")),
    "log-entry-erased": ("auditor", "/bitacora", _open_entry("Contenido borrado")),
    "log-ask-name": ("auditor", "/bitacora", _ask_name),
    "log-figures": ("auditor", "/bitacora/cifras", None),
    "log-unmasking": ("auditor", "/bitacora/identidades", None),
    "log-defer": (
        "auditor",
        "/bitacora/identidades",
        _press("Aplazar el aviso por orden judicial… (P-4T5V6W8X)"),
    ),
    "log-integrity": ("auditor", "/bitacora/integridad", None),
    "log-red": ("audit-red", "/bitacora/integridad", None),
    "log-region": ("regional", "/bitacora", _press("Leer")),
    "log-pairs": ("regional", "/bitacora/pares", None),
    "log-pair": (
        "regional",
        "/bitacora/pares",
        lambda page: page.get_by_role("button", name="Leer los actos").first.click(),
    ),
    "deadlines": ("full", "/plazos", None),
    "indicators": ("coordinator", "/indicadores", _press("Leer")),
    "indicators-region": ("regional", "/indicadores", _press("Leer")),
    "named": ("named", "/expedientes", None),
    "named-read": ("named", "/cuenta", _press("Enterado")),
    "audits": ("coordinator", "/auditorias", None),
    "designations": ("coordinator", "/designaciones", None),
    "designations-officer": ("officer", "/", None),
    "designation-new": ("coordinator", "/designaciones/nueva", _lack_a_name),
    "designation-draft": ("coordinator", "/designaciones/d1", None),
    "designation-answer": ("coordinator", "/designaciones/d1", _press("Anotar respuesta")),
    "designation-consulted": ("coordinator", "/designaciones/d2", None),
    "designation-nominate": ("coordinator", "/designaciones/d2", _press("Ver lo que se firma")),
    "designation-approve": ("officer", "/designaciones/d4", None),
    "designation-void": ("officer", "/designaciones/d11", None),
    "state-lift-void": ("coordinator", "/directorio/estados/SV", None),
    "designation-sign": ("officer", "/designaciones/d3", _press("Aprobar")),
    "designation-forged": ("forged", "/designaciones/d3", None),
    "designation-reject": ("officer", "/designaciones/d3", _reject),
    "designation-code": ("coordinator", "/designaciones/d5", _press("Hacer el código")),
    "designation-misheard": ("coordinator", "/designaciones/d6", _mishear),
    "designation-heard": ("coordinator", "/designaciones/d6", _hear),
    "designation-renew": ("coordinator", "/designaciones/d7/renovar", None),
    "designation-suspended": ("coordinator", "/designaciones/d8", None),
    "designation-reinstate": ("officer", "/designaciones/d8", _press("Levantar la suspensión")),
    "designation-rejected": ("coordinator", "/designaciones/d9", None),
    "standing": ("coordinator", "/designaciones/confirmar", None),
    "announced": ("full", "/avisos", None),
    "announced-own": (
        "full",
        "/avisos",
        lambda page: page.get_by_label("De su Estado", exact=True).check(),
    ),
    "announced-noted": ("full", "/avisos", _press("Acusar recibo")),
    "nothing-there": ("full", "/nada", None),
    **screens_alta.SCREENS,
    **screens_dossiers.SCREENS,
}
Size = tuple[int, int]
#  how wide the page is when it is opened and used, and the schemes in which it is looked at where
#  it stands; then how it looks with two panes, for which nothing is opened anew
SHAPES: dict[str, tuple[tuple[Size, tuple[str, ...]], ...]] = {
    "wide": (((1440, 860), ("light", "dark")), ((900, 800), ("light",))),
    "narrow": (((360, 740), ("light",)),),
}
PARTS = 6  # of the screens: one test of all of them would outlast what a test may take


@pytest.mark.browser
@pytest.mark.timeout(420)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("part", range(PARTS))
class TestEveryScreen:
    """In light, dark, two panes and 360 px."""

    def test_is_allowed_by_the_policy_and_accessible(
        self, browser: Browser, gallery: str, shape: str, part: int
    ) -> None:
        (width, height), _ = SHAPES[shape][0]
        context = place(browser, width, height)
        context.add_init_script(LISTEN)
        # One page goes from screen to screen: a new one for each takes longer than to look at it.
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", into(errors))
        found: dict[str, object] = {}
        for screen in list(SCREENS)[part::PARTS]:
            scene, address, act = SCREENS[screen]
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="light")
            page.goto(f"{gallery}{address}?scene={scene}")
            page.get_by_text("CaseHub").first.wait_for()
            if act is not None:
                act(page)
            wrong: dict[str, object] = {}
            for (wide, high), schemes in SHAPES[shape]:
                page.set_viewport_size({"width": wide, "height": high})
                seen = faults(page, schemes)
                wrong |= {f"{what}, {wide}": one for what, one in seen.items()}
            wrong |= {"errors": errors[:]} if errors else {}
            if wrong:
                found[screen] = wrong
            errors.clear()
            page.evaluate("sessionStorage.clear()")  # which a page of its own would not have
        context.close()
        assert found == {}
