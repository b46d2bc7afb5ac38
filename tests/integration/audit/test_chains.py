"""Every active liaison has her whole chain, told from an export of the directory's log alone."""

from __future__ import annotations

import json
from contextlib import contextmanager
from io import StringIO

import pytest
import rfc8785
from django.core.management import CommandError, call_command
from django.db import connection

from audit.bundles import form
from audit.services import erase
from casehub.demo.ceremony import public
from casehub.demo.keys import root_of
from tests.integration.audit.bundling import codes, contents, lines_of, repacked, with_lines
from tests.integration.audit.conftest import log_named
from tests.integration.audit.test_command import audit


@pytest.fixture
def log(bench, region, page):
    """A State with a liaison who has a device, one who was suspended, and one without a key."""
    bench.now = region.now
    bench.ana, bench.eva = region.equipped("SV"), region.person("SV")
    region.enter(region.stopping(bench.eva, by=region.seat("SV").coordinator.key))
    bench.signed(1, directory=1)
    return bench


@pytest.fixture
def bundle(log, tmp_path):
    """The whole directory's log, as somebody carries it away."""
    file = tmp_path / "dir.zip"
    audit("export", file, "--log", "dir", "--by", "operator")
    return file


@contextmanager
def no_database():
    def refuse(*_):
        raise AssertionError("the database was asked")

    with connection.execute_wrapper(refuse):
        yield


def chains(*arguments):
    """Return exit code and words, the database out of reach."""
    out = StringIO()
    try:
        with no_database():
            call_command("chains", *map(str, arguments), stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


class TestAnExportOfTheDirectory:
    def test_shows_for_every_active_liaison_the_whole_chain_without_a_database(self, log, bundle):
        code, words = chains(bundle)
        assert code == 0
        assert "1 active liaisons at 2026-11-24T15:00:00Z, each with her whole chain." in words
        told = words.partition(f"({log.ana.person})")[2].split("\n")
        assert [line.split(":")[0].strip() for line in told[1:8]] == [
            "root", "officers", "consultation", "nomination", "approvals", "binding", "devices",
        ]  # fmt: skip
        assert f"({log.eva.person}): person-revoked" in words

    def test_is_found_broken_under_other_roots(self, bundle, tmp_path):
        """Whoever pins another root for a State finds nobody of it active."""
        (tmp_path / "roots.json").write_text(json.dumps({"SV": public(root_of("GT"))}))
        code, words = chains(bundle, "--roots", tmp_path / "roots.json")
        assert (code, "0 active liaisons" in words) == (0, True)
        assert "no-root; missing: root officers" in words.replace(",", "")

    def test_tells_as_of_a_day_that_somebody_asks_for(self, bundle):
        code, words = chains(bundle, "--at", "2028-01-01")
        assert (code, "0 active liaisons" in words) == (0, True)
        assert "designation-expired" in words

    def test_holds_what_its_events_name_each_once(self, bundle):
        files = contents(bundle.read_bytes())
        assert list(files) == form.names(len(lines_of(files)), statements=True)
        lines = files[form.STATEMENTS].split(b"\n")[:-1]
        assert len(lines) == len(set(lines)) == 11
        assert all(rfc8785.dumps(json.loads(line)) == line for line in lines)
        assert "11 statements are those that opened events name" in audit(
            "verify", "--bundle", bundle
        )


def _cut(lines):
    return lines[1:]


def _twice(lines):
    return [*lines, lines[0]]


def _changed(lines):
    """One of the two officers under the last designation was never there."""
    at = max(at for at, line in enumerate(lines) if b'"type":"designation"' in line)
    body = json.loads(lines[at])
    body["signatures"] = body["signatures"][:-1]
    return [*lines[:at], rfc8785.dumps(body), *lines[at + 1 :]]


def _more(lines):
    return [*lines, b"{}"]


class TestABundleOfTheDirectory:
    @pytest.mark.parametrize("change", [_cut, _twice, _changed, _more])
    def test_whose_statements_are_not_those_that_were_logged_is_refused(
        self, bundle, tmp_path, change
    ):
        files = contents(bundle.read_bytes())
        lines = files[form.STATEMENTS].split(b"\n")[:-1]
        files[form.STATEMENTS] = b"".join(line + b"\n" for line in change(lines))
        (tmp_path / "forged.zip").write_bytes(repacked(files))
        assert codes((tmp_path / "forged.zip").read_bytes()) == [("statements", form.STATEMENTS)]
        code, words = chains(tmp_path / "forged.zip")
        assert (code, "NOT what was signed" in words) == (1, True)

    def test_that_leaves_a_stop_out_is_refused(self, bundle, tmp_path):
        """An entry that is missing shows, whatever else was made to fit."""
        files = contents(bundle.read_bytes())
        lines = lines_of(files)
        stop = next(at for at, one in enumerate(lines) if b'"type":"revocation"' in one)
        rest = lines[:stop] + lines[stop + 1 :]
        forged = repacked(with_lines(files, rest), {"entries": len(rest)})
        (tmp_path / "forged.zip").write_bytes(forged)
        assert chains(tmp_path / "forged.zip")[0] == 1

    def test_that_is_not_whole_decides_nothing(self, log, tmp_path):
        file = tmp_path / "part.zip"
        audit("export", file, "--log", "dir", "--by", "operator", "--to", "4")
        code, words = chains(file)
        assert (code, "not the whole log" in words) == (2, True)

    def test_of_other_acts_decides_nothing(self, log, tmp_path):
        file = tmp_path / "acts.zip"
        audit("export", file, "--log", "acts-2026", "--by", "operator")
        assert form.STATEMENTS not in contents(file.read_bytes())
        code, words = chains(file)
        assert (code, "holds no statements" in words) == (2, True)

    def test_in_which_an_event_was_erased_decides_nothing(self, log, tmp_path):
        erase(
            origin=log_named("dir").origin,
            position=1,
            ground="LED 16(2)",
            actor="op",
            now=log.now,
        )
        file = tmp_path / "dir.zip"
        audit("export", file, "--log", "dir", "--by", "operator")
        code, words = chains(file)
        assert (code, "entries 1 are not opened" in words) == (2, True)

    def test_is_not_made_when_a_statement_is_not_as_it_was_entered(self, log, tmp_path):
        log.tamper("UPDATE directory_signedstatement SET signatures = '[]' WHERE type = 'binding'")
        with pytest.raises(CommandError, match="names a statement that is not there") as error:
            audit("export", tmp_path / "dir.zip", "--log", "dir", "--by", "operator")
        assert error.value.returncode == 1
