"""How long each step of a designation may take, and what words it knows (pure)."""

from __future__ import annotations

from datetime import timedelta

from casehub.directory.limits import PUBLIC_MINISTRY

DAY = timedelta(days=1)
DRAFT_LASTS = timedelta(days=30)  # a draft, or a consulted one, that nobody goes on with
CONSULTATION_DAYS = 10  # working days of the State, for an agency's answer
NOMINATION_LASTS = timedelta(hours=72)  # from the statement's `issued` to its last signature
URGENT_LASTS = timedelta(hours=2)  # the same on the urgent path
APPROVED_DAYS = 10  # working days of the State, until a key ceremony must have begun
CEREMONY_LASTS = timedelta(hours=72)
CODE_LASTS = timedelta(hours=24)
HANDS_LAST = timedelta(hours=72)  # a first signature waits for the second
LONGEST = timedelta(days=366)
LONGEST_FIRST = timedelta(days=185)  # six months of the calendar, and a clock set back by an hour
URGENT_LONGEST = timedelta(days=7)
URGENT_MOST = 3  # urgent approvals of one State within `URGENT_SPAN`
URGENT_SPAN = timedelta(days=30)
SKEW = timedelta(minutes=5)
REMIND_DAYS = (60, 30, 7)
AHEAD = timedelta(days=REMIND_DAYS[0] + 1)  # a term may begin so long after it is drafted
LEAP = timedelta(days=1)  # from one round to the next: the clock leapt, or nobody went for so long
BELIEVED_AFTER = timedelta(days=1)  # of rounds since it leapt
STOP_DECIDED = timedelta(hours=24)  # a suspension is made a removal, or lifted (ROLES 7)
QUIET = timedelta(days=60)  # without a sign-in: suspended
GONE = timedelta(days=90)  # without a sign-in: removed
QUIET_WARNINGS = (14, 3)  # days before either
STANDING = timedelta(days=92)  # a quarter: the directory is confirmed again
STANDING_WARNING = timedelta(days=14)
STANDING_GRACE = timedelta(days=30)  # unconfirmed for so long: no new case with other States
PASSKEYS = 2

AGENCIES = (
    "public-ministry",
    "police",
    "migration",
    "interior",
    "intelligence",
    "justice",
    "other",
)
OWN_AGENCY = PUBLIC_MINISTRY  # its answer alone is no consultation of others
OUTCOMES = ("no-objection", "objection", "no-answer")
SCOPES = ("smuggling-of-migrants", "trafficking-in-persons")
REASONS = ("objection", "wrong-data", "not-needed", "identity-doubt", "other")
