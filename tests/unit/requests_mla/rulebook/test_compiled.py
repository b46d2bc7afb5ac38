"""The compiled rulebook: canonical bytes, the same for everybody, and what changed between two."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from requests_mla.management.commands import rulebook as command
from requests_mla.rulebook import build, check, load, source, tell
from requests_mla.rules import book as books

VECTORS = Path(__file__).parents[3] / "vectors" / "rules"


def compiled(folder) -> bytes:
    return load.compiled(check.check(folder)[0])


class TestTheCompiledRulebook:
    def test_is_the_one_the_front_end_is_tested_with(self, folder):
        assert compiled(folder) == (VECTORS / "little.json").read_bytes()

    def test_holds_what_is_true_of_the_whole(self, folder):
        about = load.rulebook(folder).about
        assert [one["id"] for one in about["section_groups"]] == ["what", "law"]
        assert about["translations"]["fr"]["state"] == "to_review"

    def test_holds_no_cases(self, folder):
        assert all("cases" not in one for one in json.loads(compiled(folder))["rules"])

    def test_has_another_version_after_any_change(self, folder, spoil):
        before = load.rulebook(folder).version
        spoil("states/SV.yaml", "value: [es]", "value: [es, en]")
        assert load.rulebook(folder).version != before

    def test_does_not_depend_on_how_a_file_is_laid_out(self, folder, spoil):
        before = load.rulebook(folder).version
        spoil("states/SV.yaml", "id: SV", "# a remark\nid:   'SV'")
        assert load.rulebook(folder).version == before

    def test_is_not_made_of_files_that_have_problems(self, folder, spoil):
        spoil("states/SV.yaml", "value: [es]", "valor: [es]")
        with pytest.raises(ValueError, match=r"SV.yaml, line 4: facts.languages lacks value"):
            load.rulebook(folder)

    def test_knows_which_rules_the_server_can_apply(self, folder):
        rules = load.rulebook(folder).rules
        assert [rule.id for rule in rules if rule.disclosed] == ["BASIS-BINDS", "SOON-ENOUGH"]


@pytest.fixture
def places(tmp_path, monkeypatch):
    for name in ("SERVER", "BROWSER"):
        monkeypatch.setattr(build, name, tmp_path / name)
    return tmp_path


class TestTheBuild:
    def test_writes_the_same_bytes_for_server_and_browser(self, folder, places, monkeypatch):
        monkeypatch.setattr(build, "check", lambda: check.check(folder))
        assert build.main() == 0
        content = build.SERVER.read_bytes()
        assert content == build.BROWSER.read_bytes() == compiled(folder)
        assert books.read(content).version == books.version(content)

    def test_leaves_the_old_one_while_something_is_wrong(
        self, folder, spoil, places, monkeypatch, capsys
    ):
        spoil("states/SV.yaml", "value: [es]", "valor: [es]")
        monkeypatch.setattr(build, "check", lambda: check.check(folder))
        assert build.main() == 1
        assert not build.SERVER.exists()
        assert "Nothing built" in capsys.readouterr().out


class TestTheLook:
    @pytest.fixture(autouse=True)
    def little(self, folder, places, monkeypatch):
        monkeypatch.setattr(build, "check", lambda: check.check(folder))
        monkeypatch.setattr(build, "read", lambda: source.read(folder))
        assert build.main() == 0

    def test_is_content_with_what_the_files_say(self, capsys):
        capsys.readouterr()
        assert (build.look(), capsys.readouterr().out) == (0, "")

    #  what is done to a rule since it was compiled
    CHANGES = [("words >= 3", "words >= 2"), ("words >= 3", "wrods >= 3")]

    @pytest.mark.parametrize("change", CHANGES)
    def test_says_what_to_run_when_the_files_say_more(self, spoil, capsys, change):
        spoil("rules/little/FACTS-TOLD.yaml", *change)
        assert build.look() == 1
        assert "out of date" in (said := capsys.readouterr().out)
        assert said.endswith("run make fix\n")

    @pytest.mark.parametrize("name", ["SERVER", "BROWSER"])
    def test_names_the_file_that_is_old_or_gone(self, capsys, name):
        getattr(build, name).write_bytes(b"{}")
        assert build.look() == 1
        assert f"({name})" in capsys.readouterr().out
        getattr(build, name).unlink()
        assert build.look() == 1


class TestTheDifference:
    def test_names_every_provision_that_changed(self, folder, spoil):
        old = check.check(folder)[0]
        spoil("rules/little/FACTS-TOLD.yaml", "words >= 3", "words >= 2")
        (folder / "rules" / "little" / "SOON-ENOUGH.yaml").unlink()
        spoil("states/SV.yaml", "value: [es]", "value: [es, en]")
        told = "\n".join(tell.difference(old, check.check(folder)[0]))
        assert "rule FACTS-TOLD: changed" in told
        assert "  - test: facts_summary_words >= 3" in told
        assert "  + test: facts_summary_words >= 2" in told
        assert "rule SOON-ENOUGH: gone" in told
        assert "state SV: changed\n  + fact languages.value: en" in told

    def test_names_questions_options_and_parties_in_plain_lines(self, folder, spoil):
        old = check.check(folder)[0]
        spoil("sections/persons.yaml", "key: age", "key: years")
        spoil("instruments/UNTOC-18.yaml", "from: '2003-09-29'", "from: '2003-09-30'")
        spoil("instruments/US-MX-MLAT.yaml", "  SV: {party: no}\n", "")
        spoil("instruments/SV-MX-MLAT.yaml", "SV: {party: yes", "SV: {party: no")
        lines = list(tell.difference(old, check.check(folder)[0]))
        assert "  - question age: x" in lines
        assert "  + question years: x" in lines
        assert "  - party SV: no" in lines
        assert "  ~ party SV.party: yes -> no" in lines
        assert "  ~ in_force.from: 2003-09-29 -> 2003-09-30" in lines

    def test_reads_folders_and_compiled_files(self, folder, tmp_path, spoil):
        file = tmp_path / "old.json"
        file.write_bytes(compiled(folder))
        assert tell.document(file) == tell.document(folder)
        spoil("states/SV.yaml", "value: [es]", "valor: [es]")
        with pytest.raises(ValueError, match="lacks value"):
            tell.document(folder)


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def little(self, folder, monkeypatch):
        found = source.read(folder)
        monkeypatch.setattr(command.source, "read", lambda: found)

    def test_shows_a_rule_as_a_page(self, capsys):
        call_command("rulebook", "show", "facts-told")
        page = capsys.readouterr().out
        assert "keeps a request from being ready" in page
        assert "measures_type != ['service']" in page
        assert "too short" in page

    def test_shows_what_binds_a_pair(self, capsys):
        call_command("rulebook", "show", "US-MX", "--date", "2026-11-24")
        page = capsys.readouterr().out
        assert "both     NASSAU-1992" in page
        assert "both     US-MX-MLAT         binds both, and so does another such treaty" in page
        assert "no       UN-CYBER-2024      not in force on that day" in page
        assert "death penalty: not established: ask the focal point" in page

    def test_shows_what_will_bind_a_pair_later(self, capsys):
        call_command("rulebook", "show", "US-MX", "--date", "1990-01-01")
        page = capsys.readouterr().out
        assert "later    NASSAU-1992        from 1996" in page
        assert "later    US-MX-MLAT         from 1991-05-03" in page
        assert "no       NASSAU-1992" not in page

    def test_shows_a_treaty_as_a_page(self, capsys):
        call_command("rulebook", "show", "us-mx-mlat")
        page = capsys.readouterr().out
        assert "where it binds both it governs" in page
        assert "US yes from 1991-05-03" in page
        assert "every other State: no" in page

    @pytest.mark.parametrize(
        ("what", "says"),
        [
            (["NO-SUCH"], "no rule and no treaty"),
            (["SV-XX"], "no State XX"),
            (["SV-SV"], "does not ask itself"),
            (["SV-MX", "--date", "2026-2-3"], "is no day"),
            (["SV-MX", "--date", "2026-02-30"], "is no day"),
            (["SV-MX", "--date", "2026"], "is no day"),
        ],
    )
    def test_says_what_there_is_not(self, what, says):
        with pytest.raises(CommandError, match=says):
            call_command("rulebook", "show", *what)

    def test_compares(self, folder, capsys):
        call_command("rulebook", "diff", str(folder), str(folder))
        assert capsys.readouterr().out.startswith("from ")
        with pytest.raises(CommandError):
            call_command("rulebook", "diff", str(folder / "no-such"))

    def test_ends_with_an_error_if_something_is_wrong(self, monkeypatch):
        monkeypatch.setattr(command.check, "main", lambda _: 1)
        monkeypatch.setattr(command.build, "main", lambda: 1)
        with pytest.raises(CommandError, match="Correct these"):
            call_command("rulebook", "check")
        with pytest.raises(CommandError, match="Nothing was built"):
            call_command("rulebook", "build")
