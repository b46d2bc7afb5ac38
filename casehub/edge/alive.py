"""Is the server here answering? `python -m casehub.edge.alive`, for health checks of containers."""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

SECONDS = 3


def answers(port: int, host: str) -> bool:
    """Return whether the server on `port` answers as `host`; other names it refuses."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/api/session", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def main() -> int:
    """Return 0 if it answers."""
    port = int(os.environ.get("PORT", "8000"))
    origin = os.environ.get("CASEHUB_ORIGINS", f"http://localhost:{port}").partition(",")[0]
    return 0 if answers(port, urlsplit(origin).netloc) else 1


if __name__ == "__main__":
    sys.exit(main())
