"""
How much the server keeps of drafts, and how old the law of a ready request may be.

Versions are never changed and never removed, so what is stored stays stored: the budgets bound
what one person can fill. They are a person's own, and of a request too each person has a share:
nobody can use up what a co-drafter needs. An honest browser does not come near them: it spaces its
automatic versions so that writing for eight hours without a pause stays below a day's budget
(frontend/src/effects/requests/pace.ts).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from casehub.core.pieces import GIB, KIB, MIB

VERSION_BYTES: Final = 512 * KIB
"""Ciphertext of one version: the largest of the eight sizes that browsers pad to."""

DAY: Final = timedelta(hours=24)
DAY_BYTES: Final = 64 * MIB
"""
What one person may store in any 24 hours, over all requests: 128 of the largest versions, or 2,048
of the size of an ordinary draft (32 KiB). At this pace, day after day, one person fills 23 GiB a
year, which shows in the log long before.
"""

SHARE_BYTES: Final = 256 * MIB
"""
What one person may store in one request, in all: four whole days' budgets, or 8,192 versions of an
ordinary draft. Whoever has used it up lets a colleague save, or begins a new request with the text.
"""

LAW_AGE: Final = timedelta(days=30)
"""
How old the law may be by which a request that becomes ready was screened. A State that joins the
usual conventions is bound thirty days after it deposits (UNTOC art. 38(2), UNCAC art. 68(2)): what
came into force within the time could be known when it was screened.
"""

LAW_AHEAD: Final = timedelta(days=1)
"""Somewhere it is tomorrow already."""

REMIND_MOST: Final = 200
"""Reminders of one round; what is left is the next one's, a minute later."""

LETTER_BYTES: Final = 32 * KIB
"""Ciphertext of one letter: the largest of the sizes that browsers pad to."""

LETTER_SHARE: Final = 200
"""Letters of one person about one request: what they may fill there is theirs alone."""

LETTERS_BYTES: Final = 1024 * KIB
"""Ciphertext of one person about one request: readers fetch all of it."""

LETTERS_PAGE: Final = 100
"""Letters that are told at once: the newest at each look, those before them a page at a time."""

LETTER_KEYS: Final = 200
"""Public keys to which one letter is sealed: a few officers, and the devices of who drafts."""

KEYS_AT_ONCE: Final = 500

LETTER_FILES: Final = 8
"""Files that one letter takes along."""

ENCLOSURE_DAY_BYTES: Final = 8 * GIB
"""What one person may begin to upload in any 24 hours: three of the largest files."""

ENCLOSURE_SHARE_BYTES: Final = 32 * GIB
"""What one person's files about one request may have together: nobody else's room."""

ENCLOSURES_SHARE: Final = LETTER_SHARE * LETTER_FILES
"""Files that one person may begin about one request, whatever becomes of them: rows stay."""

LOOSE_ENCLOSURES: Final = 64
"""Files of one person about one request that no letter has taken along: of eight letters."""

MOST_UPLOADS: Final = 16
"""Uploads that one person may have begun and not finished, and can still go on with."""

UPLOAD_LASTS: Final = timedelta(days=7)
"""
How long a file waits to be finished and to go with a letter; then its pieces are destroyed. A whole
one waits as long after the end of what its uploader proposed about the request.
"""

OPENING_LASTS: Final = timedelta(hours=12)
"""How long somebody may fetch the pieces of a file that they have opened: as a session lasts."""

SWEEP_MOST: Final = 50
"""Files whose pieces one round destroys; what is left is the next one's."""

STUCK_LASTS: Final = timedelta(hours=1)
"""How long a file is left alone whose pieces could not be destroyed."""
