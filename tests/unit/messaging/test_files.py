"""Sizes, pieces and digests of files, as browsers compute them too."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest

from casehub.core import pieces
from messaging import limits, policies

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "files.json").read_text(encoding="utf-8")
)


class TestSizes:
    def test_are_those_that_browsers_pad_to(self):
        assert list(pieces.sizes()) == VECTORS["sizes"]

    def test_are_never_more_than_a_twentieth_apart_and_reach_two_gibibytes(self):
        sizes = pieces.sizes()
        assert all(a < b <= a * 1.05 for a, b in pairwise(sizes))
        assert sizes[-2] < pieces.MOST_BYTES <= sizes[-1]


@pytest.mark.parametrize("file", VECTORS["files"], ids=lambda file: file["name"])
class TestAFile:
    def test_has_as_many_pieces_of_such_lengths(self, file):
        lengths = [
            pieces.length_of(file["size"], index) for index in range(pieces.chunks_of(file["size"]))
        ]
        assert lengths == [piece["length"] for piece in file["pieces"]]

    def test_stands_for_its_pieces_in_their_order(self, file):
        digests = [bytes.fromhex(piece["sha256"]) for piece in file["pieces"]]
        assert pieces.of_pieces(UUID(VECTORS["id"]), digests).hex() == file["sealed"]
        assert pieces.of_pieces(UUID(int=1), digests).hex() != file["sealed"]


class TestWhyNotBegin:
    #  bytes, those of the day and of the case, uploads that wait, why not
    TABLE = [
        (1, 0, 0, 0, None),
        (1, limits.DAY_BYTES - 1, limits.CASE_BYTES - 1, limits.MOST_UPLOADS - 1, None),
        (1, 0, 0, limits.MOST_UPLOADS, "attachment-uploads-many"),
        (2, limits.DAY_BYTES - 1, 0, 0, "attachment-day-full"),
        (2, 0, limits.CASE_BYTES - 1, 0, "attachment-case-full"),
    ]

    @pytest.mark.parametrize(("size", "of_day", "of_case", "unfinished", "why"), TABLE)
    def test_says_which_budget_is_used_up(self, size, of_day, of_case, unfinished, why):
        found = policies.why_not_begin(
            size=size, of_day=of_day, of_case=of_case, unfinished=unfinished
        )
        assert found == why
