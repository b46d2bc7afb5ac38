"""`manage.py check --deploy` on a production: clean, or it says what is hardly meant."""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys

import pytest

from tests.servers.casehub_server import PROJECT


@pytest.fixture
def check(tmp_path):
    """Return what checks a production with these variables, as an operator does."""
    roots = tmp_path / "roots.json"
    roots.write_text(json.dumps({"SV": "a key"}))
    production = {
        "PATH": os.environ["PATH"],
        "CASEHUB_ORIGINS": "https://casehub.example",
        "CASEHUB_SECRET_KEY": secrets.token_urlsafe(48),
        "CASEHUB_EVENTS_KEY": base64.b64encode(secrets.token_bytes(32)).decode("ascii"),
        "CASEHUB_DATA": str(tmp_path / "data"),
        "CASEHUB_ANCHOR": str(tmp_path / "anchor"),
        "CASEHUB_PROXIES": "1",
        "CASEHUB_ROOTS": str(roots),
    }

    def one(**more: str) -> tuple[int, str]:
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        environment = {**production, **more}
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return one


class TestAProduction:
    def test_is_clean(self, check):
        code, said = check()
        assert (code, "no issues" in said) == (0, True), said

    def test_is_told_of_a_name_that_is_none_and_of_nothing_in_front(self, check):
        code, said = check(CASEHUB_PROXIES="0", CASEHUB_PROXY="1")
        assert code == 1
        assert "CASEHUB_PROXY is no variable" in said
        assert "CASEHUB_PROXIES is 0" in said

    def test_that_cannot_be_is_told_in_one_line_what_is_wrong(self, check):
        code, said = check(CASEHUB_PROCESSES="secret")
        assert code == 1
        assert (
            said.strip()
            .splitlines()[-1]
            .endswith(
                "CaseHub does not start: CASEHUB_PROCESSES must be a whole number of at least 1."
            )
        )
        assert "secret" not in said.strip().splitlines()[-1]
