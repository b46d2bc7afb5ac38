"""How often the daily e-mail is tried, how many a round sends, and what is a near deadline."""

from __future__ import annotations

from datetime import timedelta

NEAR = timedelta(days=7)  # a term that ends within it is counted as a deadline
MOST = 100  # e-mails in one round; the rest are the next one's
SECONDS = 30.0  # after so long a round begins no further one: other things wait for the round
SECONDS_OF_MAIL = 60.0  # of one conversation with the mail server, whatever it does
TRIES = 3  # of one day's e-mail, if the mail server says each time that it comes back later
APART = timedelta(minutes=20)  # between these tries
PAUSE = timedelta(minutes=5)  # in which a process leaves a mail server alone that it cannot reach
# Handed over so long ago without a word from the mail server: its process died in between.
UNHEARD = timedelta(minutes=10)
ADDRESS = 254  # characters at most, RFC 5321 4.5.3.1.3 without the brackets
