"""
Is the server here well? For health checks of containers, and for people: it prints the answer.

`python -m casehub.edge.alive [PATH]` asks the server; `... figures` asks where the figures of this
process are told (CASEHUB_METRICS), which a process without a server has too.
"""

from __future__ import annotations

import http.client
import os
import sys
from urllib.parse import urlsplit

SECONDS = 3
LIVES, READY = "/healthz", "/readyz"
FIGURES = "figures"


def answers(port: int, host: str, path: str = LIVES) -> bool:
    """Return whether the server on `port` is well, asked as `host`: other names it refuses."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        said = answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    if said:
        sys.stdout.write(f"{said}\n")
    return answer.status == http.HTTPStatus.OK


def main(arguments: list[str]) -> int:
    """Return 0 if it is well."""
    if arguments == [FIGURES]:
        port = int(os.environ["CASEHUB_METRICS"].rpartition(":")[2])
        return 0 if answers(port, "localhost") else 1
    port = int(os.environ.get("PORT", "8000"))
    origin = os.environ.get("CASEHUB_ORIGINS", f"http://localhost:{port}").partition(",")[0]
    return 0 if answers(port, urlsplit(origin).netloc, *arguments) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
