"""The gallery's screens of enrolment, of devices and of verification between people."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def _press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).first.click()


def _show_code(page: Page) -> None:
    page.get_by_label("Código").fill("AAAA-BBBB")
    _press("Continuar")(page)
    page.get_by_role("heading", name="Designación encontrada").wait_for()


def _be_refused(page: Page) -> None:
    page.get_by_label("Código").fill("MAL")
    _press("Continuar")(page)
    page.locator(".failure").wait_for()


def _be_somebody_else(page: Page) -> None:
    _show_code(page)
    _press("No soy yo")(page)


def _make_passkey(page: Page) -> None:
    _show_code(page)
    _press("Soy yo y los datos")(page)
    page.get_by_role("heading", name="Llave de acceso").wait_for()


def _verify(page: Page) -> None:
    _press("Verificar a")(page)
    page.get_by_text("Comparar con lo que le enviaron").click()
    page.get_by_label("Los 60 dígitos de su pantalla").fill("1" * 60)
    page.get_by_role("list", name="Número de seguridad").wait_for()


def _restore(page: Page) -> None:
    _press("Recuperar con la hoja")(page)
    page.get_by_label("Grupo 8").wait_for()


def _see_cases(page: Page) -> None:
    page.get_by_text("Puede dejarle entrar de nuevo").first.wait_for()


def _withdraw(page: Page) -> None:
    page.get_by_role("button", name="Retirar este navegador").click()
    page.get_by_role("heading", name="Deja de leer 3 hilos").wait_for()


def _withdraw_without_the_word(page: Page) -> None:
    _withdraw(page)
    page.get_by_label("Para confirmar, escriba").fill("no")
    page.get_by_role("button", name="Retirar ahora").click()
    page.get_by_text("Lo escrito no coincide").wait_for()


def _check(page: Page) -> None:
    page.get_by_role("button", name="Comprobar que la tengo").last.click()
    page.get_by_label("Grupo 8").wait_for()


def _type_kit(page: Page, first: str) -> None:
    _check(page)
    page.get_by_label("Grupo 1").fill(first)
    for number in range(2, 9):
        page.get_by_label(f"Grupo {number}").fill("AAAA-AAAA")
    page.get_by_role("button", name="Comprobar", exact=True).click()


def _check_well(page: Page) -> None:
    _type_kit(page, "AAAA-AAAA")
    page.get_by_text("La hoja abre el último respaldo").wait_for()


def _check_badly(page: Page) -> None:
    _type_kit(page, "MAL")
    page.get_by_text("No se perdió nada").wait_for()


PEOPLE = "/expedientes/SV-2026-0147/hilos/t1/personas"


def _choose_mail(page: Page) -> None:
    page.get_by_label("De lunes a viernes").check()
    page.get_by_label("A las").select_option("07:00")
    page.get_by_label("Correo institucional").fill("ines.paz@fiscalia.test")
    page.get_by_role("button", name="Guardar", exact=True).click()
    page.get_by_text("Esta no es una dirección").wait_for()


def _come_back(page: Page) -> None:
    page.evaluate(
        """() => {
          const kept = JSON.parse(localStorage.getItem('casehub.preferences'));
          kept.visited.at = new Date(Date.now() - 100 * 3600e3).toISOString();
          localStorage.setItem('casehub.preferences', JSON.stringify(kept));
        }"""
    )
    page.reload()
    page.get_by_label("De otros Estados").check()
    page.get_by_text("Desde su última visita").first.wait_for()


#  screen               scene        address                     what is done there
SCREENS: dict[str, tuple[str, str, Callable[[Page], None] | None]] = {
    "alta-code": ("anonymous", "/alta", None),
    "alta-code-refused": ("anonymous", "/alta", _be_refused),
    "alta-found": ("anonymous", "/alta", _show_code),
    "alta-not-me": ("anonymous", "/alta", _be_somebody_else),
    "alta-passkey": ("anonymous", "/alta", _make_passkey),
    "alta-second": ("alta-second", "/alta", None),
    "alta-second-needed": ("alta-second-needed", "/alta", None),
    "alta-words": ("alta-words", "/alta", None),
    "alta-kit": ("alta-kit", "/alta", None),
    "alta-rules": ("alta-rules", "/alta", None),
    "alta-waiting": ("alta-waiting", "/alta", None),
    "alta-waiting-ministry": ("alta-waiting-ministry", "/alta", None),
    "alta-officer": ("alta-officer", "/alta", None),
    "asking": ("asking", "/", None),
    "asking-refused": ("asking-refused", "/", None),
    "asking-retired": ("asking-retired", "/", _see_cases),
    "ringing": ("ringing", "/", None),
    "rename-device": ("full", "/cuenta", _press("Cambiar nombre de")),
    "account-mail": ("full", "/cuenta", _choose_mail),
    "announced-back": ("full", "/avisos", _come_back),
    "losses": ("full", "/cuenta", _withdraw),
    "losses-word": ("full", "/cuenta", _withdraw_without_the_word),
    "kit-due": ("kit-due", "/bandeja", None),
    "kit-due-account": ("kit-due", "/cuenta", None),
    "kit-check": ("full", "/cuenta", _check),
    "kit-opens": ("full", "/cuenta", _check_well),
    "kit-other": ("full", "/cuenta", _check_badly),
    "restore-kit": ("full", "/cuenta", _restore),
    "safety-number": ("full", PEOPLE, _verify),
}
