"""The daily e-mail, chosen on the page Cuenta: off until wanted, and what is typed stays."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_account import at_account, section
from tests.browser.test_said import clean
from tests.servers.casehub_server import CaseHub

SitDown = Callable[..., Prosecutor]
ADDRESS = "enlace.sv@fiscalia.example"
WRONG = "Esta no es una dirección de correo"


def choose(form: Locator, often: str, address: str) -> None:
    form.get_by_label(often).check()
    form.get_by_label("Correo institucional").fill(address)
    form.get_by_role("button", name="Guardar").press("Enter")


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTheDailyEMail:
    """Off until somebody wants it."""

    def test_is_chosen_corrected_and_turned_off(self, sit_down: SitDown, casehub: CaseHub) -> None:
        ana = sit_down("sv.enlace1")
        ana.sign_in_with_code(PASSWORD)
        page = at_account(ana)
        form = section(page, "Correo diario")
        expect(form.get_by_label("Nunca")).to_be_checked()
        expect(form).to_contain_text(re.compile(r"los guarda en la carpeta \S*mail"))

        choose(form, "Cada día", "enlace@fiscalia")
        expect(form.get_by_text(WRONG)).to_be_visible(timeout=SLOW)
        expect(form.get_by_label("Correo institucional")).to_have_value("enlace@fiscalia")
        clean(ana, "digest-refused")

        form.get_by_label("A las").select_option("07:00")
        choose(form, "De lunes a viernes", ADDRESS)
        expect(page.get_by_text("Quedó guardado.")).to_be_visible(timeout=SLOW)
        expect(form.get_by_text(WRONG)).to_have_count(0)
        clean(ana, "digest-weekdays")

        page.get_by_role("link", name="Expedientes").first.click()
        form = section(at_account(ana), "Correo diario")
        expect(form.get_by_label("De lunes a viernes")).to_be_checked()
        expect(form.get_by_label("A las")).to_have_value("7")
        expect(form.get_by_label("Correo institucional")).to_have_value(ADDRESS)
        form.get_by_label("Nunca").check()
        form.get_by_role("button", name="Guardar").press("Enter")
        expect(form.get_by_label("Correo institucional")).to_have_count(0)
        assert ana.complaints == []
