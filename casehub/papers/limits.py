"""How large a letterhead is, how often one changes, and how much is made at once."""

from __future__ import annotations

from datetime import timedelta

LETTERHEAD_BYTES = 131_072  # lines in three languages, and an emblem as a JPEG
CHANGES = 20  # of one office's letterhead
LEAP = 1000  # by how much its number grows at once
DAY = timedelta(days=1)  # in which
FILES = 6  # Word and PDF, each in three languages
RECIPIENTS = 12  # offices
