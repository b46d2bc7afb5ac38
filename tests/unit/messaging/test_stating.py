"""What a commit may state of the directory, as the server sees it."""

import json
from pathlib import Path

import pytest

from casehub.core.frames import to_b64u
from messaging.framing import (
    FramingError,
    LastStated,
    StatedDirectory,
    check_stated,
    commit_data,
    most_stated,
)

NOW, DAY = 1_795_000_000, 86_400
VECTORS = json.loads((Path(__file__).parents[2] / "vectors/commit-data.json").read_text("utf-8"))
LOG = "dir.casehub.example"


def stated(size: int, log: str = LOG) -> StatedDirectory:
    return StatedDirectory(log, size, bytes(32))


class TestTheAuthenticatedDataOfACommit:
    """The browser's tests read the same vectors."""

    @pytest.mark.parametrize("given", VECTORS["good"], ids=lambda one: one["what"])
    def test_is_read(self, given):
        client_id, directory = commit_data(given["data"].encode())
        said = directory and {
            "log": directory.log,
            "size": directory.size,
            "root": to_b64u(directory.root),
        }
        assert (client_id, said) == (given["client_id"], given["directory"])

    @pytest.mark.parametrize("given", VECTORS["bad"], ids=lambda one: one["what"])
    def test_is_refused(self, given):
        with pytest.raises(FramingError, match="authenticated-data"):
            commit_data(given["data"].encode())


class TestWhatACommitStates:
    def check(self, said, *, last=None, published=bytes(32), outgrown_at=None, ended=False):
        check_stated(
            said,
            last=most_stated(None, last),
            published=published,
            outgrown_at=outgrown_at,
            ended=ended,
            now=NOW,
        )

    def test_may_be_nothing_until_a_commit_of_the_group_has_stated_something(self):
        self.check(None)
        with pytest.raises(FramingError, match="directory-unstated"):
            self.check(None, last=stated(1))

    def test_never_decreases_in_one_log(self):
        self.check(stated(7), last=stated(7))
        self.check(stated(1, f"{LOG}/2"), last=stated(7))
        with pytest.raises(FramingError, match="directory-older"):
            self.check(stated(6), last=stated(7))

    @pytest.mark.parametrize("published", [None, bytes(31) + b"1"])
    def test_was_published_with_that_root(self, published):
        with pytest.raises(FramingError, match="directory-unknown"):
            self.check(stated(7), published=published)

    def test_is_not_outgrown_for_a_day(self):
        self.check(stated(7), outgrown_at=NOW - DAY + 1)
        with pytest.raises(FramingError, match="directory-stale"):
            self.check(stated(7), outgrown_at=NOW - DAY)

    def test_is_of_no_log_that_another_has_taken_over(self):
        with pytest.raises(FramingError, match="directory-stale"):
            self.check(stated(7), ended=True)


class TestTheMostThatWasStated:
    def test_is_not_lowered_by_a_device_that_comes_back_and_states_less(self):
        most = most_stated(most_stated(None, stated(8)), stated(7))
        assert most == LastStated(LOG, 8)

    def test_begins_anew_with_the_log_that_takes_over(self):
        assert most_stated(LastStated(LOG, 8), stated(1, f"{LOG}/2")) == LastStated(f"{LOG}/2", 1)

    def test_is_not_ended_by_silence(self):
        assert most_stated(LastStated(LOG, 8), None) == LastStated(LOG, 8)
