"""Keys that two people compared, and a device that its person withdraws."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_said import clean

TITLE, THREAD = "Llaves de prueba", "Comparadas"
REMOVED = 60_000  # ms until a member's program has taken its keys out


def safety_number(one: Prosecutor, name: str) -> str:
    """Open the dialog in which somebody is verified, and return the digits that it shows."""
    page = one.page
    page.get_by_role("link", name="Directorio").first.click()
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("button", name=f"Verificar a {name}").click()
    digits = page.get_by_role("dialog").get_by_label("Número de seguridad", exact=True)
    found = "".join(digits.inner_text(timeout=SLOW).split())
    assert re.fullmatch(r"\d{60}", found)
    return found


def withdraw_the_other(page: Page) -> None:
    """Withdraw, on the account's page, the device that this browser is not."""
    page.get_by_role("link", name="Cuenta").first.click()
    page.get_by_role("button", name=re.compile(r"^Retirar, ")).click()
    page.get_by_role("dialog").get_by_role("button", name="Retirar ahora").click()


@pytest.mark.browser
@pytest.mark.timeout(400)
class TestKeysOfPeople:
    def test_are_verified_by_comparing_and_a_withdrawn_device_reads_no_more(
        self, sit_down: Callable[..., Prosecutor]
    ) -> None:
        ana, luis = sit_down("cr.enlace1"), sit_down("gt.enlace1")
        for one in (ana, luis):
            one.sign_in_with_code(PASSWORD)
        name = luis.name()
        assert safety_number(ana, name) == safety_number(luis, ana.name())
        ana.page.get_by_role("button", name="Son los mismos").click()
        expect(ana.page.get_by_role("dialog")).to_contain_text("Verificada por usted el")
        for one in (ana, luis):
            one.page.keyboard.press("Escape")
            expect(one.page.get_by_role("dialog")).to_be_hidden()

        reference = ana.open_case(["Guatemala"], TITLE)
        ana.open_thread(THREAD)
        ana.add_person(name, thread=THREAD)
        luis.go_to(reference, THREAD)
        ana.write("Buenos días")
        luis.reads("Buenos días")

        # a second browser of his comes in, and he withdraws it
        second = sit_down("gt.enlace1")
        second.sign_in_with_code(PASSWORD)
        luis.page.get_by_role("button", name="Es mío").click(timeout=SLOW)
        ana.page.reload()  # whoever comes online takes further devices in
        second.page.get_by_role("link", name=reference).first.click()
        expect(second.page.get_by_role("link", name=THREAD).first).to_be_visible(timeout=REMOVED)
        came = rf"Equipo nuevo de \W*{re.escape(name)}\W* \(GT\): desde ahora también lee\."
        expect(ana.page.get_by_text(re.compile(came))).to_be_visible()
        withdraw_the_other(luis.page)
        expect(second.page.locator("[data-stopped=device]")).to_be_visible(timeout=10_000)

        # the others are told since when, and go on
        said = re.compile(r"Se cortó un equipo de .+ a las \d\d:\d\d:\d\d")
        expect(ana.page.get_by_text(said)).to_be_visible(timeout=REMOVED)
        clean(ana, "device-cut-off")
        ana.write("Seguimos")
        luis.go_to(reference, THREAD)
        luis.reads("Seguimos")
        expect(second.page.get_by_text("Seguimos")).to_have_count(0)
