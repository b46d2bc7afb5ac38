"""What the anchor keeps beside checkpoints: logs that have ended, and a restore that has not."""

from __future__ import annotations

import pytest
from django.conf import settings

from audit.anchor import Anchor
from audit.sequencing import Untrustworthy


class TestNothingIsSigned:
    def test_on_a_log_that_a_restore_has_ended(self, bench):
        bench.signed(5)
        Anchor(bench.anchor_folder).end(f"dir.{settings.LOG_HOST}")
        with pytest.raises(Untrustworthy, match="never signed again"):
            bench.sequencer().load()

    def test_in_the_middle_of_a_restore(self, bench):
        anchor = Anchor(bench.anchor_folder)
        bench.anchor_folder.mkdir()
        anchor.begin_restoring()
        with pytest.raises(Untrustworthy, match="was not finished"):
            bench.sequencer().load()
        bench.end()
        anchor.finish_restoring()
        bench.sequencer().load()
