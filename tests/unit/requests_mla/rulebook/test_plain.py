"""The published shape of a request: what it takes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from requests_mla.rulebook import plain

EXAMPLE = Path(__file__).parents[4] / "docs" / "reference" / "request.example.json"


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(plain.schema())


@pytest.fixture
def example():
    return json.loads(EXAMPLE.read_text("utf-8"))


class TestTheSchema:
    def test_is_a_schema(self):
        Draft202012Validator.check_schema(plain.schema())

    def test_takes_the_example(self, validator, example):
        assert [error.message for error in validator.iter_errors(example)] == []

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("schema",), "urn:casehub:request:2"),
            (("language",), "pt"),
            (("law_date",), ""),
            (("requesting_state",), "Mexico"),
            (("sections", "shoes"), {}),
            (("sections", "facts", "colour"), "green"),
            (("sections", "facts", "summary"), 7),
            (("sections", "facts", "summary"), "x" * (plain.TEXT + 1)),
            (("sections", "persons"), {}),
            (("sections", "persons", 0, "role"), "unknown"),
            (("sections", "persons", 0, "birth"), "17/05/1984"),
            (("sections", "persons", 0, "minor"), True),
            (("sections", "measures", 0, "fields", "period", "from"), "2025"),
            (("sections", "measures", 0, "fields", "documents"), "one text"),
            (("sections", "measures", 0, "fields", "shoe_size"), 42),
            (("unknown",), "persons.1.nationality"),
            (("translations", "facts.where", "en", "status"), "perfect"),
        ],
    )
    def test_refuses_what_has_no_place(self, validator, example, path, value):
        place = example
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        assert not validator.is_valid(example)

    def test_gives_a_key_that_several_measures_ask_the_options_of_all(self):
        own = plain.schema()["$defs"]["measure_fields"]["properties"]
        assert "business_record_affidavit" in own["certification"]["enum"]
        assert len(own["certification"]["enum"]) == len(set(own["certification"]["enum"]))
