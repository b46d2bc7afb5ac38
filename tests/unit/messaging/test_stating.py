"""What a commit may state of the directory, as the server sees it."""

import pytest

from messaging.framing import FramingError, StatedDirectory, check_stated, commit_data

NOW, DAY = 1_795_000_000, 86_400
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
    def check(self, said, *, last=None, published=bytes(32), outgrown_at=None):
        check_stated(said, last=last, published=published, outgrown_at=outgrown_at, now=NOW)

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
