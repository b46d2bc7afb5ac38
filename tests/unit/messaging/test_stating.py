"""What a commit may state of the directory, as the server sees it."""

from datetime import UTC, datetime, timedelta

import pytest

from messaging.framing import FramingError, StatedDirectory, commit_data
from messaging.policies import why_not_stated

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ID = "11111111-2222-4333-8444-555555555555"
LOG = "dir.casehub.example"


def stated(size: int, log: str = LOG) -> StatedDirectory:
    return StatedDirectory(log, size, bytes(32))


class TestTheAuthenticatedDataOfACommit:
    def test_names_a_log_its_size_and_its_root(self):
        data = (
            f'{{"client_id":"{ID}","dir_log":"{LOG}","dir_root":"{"A" * 43}","dir_size":7,"v":2}}'
        )
        assert commit_data(data.encode()) == (ID, stated(7))

    def test_states_nothing_in_its_first_form(self):
        assert commit_data(f'{{"client_id":"{ID}","v":1}}'.encode()) == (ID, None)

    @pytest.mark.parametrize(
        "change",
        [
            ('"dir_size":7', '"dir_size":07'),
            ('"dir_size":7', '"dir_size":-7'),
            ('"v":2', '"v":1'),
            ('AAA"', 'AAB"'),  # bits that stand for nothing
            (",", ", "),
        ],
    )
    def test_has_one_spelling(self, change):
        data = (
            f'{{"client_id":"{ID}","dir_log":"{LOG}","dir_root":"{"A" * 43}","dir_size":7,"v":2}}'
        )
        with pytest.raises(FramingError, match="authenticated-data"):
            commit_data(data.replace(*change).encode())


class TestWhatACommitStates:
    def why(self, said, *, last=None, published=(bytes(32), None)):
        return why_not_stated(said, last=last, published=published, now=NOW)

    def test_may_be_nothing_until_a_commit_of_the_group_has_stated_something(self):
        assert self.why(None) is None
        assert self.why(None, last=stated(1)) == "directory-unstated"

    def test_never_decreases_in_one_log(self):
        assert self.why(stated(6), last=stated(7)) == "directory-older"
        assert self.why(stated(7), last=stated(7)) is None
        assert self.why(stated(1, f"{LOG}/2"), last=stated(7)) is None

    def test_was_published_with_that_root(self):
        assert self.why(stated(7), published=None) == "directory-unknown"
        assert self.why(stated(7), published=(bytes(31) + b"1", None)) == "directory-unknown"

    def test_is_not_a_day_old(self):
        day = timedelta(hours=24)
        assert self.why(stated(7), published=(bytes(32), NOW - day)) == "directory-stale"
        fresh = NOW - day + timedelta(seconds=1)
        assert self.why(stated(7), published=(bytes(32), fresh)) is None
