"""Documents are made in the page: under the service's own policy, and nothing leaves it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from casehub.edge.headers import CONTENT_SECURITY_POLICY

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
PAGE = FRONTEND / "node_modules" / ".cache" / "documents"
LISTEN = """window.blocked = [];
document.addEventListener("securitypolicyviolation",
  (event) => window.blocked.push(`${event.violatedDirective} ${event.sample}`));"""
BEGINS = {"docx": "PK\x03\x04", "pdf": "%PDF", "json": '{\n  "'[:4]}


class _Page(SimpleHTTPRequestHandler):
    """The built page under the policy of the real server."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Build the page and serve it; return its address."""
    build = ["npx", "vite", "build", "-c", "tests/documents/vite.config.ts", "--logLevel", "error"]
    subprocess.run(build, cwd=FRONTEND, check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Page, directory=str(PAGE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


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
