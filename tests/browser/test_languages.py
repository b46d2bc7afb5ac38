"""What stands behind the sign-in is shown with all words of its language, or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.actors import SLOW, Prosecutor
from tests.browser.conftest import PASSWORD
from tests.servers.casehub_server import PROJECT

WORDS = PROJECT / "frontend" / "src" / "words"
Words = dict[str, str]
#  whatever a page says, each text by itself: what is read out or shown beside something, too
SAID = """() => {
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) said.push(walk.currentNode.textContent);
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      said.push(one.getAttribute(name) ?? "");
  return said.map((text) => text.trim());
}"""


def words_of(language: str) -> Words:
    return dict(json.loads((WORDS / f"{language}.json").read_text(encoding="utf-8")))


def is_all_in(page: Page, language: str) -> None:
    """See nothing on a page that CaseHub says in Spanish and not in this language."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    spanish = {*words_of("es").values()} - {*words_of(language).values()}
    said = page.evaluate(SAID)
    assert len(said) > 10
    assert [one for one in said if one in spanish] == []


def gives_password(person: Prosecutor, words: Words) -> None:
    """Up to the second factor, from the page of the sign-in."""
    page = person.page
    page.get_by_label(words["signin.account"], exact=True).press_sequentially(person.account)
    page.get_by_label(words["signin.password"], exact=True).fill(PASSWORD)
    page.get_by_role("button", name=words["signin.continue"], exact=True).click()
    page.get_by_label(words["signin.code"], exact=True).fill(person.present_code())


def arrives(person: Prosecutor, words: Words, language: str) -> None:
    """Connected, at the case files, with every word of it in one's language."""
    page = person.page
    heading = page.get_by_role("heading", name=words["nav.cases"], exact=True, level=1)
    expect(heading).to_be_visible()
    # A new device waits for its place in the log.
    online = page.get_by_text(words["connection.online"], exact=True).first
    expect(online).to_be_visible(timeout=SLOW)
    is_all_in(page, language)


@pytest.mark.browser
@pytest.mark.timeout(100)
@pytest.mark.parametrize("configuration", ["embedded"], indirect=True)
class TestALanguage:
    """Chosen before the sign-in, and most of its words do not come."""

    def test_is_shown_with_all_its_words_or_not_at_all(
        self, sit_down: Callable[..., Prosecutor]
    ) -> None:
        fr = words_of("fr")
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
        is_all_in(page, "fr")
        gives_password(person, fr)
        is_all_in(page, "fr")
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
        arrives(person, fr, "fr")
        expect(page.locator("body")).not_to_contain_text(re.compile(r"(?<!\S)…(?!\S)"))
        self._works_in_english(sit_down("sv.enlace2", locale="en-US"))
        assert person.complaints == []

    def _works_in_english(self, person: Prosecutor) -> None:
        """Whose browser is in English signs in and is there without choosing anything."""
        en, page = words_of("en"), person.page
        page.goto(person.url)
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
        is_all_in(page, "en")
        gives_password(person, en)
        is_all_in(page, "en")
        page.get_by_role("button", name=en["signin.enter"], exact=True).click()
        key = page.get_by_role("button", name=en["asking.demo"], exact=True)
        cases = page.get_by_role("link", name=en["nav.cases"]).first
        expect(cases.or_(key).first).to_be_visible()
        if key.is_visible():
            key.click()
        arrives(person, en, "en")
        assert person.complaints == []
