"""That every test can be found, also those which run an hour after the quick checks."""

from __future__ import annotations

import subprocess
import sys

from tests.repo.conftest import ROOT

LATE = ("tests/browser", "tests/faults", "tests/hostile")  # which pytest enters by name only


def test_nothing_stands_in_the_way_of_finding_the_tests_that_come_last():
    asked = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    found = subprocess.run([*asked, *LATE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[-4_000:]
