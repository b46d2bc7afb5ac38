"""The anchor: one holder, only forwards, and never half a file."""

from __future__ import annotations

import errno

import pytest

from audit.anchor import Anchor, AnchorHeld, AnchorMoved
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import SigningKey
from casehub import startup

KEY = SigningKey.from_seed("audit.example/2026", bytes(32))


def note(size, root=0):
    return Checkpoint(KEY.name, size, bytes([root]) * 32).signed(KEY)


@pytest.fixture
def anchor(tmp_path):
    made = Anchor(tmp_path / "anchor")
    made.hold()
    yield made
    made.release()


class TestAnchor:
    def test_remembers_what_was_signed(self, anchor, tmp_path):
        assert anchor.read(KEY.name) is None
        anchor.swap(KEY.name, None, note(3))
        anchor.swap(KEY.name, note(3), note(7))
        assert Anchor(tmp_path / "anchor").read(KEY.name) == note(7)
        assert {file.name for file in (tmp_path / "anchor").iterdir()} == {
            "lock",
            "audit.example%2F2026",
        }

    def test_on_a_disk_without_locks_is_not_told_as_held_by_another(self, tmp_path, monkeypatch):
        def no_locks(*_):
            raise OSError(errno.ENOLCK, "No locks available")

        monkeypatch.setattr("fcntl.flock", no_locks)
        with pytest.raises(OSError, match="No locks available"):
            Anchor(tmp_path / "anchor").hold()
        with pytest.raises(OSError, match="No locks available"):
            startup.hold(tmp_path)

    def test_knows_each_origin_by_itself(self, anchor):
        anchor.swap(KEY.name, None, note(3))
        assert anchor.read("audit.example/2027") is None

    @pytest.mark.parametrize(("before", "after"), [(None, 9), (2, 9), (7, 7), (7, 3), (7, 0)])
    def test_moves_only_forward_and_only_from_where_it_is(self, anchor, before, after):
        anchor.swap(KEY.name, None, note(7))
        with pytest.raises(AnchorMoved):
            anchor.swap(KEY.name, before if before is None else note(before), note(after, root=1))
        assert anchor.read(KEY.name) == note(7)

    def test_is_not_fooled_by_half_a_file_that_a_crash_left(self, anchor, tmp_path):
        anchor.swap(KEY.name, None, note(3))
        (tmp_path / "anchor" / "audit.example%2F2026.new").write_text(note(9)[:40])
        assert anchor.read(KEY.name) == note(3)
        anchor.swap(KEY.name, note(3), note(7))
        assert anchor.read(KEY.name) == note(7)

    def test_has_one_holder(self, anchor, tmp_path):
        other = Anchor(tmp_path / "anchor")
        with pytest.raises(AnchorHeld):
            other.hold()
        anchor.hold()  # again, by the same
        anchor.release()
        other.hold()
        other.release()

    def test_is_moved_by_nobody_else(self, tmp_path):
        with pytest.raises(AnchorHeld):
            Anchor(tmp_path).swap(KEY.name, None, note(3))

    def test_remembers_a_log_that_has_ended_and_a_restore_that_has_not(self, anchor, tmp_path):
        assert not anchor.has_ended(KEY.name)
        anchor.end(KEY.name)
        anchor.end(KEY.name)
        assert Anchor(tmp_path / "anchor").has_ended(KEY.name)
        assert not anchor.has_ended("audit.example/2027")
        anchor.begin_restoring()
        assert Anchor(tmp_path / "anchor").unfinished.exists()
        anchor.finish_restoring()
        anchor.finish_restoring()
        assert not anchor.unfinished.exists()
