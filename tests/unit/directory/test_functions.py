"""Which functions a designation gives, by its version, and to whom it can give any."""

from __future__ import annotations

from itertools import product
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casehub.demo.ceremony import Cast, Ceremony
from casehub.designations import policies
from casehub.directory.functions import FUNCTIONS, carried_before, functions_of, may_carry
from casehub.directory.statements import ROLES, ChainBroken, as_wire, make, parse

FOCAL, SIGNS = FUNCTIONS
BOTH = {FOCAL, SIGNS}


class TestBeforeAnyWasSaid:
    @pytest.mark.parametrize(
        ("roles", "carried"),
        [
            ({"liaison"}, {FOCAL}),
            ({"coordinator"}, BOTH),
            ({"liaison", "coordinator"}, BOTH),
            ({"central-authority"}, set()),
            ({"national-auditor"}, set()),
            ({"ministry"}, set()),
            (set(), set()),
        ],
    )
    def test_somebody_carried_what_their_roles_did(self, roles, carried):
        assert carried_before(roles) == carried
        assert functions_of({"roles": sorted(roles), "v": 2}) == carried

    def test_is_over_once_a_designation_says_them(self):
        assert functions_of({"roles": ["coordinator"], "functions": []}) == set()
        assert functions_of({"roles": ["liaison"], "functions": [SIGNS]}) == {SIGNS}


class TestTheRole:
    @pytest.mark.parametrize(
        ("role", "functions"), list(product((*ROLES, "ministry"), [(), (FOCAL,), (SIGNS,), BOTH]))
    )
    def test_of_a_liaison_or_coordinator_alone_carries_any(self, role, functions):
        fits = role in {"liaison", "coordinator"} or not functions
        assert may_carry([role], functions) is fits
        why = policies.why_not_functions(functions, roles=[role])
        assert why == (None if fits else "function-not-for-role")


class TestAStatement:
    @pytest.fixture
    def fields(self, now):
        key = Ed25519PrivateKey.generate()
        ana = Cast(uuid4(), "liaison", key, "Ana", "Fiscal", uuid4(), "Fiscalía", functions=[FOCAL])
        return dict(Ceremony("SV", now=now).designation(ana, by=[]).fields)

    def read(self, fields):
        return parse(as_wire(make("designation", fields, []))).fields

    def test_of_version_3_says_them(self, fields):
        assert self.read(fields)["functions"] == [FOCAL]
        assert self.read(fields | {"functions": []})["functions"] == []

    @pytest.mark.parametrize(
        "change",
        [
            {"functions": ["drafter"]},
            {"functions": [SIGNS, SIGNS]},
            {"functions": SIGNS},
            {"functions": None},
            {"roles": ["central-authority"]},
            {"v": 2},
            {"v": 4},
        ],
    )
    def test_that_says_others_or_gives_them_to_others_is_malformed(self, fields, change):
        with pytest.raises(ChainBroken) as broken:
            self.read(fields | change)
        assert broken.value.why == "malformed"

    def test_of_version_3_says_them_always(self, fields):
        del fields["functions"]
        with pytest.raises(ChainBroken) as broken:
            self.read(fields)
        assert broken.value.why == "malformed"
        assert self.read(fields | {"v": 2})["v"] == 2
