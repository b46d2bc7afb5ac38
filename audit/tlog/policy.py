"""
C2SP tlog-policy: which logs one believes, and whose cosignatures make a checkpoint count.

A reader's own file, never the log's: the same one serves auditors, browsers and commands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .checkpoint import Checkpoint
from .errors import Malformed, Unproven
from .note import COSIGNATURE, ED25519, Key, Note
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

    @classmethod
    def parse(cls, text: str) -> Policy:
        """
        Read a policy file.

        :raises Malformed: naming the line that is wrong.
        """
        policy = cls()
        if _FOREIGN.search(text):
            raise Malformed("a policy has no control characters")
        for number, line in enumerate(text.split("\n"), start=1):
            words = line.partition("#")[0].replace("\t", " ").split(" ")
            words = [word for word in words if word]
            if words:
                try:
                    policy._take(words)
                except Malformed as error:
                    raise Malformed(f"line {number}: {error}") from error
        if not policy.quorum:
            raise Malformed("a policy names its quorum")
        return policy

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

    @property
    def needed(self) -> int:
        """How many cosignatures are enough, if each witness counts for itself; at least so many."""
        return self._least(self.quorum) if self.quorum != NONE else 0

    def _least(self, name: str) -> int:
        group = self.groups.get(name)
        if group is None:
            return 1
        return sum(sorted(self._least(member) for member in group.members)[: group.needed])

    def open(self, note: str) -> Opened:
        """
        Return the checkpoint in `note`, if a log of this policy signed it and the quorum holds.

        :raises Malformed: if it is no checkpoint.
        :raises Unproven: if a signature or the quorum does not hold.
        """
        parsed = Note.parse(note)
        checkpoint = Checkpoint.parse(parsed.text)
        # A key of promises lies in every web process: no tree is its.
        keys = [key for key in self.logs if key.name == checkpoint.origin]
        if not keys or checkpoint.origin.endswith(PROMISE):
            raise Unproven(f"the policy knows no log {checkpoint.origin}")
        signed = parsed.signatures([*keys, *self.witnesses.values()])
        if not any(one.key in keys for one in signed):
            raise Unproven("the log has not signed")
        names = {str(key): name for name, key in self.witnesses.items()}
        times = {names[str(s.key)]: s.time for s in signed if s.key.kind == COSIGNATURE}
        if self.quorum != NONE and not self._counts(self.quorum, times):
            raise Unproven(f"only {len(times)} of {len(self.witnesses)} witnesses have cosigned")
        return Opened(checkpoint, times)


def _key(vkey: str, kind: int) -> Key:
    key = Key.parse(vkey)
    if key.kind != kind:
        raise Malformed("a key of another kind")
    return key
