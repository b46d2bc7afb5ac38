"""
C2SP tlog-policy: which logs one believes, and whose cosignatures make a checkpoint count.

A reader's own file, never the log's: the same one serves auditors, browsers and commands. A log's
key may follow another (rotation.py): who believes one of the two learns of the other from the
statement that both have signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from .checkpoint import Checkpoint
from .errors import Malformed, Unproven
from .note import COSIGNATURE, ED25519, Key, Note
from .rotation import MARK, Rotation
from .text import from_decimal

NONE = "none"
PROMISE = "/promise"  # ends the name of a key that promises entries, and signs no tree
_FOREIGN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Group:
    """Counts as one if at least `needed` of its members do."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint that satisfied a policy, and when each witness cosigned it."""

    checkpoint: Checkpoint
    cosigned: Mapping[str, int]


@dataclass(slots=True)
class Policy:
    """Log keys, witness keys by name, groups by name, and the name that must be satisfied."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = ""
    # where a witness takes checkpoints, for those that have an address
    urls: dict[str, str] = field(default_factory=dict)
    # that lead from one key of `logs` to another; the keys they name are in `logs`
    rotations: list[Rotation] = field(default_factory=list)

    @classmethod
    def parse(cls, text: str) -> Policy:
        """
        Read a policy file.

        :raises Malformed: naming the line that is wrong.
        """
        policy = cls()
        found: list[Rotation] = []
        if _FOREIGN.search(text):
            raise Malformed("a policy has no control characters")
        for number, line in enumerate(text.split("\n"), start=1):
            words = line.partition("#")[0].replace("\t", " ").split(" ")
            words = [word for word in words if word]
            try:
                if line.startswith(MARK):
                    found.append(Rotation.of_line(line))
                elif words:
                    policy._take(words)
            except (Malformed, Unproven) as error:
                raise Malformed(f"line {number}: {error}") from error
        if not policy.quorum:
            raise Malformed("a policy names its quorum")
        # Whoever wrote the file may name the newer key, and say by which it was preceded.
        return policy.learn(found, backwards=True)

    def learn(self, rotations: Iterable[Rotation], *, backwards: bool = False) -> Policy:
        """
        Return the policy with the keys that follow, one after the other, on those it believes.

        A statement that starts at no key it believes teaches nothing, nor does a second one about
        a key that is already followed by another. With `backwards` the keys before those that it
        believes are learned as well: for whoever holds the newer ones themselves.

        :raises Malformed: if, with `backwards`, two keys follow one.
        """
        grown = replace(self, logs=list(self.logs), rotations=list(self.rotations))
        return grown._settled(rotations, backwards=backwards)  # noqa: SLF001 - a copy of self

    def _settled(self, found: Iterable[Rotation], *, backwards: bool) -> Policy:
        rest = [one for one in dict.fromkeys(found) if one not in self.rotations]
        while one := next(
            (r for r in rest if r.old in self.logs or (backwards and r.new in self.logs)), None
        ):
            rest.remove(one)
            if self.follower(one.old) is None and not self._leads(one.new, one.old):
                self.rotations.append(one)
                self.logs += [key for key in (one.old, one.new) if key not in self.logs]
            elif backwards:
                raise Malformed(f"{one.origin}: two keys follow one")
        return self

    def follower(self, key: Key) -> Rotation | None:
        """Return the statement by which another key follows this one, or None."""
        return next((one for one in self.rotations if one.old == key), None)

    def _leads(self, key: Key, to: Key) -> bool:
        """Say whether a row of rotations leads from one key to another: it would be a circle."""
        step = self.follower(key)
        return step is not None and (step.new == to or self._leads(step.new, to))

    def _take(self, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self.logs.append(_key(vkey, ED25519))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._fresh(name)
                key = _key(vkey, COSIGNATURE)
                if key in self.witnesses.values():
                    raise Malformed(f"{key.name} counts twice")
                self.witnesses[name] = key
                self.urls.update((name, one.rstrip("/")) for one in url)
            case ["group", name, needed, *members] if members:
                self._fresh(name)
                self.groups[name] = self._group(needed, members)
            case ["quorum", name] if not self.quorum:
                if name != NONE and name not in self.witnesses and name not in self.groups:
                    raise Malformed(f"nobody is called {name}")
                self.quorum = name
            case _:
                raise Malformed("not understood")

    def _fresh(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Malformed(f"{name} is taken")

    def _group(self, needed: str, members: list[str]) -> Group:
        used = [name for group in self.groups.values() for name in group.members]
        for name in members:
            if name not in self.witnesses and name not in self.groups:
                raise Malformed(f"nobody is called {name}")
            if name in used:
                raise Malformed(f"{name} counts twice")
            used.append(name)
        count = {"any": 1, "all": len(members)}.get(needed)
        count = from_decimal(needed) if count is None else count
        if not 0 < count <= len(members):
            raise Malformed("a group needs between one and all of its members")
        return Group(count, tuple(members))

    def _counts(self, name: str, present: Mapping[str, int]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in present
        return sum(self._counts(member, present) for member in group.members) >= group.needed

    def could(self, names: Iterable[str]) -> bool:
        """Say whether these witnesses alone would be a quorum; nobody is asked for: never."""
        return self.quorum != NONE and self._counts(self.quorum, dict.fromkeys(names, 0))

    @property
    def needed(self) -> int:
        """How many cosignatures are enough, if each witness counts for itself; at least so many."""
        return self._least(self.quorum) if self.quorum != NONE else 0

    def _least(self, name: str) -> int:
        group = self.groups.get(name)
        if group is None:
            return 1
        return sum(sorted(self._least(member) for member in group.members)[: group.needed])

    def keys_of(self, origin: str) -> list[Key]:
        """
        Return the keys with which a log signs, those that were given up since among them.

        A key of promises lies in every web process: no tree is its.
        """
        return [key for key in self.logs if key.name == origin and not origin.endswith(PROMISE)]

    def quorum_time(self, cosigned: Mapping[str, int]) -> int | None:
        """
        Return when the quorum had cosigned (POSIX seconds), None where nobody is asked for.

        That is the latest time such that those who signed then or later are enough.
        """
        if self.quorum == NONE:
            return None
        for time in sorted(set(cosigned.values()), reverse=True):
            late = {name: one for name, one in cosigned.items() if one >= time}
            if self._counts(self.quorum, late):
                return time
        return 0

    def open(self, note: str, *, now: int | None = None) -> Opened:
        """
        Return the checkpoint in `note`, if a log of this policy signed it and the quorum holds.

        A key that was given up counts under what the quorum had cosigned before its end. Where
        nobody is asked to cosign, nothing dates a note: there it counts until `now` (POSIX
        seconds), or, without it, as in a note of its time.

        :raises Malformed: if it is no checkpoint.
        :raises Unproven: if a signature or the quorum does not hold.
        """
        parsed = Note.parse(note)
        checkpoint = Checkpoint.parse(parsed.text)
        keys = self.keys_of(checkpoint.origin)
        if not keys:
            raise Unproven(f"the policy knows no log {checkpoint.origin}")
        signed = parsed.signatures([*keys, *self.witnesses.values()])
        signers = [one.key for one in signed if one.key in keys]
        if not signers:
            raise Unproven("the log has not signed")
        names = {str(key): name for name, key in self.witnesses.items()}
        times = {names[str(s.key)]: s.time for s in signed if s.key.kind == COSIGNATURE}
        if self.quorum != NONE and not self._counts(self.quorum, times):
            raise Unproven(f"only {len(times)} of {len(self.witnesses)} witnesses have cosigned")
        at = now if self.quorum == NONE else self.quorum_time(times)
        followed = [self.follower(key) for key in signers]
        if at is not None and all(one is not None and at >= one.end for one in followed):
            raise Unproven("its key was given up before that")
        return Opened(checkpoint, times)


def brought_up(text: str, rotations: Iterable[Rotation], *, now: int | None = None) -> str:
    """
    Return a policy's text with the keys that follow on its own, and the statements that say so.

    A key that is over at `now` (POSIX seconds) is no longer listed; without `now` all are.

    :raises Malformed: if the text is no policy.
    """
    policy = Policy.parse(text)
    grown = policy.learn(rotations)
    ended = {str(one.old) for one in grown.rotations if now is not None and now >= one.end}
    kept = [
        line
        for line in text.removesuffix("\n").split("\n")
        if line.partition("#")[0].split()[:1] != ["log"] or line.split()[1] not in ended
    ]
    listed = {word for line in kept for word in line.partition("#")[0].split()}
    fresh = [str(key) for key in grown.logs if str(key) not in listed | ended]
    said = [one.line() for one in grown.rotations if one.line() not in kept]
    return "".join(f"{line}\n" for line in [*kept, *(f"log {key}" for key in fresh), *said])


def _key(vkey: str, kind: int) -> Key:
    key = Key.parse(vkey)
    if key.kind != kind:
        raise Malformed("a key of another kind")
    return key
