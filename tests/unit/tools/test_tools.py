"""What `make` says when something is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time

import pytest

from tools import checks, setup, steps, tasks

ASKED = "import sys; sys.exit(sys.dont_write_bytecode)"


class TestABlameOnTheNetwork:
    #  what ran, what it printed, whether the network is to blame
    OUTPUTS = [
        (["uv", "pip", "install"], "error: dns error: failed to lookup address", True),
        (["/x/.venv/bin/python", "-m", "pip"], "Temporary failure resolving 'x'", True),
        (["npm", "ci"], "npm error code ENOTFOUND", True),
        (["npm", "ci"], "ModuleNotFoundError: No module named 'x'", False),
        (["/x/.venv/bin/python", "manage.py", "migrate"], "Connection refused", False),
    ]

    @pytest.mark.parametrize(("command", "output", "blamed"), OUTPUTS)
    def test_needs_a_download_that_failed(self, command, output, blamed):
        found = steps._downloads(command) and steps._NO_NETWORK.search(output)
        assert bool(found) is blamed

    def test_is_not_laid_for_our_own_programs(self, tmp_path, monkeypatch):
        monkeypatch.setattr(steps, "LOGS", tmp_path)
        command = [sys.executable, "-c", "raise ConnectionRefusedError('Connection refused')"]
        with pytest.raises(steps.Stop, match="failed"):
            steps.must("x", command)


class TestATask:
    def test_lets_what_it_starts_keep_what_was_compiled(self, monkeypatch):
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        asked = [sys.executable, "-c", ASKED]
        started = lambda: subprocess.run(asked, check=False).returncode  # noqa: E731
        monkeypatch.setitem(tasks.TASKS, "x", started)
        assert tasks.run("x") == 0


class TestAFinishedDataFolder:
    @pytest.fixture
    def data(self, tmp_path, monkeypatch):
        monkeypatch.setenv("CASEHUB_DATA", str(tmp_path))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        (tmp_path / "demo").mkdir()
        (tmp_path / "demo" / "identity-keys.json").write_text("{}")
        (tmp_path / "casehub.sqlite3").write_bytes(setup.SQLITE + bytes(84))
        (tmp_path / "prepared").write_text("")
        return tmp_path

    def test_is_served(self, data):
        setup._refuse_damage()

    def test_with_a_damaged_database_is_not(self, data):
        (data / "casehub.sqlite3").write_text("garbage")
        with pytest.raises(steps.Stop, match="damaged"):
            setup._refuse_damage()

    def test_without_the_demos_keys_is_not(self, data):
        (data / "demo" / "identity-keys.json").unlink()
        with pytest.raises(steps.Stop, match="keys are gone"):
            setup._refuse_damage()

    def test_that_was_interrupted_is_finished(self, data):
        (data / "prepared").unlink()
        (data / "demo" / "identity-keys.json").unlink()
        setup._refuse_damage()


class TestContents:
    def test_are_all_files_but_what_tools_made(self, tmp_path):
        for name in ("a.txt", "in/b.txt", ".venv/c.txt", "in/node_modules/d.js", "var/e.log"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("one", encoding="utf-8")
        (tmp_path / "link").symlink_to(tmp_path / "nowhere")
        before = steps.contents(tmp_path)
        assert list(before) == ["a.txt", "in/b.txt"]
        (tmp_path / "in" / "b.txt").write_text("two", encoding="utf-8")
        after = steps.contents(tmp_path)
        assert {name for name in after if after[name] != before[name]} == {"in/b.txt"}


class TestStages:
    def test_are_each_done_once_by_whichever_lane_is_free(self):
        met = threading.Barrier(2, timeout=30)
        done = []

        def long():
            met.wait()  # for the other lane, which has done the rest
            done.append("long")

        def last():
            met.wait()
            done.append("last")

        short = [lambda n=number: done.append(n) for number in range(3)]
        stages = steps.Stages([long, *short, last])
        steps.together(*[lambda: steps.one_by_one(stages)] * 2)
        assert done[:3] == [0, 1, 2]
        assert sorted(done[3:]) == ["last", "long"]
        assert not stages

    def test_of_pages_are_all_that_build_the_gallery(self):
        browser = steps.ROOT / "tests" / "browser"
        asks = [
            file.relative_to(steps.ROOT).as_posix()
            for file in sorted(browser.glob("test_*.py"))
            if re.search(r"\bgallery: str\b|\bgallery\)", file.read_text(encoding="utf-8"))
        ]
        assert asks
        assert set(asks) <= set(checks.PAGES)

    @pytest.fixture
    def whole(self, monkeypatch, tmp_path):
        """What `make test` does, in its order, and each one's command."""
        done, commands = [], {}

        def check(self, title, command, **options):
            if title == "Front-end tests":
                time.sleep(0.2)  # the lanes that have to wait for it would be quicker
            done.append(title)
            commands[title] = [str(part) for part in command]

        monkeypatch.setattr(checks.Tally, "check", check)
        for step in ("packages", "rulebook", "front_end_for_tests"):
            monkeypatch.setattr(setup, step, lambda *_: None)
        monkeypatch.setattr(checks, "chromium", lambda: "a browser")
        monkeypatch.setattr(checks, "STATEMENTS", tmp_path / "statements.json")
        monkeypatch.delenv("EVERY_CONFIGURATION", raising=False)

        def run():
            assert checks.test() == 0
            return done, commands

        return run

    def test_of_the_whole_test_are_done_once_and_none_served_runs_beside_the_front_end_s(
        self, whole
    ):
        done, commands = whole()
        served = set(checks.SERVED.values())
        assert served <= set(done[done.index("Front-end tests") :])
        assert len(done) == len({*done})
        databases = ["Integration tests, SQLite", "Integration tests, PostgreSQL and Redis"]
        assert [title for title in done if title in databases] == databases
        browser = " ".join(commands[checks.SERVED["browser-embedded"]])
        assert all(f"--ignore={file}" in browser for file in checks.PAGES)
        assert set(checks.PAGES) <= set(commands[checks.SERVED["browser-pages"]])
        assert set(checks.ALONE) <= set(commands[checks.SERVED["integration-served"]])
        for database in databases:
            assert all(f"--ignore={one}" in commands[database] for one in checks.ALONE)

    @pytest.mark.parametrize("every", [False, True])
    def test_of_the_second_database_are_what_the_first_was_asked_or_all(
        self, whole, monkeypatch, every
    ):
        if every:
            monkeypatch.setenv("EVERY_CONFIGURATION", "1")
        _, commands = whole()
        first = commands["Integration tests, SQLite"]
        second = commands["Integration tests, PostgreSQL and Redis"]
        assert f"--statements-to={checks.STATEMENTS}" in first
        assert (f"--repeating={checks.STATEMENTS}" in second) is not every

    @pytest.mark.parametrize("every", [False, True])
    def test_of_those_served_are_not_more_ways_to_the_same_unless_all_are_wanted(
        self, whole, monkeypatch, every
    ):
        if every:
            monkeypatch.setenv("EVERY_CONFIGURATION", "1")
        _, commands = whole()
        asked = [commands[title] for title in checks.SERVED.values()]
        assert all(("not further" in one) is not every for one in asked)

    def test_of_the_second_database_are_all_that_skip_the_first(self, whole):
        """Else nothing ever runs them."""
        _, commands = whole()
        told = commands["Integration tests, PostgreSQL and Redis"]
        left = [one.removeprefix("--ignore=") for one in told if one.startswith("--ignore=")]
        places = [steps.ROOT / one for one in left]
        files = [f for one in places for f in ([one] if one.suffix else one.rglob("test_*.py"))]
        assert files
        assert all(file.is_file() for file in files)
        asking = re.compile(r"\.vendor\b|\bENGINE\b|databases\.is_file\(")
        assert [f.name for f in files if asking.search(f.read_text("utf-8"))] == []


class TestTheLastLines:
    CASES = (
        '<testcase classname="tests.a" name="test_is_well"/>'
        '<testcase classname="tests.a" name="test_is_not[1]"><failure>self.act()\n'
        "tests/a.py:7: in test_is_not\n    assert 1 == 2\nE   assert 1 == 2\nOutput"
        "</failure></testcase>"
        '<testcase classname="tests.a" name="test_cannot_begin"><error/></testcase>'
        '<testcase classname="tests.a" name="test_is_left_out"><skipped/></testcase>'
    )

    def test_name_every_test_that_failed_and_where(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(steps, "LOGS", tmp_path)
        junit = tmp_path / "x.xml"
        made = f"<testsuites><testsuite>{self.CASES}</testsuite></testsuites>"
        write = f"open({str(junit)!r}, 'w').write({made!r}); raise SystemExit(1)"
        tally = checks.Tally()
        tally.check("Some tests", [sys.executable, "-c", write], junit=junit)
        tally.check("Style", [sys.executable, "-c", "raise SystemExit(1)"])
        assert tally.finish() == 1
        *lines, _empty, count = capsys.readouterr().out.splitlines()
        assert lines[-5:] == [
            "failed: Some tests: tests.a test_is_not[1]",
            "        tests/a.py:7: in test_is_not",
            "        E   assert 1 == 2",
            "failed: Some tests: tests.a test_cannot_begin",
            "failed: Style",
        ]
        assert count == "1 passed, 3 failed"


class TestAFigure:
    def test_that_tests_recorded_is_summed_up_with_the_seconds_they_took(self, tmp_path):
        file = tmp_path / "some.xml"
        cells = '<properties><property name="cells" value="{}"/></properties>'
        cases = "".join(
            f'<testcase time="{seconds}">{cells.format(number)}</testcase>'
            for number, seconds in ((1_000, 1.5), (234, 2.5))
        )
        file.write_text(
            f'<testsuites><testsuite>{cases}<testcase time="9"/></testsuite></testsuites>'
        )
        assert checks.figures(file) == ["1,234 cells: 4 s"]

    def test_of_a_run_that_left_nothing_is_none(self, tmp_path):
        assert checks.figures(tmp_path / "none.xml") == []


class TestADataFolder:
    @pytest.mark.parametrize("inside", [".", "region"], ids=["a server", "a region"])
    def test_is_in_use_while_somebody_holds_it(self, tmp_path, monkeypatch, inside):
        monkeypatch.setenv("CASEHUB_DATA", str(tmp_path))
        folder = tmp_path / inside
        folder.mkdir(exist_ok=True)
        assert not setup.in_use()
        held = setup.hold(folder)
        assert held is not None
        assert setup.in_use()
        assert setup.hold(folder) is None
        held.close()
        assert not setup.in_use()
