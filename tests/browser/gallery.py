"""The interface built against fixtures and served under the policy of the real server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from casehub.edge.headers import FRAMED, isolated

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
GALLERY = FRONTEND / "node_modules" / ".cache" / "gallery"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class _Gallery(SimpleHTTPRequestHandler):
    """The built gallery under the policy of the real server; every address is the one page."""

    policy = POLICY

    def do_GET(self) -> None:
        if self.path in FRAMED:
            self._frame((FRONTEND / "dist" / self.path.rpartition("/")[2]).read_bytes())
            return
        if not (GALLERY / self.path.split("?")[0].lstrip("/")).is_file():
            self.path = "/index.html"
        super().do_GET()

    def _frame(self, page: bytes) -> None:
        policy = isolated(page.decode())
        assert policy is not None
        self.policy = policy.decode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """Build the gallery and serve it; return its address."""
    build = ["npx", "vite", "build", "-c", "tests/ui/vite.config.ts", "--logLevel", "error"]
    subprocess.run(build, cwd=FRONTEND, check=True)
    handler = partial(_Gallery, directory=str(GALLERY))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
