"""Why the log is not signed: in words that whoever is on call reads, and without a path."""

from __future__ import annotations

import errno
import json
import logging
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from audit.anchor import Anchor, AnchorHeld
from audit.sequencing import CANNOT_SIGN, Sequencer, Untrustworthy
from audit.tlog.errors import Malformed
from casehub.edge.logs import AsJson, Withholding
from casehub.edge.signing import Signer


def now():
    return datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def lines(tmp_path, monkeypatch, caplog):
    """Return what a sequencer's log says of a reason that two looks have found."""

    def run(reason, formatter):
        def tick():
            raise reason

        one = Sequencer(clock=now, anchor=Anchor(tmp_path / "anchor"))
        monkeypatch.setattr(one, "tick", tick)
        looks = iter([False, False, True])
        with caplog.at_level(logging.CRITICAL, logger="casehub.audit"):
            one.run(SimpleNamespace(wait=lambda _: next(looks)))
        told = [one for one in caplog.records if one.levelno == logging.CRITICAL]
        return [formatter.format(one) for one in told]

    return run


WORDS = "audit.localhost/2026: entry 7 is not what its event committed to"


@pytest.mark.parametrize("kind", CANNOT_SIGN)
def test_stands_in_the_log_once_by_its_words(lines, kind):
    (line,) = lines(kind(WORDS), AsJson())
    said = json.loads(line)
    assert said["level"] == "CRITICAL"
    assert said["message"] == f"the log is not being signed: {WORDS}"


def test_stands_so_in_lines_for_people_too(lines):
    (line,) = lines(Untrustworthy(WORDS), Withholding("%(message)s"))
    assert line == f"the log is not being signed: {WORDS}"


def test_names_no_path(tmp_path):
    other = Anchor(tmp_path / "anchor")
    other.hold()
    one = Sequencer(clock=now, anchor=Anchor(tmp_path / "anchor"))
    with pytest.raises(AnchorHeld, match="another process signs") as held:
        one.load()
    other.begin_restoring()
    other.release()
    with pytest.raises(Untrustworthy, match="was not finished") as unfinished:
        one.load()
    one.close()
    for reason in (held, unfinished):
        assert str(tmp_path) not in str(reason.value)
        assert "CASEHUB_ANCHOR" in str(reason.value)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("no such host"), "database cannot be worked in (no such host)"),
        (Malformed("line 3"), "CASEHUB_WITNESSES must name a policy file (line 3)"),
        (OSError(errno.ENOSPC, "No space left"), "CASEHUB_ANCHOR a folder to write in, with room"),
        (PermissionError(errno.EACCES, "denied"), "CASEHUB_ANCHOR a folder to write in, with room"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_stands_in_words_where_it_does_not_start(monkeypatch, settings, error, words):
    settings.DEMO = True
    one = Signer(clock=now)

    def begin():
        raise error

    monkeypatch.setattr(one, "_begin", begin)
    assert words in one.start()
