"""How far the log has come elsewhere: what witnesses, kept checkpoints and the anchor say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from audit import witnesses
from audit.anchor import Anchor
from audit.queries import trees
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import COSIGNATURE, Key, Note, signed_note
from audit.tlog.policy import PROMISE, Policy
from audit.witnesses import Silent, Witness

ANCHOR = "the anchor"


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that the log signed, and who holds it; in `note` the log's lines alone."""

    who: str
    checkpoint: Checkpoint
    note: str


@dataclass(slots=True)
class Elsewhere:
    """What others hold of the logs, by origin; and which witnesses have not been heard of each."""

    seen: dict[str, list[Seen]] = field(default_factory=dict)
    unheard: dict[str, set[str]] = field(default_factory=dict)

    def newest(self, origin: str) -> Seen | None:
        """Return the largest that anybody holds of a log."""
        return max(self.seen.get(origin, []), key=lambda one: one.checkpoint.size, default=None)


def signed_by(keys: Sequence[Key], note: str, who: str) -> tuple[Seen, set[str]]:
    """
    Return a note that one of these keys of a log has signed, and the vkeys of all known who have.

    :raises ValueError: if it is none.
    """
    parsed = Note.parse(note)
    own = [one.key for one in parsed.signatures([k for k in keys if k.kind != COSIGNATURE])]
    checkpoint = Checkpoint.parse(parsed.text)
    if any(key.name != checkpoint.origin for key in own):
        raise ValueError("it is signed by another log's key")
    ids = {key.id for key in own}
    lines = [str(line) for line in parsed.lines if line.id in ids]
    seen = Seen(who, checkpoint, signed_note(parsed.text, lines))
    return seen, {str(one.key) for one in parsed.signatures(keys)}


def look(
    policy: Policy | None,
    keys: Mapping[str, Sequence[Key]],
    *,
    kept: Sequence[tuple[str, str]] = (),
    anchor: Anchor | None = None,
) -> Elsewhere:
    """
    Ask the witnesses of the policy about every log of `keys`; read the notes that somebody kept.

    `kept` are files and their text. A witness under a kept note counts as heard of that log.

    :raises ValueError: naming the file that is no checkpoint of these logs.
    """
    found = Elsewhere()
    origins = sorted(origin for origin in keys if not origin.endswith(PROMISE))
    asked = witnesses.of(policy) if policy is not None else []
    own = {log.origin: trees.newest_signed(log) for log in trees.current()}
    for origin in origins:
        found.seen[origin], found.unheard[origin] = [], set()
        if (signed := own.get(origin)) is not None:  # first: of one size its spelling stays
            found.seen[origin].append(signed_by(keys[origin], signed, "its own checkpoint")[0])
        _ask(found, asked, keys[origin])
        note = anchor.read(origin) if anchor is not None else None
        if note is not None:
            found.seen[origin].append(signed_by(keys[origin], note, ANCHOR)[0])
    for file, text in kept:
        _keep(found, asked, keys, file, text)
    return found


def _ask(found: Elsewhere, asked: Sequence[Witness], keys: Sequence[Key]) -> None:
    origin = keys[0].name

    def ask(one: Witness) -> tuple[str, Seen | None, bool]:
        try:
            shown = one.shown(origin)
            if shown is None:
                return one.name, None, True
            seen, signers = signed_by([*keys, one.key], shown, f"the witness {one.name}")
        except (Silent, ValueError):  # what cannot be read is no answer
            return one.name, None, False
        return one.name, seen, str(one.key) in signers and seen.checkpoint.origin == origin

    if not asked:
        return
    with ThreadPoolExecutor(len(asked)) as pool:
        for name, seen, heard in pool.map(ask, asked):
            if not heard:
                found.unheard[origin].add(name)
            elif seen is not None:
                found.seen[origin].append(seen)


def _keep(
    found: Elsewhere,
    asked: Sequence[Witness],
    keys: Mapping[str, Sequence[Key]],
    file: str,
    text: str,
) -> None:
    try:
        origin = Checkpoint.parse(Note.parse(text).text).origin
        if origin not in found.seen:
            raise ValueError(f"it is of {origin}, which nobody knows here")  # noqa: TRY301 - said like the others
        every = [*keys[origin], *(one.key for one in asked)]
        seen, signers = signed_by(every, text, file)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    found.seen[origin].append(seen)
    found.unheard[origin] -= {one.name for one in asked if str(one.key) in signers}


def sizes() -> dict[str, int]:
    """Return how many entries the database has of each log."""
    return {log.origin: log.size for log in trees.current()}


def ahead(found: Elsewhere, held: Mapping[str, int]) -> list[str]:
    """Say of which logs somebody holds more than the database has."""
    words = []
    for origin in found.seen:
        newest = found.newest(origin)
        if newest is not None and newest.checkpoint.size > held.get(origin, 0):
            size = newest.checkpoint.size
            words.append(
                f"{newest.who} holds {size} entries of {origin}, this backup"
                f" {held[origin]}" if origin in held else
                f"{newest.who} holds {size} entries of {origin}, which this backup does not know"
            )  # fmt: skip
    return words


def unknown(found: Elsewhere, policy: Policy | None) -> list[str]:
    """Say of which logs a quorum could have cosigned more without anybody here having heard."""
    if policy is None:
        return []
    return [
        f"{', '.join(sorted(names))} did not answer about {origin}"
        for origin, names in found.unheard.items()
        if names and policy.could(names)
    ]


def remember(anchor: Anchor, found: Elsewhere) -> None:
    """
    Put the largest checkpoint that anybody holds of each log into the anchor, which is held.

    Larger than what the database has, it keeps the log from being signed on from there.
    """
    for origin in found.seen:
        before = anchor.read(origin)
        newest = found.newest(origin)
        held = 0 if before is None else trees.checkpoint_of(before).size
        if newest is not None and newest.checkpoint.size > held:
            anchor.swap(origin, before, newest.note)
