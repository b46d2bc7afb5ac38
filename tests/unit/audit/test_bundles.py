"""A bundle as a file: sound ones are never accused, and nothing hides between its bytes."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from pathlib import Path

import pytest

from audit.bundles import archive, checking, form
from audit.bundles.errors import NotABundle
from audit.tlog.errors import Malformed
from audit.tlog.text import from_b64
from tests.unit.audit.bundles import Log, filters, statements_vector

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "audit"
VECTOR = json.loads((VECTORS / "bundle.json").read_text("utf-8"))
STATEMENTS = json.loads((VECTORS / "bundle-statements.json").read_text("utf-8"))


def check(data, policy=None):
    return checking.check(io.BytesIO(data), policy=policy)


class TestStatementsBesideEntries:
    """What the events of the directory's log name goes along, each line proven by its SHA-256."""

    @pytest.mark.parametrize("case", STATEMENTS, ids=lambda case: case["name"])
    def test_are_just_those_that_opened_events_name(self, case):
        verdict = check(from_b64(case["bundle"]))
        assert [[one.code, one.at] for one in verdict.findings] == case["findings"]

    def test_are_judged_as_the_page_judges_them(self):
        assert [case["findings"] for case in statements_vector()] == [
            case["findings"] for case in STATEMENTS
        ]


class TestASoundBundle:
    def test_is_accused_of_nothing_in_ten_thousand_entries(self):
        rng, entries, bundles = random.Random(20261126), 0, 0
        while entries < 10_000:
            size = rng.choice([1, 2, 3, 255, 256, 257, rng.randrange(1, 700)])
            log = Log(rng, size, witnesses=rng.randrange(4))
            verdict = check(log.bundle(filters(rng, size)), rng.choice([None, log.policy]))
            assert verdict.findings == []
            entries, bundles = entries + sum(verdict.conditions.values()), bundles + 1
        assert bundles > 40

    def test_may_be_long(self):
        log = Log(random.Random(1), 2345, witnesses=1)
        heard = []
        verdict = checking.check(io.BytesIO(log.bundle()), passing=heard.append)
        assert (verdict.findings, heard) == ([], [1000, 2000, 2345])

    def test_is_read_by_other_programs(self):
        data = Log(random.Random(1), 3).bundle()
        with zipfile.ZipFile(io.BytesIO(data)) as other:
            assert other.testzip() is None
            assert other.namelist() == form.names(3)
            assert {one.date_time for one in other.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_of_a_log_that_the_reader_does_not_know_proves_nothing(self):
        log, other = Log(random.Random(1), 3), Log(random.Random(2), 3)
        assert [one.code for one in check(log.bundle(), other.policy).findings] == ["checkpoint"]

    def test_needs_a_policy_that_is_one(self):
        with pytest.raises(Malformed):
            check(b"", "quorum\n")


class TestTheVector:
    """What frontend/src/verify/bundle/check.test.ts finds, too."""

    def test_holds_and_each_change_of_it_is_found(self):
        good = from_b64(VECTOR["bundle"])
        assert check(good, VECTOR["policy"]).findings == []
        for at, gone, new, findings in VECTOR["changes"]:
            found = check(good[:at] + from_b64(new) + good[at + gone :]).findings
            assert [[one.code, one.at] for one in found] == findings != []


class TestAnArchive:
    @pytest.fixture
    def data(self):
        return Log(random.Random(1), 2).bundle()

    def test_that_another_program_packed_is_refused(self, data):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                new.writestr(zipfile.ZipInfo(name), old.read(name))
        assert [one.code for one in check(out.getvalue()).findings] == ["archive"]

    @pytest.mark.parametrize("more", [(b"x", b""), (b"", b"x"), (b"PK\x03\x04", b"")])
    def test_has_nothing_before_or_after_it(self, data, more):
        before, after = more
        assert [one.code for one in check(before + data + after).findings] == ["archive"]

    @pytest.mark.parametrize("data", [b"", b"PK", bytes(22), bytes(1000)])
    def test_that_is_none_is_refused(self, data):
        assert [one.code for one in check(data).findings] == ["archive"]

    def test_that_unpacks_to_more_than_it_says_is_stopped_early(self):
        squeezing = archive.packer()
        packed = squeezing.compress(bytes(50_000_000)) + squeezing.flush()
        member = archive.Member("bomb", archive.DEFLATED, 0, len(packed), 100, 0)
        read = []
        with pytest.raises(NotABundle):
            read.extend(archive.unpacked(member, [packed]))
        assert sum(map(len, read)) <= 100

    def test_that_unpacks_to_less_than_it_says_is_refused(self):
        member = archive.Member("less", archive.STORED, zlib.crc32(b"ab"), 2, 3, 0)
        with pytest.raises(NotABundle):
            list(archive.unpacked(member, [b"ab"]))

    def test_beyond_four_gigabytes_is_not_begun(self):
        writer = archive.Writer()
        with pytest.raises(ValueError, match="too much"):
            list(writer.add_packed("a", [b""], 0, 2**32, archive.DEFLATED))
