"""A clock that goes ahead, for servers of tests alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import ahead

ROOT = Path(ahead.__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEHUB_")}
    return subprocess.run(
        [sys.executable, "-m", "tests.servers.ahead", *arguments],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


class TestAShiftedClock:
    @pytest.mark.parametrize("demo", [{}, {"CASEHUB_DEMO": "0"}, {"CASEHUB_DEMO": ""}])
    def test_is_refused_where_the_place_is_no_demo(self, demo):
        ended = run("86400", "check", **demo)
        assert ended.returncode == 1
        assert ended.stderr.strip() == "only a demo's clock is shifted"

    @pytest.mark.parametrize("arguments", [(), ("86400",), ("-5", "check"), ("serve", "86400")])
    def test_is_asked_for_in_whole_seconds_before_a_command(self, arguments):
        ended = run(*arguments, CASEHUB_DEMO="1")
        assert ended.returncode == 1
        assert ended.stderr.strip() == ahead.USAGE

    def test_is_the_one_by_which_a_command_goes(self):
        said = (
            "import time; from django.utils import timezone;"
            "print('>>', timezone.now().timestamp(), time.time())"
        )
        begun = time.time()
        ended = run("86400", "shell", "-v", "0", "-c", said, CASEHUB_DEMO="1")
        took = time.time() - begun
        for told in ended.stdout.split(">>")[1].split():
            assert 0 <= float(told) - begun - 86_400 <= took

    def test_is_something_that_the_program_itself_does_not_know(self):
        known = ("tests.servers", "ahead.shift", "timezone.now =", "vars(timezone)")
        for package in ("casehub", "messaging", "audit", "requests_mla", "witness"):
            for file in (ROOT / package).rglob("*.py"):
                text = file.read_text(encoding="utf-8")
                assert not any(one in text for one in known), file
