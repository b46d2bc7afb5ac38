"""Back after a suspension that two have lifted: with the key that the browser kept."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor

BACK = 120_000  # ms until her new device stands in the log and a member's program lets it in


def lift(page: Page, name: str) -> None:
    """Put a hand under the statement that lifts somebody's suspension."""
    page.get_by_role("link", name="Designaciones").first.click()
    page.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    page.get_by_role("button", name="Levantar la suspensión").click(timeout=SLOW)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Leí lo que firmo").check()
    dialog.get_by_role("button", name="Firmar", exact=True).click()
    expect(dialog).to_be_hidden(timeout=SLOW)


def back_again(one: Prosecutor, other: Prosecutor, *, reference: str, thread: str) -> None:
    """Name her browser with the key in it, be let in by the other's, and find what was kept."""
    page = one.page
    page.goto(one.url)
    page.get_by_role("button", name="Entrar con llave de acceso").click()
    page.get_by_role("button", name="Nombrar este navegador con mi llave").click(timeout=SLOW)
    expect(page.get_by_text("En línea").first).to_be_visible(timeout=SLOW)
    page.get_by_role("link", name=reference).first.click()
    page.get_by_role("link", name=thread).first.click(timeout=BACK)
    box = page.get_by_label("Mensaje cifrado")
    expect(box).to_have_value("Lo que no llegó a enviar", timeout=BACK)
    expect(other.page.get_by_text("recuperó el acceso, según lo firmado").last).to_be_visible()
    other.write("Bienvenida otra vez")
    one.reads("Bienvenida otra vez")
    one.shot("cutoff-back")
    expect(page.get_by_text("Seguimos sin ella")).to_have_count(0)


def finds_signatures_checked(officer: Page, name: str) -> None:
    """Open the card of somebody of one's own: their signatures were checked in this browser."""
    officer.get_by_role("link", name="Directorio").first.click()
    officer.get_by_role("link", name=re.compile(re.escape(name))).first.click()
    expect(officer.get_by_text("designación y llave verificadas")).to_be_visible(timeout=SLOW)
