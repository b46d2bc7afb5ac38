"""Whoever was designated the usual way waits a day before they read with other States."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.browser.test_alta import heading, in_the_region
from tests.browser.test_designation import enrol
from tests.servers.casehub_server import CaseHub

NAME = "Noemí Cáceres Lara"
HERE = ZoneInfo("America/El_Salvador")
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
WAITS = timedelta(hours=24)
# In a State's first day nobody waits for its people. When all go on again, the day that is waited
# for is over by as much as has passed meanwhile, and no more.
OLDER = timedelta(hours=25)
DAY_LATER = OLDER + WAITS


def clock_ahead(one: Prosecutor, by: timedelta) -> None:
    """
    Let the clock of a person's browser go ahead as the servers' does, from the next page on.

    In what order a page is given several of these is nobody's word: the furthest counts.
    """
    milliseconds = int(by.total_seconds()) * 1_000
    one.page.context.add_init_script(
        f"""{{
          if (Date.ahead === undefined) {{
            const Present = Date;
            globalThis.Date = class extends Present {{
              static ahead = 0;
              static now() {{ return Present.now() + Date.ahead; }}
              constructor(...given) {{
                if (given.length > 0) super(...given); else super(Date.now());
              }}
            }};
          }}
          Date.ahead = Math.max(Date.ahead, {milliseconds});
        }}"""
    )


def hour_of(said: str) -> datetime:
    """Return the minute that a page names, as people in El Salvador write it."""
    found = re.search(r"(\d+) (\w{3})\w*\.? (\d{4}), (\d\d):(\d\d):\d\d", said)
    assert found is not None, said
    day, month, year, hour, minute = found.groups()
    at = (int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute))
    return datetime(*at, tzinfo=HERE)


@pytest.mark.browser
@pytest.mark.ahead
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
        hour = dialog.get_by_text(re.compile("Podrá agregarla desde el"))
        expect(hour).to_be_visible(timeout=SLOW)
        named = datetime.fromisoformat(in_the_region(casehub, f"approved_at({designation!r})"))
        assert hour_of(hour.inner_text()) == (named + WAITS).replace(second=0, microsecond=0)
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
