"""
Run a command beside PostgreSQL and Valkey, e.g. `python -m tests.servers.full -- pytest`.

The command finds DATABASE_URL and REDIS_URL in its environment; the servers go when it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tools.region.postgres import Postgres
from tools.region.valkey import Valkey


def main(command: list[str]) -> int:
    """Run `command` and return its exit code."""
    with Postgres() as postgres, Valkey() as valkey:
        environment = {
            **os.environ,
            "DATABASE_URL": postgres.url(postgres.create()),
            "REDIS_URL": valkey.url,
        }
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] != ["--"] or len(arguments) < 2:
        sys.exit("usage: python -m tests.servers.full -- COMMAND [ARGUMENT ...]")
    sys.exit(main(arguments[1:]))
