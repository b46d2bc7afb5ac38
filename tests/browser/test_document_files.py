"""Documents are made in the page: under the service's own policy, and nothing leaves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.pages import served

LISTEN = """window.blocked = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.blocked.push(`${event.violatedDirective} ${event.sample}`));"""
BEGINS = {"docx": "PK\x03\x04", "pdf": "%PDF", "json": '{\n  "'[:4]}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the page that makes documents; return its address."""
    with served("documents") as url:
        yield url


@pytest.mark.browser
class TestDocuments:
    """Word, PDF and JSON of a draft that answers every question."""

    def test_are_made_in_the_page_and_go_nowhere(self, browser: Browser, address: str) -> None:
        page = browser.new_page()
        page.add_init_script(LISTEN)
        errors: list[str] = []
        asked: list[tuple[str, str]] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.append((request.method, request.resource_type)))
        page.goto(address)
        made = page.evaluate("window.made")
        assert errors == []
        assert page.evaluate("window.blocked") == []
        assert {kind: one["begins"] for kind, one in made.items()} == BEGINS
        assert {method for method, _ in asked} == {"GET"}
        assert {kind for _, kind in asked} <= {"document", "script", "other"}
        page.close()
