"""Whoever was designated the usual way waits a day before they read with other States."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_alta import heading, in_the_region
from tests.browser.test_designation import enrol
from tests.servers.casehub_server import CaseHub

NAME = "Noemí Cáceres Lara"
# In a State's first day nobody waits for its people.
OLDER, DAY_LATER = timedelta(hours=25), timedelta(hours=50)


def clock_ahead(one: Prosecutor, by: timedelta) -> None:
    """Let the clock of a person's browser go ahead as the servers' does, from the next page on."""
    milliseconds = int(by.total_seconds()) * 1_000
    one.page.context.add_init_script(
        f"""{{
          const Present = Date.present ?? Date;
          globalThis.Date = class extends Present {{
            static present = Present;
            static now() {{ return Present.now() + {milliseconds}; }}
            constructor(...given) {{
              if (given.length > 0) super(...given); else super(Present.now() + {milliseconds});
            }}
          }};
        }}"""
    )


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestTheFirstDay:
    """Of somebody of El Salvador, whom México wants in a case of both States."""

    def test_keeps_her_out_until_the_hour_that_is_shown_and_she_is_let_in_then(
        self, sit_down: Callable[..., Prosecutor], casehub: CaseHub
    ) -> None:
        casehub.go_on_at(OLDER)
        designation, code = in_the_region(casehub, f"code({NAME!r})").split()
        noemi, mexico = sit_down("nobody"), sit_down("mx.enlace1")
        for person in (noemi, mexico):
            clock_ahead(person, OLDER)
        noemi.plug_in_authenticator()
        enrol(noemi.page, noemi.url, code)
        assert in_the_region(casehub, f"bind({designation!r})") == "bound"
        expect(heading(noemi.page, "Expedientes")).to_be_visible(timeout=SLOW)

        mexico.sign_in_with_code(PASSWORD)
        reference = mexico.open_case(["El Salvador"], "Ruta La Hachadura")
        mexico.open_thread("Registros")
        page = mexico.page
        page.get_by_role("button", name="Agregar persona").first.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name=re.compile(NAME)).check()
        dialog.get_by_role("button", name="Continuar").click()
        dialog.get_by_role("button", name=re.compile("^Agregar a")).click()
        hour = r"Podrá agregarla desde el .*\d\d:\d\d"
        expect(dialog.get_by_text(re.compile(hour))).to_be_visible(timeout=SLOW)
        mexico.shot("first-day-refused")

        casehub.go_on_at(DAY_LATER)
        for person in (noemi, mexico):
            clock_ahead(person, DAY_LATER)
        mexico.sign_in_with_code(PASSWORD)
        mexico.go_to(reference, "Registros")
        mexico.add_person(NAME, thread="Registros")
        noemi.sign_in_with_passkey()
        noemi.go_to(reference, "Registros")
        mexico.write("Bienvenida, un día después")
        noemi.reads("Bienvenida, un día después")
        noemi.write("Gracias; ya leo con ustedes")
        mexico.reads("Gracias; ya leo con ustedes")
        for person in (noemi, mexico):
            assert person.complaints == []
