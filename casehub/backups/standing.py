"""How far the log has come elsewhere: what witnesses, kept checkpoints and the anchor say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from audit import witnesses
from audit.anchor import Anchor
from audit.queries import integrity, trees
from audit.queries.standing import is_ours
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import COSIGNATURE, Key, Note, signed_note
from audit.tlog.policy import NONE, PROMISE, Policy
from audit.witnesses import Silent, Witness

from .errors import Stopped

ANCHOR = "the anchor"


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that the log signed, and who holds it; in `note` the log's lines alone."""

    who: str
    checkpoint: Checkpoint
    note: str


@dataclass(slots=True)
class Elsewhere:
    """
    What others hold of the logs, by origin; and which witnesses have not been heard of each.

    `cosigned` is up to where the backup itself has each witness's word: less is no answer.
    """

    seen: dict[str, list[Seen]] = field(default_factory=dict)
    unheard: dict[str, set[str]] = field(default_factory=dict)
    cosigned: dict[str, dict[str, int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def newest(self, origin: str) -> Seen | None:
        """Return the largest that anybody holds of a log."""
        return max(self.seen.get(origin, []), key=lambda one: one.checkpoint.size, default=None)

    def known(self, origin: str, witness: str) -> int:
        """Return up to where the backup has a witness's cosignature; 0 without any."""
        return self.cosigned.get(origin, {}).get(witness, 0)


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

    `kept` are files and their text.

    :raises Stopped: `log-not-as-signed` if the backup's own note is not signed by its log.
    :raises ValueError: naming the file that is no checkpoint of these logs.
    """
    found = Elsewhere()
    origins = sorted(origin for origin in keys if not origin.endswith(PROMISE))
    asked = witnesses.of(policy) if policy is not None else []
    found.asked = [one.name for one in asked]
    own = {log.origin: log for log in trees.current()}
    for origin in origins:
        found.seen[origin], found.unheard[origin] = [], set()
        if (log := own.get(origin)) is not None:  # first: of one size its spelling stays
            notes = trees.newest_signed(log), trees.newest_published(log)
            own_notes(found, keys[origin], asked, *notes, integrity.sighted(log))
        ask(found, asked, keys[origin])
        note = anchor.read(origin) if anchor is not None else None
        if note is not None:
            try:
                found.seen[origin].append(signed_by(keys[origin], note, ANCHOR)[0])
            except ValueError as error:
                raise ValueError(f"{ANCHOR}: {error}") from error
    for file, text in kept:
        keep(found, asked, keys, file, text)
    return found


def own_notes(
    found: Elsewhere,
    keys: Sequence[Key],
    asked: Sequence[Witness],
    signed: str | None,
    published: str | None,
    known: dict[str, int],
) -> None:
    """
    Take what the backup itself holds of a log, and of its witnesses by their names in the policy.

    :raises Stopped: `log-not-as-signed` if a note of its own does not hold.
    """
    origin = keys[0].name
    try:
        if signed is not None:
            found.seen[origin].append(signed_by(keys, signed, "its own checkpoint")[0])
        if published is not None:
            every = [*keys, *(one.key for one in asked)]
            seen, signers = signed_by(every, published, "what it published")
            for one in asked:
                if str(one.key) in signers:
                    known[one.name] = max(known.get(one.name, 0), seen.checkpoint.size)
    except ValueError as error:
        raise Stopped("log-not-as-signed", f"{origin}: its own checkpoint: {error}") from error
    if published is not None and not known:  # by witnesses whom this policy does not name
        known = dict.fromkeys({one.name for one in Note.parse(published).lines} - {origin}, 1)
    found.cosigned[origin] = known


def ask(found: Elsewhere, asked: Sequence[Witness], keys: Sequence[Key]) -> None:
    """
    Ask witnesses what they hold of a log.

    Who says that he holds nothing, or less than he had cosigned, has not been heard: nobody signs
    that he has nothing, and an older note of his is anybody's to show.
    """
    origin = keys[0].name

    def shown_by(one: Witness) -> tuple[str, Seen | None, bool]:
        known = found.known(origin, one.name)
        try:
            shown = one.shown(origin)
            if shown is None:
                return one.name, None, known == 0
            seen, signers = signed_by([*keys, one.key], shown, f"the witness {one.name}")
        except (Silent, ValueError):  # what cannot be read is no answer
            return one.name, None, False
        # What the log signed says how far it was, whoever shows it; for the witness, its own line.
        return one.name, seen, str(one.key) in signers and seen.checkpoint.size >= known

    if not asked:
        return
    with ThreadPoolExecutor(len(asked)) as pool:
        for name, seen, heard in pool.map(shown_by, asked):
            if not heard:
                found.unheard[origin].add(name)
            if seen is not None:
                found.seen[origin].append(seen)


def keep(
    found: Elsewhere,
    asked: Sequence[Witness],
    keys: Mapping[str, Sequence[Key]],
    file: str,
    text: str,
) -> None:
    """
    Take a note that somebody kept: whoever signed it knew so much then.

    It is a witness's answer only if it is what that witness shows: its cosignature alone under it,
    and no older than the one in the backup. What is published has many, and old ones lie about.

    :raises ValueError: naming the file that is no checkpoint of these logs.
    """
    try:
        origin = Checkpoint.parse(Note.parse(text).text).origin
        if origin not in found.seen:
            raise ValueError(f"it is of {origin}, which nobody knows here")  # noqa: TRY301 - said like the others
        every = [*keys[origin], *(one.key for one in asked)]
        seen, signers = signed_by(every, text, file)
        others = [line for line in Note.parse(text).lines if line.name != origin]
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    found.seen[origin].append(seen)
    if len(others) == 1:
        found.unheard[origin] -= {
            one.name
            for one in asked
            if str(one.key) in signers and seen.checkpoint.size >= found.known(origin, one.name)
        }


def sizes() -> dict[str, int]:
    """Return how many entries the database has of each log."""
    return {log.origin: log.size for log in trees.current()}


def ahead(found: Elsewhere, held: Mapping[str, int], *, ours: bool = True) -> list[str]:
    """Say of which logs, of this host or of others, somebody holds more than the database has."""
    words = []
    for origin in found.seen:
        newest = found.newest(origin)
        if is_ours(origin) is not ours or newest is None:
            continue
        if newest.checkpoint.size > held.get(origin, 0):
            size = newest.checkpoint.size
            words.append(
                f"{newest.who} holds {size} entries of {origin}, this backup"
                f" {held[origin]}" if origin in held else
                f"{newest.who} holds {size} entries of {origin}, which this backup does not know"
            )  # fmt: skip
    return words


def unknown(found: Elsewhere, policy: Policy | None, held: Mapping[str, int]) -> list[str]:
    """Say of which logs a quorum could have cosigned more without anybody here having heard."""
    if policy is None or not any(map(is_ours, held)):
        return []
    return [
        f"{', '.join(sorted(names))} did not answer about {origin}"
        for origin, names in found.unheard.items()
        if is_ours(origin) and names and policy.could(names)
    ]


def unasked(found: Elsewhere, policy: Policy | None, held: Mapping[str, int]) -> list[str]:
    """Say which logs had witnesses, where the policy at hand asks nobody."""
    if policy is not None and policy.quorum != NONE:
        return []
    return [
        f"{', '.join(sorted(found.cosigned[origin]))} cosigned {origin}"
        for origin in sorted(held)
        if is_ours(origin) and found.cosigned.get(origin)
    ]


def ended(held: Mapping[str, int]) -> list[str]:
    """Return the logs that this host does not sign on: they are another's, whose end is this."""
    return sorted(origin for origin in held if not is_ours(origin))


def require_host(origins: Sequence[str], *, end_logs: bool) -> None:
    """
    Look whether the logs of a backup go on here, or end because somebody says so.

    :raises Stopped: `log-host-same` or `log-host-other`.
    """
    ours = [origin for origin in origins if is_ours(origin)]
    if end_logs and ours:
        raise Stopped("log-host-same", ", ".join(ours))
    if origins and not ours and not end_logs:
        raise Stopped("log-host-other", ", ".join(origins))


def remember(anchor: Anchor, found: Elsewhere) -> None:
    """
    Put the largest checkpoint that anybody holds of each log into the anchor, which is held.

    Larger than what the database has, it keeps the log from being signed on from there.
    """
    for origin in found.seen:
        before = anchor.read(origin)
        newest = found.newest(origin)
        size = 0 if before is None else trees.checkpoint_of(before).size
        if newest is not None and newest.checkpoint.size > size:
            anchor.swap(origin, before, newest.note)


def end(anchor: Anchor, held: Mapping[str, int]) -> None:
    """Keep in the anchor that a log of another host has ended, whoever was silent about it."""
    for origin in ended(held):
        anchor.end(origin)
