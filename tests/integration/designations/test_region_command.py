"""`manage.py region`, for whoever serves the region: from nothing to the end of a term."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.core.management.base import CommandError

from casehub.directory.fingerprints import words_of
from casehub.directory.models import Office
from tests.integration.designations.lives import raw
from tests.integration.designations.members import Member
from tests.repo.conftest import ROOT


def run(*arguments):
    """Return what `manage.py region` says."""
    said = StringIO()
    call_command("region", *arguments, stdout=said)
    return said.getvalue()


def test_before_there_are_tables_it_says_what_to_run(tmp_path):
    here = {"PATH": os.environ["PATH"], "CASEHUB_DEMO": "1", "CASEHUB_DATA": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "manage.py", "region", "terms"],
        cwd=ROOT, env=here, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert "Is it set up? Run manage.py migrate" in line


class TestTheCommand:
    @pytest.fixture
    def secretariat(self, db, clock):
        return run("office", "--kind", "regional", "--name", "Secretaría técnica").strip()

    @pytest.fixture
    def member(self, secretariat, now):
        """Return somebody whom the command invited, and what it told."""
        who = ("--office", secretariat, "--name", "Ana", "--post", "Guardia")
        told = run("member", "--role", "secretariat", *who).split()
        return Member.told(UUID(told[1]), told[3], now)

    def test_makes_another_code(self, member):
        again = run("code", str(member.person)).split()
        assert again[1] == str(member.person)
        assert again[3] != member.code

    def test_lets_somebody_in_from_nothing_lists_them_and_lets_them_out(self, member):
        member.enrol()
        member.offer()
        words = words_of(raw(member.key))
        other = words_of(raw(Ed25519PrivateKey.generate()))
        with pytest.raises(CommandError, match="binding-differs"):
            run("admit", str(member.person), "--words", other)
        assert member.known.role_set <= {""}
        assert "serves until" in run("admit", str(member.person), "--words", words)
        assert member.known.role_set == {"secretariat"}
        assert member.client.get("/api/directory/people").status_code == 200
        (line,) = run("terms").splitlines()
        assert line.split()[:3] == [str(member.person), "secretariat", "active"]
        assert "sessions ended: 1" in run("dismiss", str(member.person))
        assert member.client.get("/api/directory/people").status_code in {401, 403}
        assert run("terms").split()[2] == "removed"
        with pytest.raises(CommandError, match="regional-stopped"):
            run("admit", str(member.person), "--words", words)

    @pytest.mark.parametrize("act", [("admit", "--words", "a b c d e f"), ("dismiss",)])
    def test_knows_no_officer_of_a_state_there(self, region, clock, now, act):
        ministry = Office.objects.create(
            state_id=region.person("SV", "ministry").state,
            kind="ministry",
            name="Cancillería",
            audit_event_id=region.event(Office),
        )
        told = run(
            *("officer", "--state", "SV", "--office", str(ministry.id)),
            *("--name", "Luis", "--post", "Oficial"),
        )
        name, *rest = act
        with pytest.raises(CommandError, match="not-found"):
            run(name, told.split()[1], *rest)

    @pytest.mark.parametrize("kind", ["prosecution", "ministry", "central", "supervision"])
    def test_enters_no_office_of_a_state_without_its_state(self, db, clock, kind):
        with pytest.raises(CommandError, match="office-kind"):
            run("office", "--kind", kind, "--name", "Fiscalía")
        assert not Office.objects.exists()

    def test_enters_no_regional_office_in_a_state(self, region, clock):
        region.person("SV", "liaison")
        with pytest.raises(CommandError, match="office-kind"):
            run("office", "--state", "SV", "--kind", "regional", "--name", "Secretaría")
        assert not Office.objects.filter(kind="regional").exists()
