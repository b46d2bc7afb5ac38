"""A page of its own, built from frontend/tests/, under the policy of the real server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page

from casehub.edge.headers import CONTENT_SECURITY_POLICY

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


class _Page(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(name: str) -> Iterator[str]:
    """Build frontend/tests/`name` and serve it for a while; yield its address."""
    build = ["npx", "vite", "build", "-c", f"tests/{name}/vite.config.ts", "--logLevel", "error"]
    subprocess.run(build, cwd=FRONTEND, check=True)
    folder = FRONTEND / "node_modules" / ".cache" / name
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Page, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


# Acts, fields and headings that lie below an element, as a pointer would find them.
BELOW = """(said) => {
  const { left, right, top, bottom } = said.getBoundingClientRect();
  const found = new Set();
  for (let x = left + 1; x < right; x += 8)
    for (let y = top + 1; y < bottom; y += 4)
      for (const one of document.elementsFromPoint(x, y))
        if (one.matches("button, a, input, select, textarea, h1, h2")) found.add(one.outerHTML);
  return [...found];
}"""


def open_place(page: Page, name: str) -> None:
    """Follow a place's link in the bars; on a narrow page it may be behind "More"."""
    seen = page.get_by_role("link", name=name).filter(visible=True)
    if seen.count() == 0:
        page.locator("[aria-controls=more-places]").click()
    seen.first.click()
