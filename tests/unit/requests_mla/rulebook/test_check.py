"""What a lawyer hears about a file that is not right: file, line, what to do."""

from __future__ import annotations

import pytest

from requests_mla.rulebook import check, load
from requests_mla.rulebook.source import matches

TOLD = "rules/little/FACTS-TOLD.yaml"
BASIS = "rules/little/BASIS-BINDS.yaml"

#  file, what is written instead of what, what is said, at which line
TABLE = [
    (TOLD, "severity: blocks", "severity: [", "not readable", 5),
    (TOLD, "severity: blocks", "severity: grave", "severity is 'grave'", 3),
    (TOLD, "severity: blocks", "", "lacks severity", 1),
    (TOLD, "severity: blocks", "severity: blocks\nseverty: x", "what nothing reads: severty", 1),
    (TOLD, "id: FACTS-TOLD", "id: FACTS-SAID", "the file's name is not", 1),
    (TOLD, "id: FACTS-TOLD", "id: facts", "id is 'facts'", 1),
    (TOLD, "theme: little", "theme: great", "not the folder's name", 2),
    (TOLD, "overridable: true", "overridable: 'true'", "overridable is 'true'", 6),
    (TOLD, "{from: 2003-09-29}", "{from: 2003}", "in_force.from is 2003", 12),
    (TOLD, "at: facts.summary", "at: facts.resume", "has no question resume", 13),
    (TOLD, "at: facts.summary", "at: fact", "no section fact", 13),
    (TOLD, "facts_fair, measures_type]", "measures_type]", "needs are not the facts used", 14),
    (TOLD, "facts_summary_words >= 3", "facts_words >= 3", "no fact called facts_words", 16),
    (TOLD, "facts_summary_words >= 3", "facts_summary_words >= '3'", "between number, text", 16),
    (TOLD, "facts_summary_words >= 3", "facts_summary.matches('a')", "matches(...) may not", 16),
    (TOLD, "facts_summary_words >= 3", "person_age >= 3", "one item of a list", 16),
    (TOLD, "expect: failed", "expect: met", "gives failed, not met", 19),
    (TOLD, "facts_summary_words: 2,", "facts_summary_words: dos,", "must be", 19),
    (TOLD, "facts_summary_words: 2,", "facts_words: 2,", "does not use facts_words", 19),
    (TOLD, "expect: ask", "expect: pregunta", "cases.3.expect is 'pregunta'", 20),
    (TOLD, "!= ['service']", "!= ['servize']", "no answer can be 'servize'", 15),
    (TOLD, "facts_fair == 'yes'", "facts_fair == 'si'", "no answer can be 'si'", 16),
    (BASIS, "basis_in_force == 'yes'", "basis_in_force == 'Yes'", "no answer can be 'Yes'", 17),
    (TOLD, "test: [facts_summary_words >= 3, facts_fair == 'yes']", "test: []", "too few", 16),
    (TOLD, "expect: ask", "expect: ask, note: 3", "what nothing reads: note", 20),
    (TOLD, "needs: [", "needs: [facts_fair, ", "non-unique", 14),
    (TOLD, "in_force:", "yields_to: [NO-SUCH]\nin_force:", "no rule NO-SUCH", 12),
    (BASIS, "each: legal_basis", "each: bases", "no list section bases", 14),
    ("measures/service.yaml", "key: document", "key: description", "already a question", 5),
    ("measures/service.yaml", "key: document", "key: period", "period is file here", 5),
    ("instruments/SOM-PROTOCOL.yaml", "cited_with: UNTOC-18", "cited_with: X", "instrument X", 11),
    ("sections/persons.yaml", "item: person", "item: measure", "two facts are called", 0),
    ("states/SV.yaml", "id: SV", "- SV", "not readable", 2),
    (TOLD, "{from: 2003-09-29}", "{from: 2003-13-29}", "not readable: month must be", 12),
    (TOLD, "{from: 2003-09-29}", "{from: '2003-02-30'}", "a day that no calendar has", 12),
    (TOLD, "measures_type: [service]", "measures_type: [servize]", "never be 'servize'", 21),
    (BASIS, "each: legal_basis", "each: legal_basis\nnames: basis_no", "names: basis_no is", 15),
    (BASIS, "each: legal_basis", "each: legal_basis\nnames: basis_in_force", "is no list", 15),
    (TOLD, "at: facts.summary", "at: facts.summary\nnames: measures_type", "is no list", 14),
    (BASIS, "each: legal_basis", "each: legal_basis\nabout: 3", "about is 3", 15),
    ("about.yaml", "state: written", "state: perfect", "state is 'perfect'", 2),
    ("sections/facts.yaml", "order:", "group: whose\norder:", "no heading whose", 2),
    ("instruments/US-MX-MLAT.yaml", "party: yes, from: 1991-05-03", "party: yes", "lacks from", 8),
]  # fmt: skip


class TestTheCheck:
    def test_has_nothing_to_say_about_a_good_rulebook(self, folder):
        document, problems, tried = check.check(folder)
        assert problems == []
        assert tried == len(document["rules"]) == 5

    @pytest.mark.parametrize(
        ("file", "old", "new", "says", "line"), TABLE, ids=[f"{one[2]}" for one in TABLE]
    )
    def test_says_what_is_wrong_where_and_what_to_do(self, spoil, file, old, new, says, line):
        problems = spoil(file, old, new)
        said = [one for one in problems if says in f"{one.what} {one.do}"]
        assert said, [str(one) for one in problems]
        assert said[0].line == line
        assert said[0].do
        if line:
            assert said[0].file == file
            assert str(said[0]).startswith(f"{file}, line {line}: ")

    def test_wants_a_case_that_passes_one_that_fails_and_one_that_asks(self, spoil):
        problems = spoil(
            TOLD, "measures_type: [service]}, expect: not_applicable", "}, expect: ask"
        )
        assert [one.what for one in problems] == ["case 'service needs none' gives failed, not ask"]
        path = "rules/little/CHILD-ALONE.yaml"
        problems = spoil(path, "person_age: unknown}, expect: ask", "}, expect: not_applicable")
        assert "no case expects ask" in [one.what for one in problems]

    def test_wants_cases_that_would_notice_a_mistake(self, spoil):
        case = "  - {name: service needs none, facts: {measures_type: [service]}, "
        problems = spoil(TOLD, case + "expect: not_applicable}", "")
        assert [one.what for one in problems] == [
            "no case would notice if when lacked: measures_type != ['service']",
        ]

    def test_says_of_an_empty_file_how_to_begin(self, folder):
        (folder / "rules" / "little" / "EMPTY.yaml").write_text("# nothing yet\n", "utf-8")
        assert [str(one) for one in check.check(folder)[1]] == [
            "rules/little/EMPTY.yaml: the file is empty or a list\n    Begin with `id:`."
        ]

    def test_lets_free_text_be_anything(self, spoil):
        path = "rules/little/WAS-THE-LAW.yaml"
        assert spoil(path, "contains('sello')", "contains('sell')") == []

    def test_looks_at_each_part_of_an_expression_by_itself(self, spoil):
        old = "facts_fair == 'yes'"
        new = "\"facts_fair == 'si' || facts_summary == 'anything'\""
        assert "no answer can be 'si'" in " ".join(one.what for one in spoil(TOLD, old, new))

    def test_folds_what_follows_from_a_file_that_cannot_be_read(self, spoil):
        problems = spoil("sections/legal_basis.yaml", "id: legal_basis", "id: [")
        assert problems[0].file == "sections/legal_basis.yaml"
        assert problems[-1].what == "1 rule cannot be tried, probably because of the above"
        assert not [one for one in problems if one.file.startswith("rules/")]

    def test_names_causes_before_what_may_follow(self, spoil, folder):
        spoil(TOLD, "expect: failed", "expect: met")
        files = [one.file for one in spoil("states/SV.yaml", "value: [es]", "valor: [es]")]
        assert files[0] == "states/SV.yaml"
        assert set(files[1:]) == {TOLD}

    def test_tries_the_other_rules_while_one_file_is_broken(self, spoil, folder):
        spoil(TOLD, "severity: blocks", "severity: [")
        assert check.check(folder)[2] == 4

    def test_tries_only_the_rules_that_are_named(self, folder):
        assert check.check(folder, ["CHILD-*"])[2] == 1
        assert check.check(folder, ["little"])[2] == 5

    def test_says_that_no_rule_is_called_so(self, folder, monkeypatch, capsys):
        monkeypatch.setattr(check, "check", lambda only: _check(folder, only))
        assert check.main(["NOPE", "FACTS-TOLD"]) == 1
        told = capsys.readouterr().out
        assert "no rule matches NOPE" in told
        assert "1 rule tried, 1 problem." in told

    def test_does_not_count_other_peoples_files(self, spoil, folder, monkeypatch, capsys):
        spoil("rules/little/CHILD-ALONE.yaml", "severity: blocks", "severity: grave")
        monkeypatch.setattr(check, "check", lambda only: _check(folder, only))
        assert check.main(["FACTS-TOLD"]) == 0
        assert check.main(["CHILD-ALONE"]) == 1
        assert check.main([]) == 1
        assert "CHILD-ALONE.yaml, line 3" in capsys.readouterr().out


_check = check.check


class TestRulesAboutOneThing:
    """Two rules of one topic may not say yes and no to the same facts, unless one yields."""

    def other(self, folder, *, more: str = "", at: str = "from: 2003-09-29") -> None:
        text = (folder / TOLD).read_text("utf-8")
        text = text.replace("in_force:", "about: telling\nin_force:")
        (folder / TOLD).write_text(text, "utf-8")
        text = text.replace("FACTS-TOLD", "FACTS-SHORT").replace("words >= 3", "words < 3")
        text = text.replace("words: 3", "words: 9").replace("words: 2", "words: 3")
        text = text.replace("words: 9", "words: 2").replace("about:", f"{more}\nabout:")
        text = text.replace("from: 2003-09-29", at)
        (folder / "rules" / "little" / "FACTS-SHORT.yaml").write_text(text, "utf-8")

    def test_contradict_each_other(self, folder):
        self.other(folder)
        problems = check.check(folder)[1]
        assert [one.file for one in problems] == ["rules/little/FACTS-SHORT.yaml"]
        assert "contradicts FACTS-TOLD" in problems[0].what

    @pytest.mark.parametrize(
        "different",
        [
            {"more": "yields_to: [FACTS-TOLD]"},
            {"at": "from: 1990-01-01, until: 2003-09-29"},
        ],
    )
    def test_may_if_one_yields_or_is_of_another_time(self, folder, different):
        self.other(folder, **different)
        assert check.check(folder)[1] == []


class TestAPattern:
    @pytest.mark.parametrize("pattern", ["rules/a/*", "B-1", "a", "B-*", "rules/a/B-1.yaml"])
    def test_means_a_path_a_folder_or_an_id(self, pattern):
        assert matches("rules/a/B-1.yaml", [pattern])
        assert not matches("rules/c/D-1.yaml", [pattern])


class TestWhatAWorkedCaseLeavesOut:
    def test_is_what_a_blank_form_gives(self, folder):
        """A date nobody gave is no day away; a blank text has no words."""
        book = load.rulebook(folder)
        blank = {
            name: value
            for rule in book.rules
            for name, value in check.table_of(rule, {}, book).items()
        }
        assert blank["urgency_deadline_days"] is None
        assert blank["facts_summary_words"] == 0

    def test_is_not_left_out_once_it_is_named(self, folder):
        book = load.rulebook(folder)
        rule = next(one for one in book.rules if "urgency_deadline_days" in one.needs)
        given = {"urgency_deadline_days": 0}
        assert check.table_of(rule, given, book)["urgency_deadline_days"] == 0
        unknown = {"urgency_deadline_days": "unknown"}
        assert check.table_of(rule, unknown, book)["urgency_deadline_days"] is None
