"""Keys that two people compared, and a device that its person withdraws."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_recovery import at_account, print_kit, type_kit
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


def verify(one: Prosecutor, other: Prosecutor) -> None:
    """Have one of them say that both screens show the same number."""
    assert safety_number(one, other.name()) == safety_number(other, one.name())
    one.page.get_by_role("button", name="Son los mismos").click()
    expect(one.page.get_by_role("dialog")).to_contain_text("Verificada por usted el")
    for each in (one, other):
        each.page.keyboard.press("Escape")
        expect(each.page.get_by_role("dialog")).to_be_hidden()


def restore_kit(there: Prosecutor, groups: list[str]) -> None:
    """Type the printed kit into another browser of the same person, by the keyboard alone."""
    page = at_account(there)
    page.get_by_role("button", name="Recuperar con la hoja").press("Enter")
    type_kit(page, groups)
    expect(page.get_by_text("Recuperado: 1 persona que había verificado")).to_be_visible(
        timeout=SLOW
    )


def withdraw_the_other(page: Page) -> None:
    """Withdraw, on the account's page, the device that this browser is not."""
    page.get_by_role("link", name="Cuenta").first.click()
    page.get_by_role("button", name=re.compile(r"^Retirar, ")).click()
    page.get_by_role("dialog").get_by_role("button", name="Retirar ahora").click()


@pytest.mark.browser
@pytest.mark.timeout(400)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestKeysOfPeople:
    def test_are_verified_by_comparing_also_by_the_kit_and_a_withdrawn_device_reads_no_more(
        self, sit_down: Callable[..., Prosecutor]
    ) -> None:
        ana, luis = sit_down("cr.enlace1"), sit_down("gt.enlace1")
        for one in (ana, luis):
            one.sign_in_with_code(PASSWORD)
        name = luis.name()
        verify(ana, luis)

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
        self._has_what_the_kit_seals(ana, luis, second)
        ana.go_to(reference, THREAD)
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

    def _has_what_the_kit_seals(self, ana: Prosecutor, luis: Prosecutor, new: Prosecutor) -> None:
        """Whom he verified in one browser is verified in the other, by the paper alone."""
        verify(luis, ana)
        groups = print_kit(at_account(luis))
        restore_kit(new, groups)
        safety_number(new, ana.name())
        dialog = new.page.get_by_role("dialog")
        expect(dialog).to_contain_text("Verificada por usted el")
        expect(dialog.get_by_role("button", name="Son los mismos")).to_have_count(0)
        new.shot("kit-restored")
        new.page.keyboard.press("Escape")
