"""Which keys a log has, who signs it now, and the policy that its readers are served."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from .. import keyring, witnesses
from ..models import KeyChange, Log, Succession
from ..tlog.errors import Unproven
from ..tlog.note import Key
from ..tlog.policy import Policy, brought_up
from ..tlog.rotation import Rotation


def rotations() -> list[Rotation]:
    """
    Return every statement of a change of keys, the oldest first.

    What is none is left out: it teaches nobody anything. Who signs asks `signing`.
    """
    found = []
    for change in KeyChange.objects.select_related("log").order_by("id"):
        try:
            found.append(said(change))
        except ValueError:
            continue
    return found


def said(change: KeyChange) -> Rotation:
    """
    Return the statement of a change.

    :raises Malformed: if it is none.
    :raises Unproven: if not both keys have signed it, or its row says something else.
    """
    found = Rotation.parse(change.note)
    times = int(change.starts_at.timestamp()), int(change.ends_at.timestamp())
    row = (change.log.origin, change.old, change.new, *times)
    if row != (found.origin, str(found.old), str(found.new), found.start, found.end):
        raise Unproven(f"{change.log.origin}: a change of its key says something else than its row")
    return found


def ever(log: Log) -> list[Key]:
    """
    Return every key that a log was given, its first one first.

    :raises Malformed: if one is none, or a change of keys is none.
    :raises Unproven: if the changes do not lead on from the first key, one after the other.
    """
    found = [Key.parse(log.vkey)]
    for change in KeyChange.objects.filter(log=log).select_related("log").order_by("id"):
        one = said(change)
        if one.old != found[-1]:
            raise Unproven(f"{log.origin}: a key follows one that it was not given")
        found.append(one.new)
    return found


def newest(log: Log) -> Key:
    """Return the key that signs a log last of all; without asking for proof: it is a hint."""
    change = KeyChange.objects.filter(log=log, entry__isnull=False).order_by("-id").first()
    return Key.parse(log.vkey if change is None else change.new)


def signing(log: Log, now: datetime) -> list[Key]:
    """
    Return the keys that sign a log at `now`: one, or, while a change is under way, two.

    A new key signs from its entry in the directory's log on: none signs that nobody can find there.

    :raises Malformed: as `ever`.
    :raises Unproven: as `ever`.
    """
    found = ever(log)[:1]
    placed = KeyChange.objects.filter(log=log, entry__isnull=False).select_related("log")
    for change in placed.order_by("id"):
        found = [*(found[-1:] if now < change.ends_at else []), said(change).new]
    return found


def origins(year: int) -> dict[str, str]:
    """Return the origin that each log has in a year: where keys were not trusted, the last one."""
    found = keyring.origins(year)
    taken = dict(Succession.objects.values_list("log__origin", "origin"))
    for name, origin in found.items():
        last = origin
        while last in taken:
            last = taken[last]
        found[name] = last
    return found


def held() -> list[Key]:
    """Return the keys of every log that this machine has itself."""
    origins = Log.objects.order_by("id").values_list("origin", flat=True)
    return [key for origin in origins for key in keyring.keys_of(origin)]


def known(logs: Iterable[Key], *, backwards: bool = False) -> dict[str, list[Key]]:
    """Return the keys that may sign each log, of these and of those that the log says followed."""
    policy = Policy(logs=list(logs), quorum="none").learn(rotations(), backwards=backwards)
    found: dict[str, list[Key]] = {}
    for key in policy.logs:
        found.setdefault(key.name, []).append(key)
    return found


def announced(origin: str) -> Key | None:
    """Return the key under which a log was said to take over, None if none was said to."""
    vkeys = Succession.objects.filter(origin=origin).values_list("vkey", flat=True)
    return Key.parse(vkeys[0]) if vkeys else None


def grown(policy: Policy) -> Policy:
    """Return a policy with the logs that took over from its own, and the keys that followed."""
    known = {key.name for key in policy.logs}
    taken = [key for key in map(Key.parse, _vkeys()) if key.name not in known]
    return replace(policy, logs=[*policy.logs, *taken]).learn(rotations())


def _vkeys() -> list[str]:
    return list(Succession.objects.order_by("id").values_list("vkey", flat=True))


def _with_successors(text: str) -> str:
    """Return a policy's text with the logs that took over, if it does not name them itself."""
    known = {key.name for key in Policy.parse(text).logs}
    lines = [f"log {vkey}\n" for vkey in _vkeys() if Key.parse(vkey).name not in known]
    return text + ("" if text.endswith("\n") else "\n") + "".join(lines)


def configured() -> Policy | None:
    """
    Return the policy of this region's witnesses, grown by what followed on it.

    :raises Malformed: if the file is none.
    :raises OSError: if it cannot be read.
    """
    policy = witnesses.configured()
    return None if policy is None else grown(policy)


def served(now: datetime | None = None) -> str:
    """
    Return the policy that this region publishes under; without witnesses, its own keys alone.

    Keys that are over at `now` are not listed; the statements that say so stay.

    :raises Malformed: if the file of the witnesses is none.
    :raises OSError: if it cannot be read.
    """
    text = witnesses.configured_text()
    if text is None:
        logs = list(Log.objects.order_by("id"))
        promising = [keyring.promise_key(log.origin) for log in logs if log.name == "acts"]
        known = [*(log.vkey for log in logs), *(str(k.public) for k in promising if k is not None)]
        text = "".join(f"log {key}\n" for key in known) + "quorum none\n"
    whole = _with_successors(text)
    return brought_up(whole, rotations(), now=None if now is None else int(now.timestamp()))


def of_bundle(log: Log) -> str:
    """
    Return the policy that travels in a bundle: of all times, so that the same bundle has one text.

    :raises Malformed: if the file of the witnesses is none.
    :raises OSError: if it cannot be read.
    """
    text = witnesses.configured_text()
    whole = f"log {log.vkey}\nquorum none\n" if text is None else _with_successors(text)
    return brought_up(whole, rotations())
