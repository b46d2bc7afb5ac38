"""casehub-witness.pyz: the same bytes everywhere, and nothing needed but `cryptography`."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from audit.tlog.note import Key
from tests.unit.witness.logs import KEY, Log, cosigned_at
from tests.unit.witness.test_serving import Client
from tools import witness as tool

# Runs the file as Python itself would, without site-packages, and looks at what it brought along.
ALONE = """
import atexit, runpy, sys
only, file, *rest = sys.argv[1:]
sys.path.append(only)
def looked():
    ours = {name for name in sys.modules if name.partition(".")[0] in
            {"audit", "casehub", "messaging", "requests_mla", "tests", "tools", "django"}}
    more = {name for name in ours if name != "audit" and not name.startswith("audit.tlog")}
    sys.stderr.write(f"brought along: {sorted(more)}\\n")
atexit.register(looked)
sys.argv = [file, *rest]
runpy.run_path(file, run_name="__main__")
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    file = tmp_path_factory.mktemp("built") / "casehub-witness.pyz"
    tool.build(file)
    return file


@pytest.fixture
def alone(tmp_path, built):
    """Return `alone(*arguments)`: a command line on which only `cryptography` can be imported."""
    only = tmp_path / "only"
    only.mkdir()
    for name in ("cryptography", "_cffi_backend"):
        place = Path(importlib.util.find_spec(name).origin)
        place = place.parent if place.name == "__init__.py" else place
        (only / place.name).symlink_to(place)

    def command(*arguments):
        return [sys.executable, "-I", "-S", "-c", ALONE, only, built, *arguments]

    return command


def run(command):
    result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    return result.returncode, result.stdout, result.stderr


class TestTheFile:
    def test_has_the_same_bytes_whoever_makes_it(self, built, tmp_path, monkeypatch):
        monkeypatch.setenv("TZ", "America/Bogota")
        before = os.umask(0o077)
        try:
            tool.build(tmp_path / "again.pyz")
        finally:
            os.umask(before)
        assert (tmp_path / "again.pyz").read_bytes() == built.read_bytes()

    def test_can_be_started_by_its_name(self, built):
        assert built.read_bytes().startswith(b"#!/usr/bin/env python3\n")
        assert built.stat().st_mode & 0o100

    def test_holds_the_witness_and_the_formats_only(self, built):
        folders = {name.rpartition("/")[0] for name in zipfile.ZipFile(built).namelist()}
        assert folders == {"", "audit", "audit/tlog", "witness"}

    def test_makes_a_key_and_cosigns_with_nothing_else_there(self, alone, tmp_path):
        key = tmp_path / "key"
        code, vkey, err = run(alone("key", key, "--name", "witness.mx.example"))
        assert (code, err) == (0, "brought along: []\n")
        assert vkey.startswith("witness.mx.example+")
        shared = ["--key", key, "--state", tmp_path / "state", "--log", str(KEY.public)]
        serving = alone("serve", *shared, "--listen", "127.0.0.1:0", "--until-eof")
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(serving, text=True, **pipes) as process:
            status, _, line = Client(process).add(Log(7).body(0, 7))
            assert status == 200
            process.stdin.close()
            assert process.wait(10) == 0
            assert process.stderr.read().splitlines()[-1] == "brought along: []"
        assert cosigned_at(Log(7).note(7), line, Key.parse(vkey.strip()))

    def test_polls_with_nothing_else_there(self, alone, tmp_path):
        key = tmp_path / "key"
        run(alone("key", key, "--name", "witness.mx.example"))
        shared = ["--key", key, "--state", tmp_path / "state", "--log", str(KEY.public)]
        code, out, err = run(alone("poll", *shared, "--from", "http://127.0.0.1:9", "--once"))
        assert (code, out) == (1, "")
        assert err.splitlines() == [
            "http://127.0.0.1:9/pending cannot be reached: Connection refused",
            "brought along: []",
        ]

    def test_says_what_is_missing(self, built):
        code, out, err = run([sys.executable, "-I", "-S", built, "vkey", "x"])
        assert (code, out) == (1, "")
        assert err == "casehub-witness needs the package cryptography: pip install it\n"
