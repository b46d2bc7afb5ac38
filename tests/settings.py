"""
The project's settings as the tests see them: the demo, in a data folder of its own.

A plain `pytest` needs no environment. `python -m tests.servers.full -- pytest` sets DATABASE_URL
and REDIS_URL, and the same tests run on PostgreSQL and Redis.
"""

import atexit
import os
import shutil
import tempfile

if "CASEHUB_DATA" not in os.environ:
    os.environ["CASEHUB_DATA"] = tempfile.mkdtemp(prefix="casehub-tests-")
    atexit.register(shutil.rmtree, os.environ["CASEHUB_DATA"], ignore_errors=True)
os.environ.setdefault("CASEHUB_DEMO", "1")

from casehub.settings import *  # noqa: F403 - the environment comes first
from casehub.settings import DATA_DIR, DATABASES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: a shared in-memory database locks by table and has no WAL.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}
    # Nobody pulls the plug of a test; servers that tests start write through, as always.
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

PASSWORD_HASHERS = ["tests.hashing.Quick"]
# No test in this process asks for a file of the pages: each client would look for all of them.
WHITENOISE_USE_FINDERS = False
