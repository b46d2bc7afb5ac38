"""What letterheads and documents leave in the log: ids, numbers, codes and commitments."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class LetterheadChanged(Event):
    """An office's letterhead was changed by one of its people; `digest` is SHA-256 of it."""

    kind = "papers.letterhead.changed"
    subject_field = "office"
    office: str
    number: int
    device: str
    digest: str


@dataclass(frozen=True, slots=True)
class DocumentsMade(Event):
    """
    Documents of one version of a request were made in a browser, to go to these offices.

    `kinds`, `languages` and `commitments` tell of one file each, in the same order. A commitment is
    SHA-256 of a salt that readers of the draft have and of the file's digest; `digest` is SHA-256
    of what the maker's device signed.
    """

    kind = "papers.documents.made"
    subject_field = "request"
    request: str
    version: int
    device: str
    digest: str
    letterhead: str
    kinds: tuple[str, ...]
    languages: tuple[str, ...]
    commitments: tuple[str, ...]
    recipients: tuple[str, ...]
