"""
What an operator with all rights on the database may try, and who notices.

Each row: what is done to a signed log of 300 acts, and what must notice it: `verify` (the command),
`start` (the sequencer refuses to sign), `kept` (an auditor's own checkpoint of 200 entries),
`proof` (a proof that somebody carried away). What is not listed must NOT notice, so that a claim
is never larger than what holds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """
    What is done, who notices, and what the command says.

    `resign`: afterwards the tree is rebuilt and signed anew, of the old acts or of "all".
    """

    name: str
    statements: tuple[str, ...]
    notices: frozenset[str]
    words: str = ""
    resign: str = ""


def attempt(name, *statements, notices, words="", resign=""):
    return Attempt(name, statements, frozenset(notices.split()), words, resign)


OTHER = "(SELECT {0} FROM (SELECT * FROM audit_auditevent) t WHERE id = {{event}} + 1)"
ENTRY = "(SELECT id FROM audit_logentry WHERE event_id = {event})"
LEAF = "(SELECT leaf FROM (SELECT leaf FROM audit_logentry WHERE position = 18) t)"
ATTEMPTS = [
    attempt(
        "a payload is edited",
        "UPDATE audit_auditevent SET payload = salt WHERE id = {event}",
        notices="verify",
        words="does not open",
    ),
    attempt(
        "a payload is taken from another event, with its salt",
        f"UPDATE audit_auditevent SET payload = {OTHER.format('payload')},"
        f" salt = {OTHER.format('salt')} WHERE id = {{event}}",
        notices="verify",
        words="is not what its leaf commits to",
    ),
    attempt(
        "the actor's column is edited",
        "UPDATE audit_auditevent SET actor = 'boris' WHERE id = {event}",
        notices="verify",
        words="columns",
    ),
    attempt(
        "the subject's column is edited",
        "UPDATE audit_auditevent SET subject = 'other' WHERE id = {event}",
        notices="verify",
        words="another subject",
    ),
    attempt(
        "an event is back-dated",
        "UPDATE audit_auditevent SET at = '2026-01-01 00:00:00+00:00' WHERE id = {event}",
        notices="verify",
        words="is not what its leaf commits to",
    ),
    attempt(
        "an event is erased and no erasure is recorded",
        "UPDATE audit_auditevent SET kind = '', actor = '', subject = '', states = '',"
        " salt = NULL, payload = NULL WHERE id = {event}",
        notices="verify",
        words="was erased, and no event says so",
    ),
    attempt(
        "a new event is erased before it has its place",
        "UPDATE audit_auditevent SET kind = '', actor = '', subject = '', states = '',"
        " salt = NULL, payload = NULL WHERE id = {newest}",
        notices="verify",
        words="was erased, and no event says so",
    ),
    attempt(
        "an entry belongs to no event",
        "UPDATE audit_logentry SET event_id = NULL WHERE position = 17",
        notices="verify start",
        words="entry 17 has no event",
    ),
    attempt(
        "a log is opened for another key",
        "UPDATE audit_log SET vkey = 'somebody else' WHERE name = 'acts'",
        notices="verify start",
        words="is signed by a key that no entry names",
    ),
    attempt(
        "an event is deleted, its entry stays",
        "DELETE FROM audit_auditevent WHERE id = {event}",
        notices="verify start",
        words="is not what its event committed to",
    ),
    attempt(
        "a leaf is edited in the event",
        f"UPDATE audit_auditevent SET leaf = {LEAF} WHERE id = {{event}}",
        notices="verify start",
        words="entry 17 is not what its event committed to",
    ),
    attempt(
        "a leaf is edited in event and entry",
        f"UPDATE audit_auditevent SET leaf = {LEAF} WHERE id = {{event}}",
        f"UPDATE audit_logentry SET leaf = {LEAF} WHERE position = 17",
        notices="verify start kept proof",
        words="is not what its entries make",
    ),
    attempt(
        "an entry is deleted",
        "DELETE FROM audit_logentry WHERE position = 17",
        notices="verify start kept proof",
        words="entry 17 is missing",
    ),
    attempt(
        "an entry and its event are deleted",
        "DELETE FROM audit_logentry WHERE position = 17",
        "DELETE FROM audit_auditevent WHERE id = {event}",
        notices="verify start kept proof",
        words="entry 17 is missing",
    ),
    attempt(
        "two entries are exchanged",
        "UPDATE audit_logentry SET position = -1 WHERE position = 17",
        "UPDATE audit_logentry SET position = 17 WHERE position = 18",
        "UPDATE audit_logentry SET position = 18 WHERE position = -1",
        notices="verify start kept proof",
        words="is not what its entries make",
    ),
    attempt(
        "a tile is edited",
        "UPDATE audit_tile SET data = (SELECT root FROM audit_log LIMIT 1)"
        " WHERE level = 1 AND number = 0",
        notices="verify start",
        words="tile 1/0",
    ),
    attempt(
        "a tile is deleted",
        "DELETE FROM audit_tile WHERE level = 0 AND number = 0",
        notices="verify start",
        words="tile 0/0",
    ),
    attempt(
        "a checkpoint's note is edited",
        "UPDATE audit_signedcheckpoint SET note = replace(note, '200', '201') WHERE size = 200",
        notices="verify",
        words="its checkpoint of 200 does not hold",
    ),
    attempt(
        "the tail is cut",
        "DELETE FROM audit_logentry WHERE position >= 250",
        notices="verify start",
        words="entry 250 is missing",
    ),
    attempt(
        "the tail is cut, rebuilt and signed again",
        "DELETE FROM audit_auditevent WHERE id >= {event} + 233",
        notices="verify start",
        words="the anchor says 300 entries, here are 250",
        resign="old",
    ),
    attempt(
        "an event is dropped, everything is rebuilt and signed again",
        "DELETE FROM audit_auditevent WHERE id = {event}",
        notices="verify start kept proof",
        words="the anchor says 300 entries, here are 299",
        resign="old",
    ),
    attempt(
        "an event is dropped, and a newer one fills the number",
        "DELETE FROM audit_auditevent WHERE id = {event}",
        notices="verify start kept proof",
        words="the anchor saw another history",
        resign="all",
    ),
    attempt(
        "a new event disappears with its place in the queue",
        "DELETE FROM audit_waiting",
        "DELETE FROM audit_auditevent WHERE id = {newest}",
        notices="",
    ),
    attempt(
        "a new event's place in the queue disappears",
        "DELETE FROM audit_waiting",
        notices="verify",
        words="has no entry, and does not wait for one",
    ),
    attempt(
        "an act is kept from a State's auditors",
        f"DELETE FROM audit_concern WHERE state = 'MX' AND entry_id = {ENTRY}",
        notices="verify",
        words="is not listed for every State that it concerns",
    ),
    attempt(
        "an act is listed for auditors as another",
        f"UPDATE audit_concern SET kind = 'cases.case.read' WHERE entry_id = {ENTRY}",
        notices="verify",
        words="is listed for auditors as what it is not",
    ),
    attempt(
        "an act's event never was",
        "INSERT INTO directory_state (code, name_es, name_en, name_fr, audit_event_id)"
        " VALUES ('ZZ', '', '', '', 999999)",
        notices="verify",
        words="1 rows of directory.State have no event",
    ),
    attempt(
        "an act's event is another act's",
        "INSERT INTO directory_state (code, name_es, name_en, name_fr, audit_event_id)"
        " VALUES ('ZZ', '', '', '', {event})",
        notices="verify",
        words="1 rows of directory.State lean on another act's event",
    ),
    attempt(
        "an act counts as a change of the directory",
        "UPDATE audit_auditevent SET directory = (1 = 1) WHERE id = {event}",
        notices="verify",
        words="is not marked for the log of the directory as its kind is",
    ),
]
