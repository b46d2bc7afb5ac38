"""What a draft's answers become: text, numbers, lists, or unknown."""

from __future__ import annotations

import pytest

from requests_mla.rules import facts
from tests.unit.requests_mla.rules.conftest import make_draft


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("given", "text", "words"),
        [
            (" dos  palabras\n", "dos  palabras", 2),
            ("a\u00a0b\u2028c", "a\u00a0b\u2028c", 3),
            ("\t \ufeff", "", 0),
            (None, "", 0),
            (7, "", 0),
            ("a\x1cb", "a\x1cb", 1),
        ],
    )
    def test_of_text_is_trimmed_and_counted(self, derive, given, text, words):
        top = derive(facts={"summary": given}).top
        assert (top["facts_summary"], top["facts_summary_words"]) == (text, words)

    @pytest.mark.parametrize(
        ("given", "day", "days"),
        [
            ("2026-11-25", "2026-11-25", 1),
            ("2026-11-24", "2026-11-24", 0),
            ("2025-11-24", "2025-11-24", -365),
            ("2026-02-30", "", None),
            ("20261125", "", None),
            ("2026-W01-1", "", None),
            ("٢٠٢٦-11-25", "", None),
            ("0999-01-01", "", None),
            ("", "", None),
        ],
    )
    def test_of_a_date_is_a_day_and_its_distance(self, derive, given, day, days):
        top = derive(facts={"seen_on": given}).top
        assert (top["facts_seen_on"], top["facts_seen_on_days"]) == (day, days)

    @pytest.mark.parametrize(
        ("given", "ends", "days"),
        [
            ({"from": "2026-01-01", "to": "2026-01-31"}, ("2026-01-01", "2026-01-31"), 30),
            ({"from": "2026-01-31", "to": "2026-01-01"}, ("2026-01-31", "2026-01-01"), -30),
            ({"from": "2026-01-01"}, ("2026-01-01", ""), None),
            (None, ("", ""), None),
            ("2026", ("", ""), None),
        ],
    )
    def test_of_a_period_is_two_days_and_a_length(self, derive, given, ends, days):
        top = derive(facts={"span": given}).top
        assert (top["facts_span_from"], top["facts_span_to"]) == ends
        assert top["facts_span_days"] == days

    def test_of_a_list_has_no_blanks(self, derive):
        assert derive(facts={"places": [" a", "", 3, "b"]}).top["facts_places"] == ["a", "b"]
        assert derive(facts={"places": "a"}).top["facts_places"] == []

    @pytest.mark.parametrize(
        ("given", "number"), [(0, 0), (17, 17), (None, None), ("17", None), (1.5, None),
                              (True, None), (2**53, None)]
    )  # fmt: skip
    def test_of_a_number_is_whole_or_unknown(self, derive, given, number):
        table = derive(persons=[{"age": given}]).items["persons"][0]
        assert table["person_age"] == number
        assert ("age" in table["person_filled"]) is (number is not None)


class TestUnknown:
    def test_is_every_fact_of_a_marked_answer(self, derive):
        top = derive(facts={"summary": "x"}, unknown=["facts.summary", "facts.span"]).top
        assert top["facts_summary"] is top["facts_summary_words"] is None
        assert top["facts_span_from"] is top["facts_span_to"] is None

    def test_is_a_judgement_that_nobody_made(self, derive):
        assert derive().top["facts_fair"] is None
        assert derive(facts={"fair": "no"}).top["facts_fair"] == "no"

    def test_reaches_the_facts_about_all_items(self, derive):
        top = derive(persons=[{"role": "witness"}, {}], unknown=["persons.1.role"]).top
        assert top["persons_role"] is None
        assert top["persons_count"] == 2

    def test_is_listed_beside_what_is_filled(self, derive):
        persons = [{"name": "A", "age": 3}]
        table = derive(persons=persons, unknown=["persons.0.age"]).items["persons"][0]
        assert table["person_filled"] == ["name"]
        assert table["person_unknown"] == ["age"]


class TestAllItems:
    def test_give_their_distinct_answers_sorted(self, derive):
        persons = [{"role": "witness"}, {"role": "suspect"}, {"role": "witness"}, {"role": " "}]
        assert derive(persons=persons).top["persons_role"] == ["suspect", "witness"]

    def test_sort_as_javascript_does(self, derive):
        persons = [{"role": "\ufb01"}, {"role": "😀"}]
        assert derive(persons=persons).top["persons_role"] == ["😀", "\ufb01"]

    @pytest.mark.parametrize(
        ("ages", "greatest"), [([3, 9], 9), ([3, None], None), ([], None), ([0], 0)]
    )
    def test_give_their_greatest_number(self, derive, ages, greatest):
        assert derive(persons=[{"age": age} for age in ages]).top["persons_age_max"] == greatest

    def test_know_the_whole_as_well(self, derive):
        facts = derive(persons=[{}])
        assert facts.items["persons"][0]["requested_state"] == "MX"


class TestAMeasure:
    def test_misses_what_its_type_requires(self, derive):
        fields = {"institution": "Banco"}
        found = derive(measures=[{"type": "bank_records", "fields": fields}, {"type": "service"}])
        assert found.items["measures"][0]["measure_missing"] == ["period"]
        assert found.items["measures"][0]["measure_filled"] == ["institution", "type"]
        assert found.top["measures_missing_count"] == 2
        assert found.top["measures_coercive"] == ["no", "yes"]

    def test_does_not_miss_what_is_marked_unknown(self, derive):
        unknown = ["measures.0.fields.document"]
        table = derive(measures=[{"type": "service"}], unknown=unknown).items["measures"][0]
        assert table["measure_missing"] == []
        assert table["measure_document"] is None

    def test_has_blanks_for_what_its_type_does_not_ask(self, derive):
        table = derive(measures=[{"type": "service"}]).items["measures"][0]
        assert table["measure_institution"] == table["measure_period_from"] == ""

    def test_without_a_type_misses_nothing_yet(self, derive):
        found = derive(measures=[{}])
        assert found.items["measures"][0]["measure_missing"] == []
        assert found.top["measures_coercive"] == []

    @pytest.mark.parametrize(
        ("item", "unknown"), [({}, ["measures.0.type"]), ({"type": "of another book"}, [])]
    )
    def test_of_unknown_type_is_unknown(self, derive, item, unknown):
        found = derive(measures=[item], unknown=unknown)
        assert found.items["measures"][0]["measure_coercive"] is None
        assert found.top["measures_missing_count"] is None


class TestThePair:
    def test_is_bound_by_what_binds_both(self, derive):
        top = derive().top
        assert top["pair"] == ["SV", "MX"]
        assert top["pair_untoc_18"] == "yes"
        assert top["pair_budapest_185"] == "no"
        assert top["pair_un_cyber_2024"] == "no"
        assert top["pair_sv_mx_mlat"] is None
        assert top["special_bases"] == ["NASSAU-1992"]
        assert top["special_bases_unknown"] == ["SV-MX-MLAT"]
        assert top["bilateral_bases"] == []

    def test_has_a_treaty_of_its_own(self, derive):
        top = derive(requesting_state="US").top
        assert top["bilateral_bases"] == ["US-MX-MLAT"]

    def test_is_unknown_while_a_state_is(self, derive):
        top = derive(requested_state="").top
        assert top["requested_state"] is top["pair"] is top["special_bases"] is None
        assert top["pair_untoc_18"] is None
        assert top["requested_languages"] is None

    def test_has_facts_of_both_states(self, derive):
        top = derive().top
        assert top["requested_languages"] == ["es"]
        assert top["requested_dual_criminality"] == "coercive"
        assert top["requesting_central_authority"] is None
        assert top["requesting_dual_criminality"] is None

    @pytest.mark.parametrize(
        ("instrument", "parties", "binds"),
        [
            ("NASSAU-1992", ("yes", "yes"), "yes"),
            ("BUDAPEST-185", ("yes", "no"), "no"),
            ("SV-MX-MLAT", ("yes", "yes"), None),
            ("", (None, None), None),
            ("NO-SUCH", (None, None), None),
        ],
    )
    def test_is_told_for_each_basis(self, derive, instrument, parties, binds):
        table = derive(legal_basis=[{"instrument": instrument}]).items["legal_basis"][0]
        assert (table["basis_party_requesting"], table["basis_party_requested"]) == parties
        assert table["basis_in_force"] == binds


class TestADraft:
    def test_gives_all_facts_that_the_book_declares_and_no_others(self, little, derive):
        found = derive(persons=[{}], measures=[{}], legal_basis=[{}])
        assert set(found.top) == set(little.top)
        for section, own in little.items.items():
            assert set(found.items[section][0]) == set(little.top) | set(own)

    def test_may_be_anything_at_all(self, little):
        draft = make_draft(facts=[], persons={}, measures=["x", None], unknown="x", overrides=[3])
        found = facts.derive(little, draft, stage="draft")
        assert found.top["measures_count"] == 2
        assert found.top["persons_count"] == 0

    @pytest.mark.parametrize("law_date", ["", None, "2026-13-01"])
    def test_needs_the_date_of_its_law(self, little, law_date):
        with pytest.raises(facts.NoDate):
            facts.derive(little, make_draft(law_date=law_date), stage="draft")

    def test_sets_aside_only_with_a_reason(self, derive):
        overrides = [{"rule": "A", "reason": "consta"}, {"rule": "B", "reason": " "}, {}]
        assert derive(overrides=overrides).overrides == {"A"}


class TestWhatIsNoAnswer:
    def test_gives_no_facts_where_a_draft_came_from_and_what_was_noted_beside_it(self, derive):
        origins = [{"kind": "message", "circle": "c", "seq": 7, "person": "p", "state": "MX"}]
        answers = {"facts": {"summary": "Dos cuentas."}}
        assert derive(**answers, origins=origins, notes={"a": 1}) == derive(**answers)
