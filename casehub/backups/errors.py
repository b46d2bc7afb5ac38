"""Why a backup is not made, or not restored: a stable code each, and what to do."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "anchor-held": "{subject}. Stop what signs the log first.",
    "another-s-data": "{subject}.",
    "attachments-elsewhere": "CASEHUB_ATTACHMENTS names {subject}, which is no folder, and the"
    " database knows of files. Name the right one.",
    "backup-changed": "This is not what was written: it was changed, cut short or put together"
    " anew ({subject}). Take another copy.",
    "backup-expired": "It was made {subject}, and what was erased since lies on in it: after 35"
    " days nothing is restored from a backup.",
    "backup-foreign": "{subject} is no backup of CaseHub, or of a later release.",
    "backup-forged": "It was NOT made by this region: whoever sealed it did not hold its secrets."
    " Take another copy, and find out where this one comes from.",
    "backup-from-the-future": "It says that it was made {subject}. Set this machine's clock.",
    "backup-other": "It is NOT the file whose SHA-256 was given: this one's is {subject}.",
    "clients-missing": "{subject} is not here, or does not run: install PostgreSQL's client"
    " programs of the server's version or later.",
    "file-there": "{subject} is there already, and nothing here writes over a file.",
    "file-unreadable": "{subject}.",
    "file-unwritable": "{subject}.",
    "half-restored": "A restore into this place was not finished ({subject} is there), and what is"
    " in it was not verified: empty it, the database first, and restore again (docs/backups.md,"
    ' "Killed in the middle").',
    "key-foreign": "{subject}: the backup was not sealed to this key.",
    "key-unreadable": "{subject}.",
    "keys-of-one-state": "Keys of two States open a backup, and these are of {subject}.",
    "log-host-other": "The backup's logs are {subject}, and CASEHUB_LOG_HOST is another host: name"
    " theirs. Only if they shall end, say --end-logs.",
    "log-host-same": "--end-logs, and CASEHUB_LOG_HOST is the host of {subject}: choose another"
    " one for the logs that follow, and restore under that (docs/backups.md).",
    "log-key-unknown": "No key is known for {subject}: name the log's policy by --policy, or the"
    " folder of its keys by CASEHUB_SIGNING.",
    "log-not-as-signed": "The log in this backup is NOT what was signed: {subject}",
    "mark-stays": "All of it is restored and verified, but its mark does not go: remove by hand"
    " {subject}. Until then nothing starts here.",
    "objects-away": "The object store does not answer, or does not let us in: {subject}. Look at"
    " it, and at CASEHUB_OBJECTS with its keys (docs/operations.md).",
    "objects-versioned": "{subject} keeps earlier versions, so what is destroyed would stay in it:"
    " name a bucket that never did.",
    "other-database": "The backup is of {subject}: restore it into a database of that kind.",
    "other-events-key": "CASEHUB_EVENTS_KEY is not the one of this backup: bring the right one, or"
    " what events say stays closed.",
    "other-secret-key": "CASEHUB_SECRET_KEY is not the one of this backup: bring the right one, or"
    " code generators and local stores cannot be opened.",
    "postgres-failed": "{subject}.",
    "recipients-few": "A backup is sealed to keys of at least two States; given were {subject}.",
    "recipients-many": "A backup is sealed to at most {subject} keys.",
    "recipients-same": "Two States have given the same key: it is one's alone, or nobody's.",
    "recipients-unreadable": "{subject}.",
    "release-newer": "This release cannot read the database before it was migrated ({subject}):"
    " restore it with the release that made it, then bring the new one.",
    "release-older": "This release does not know {subject}, which the backup has: restore it with"
    " the release that made it, or a later one.",
    "sha256-needed": "With both secrets lost nothing says that the region made this file: give its"
    " SHA-256, as `backup` printed it, by --sha256.",
    "server-runs": "A server works in {subject}: stop it first.",
    "target-not-empty": "{subject}: a backup is restored into an empty place only.",
    "witnesses-ahead": "{subject}. The log must not be signed on from this backup: that would be a"
    " rollback. Find a newer one; or choose another CASEHUB_LOG_HOST for new logs and restore with"
    ' --end-logs (docs/operations.md, "The newer database is lost").',
    "witnesses-silent": "{subject}: nobody can say that this backup is the newest. Reach them, or"
    " give what each shows by --witness-checkpoints FILE.",
    "witnesses-unasked": "{subject}, and the policy at hand asks nobody: name theirs by --policy or"
    " CASEHUB_WITNESSES.",
    "witnesses-unreadable": "{subject}.",
}  # fmt: skip


class Stopped(Exception):
    """It is not done: `code` says why, `subject` what it is about."""

    def __init__(self, code: str, subject: object = "") -> None:
        self.code, self.subject = code, str(subject)
        super().__init__(f"{code}: {WORDS[code].format(subject=subject)}")
