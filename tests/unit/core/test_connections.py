"""What `DATABASE_URL` says of how to connect holds, beside what a dead line is noticed by."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from casehub.core import connections
from casehub.edge.management.commands import serve
from tests.repo.conftest import ROOT

OPTIONS = "import json; from casehub.settings import DATABASES; print(json.dumps(DATABASES))"
NOTICED = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "connect_timeout": 5,
}


def options_of(url):
    """Return the options that the settings make of this address."""
    given = {"PATH": os.environ["PATH"], "CASEHUB_DEMO": "1", "DATABASE_URL": url}
    given["CASEHUB_DATA"] = os.environ["CASEHUB_DATA"]
    told = subprocess.run(
        [sys.executable, "-c", OPTIONS], cwd=ROOT, env=given, check=True, capture_output=True
    )
    found = json.loads(told.stdout)["default"]["OPTIONS"]
    assert found.pop("pool")["timeout"] == 20
    return found


def test_a_dead_line_is_noticed_where_the_address_says_nothing_else():
    assert options_of("postgres://casehub@db/casehub") == NOTICED


def test_what_the_address_says_is_kept_and_comes_before_ours():
    said = "?sslmode=verify-full&sslrootcert=%2Frun%2Fca.pem&connect_timeout=9&keepalives_idle=60"
    assert options_of(f"postgres://casehub@db/casehub{said}") == NOTICED | {
        "sslmode": "verify-full",
        "sslrootcert": "/run/ca.pem",
        "connect_timeout": 9,
        "keepalives_idle": 60,
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "-c lock_timeout=5s"),
        ({"options": "-c statement_timeout=9s"}, "-c statement_timeout=9s -c lock_timeout=5s"),
    ],
)
def test_a_server_waits_for_rows_so_long_beside_what_the_address_says(monkeypatch, said, expected):
    known = SimpleNamespace(vendor="postgresql", settings_dict={"OPTIONS": {**said}})
    monkeypatch.setattr(serve, "connection", known)
    serve.wait_for_rows_so_long()
    assert known.settings_dict["OPTIONS"]["options"] == expected


@pytest.mark.parametrize(
    ("options", "closed"),
    [({"pool": {"max_size": 22}}, True), ({}, False), ({"transaction_mode": "IMMEDIATE"}, False)],
)
def test_one_that_is_given_back_is_one_of_a_pool(options, closed):
    """SQLite's last one would take the file with it that a full disk gives nobody again."""
    done = []
    one = SimpleNamespace(settings_dict={"OPTIONS": options}, close=lambda: done.append(True))
    connections.give_back(one)
    assert bool(done) is closed
