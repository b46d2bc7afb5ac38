"""What commits state of the directory, as the server keeps it and holds it against the next one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.queries import directory
from messaging import framing, queries
from messaging.errors import MlsRefused
from messaging.models import Group
from tests.integration.messaging.conftest import ADDS, ADDS_ONE, REMOVES, RENEWS, RESYNCS


class TestTheDirectoryThatACommitStates:
    """Browsers freeze a thread over a commit that states less than any before it."""

    @pytest.fixture
    def stating(self, story, monkeypatch):
        """Return `stating(step, size)`: let a recorded commit, which states nothing, state that."""
        check = framing.check_commit
        log_, root = "dir.casehub.example", bytes(32)

        def commit(step, size):
            said = framing.StatedDirectory(log_, size, root)
            monkeypatch.setattr(
                framing, "check_commit", lambda *a, **k: replace(check(*a, **k), directory=said)
            )
            return story.commit(step)

        monkeypatch.setattr(directory, "published", lambda **_: directory.Published(root))
        return commit

    def test_is_kept_and_not_lowered_by_whoever_comes_back_and_states_less(self, story, stating):
        story.start()
        for step, size in [(ADDS, 5), (RENEWS, 8), (ADDS_ONE, 8)]:
            stating(step, size)
        story.shut_out("ben")
        stating(REMOVES, 9)
        stating(RESYNCS, 7)
        assert queries.most_stated(story.group) == framing.LastStated("dir.casehub.example", 9)

    def test_is_not_less_than_any_before_it(self, story, stating, recorded):
        story.start()
        stating(ADDS, 7)
        Group.objects.filter(circle_id=story.thread).update(stated_size=8)
        with recorded(), pytest.raises(MlsRefused) as refused:
            stating(RENEWS, 7)
        assert refused.value.params == {"why": "directory-older"}
        stating(RENEWS, 8)

    def test_is_read_from_the_commits_of_a_group_that_is_older_than_the_column(
        self, story, monkeypatch
    ):
        story.play(2)
        Group.objects.filter(circle_id=story.thread).update(stated_size=None)
        sizes = iter([8, 7])
        monkeypatch.setattr(
            framing,
            "commit_data",
            lambda _: ("", framing.StatedDirectory("dir.casehub.example", next(sizes), bytes(32))),
        )
        assert queries.most_stated(story.group) == framing.LastStated("dir.casehub.example", 8)

    def test_is_of_no_log_that_another_has_taken_over(self, story, stating, monkeypatch, recorded):
        story.start()
        ended = directory.Published(bytes(32), ended=True)
        monkeypatch.setattr(directory, "published", lambda **_: ended)
        with recorded(), pytest.raises(MlsRefused) as refused:
            stating(ADDS, 7)
        assert refused.value.params == {"why": "directory-stale"}
