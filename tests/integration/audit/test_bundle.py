"""A bundle: what is in it, that it is always the same, and what a reader is told of it."""

from __future__ import annotations

import json
import signal
import tracemalloc
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit import keyring
from audit.bundles import form
from audit.models import PublishedCheckpoint
from audit.queries import exporting, payloads_of, trees
from audit.services import publish
from audit.tlog.proof import Proof
from tests.integration.audit.bundling import (
    checked,
    codes,
    contents,
    exported,
    lines_of,
    witness,
    witnessed_policy,
)
from tests.integration.audit.conftest import PAGE, log_named
from tests.integration.audit.test_command import audit, refused


@pytest.fixture
def log(bench, page):
    """Seven entries: five of two States, an office, one of a third State a day later."""
    bench.record(5, directory=1)
    bench.now += timedelta(days=1)
    bench.record(1, states=("GT",))
    one = bench.sequencer()
    one.tick()
    one.close()
    return log_named("acts-2026")


@pytest.fixture
def witnessed(log, bench, settings, tmp_path):
    """The same, cosigned by three witnesses of whom two must."""
    keys = [witness(number) for number in (1, 2, 3)]
    settings.WITNESSES = tmp_path / "policy"
    settings.WITNESSES.write_text(witnessed_policy(keys, log.vkey))
    note = trees.newest_signed(log)
    text = trees.checkpoint_of(note).text()
    lines = "".join(key.sign(text, 1795618800 + n) for n, key in enumerate(keys))
    publish(log=log.id, size=7, note=note, now=bench.now, witnessed=True)
    PublishedCheckpoint.objects.create(log=log, size=7, note=note + lines, at=bench.now)
    return settings.WITNESSES.read_text()


class TestABundle:
    def test_holds_what_was_asked_for_and_checks(self, witnessed):
        files = contents(exported())
        assert list(files) == form.names(7)
        assert files["verify.html"] == PAGE
        assert files["policy.txt"].decode() == witnessed
        body = json.loads(files["manifest.json"])
        assert (body["log"], body["size"], body["entries"]) == ("audit.localhost/2026", 7, 7)
        verdict = checked(exported(), witnessed)
        assert verdict.findings == []
        assert verdict.conditions == {"opened": 7}
        assert sorted(verdict.cosigned) == ["w0", "w1", "w2"]

    def test_is_the_same_bytes_again_of_the_same_checkpoint(self, log, bench):
        first = exported()
        bench.signed(3)
        assert exported(size=7) == first
        assert exported() != first

    def test_has_proofs_that_any_program_takes(self, log):
        policy_of = lambda: exporting.Policy.parse(f"log {log.vkey}\nquorum none\n")  # noqa: E731
        for line in map(json.loads, lines_of(contents(exported()))):
            leaf = trees.entry(log, line["index"])
            assert Proof.parse(line["proof"]).verify(leaf, policy_of()).checkpoint.size == 7

    def test_of_a_state_holds_what_concerns_it_and_no_more(self, log):
        assert [
            one["index"] for one in map(json.loads, lines_of(contents(exported(state="GT"))))
        ] == [6]
        assert codes(exported(state="GT")) == []
        assert codes(exported(state="HN")) == []
        assert contents(exported(state="HN"))["entries.csv"].decode() == form.HEAD

    def test_of_a_time_holds_its_first_second_and_not_its_last(self, log, bench):
        day = timedelta(days=1)
        found = contents(exported(since=bench.now - day, until=bench.now))
        assert [json.loads(one)["index"] for one in lines_of(found)] == [0, 1, 2, 3, 4, 5]
        found = contents(exported(since=bench.now, until=bench.now + day))
        assert [json.loads(one)["index"] for one in lines_of(found)] == [6]

    def test_of_a_range_holds_both_its_ends(self, log):
        data = exported(first=2, last=4)
        assert [json.loads(one)["index"] for one in lines_of(contents(data))] == [2, 3, 4]
        assert codes(data) == []

    def test_says_of_an_erased_event_that_it_is(self, log, bench):
        audit("erase", "acts-2026", 1, "--ground", "LED 16(2)", "--by", "operator")
        for data in (exported(), exported(state="SV")):
            lines = [json.loads(one) for one in lines_of(contents(data))]
            assert [one["is"] for one in lines][:3] == ["opened", "erased", "opened"]
            assert set(lines[1]) == {"index", "is", "leaf", "proof"}
            assert codes(data) == []

    def test_opens_only_what_its_reader_may_see(self, log):
        data = exported(opens=lambda event: b'"GT"' in event)
        lines = [json.loads(one) for one in lines_of(contents(data))]
        assert [one["is"] for one in lines] == ["closed"] * 6 + ["opened"]
        assert b"code-1" not in data
        assert codes(data) == []

    def test_of_the_next_year_says_that_its_first_entry_is_a_mark(self, log, bench, settings):
        bench.now = bench.now.replace(year=2027, month=1, day=1, hour=1)
        keyring.signing_key("audit.localhost/2027")
        one = bench.sequencer()
        bench.record(1)
        for _ in range(3):
            one.tick()
        one.close()
        data = exported("acts-2027")
        assert [json.loads(o)["is"] for o in lines_of(contents(data))] == ["mark", "opened"]
        assert codes(data) == []
        assert json.loads(lines_of(contents(exported("acts-2026")))[-1])["is"] == "mark"

    @pytest.mark.parametrize(
        "wish",
        [
            *({"first": 7}, {"last": 7}, {"first": 3, "last": 2}, {"first": -1}, {"size": 6}),
            *({"state": ""}, {"state": "sv"}, {"state": "SV,MX"}),
        ],
    )
    def test_of_what_is_not_there_is_refused(self, log, wish):
        with pytest.raises(exporting.NothingToExport):
            exporting.select(log, **wish)

    def test_without_the_page_in_it_is_refused(self, log, settings, tmp_path):
        settings.FRONTEND_DIST = tmp_path / "empty"
        with pytest.raises(exporting.NothingToExport, match="npm run build"):
            exporting.select(log)


class TestMemory:
    def test_is_that_of_a_thousand_entries_however_many_there_are(self, bench, page):
        one = bench.sequencer()
        for _ in range(3):
            bench.record(2000)
            one.tick()
        one.close()

        def peak(last):
            selection = exporting.select(log_named("acts-2026"), last=last)
            tracemalloc.start()
            for _ in exporting.bundle(selection):
                pass
            _, highest = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return highest

        assert peak(5999) < 1.2 * peak(1999)


class TestTheTable:
    def test_says_for_people_what_the_entries_say(self, log):
        table = contents(exported(first=5))["entries.csv"].decode().split("\r\n")
        assert table[0] == "\ufeffindex,time,is,kind,actor,states,payload"
        assert table[1] == (
            "5,2026-11-24T15:00:00Z,opened,directory.office.entered,ana,MX SV,"
            '"{""office"":""office-0""}"'
        )
        assert table[3:] == [""]

    @pytest.mark.parametrize(
        ("text", "cell"), [("=1+1", "'=1+1"), ('a"b', '"a""b"'), ("a,b", '"a,b"'), ("-1", "'-1")]
    )
    def test_computes_nothing(self, text, cell):
        assert form._cell(text) == cell


class TestExport:
    def test_is_in_the_log_before_the_first_byte(self, log, tmp_path):
        told = audit(
            "export", tmp_path / "b.zip", "--log", "acts-2026", "--by", "ana", "--state", "SV"
        )
        assert "6 entries of audit.localhost/2026, of 7" in told
        (recorded,) = payloads_of("audit.bundle.exported")
        assert (recorded["actor"], recorded["states"]) == ("ana", ["MX", "SV"])
        assert recorded["payload"] == {
            "log": "audit.localhost/2026", "size": 7, "first": 0, "last": 6, "state": "SV",
            "since": None, "until": None, "entries": 6,
        }  # fmt: skip
        assert codes((tmp_path / "b.zip").read_bytes()) == []
        assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600

    @pytest.fixture
    def at_a_terminal(self):
        """Ctrl-C interrupts, as for a person; what runs in the background may have it ignored."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)

    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
    def test_leaves_nothing_behind_when_it_is_cancelled(self, log, tmp_path, at_a_terminal, how):
        class Terminal(StringIO):
            def write(self, text):
                """Somebody stops the program as soon as the first thousand is told."""
                signal.raise_signal(how)
                return super().write(text)

        folder = tmp_path / "out"
        folder.mkdir()
        wishes = ["export", str(folder / "b.zip"), "--log", "acts-2026", "--by", "ana"]
        with pytest.raises(CommandError, match="nothing was written; the log says") as error:
            call_command("audit", *wishes, stderr=Terminal())
        assert error.value.returncode == 2
        assert list(folder.iterdir()) == []
        assert len(payloads_of("audit.bundle.exported")) == 1

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_logentry SET leaf = {one} WHERE position = 3 AND log_id = {log}",
            "UPDATE audit_auditevent SET salt = {salt}",
            "UPDATE audit_tile SET data = {one}",
        ],
    )
    def test_of_a_log_that_was_changed_raises_the_alarm(self, log, bench, tmp_path, statement):
        one = f"(SELECT leaf FROM audit_logentry WHERE position = 2 AND log_id = {log.id})"
        salt = "(SELECT salt FROM audit_auditevent ORDER BY id LIMIT 1)"
        bench.tamper(statement.format(one=one, log=log.id, salt=salt))
        folder = tmp_path / "out"
        folder.mkdir()
        code, words = refused("export", folder / "b.zip", "--log", "acts-2026", "--by", "ana")
        assert (code, "NOT what was signed" in words) == (1, True)
        assert list(folder.iterdir()) == []

    def test_overwrites_nothing(self, log, tmp_path):
        (tmp_path / "b.zip").write_text("kept")
        assert refused("export", tmp_path / "b.zip", "--log", "acts-2026", "--by", "ana")[0] == 2
        assert (tmp_path / "b.zip").read_text() == "kept"

    def test_says_where_there_is_no_place_for_it_and_records_nothing(self, log, tmp_path):
        to = tmp_path / "nowhere" / "b.zip"
        assert refused("export", to, "--log", "acts-2026", "--by", "ana")[0] == 2
        assert payloads_of("audit.bundle.exported") == []


class TestVerifyBundle:
    @pytest.fixture
    def file(self, witnessed, tmp_path):
        (tmp_path / "b.zip").write_bytes(exported(state="SV"))
        return tmp_path / "b.zip"

    def test_says_what_is_proved_and_what_is_not(self, file, witnessed, tmp_path):
        told = audit("verify", "--bundle", file, "--policy", tmp_path / "policy")
        assert "ok  audit.localhost/2026 had 7 entries when audit.localhost/2026+" in told
        assert "ok  its witness w0 saw it so at 2026-11-25T15:00:00Z" in told
        assert "ok  6 events are the ones that their entries commit to" in told
        assert "--  that nothing else fits what was asked for (State SV)" in told
        assert "whose keys" not in told
        assert told.endswith("\nThe bundle is what was signed.\n")
        assert {line[:6] for line in told.splitlines()[:-1]} == {"  ok  ", "  --  "}

    def test_says_that_keys_from_the_bundle_are_its_own(self, file):
        assert "whose keys these are: they are the bundle's own" in audit(
            "verify", "--bundle", file
        )

    def test_refuses_the_bundle_of_another_log_of_the_same_name(self, file, tmp_path):
        other = tmp_path / "other"
        key = keyring.SigningKey.from_seed("audit.localhost/2026", bytes(32)).public
        other.write_text(f"log {key}\nquorum none\n")
        code, words = refused("verify", "--bundle", file, "--policy", other)
        assert (code, "checkpoint" in words) == (1, True)

    def test_names_the_file_that_was_changed(self, file):
        data = bytearray(file.read_bytes())
        data[data.index(b"verify.html") + 20] ^= 1
        file.write_bytes(data)
        code, words = refused("verify", "--bundle", file)
        assert (code, "!!  verify.html: " in words) == (1, True)

    def test_decides_nothing_about_a_file_that_is_not_there(self, tmp_path):
        assert refused("verify", "--bundle", tmp_path / "none")[0] == 2

    def test_decides_nothing_with_a_policy_that_is_none(self, file, tmp_path):
        (tmp_path / "bad").write_text("quorum\n")
        assert refused("verify", "--bundle", file, "--policy", tmp_path / "bad")[0] == 2


def test_a_bundle_is_checked_without_a_database(tmp_path):
    """This test has no mark that would let it touch one."""
    (tmp_path / "none.zip").write_bytes(b"PK")
    code, words = refused("verify", "--bundle", tmp_path / "none.zip")
    assert (code, "archive" in words) == (1, True)
