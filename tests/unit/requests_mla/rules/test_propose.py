"""What a request can rest on, between whom and when."""

from __future__ import annotations

import dataclasses

import pytest

from requests_mla.rules import law, propose


@pytest.fixture
def proposed(little):
    def of(one, other, categories=(), date="2026-11-24"):
        found = propose.bases(little, one, other, date=date, categories=categories)
        return [(basis.instrument, basis.standing, basis.reason) for basis in found]

    return of


class TestAProposal:
    def test_puts_the_special_treaty_first_and_untoc_beside_it(self, proposed):
        assert proposed("US", "MX", ["smuggling"]) == [
            ("NASSAU-1992", "cite", "special_treaty"),
            ("US-MX-MLAT", "cite", "special_treaty"),
            ("UNTOC-18", "beside", "beside_special_treaty"),
            ("SOM-PROTOCOL", "beside", "with_convention"),
        ]

    def test_rests_on_untoc_where_there_is_none(self, proposed):
        assert proposed("SV", "MX", ["other"], date="2004-03-01") == [
            ("UNTOC-18", "cite", "no_special_treaty"),
            ("SV-MX-MLAT", "confirm", "status_unknown"),
        ]

    def test_asks_about_a_treaty_nobody_is_sure_of(self, proposed):
        assert ("SV-MX-MLAT", "confirm", "status_unknown") in proposed("SV", "MX")

    def test_names_a_treaty_for_some_offences_only_for_them(self, proposed):
        corruption = ("UNCAC-46", "cite", "offence_category")
        assert corruption in proposed("SV", "MX", ["corruption"])
        # Nothing is said of the offence yet: it may not be said that the treaty fits it.
        assert ("UNCAC-46", "confirm", "offence_not_said") in proposed("SV", "MX")
        assert corruption not in proposed("SV", "MX", ["smuggling"])
        assert ("UNCAC-46", "confirm", "status_unknown") in proposed("SV", "US", ["corruption"])

    def test_names_a_treaty_for_some_evidence_whatever_the_offence(self, proposed):
        assert ("BUDAPEST-185", "cite", "kind_of_evidence") in proposed("SV", "US", ["smuggling"])

    def test_names_it_only_for_the_assistance_it_is_for(self, proposed, little):
        asked = {"date": "2026-11-24", "categories": [], "measures": ["bank_records"]}
        assert ("BUDAPEST-185", "other_measures") in propose.excluded(little, "SV", "US", **asked)
        cited = propose.bases(little, "SV", "US", **asked | {"measures": ["service"]})
        assert "BUDAPEST-185" in [one.instrument for one in cited]

    def test_offers_no_treaty_that_is_watched(self, little):
        watched = dataclasses.replace(
            little.instruments["UN-CYBER-2024"], span=little.instruments["UNTOC-18"].span
        )
        book = dataclasses.replace(little, instruments={watched.id: watched})
        asked = {"date": "2026-11-24", "categories": []}
        assert propose.bases(book, "SV", "MX", **asked) == []
        assert propose.excluded(book, "SV", "MX", **asked) == [("UN-CYBER-2024", "watched")]

    def test_knows_that_a_bilateral_treaty_binds_nobody_else(self, little):
        treaty = little.instruments["SV-MX-MLAT"]
        assert law.bound(treaty, "ZZ", "2026-11-24") is False
        assert law.bound(treaty, "", "2026-11-24") is None
        assert law.bound(little.instruments["NASSAU-1992"], "ZZ", "2026-11-24") is None

    def test_keeps_channels_apart(self, proposed):
        assert proposed("SV", "MX")[-1] == ("AIAMP-2018", "channel", "never_a_basis")

    def test_says_why_others_are_left_out(self, little):
        left = propose.excluded(little, "SV", "MX", date="2026-11-24", categories=["smuggling"])
        assert left == [
            ("BUDAPEST-185", "requested_not_party"),
            ("UN-CYBER-2024", "not_in_force"),
            ("UNCAC-46", "other_offences"),
        ]
        assert ("BUDAPEST-185", "requesting_not_party") in propose.excluded(
            little, "MX", "SV", date="2026-11-24", categories=[]
        )

    def test_says_what_the_requested_state_wants(self, little):
        found = propose.proposal(little, "US", "MX", date="2003-12-01", categories=[])
        assert found["central_authority"] == "FGR"
        assert found["languages"] == ["es"]
        assert found["dual_criminality"] == "coercive"
        assert found["dual_criminality_in"] == ["UNTOC-18"]
        assert found["death_penalty"] is None

    def test_names_the_authority_of_the_treaty(self, little):
        found = propose.proposal(little, "SV", "MX", date="2004-03-01", categories=["other"])
        assert found["central_authority"] == "FGR por la Convención"

    def test_leaves_open_what_is_not_established(self, little):
        found = propose.proposal(little, "MX", "SV", date="2026-11-24", categories=[])
        assert found["central_authority"] is None
        nowhere = propose.proposal(little, "MX", "ZZ", date="2026-11-24", categories=[])
        assert nowhere["languages"] is None
        assert {one["standing"] for one in nowhere["bases"]} <= {"confirm", "channel"}
