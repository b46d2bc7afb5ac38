"""What stands behind the sign-in is shown with all words of its language, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.actors import Prosecutor
from tests.browser.conftest import PASSWORD
from tests.servers.casehub_server import PROJECT

WORDS = PROJECT / "frontend" / "src" / "words"


@pytest.mark.browser
@pytest.mark.timeout(100)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestALanguage:
    """Chosen before the sign-in, and most of its words do not come."""

    def test_is_shown_with_all_its_words_or_not_at_all(
        self, sit_down: Callable[..., Prosecutor]
    ) -> None:
        fr = json.loads((WORDS / "fr.json").read_text(encoding="utf-8"))
        person = sit_down("sv.enlace1", locale="en-US")
        page, asked = person.page, []

        def lost(route: Route) -> None:
            asked.append(route.request.url)
            route.abort("internetdisconnected")

        page.route(re.compile(r"/fr-rest-"), lost)
        page.goto(person.url)
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelector('input[value=fr]').click()")
        expect(page.get_by_role("heading", name=fr["signin.title"], exact=True)).to_be_visible()
        assert asked == []
        page.get_by_label(fr["signin.account"], exact=True).press_sequentially(person.account)
        page.get_by_label(fr["signin.password"], exact=True).fill(PASSWORD)
        page.get_by_role("button", name=fr["signin.continue"], exact=True).click()
        page.get_by_label(fr["signin.code"], exact=True).fill(person.present_code())
        page.get_by_role("button", name=fr["signin.enter"], exact=True).click()
        key = page.get_by_role("button", name=fr["asking.demo"], exact=True)
        failed = page.get_by_role("heading", name=fr["lazy.failed"], exact=True)
        expect(failed.or_(key)).to_be_visible()
        if key.is_visible():
            key.click()
        expect(failed).to_be_visible()
        assert asked
        page.unroute(re.compile(r"/fr-rest-"))
        page.get_by_role("button", name=fr["lazy.again"], exact=True).click()
        expect(page.get_by_role("link", name=fr["nav.cases"]).first).to_be_visible()
        expect(page.locator("body")).not_to_contain_text(re.compile(r"(?<!\S)…(?!\S)"))
        assert person.complaints == []
