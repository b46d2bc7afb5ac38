"""Sizes and times of the auditors' console."""

from __future__ import annotations

from datetime import timedelta

PAGE = 50  # entries on a page
COUNTED = 10_000  # entries that are counted; more are "more than that"
CHUNK = 2_000  # entries in one piece of an export
QUERY_LASTS = timedelta(hours=12)  # a day's work; afterwards looking again is another act
VIEWS = 50  # kept by one person
ASK_LASTS = timedelta(hours=72)  # ROLES 1(5): four eyes
NAME_LASTS = timedelta(hours=24)
TOLD_AFTER = timedelta(days=30)  # ROLES 4: so long a name may be looked into unheard
DEFERRED_MOST = timedelta(days=180)  # by one court order; another one may follow
PAIR_LASTS = timedelta(hours=24)  # that two regional auditors see a pair's acts
MONTH_SETTLES = timedelta(days=1)  # after its end: so late an act may enter the log
QUARTERS = 8  # two years back a pseudonym is looked for
FIGURES = timedelta(days=92)  # the longest period that is drawn
FIGURES_DEFAULT = timedelta(days=30)
BULK = 20  # files looked into within an hour, from which on it stands out
TRIES = 5  # refusals within an hour
HASTY = timedelta(minutes=1)  # an approval given sooner was hardly read
LISTED = 20  # anomalies of a kind, slowest approvals
PAIRED = 5_000  # acts among which approvals are looked for
AUDITS = 100  # rows of "who audited us"
GROUNDS = ("anomaly", "complaint", "court-order", "internal-inquiry")
# Why a court may let somebody wait: Directive (EU) 2016/680, article 13(3).
DEFERRAL_GROUNDS = ("inquiry", "public-security", "rights-of-others")
EARLIEST_YEAR, LATEST_YEAR = 2000, 9000
NIGHT = (22, 23, 0, 1, 2, 3, 4, 5)  # hours of the day, on the clocks of a State's capital
