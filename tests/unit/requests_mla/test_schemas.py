"""What a client may say of a draft and of a move: this, of these forms, and nothing else."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from requests_mla.schemas import Disclosed
from requests_mla.schemas.dossiers import MoveIn

SAID = {
    "requesting_state": "SV",
    "requested_state": "MX",
    "law_date": "2026-11-24",
    "measures": ["bank_records"],
    "instruments": ["UNTOC-18"],
    "urgency": "urgent",
    "deadline": "2026-12-24",
}


class TestDisclosed:
    #  what is said instead, and is of the form
    GOOD = [
        {},
        {"requested_state": ""},
        {"measures": [], "instruments": []},
        {"measures": ["", None, "bank_records"]},
        {"urgency": None, "deadline": None},
        {"urgency": "", "deadline": ""},
    ]

    @pytest.mark.parametrize("said", GOOD)
    def test_takes_what_is_blank_or_marked_unknown(self, said):
        assert Disclosed.model_validate(SAID | said).model_dump() == SAID | said

    #  what is said instead, and is not
    BAD = [
        {"facts": "el dinero salió de la cuenta"},
        {"requesting_state": ""},
        {"requesting_state": "sv"},
        {"requested_state": "MEX"},
        {"law_date": ""},
        {"law_date": None},
        {"law_date": "2026-02-30"},
        {"law_date": "0001-01-01"},
        {"law_date": "2026-11-24T10:00:00Z"},
        {"law_date": "٢٠٢٦-11-24"},
        {"deadline": "tomorrow"},
        {"deadline": "2026-13-01"},
        {"measures": ["the account of Juan"]},
        {"measures": ["x" * 65]},
        {"measures": ["bank_records"] * 61},
        {"measures": [{"type": "bank_records"}]},
        {"instruments": "UNTOC-18"},
        {"instruments": [18]},
        {"urgency": "very urgent!"},
        {"urgency": 1},
    ]

    @pytest.mark.parametrize("said", BAD)
    def test_refuses_everything_else(self, said):
        with pytest.raises(ValidationError):
            Disclosed.model_validate(SAID | said)

    @pytest.mark.parametrize("missing", SAID)
    def test_wants_all_seven(self, missing):
        with pytest.raises(ValidationError):
            Disclosed.model_validate({k: v for k, v in SAID.items() if k != missing})


MOVE = {
    "client_id": "00000000-0000-4000-8000-000000000001",
    "act": "authorise",
    "number": 1,
    "version": 1,
    "digest": "ab" * 32,
    "on": "2026-11-24",
    "issued": "2026-11-24T15:00:00Z",
    "said": {},
    "signature": "c2lnbmVk",
}


class TestMove:
    def test_is_taken_as_it_is_signed(self):
        assert MoveIn.model_validate(MOVE).issued == MOVE["issued"]

    #  what is said instead, and is no moment or no day
    BAD = [
        {"issued": ""},
        {"issued": "2026-11-24"},
        {"issued": "2026-11-24T15:00:00+00:00"},
        {"issued": "2026-11-24T15:00:00.5Z"},
        {"issued": "2026-13-45T99:99:99Z"},
        {"issued": "2026-02-30T15:00:00Z"},
        {"issued": "2026-11-24T24:00:00Z"},
        {"issued": "2026-11-24T15:00:60Z"},
        {"issued": "0999-11-24T15:00:00Z"},
        {"issued": "0000-00-00T00:00:00Z"},
        {"issued": "----------T::::::::Z"},
        {"issued": "2026-11-24T15:00:00Z\n"},
        {"on": "2026-02-30"},
        {"on": "0999-12-31"},
        {"said": {"due": "2026-13-01"}},
        {"said": {"keep_until": "next year"}},
    ]

    @pytest.mark.parametrize("said", BAD)
    def test_of_no_moment_or_day_is_of_another_form(self, said):
        with pytest.raises(ValidationError):
            MoveIn.model_validate(MOVE | said)
