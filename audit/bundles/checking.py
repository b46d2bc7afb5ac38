"""
A bundle read again by somebody who believes nothing in it: what it proves, and what it does not.

The same checks in the same order as frontend/src/verify/bundle/check.ts, with the same codes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from ..commitments import commitment_to
from ..tlog.errors import Malformed, Unproven
from ..tlog.merkle import leaf_hash, verify_inclusion
from ..tlog.note import Key, Note
from ..tlog.policy import Opened, Policy
from ..tlog.proof import Proof
from ..tlog.text import from_b64
from . import archive, explaining, form
from .errors import NotABundle

MOST = 20  # findings; after so many nobody needs more
_SMALL = 64 * 1024 * 1024  # bytes of a file that is read whole


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that is not as it should be: a code, where (an index, or the name of a file), why.

    Codes: archive, manifest, files, file, policy, checkpoint; of entries line, order, filter,
    proof, commitment, time; gap, count, table, statements.
    """

    code: str
    at: int | str | None
    why: str


@dataclass(slots=True)
class Verdict:
    """What was found. With findings nothing else in it is to be relied on."""

    findings: list[Finding] = field(default_factory=list)
    manifest: form.Manifest | None = None
    signed: tuple[Key, ...] = ()  # keys of the log whose signature stands under the checkpoint
    witnesses: int = 0  # that the policy knows
    cosigned: Mapping[str, int] = field(default_factory=dict)
    conditions: dict[str, int] = field(default_factory=dict)
    #  What opened events name, if the bundle holds it: canonical JSON by its SHA-256 in hex.
    statements: dict[str, bytes] | None = None
    #  How people came to act, as far as opened entries say so.
    chains: list[explaining.Chain] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class _Enough(Exception):
    """Nothing after this can be checked."""


def check(
    file: BinaryIO,
    *,
    policy: str | None = None,
    passing: Callable[[int], None] = lambda _: None,
    each: Callable[[form.Entry], None] = lambda _: None,
) -> Verdict:
    """
    Check a bundle, a thousand entries at a time; `passing` hears after each how many were checked.

    `each` is handed every entry that can be read, to be relied on once nothing was found.

    `policy` is the reader's own policy file. Without it the bundle's own keys are believed, which
    shows that the bundle is of one piece, and not who made it.

    :raises Malformed: if the reader's own policy is none.
    """
    own = None if policy is None else Policy.parse(policy)
    checking = _Checking(file, own, passing, each)
    with suppress(_Enough):
        checking.run()
    return checking.verdict


@dataclass(slots=True)
class _Checking:
    file: BinaryIO
    own: Policy | None
    passing: Callable[[int], None]
    each: Callable[[form.Entry], None]
    named: set[str] = field(default_factory=set)
    happened: list[explaining.Happened] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    members: dict[str, archive.Member] = field(default_factory=dict)
    count: int = 0
    last: int = -1

    def run(self) -> None:
        manifest = self._manifest()
        self._files(manifest)
        opened, note = self._checkpoint(manifest)
        table = hashlib.sha256(form.HEAD.encode())
        for number in range(1, -(-manifest.entries // form.PART) + 1):
            for line, place in self._lines(form.part(number)):
                entry = self._entry(line, place, manifest, opened, note)
                if entry is not None:
                    table.update(form.row(entry))
                    self._named(entry)
                    self._remember(entry)
                    self.each(entry)
            self.passing(self.count)
        if manifest.filter.whole and not self.verdict.findings:
            self._gap(self.last + 1 if self.count else manifest.filter.first, manifest)
        if self.count != manifest.entries:
            self._found("count", None, f"{self.count} entries, not {manifest.entries}")
        if not self.verdict.findings:
            said = {one.name: one.sha256 for one in manifest.files}
            if table.hexdigest() != said[form.TABLE]:
                self._found("table", form.TABLE, "it does not say what the entries say")
        if form.STATEMENTS in self.members and not self.verdict.findings:
            self._statements()
        if not self.verdict.findings:
            said_there = self.verdict.statements or {}
            self.verdict.chains = explaining.explained(self.happened, said_there)

    def _found(self, code: str, at: int | str | None, why: str, *, ends: bool = False) -> None:
        self.verdict.findings.append(Finding(code, at, why))
        if ends or len(self.verdict.findings) >= MOST:
            raise _Enough

    # ------------------------------------------------------------------ files

    def _manifest(self) -> form.Manifest:
        try:
            members = archive.members_of(self.file)
            data = self._content(_manifest_of(members))
        except NotABundle as error:
            self._found("archive", None, str(error), ends=True)
            raise
        try:
            manifest = form.Manifest.parse(data)
        except Malformed as error:
            self._found("manifest", form.MANIFEST, str(error), ends=True)
            raise
        names = [member.name for member in members]
        with_statements = form.STATEMENTS in names
        least = len(form.names(0, statements=with_statements))
        if len(names) != least + -(-manifest.entries // form.PART) or names != (
            form.names(manifest.entries, statements=with_statements)
        ):
            self._found("files", None, "there are other files than there should be", ends=True)
        if [one.name for one in manifest.files] != names[:-1]:
            self._found("files", None, "the manifest lists other files", ends=True)
        self.members = dict(zip(names, members, strict=True))
        self.verdict.manifest = manifest
        return manifest

    def _files(self, manifest: form.Manifest) -> None:
        for said in manifest.files:
            member = self.members[said.name]
            packed, content = hashlib.sha256(), hashlib.sha256()
            try:
                for piece in archive.unpacked(member, self._hashed(member, packed)):
                    content.update(piece)
            except NotABundle as error:
                self._found("file", said.name, str(error))
                continue
            is_so = (member.size, content.hexdigest(), packed.hexdigest(), member.method)
            if is_so != (said.size, said.sha256, said.packed, archive.DEFLATED):
                self._found("file", said.name, "it is not the one that the manifest lists")
        if self.verdict.findings:
            raise _Enough

    def _hashed(self, member: archive.Member, digest: hashlib._Hash) -> Iterator[bytes]:
        for piece in archive.packed_pieces(self.file, member):
            digest.update(piece)
            yield piece

    def _content(self, member: archive.Member) -> bytes:
        if member.size > _SMALL:
            raise NotABundle(f"{member.name} is too large")
        return b"".join(archive.unpacked(member, archive.packed_pieces(self.file, member)))

    def _text(self, name: str) -> str:
        try:
            return self._content(self.members[name]).decode()
        except (UnicodeDecodeError, NotABundle) as error:
            raise Malformed("not UTF-8") from error

    # ------------------------------------------------------------------ checkpoint

    def _checkpoint(self, manifest: form.Manifest) -> tuple[Opened, str]:
        try:
            theirs = Policy.parse(self._text(form.POLICY))
        except Malformed as error:
            self._found("policy", form.POLICY, str(error), ends=True)
            raise
        # The reader's own keys may have been followed by others since: both have signed for it.
        policy = theirs if self.own is None else self.own.learn(theirs.rotations)
        try:
            note = self._text(form.CHECKPOINT)
            opened = policy.open(note)
            keys = policy.keys_of(opened.checkpoint.origin)
            signed = Note.parse(note).signatures(keys)
        except (Malformed, Unproven) as error:
            self._found("checkpoint", form.CHECKPOINT, str(error), ends=True)
            raise
        checkpoint = opened.checkpoint
        if (manifest.log, manifest.size) != (checkpoint.origin, checkpoint.size):
            self._found("manifest", form.MANIFEST, "it names another checkpoint", ends=True)
        verdict = self.verdict
        verdict.signed = tuple(one.key for one in signed)
        verdict.witnesses, verdict.cosigned = len(policy.witnesses), opened.cosigned
        return opened, note

    # ------------------------------------------------------------------ entries

    def _lines(self, name: str) -> Iterator[tuple[bytes, str]]:
        try:
            content = self._content(self.members[name])
        except NotABundle as error:
            self._found("line", name, str(error), ends=True)
            raise
        lines = content.split(b"\n")
        if lines.pop() or not lines or len(lines) > form.PART:
            self._found("line", name, "it does not hold one to a thousand whole lines", ends=True)
        for number, line in enumerate(lines, start=1):
            yield line, f"{name}:{number}"

    def _entry(
        self, line: bytes, place: str, manifest: form.Manifest, opened: Opened, note: str
    ) -> form.Entry | None:
        self.count += 1
        try:
            entry = form.Entry.parse(line)
        except Malformed as error:
            self._found("line", place, str(error))
            return None
        chosen = manifest.filter
        if entry.index <= self.last:
            self._found("order", entry.index, "it does not come after the one before it")
        elif chosen.whole and not self.verdict.findings:
            self._gap(self.last + 1 if self.last >= 0 else chosen.first, manifest, entry.index)
        self.last = max(self.last, entry.index)
        conditions = self.verdict.conditions
        conditions[entry.condition] = conditions.get(entry.condition, 0) + 1
        leaf = json.loads(entry.leaf)
        why = chosen.why_not(entry.index, leaf["t"])
        if why is None and chosen.state is not None and entry.condition == form.MARK:
            why = "it concerns no State"
        if why is not None:
            self._found("filter", entry.index, why)
        self._proven(entry, opened, note)
        if entry.event is not None and entry.salt is not None:
            self._opened(entry.index, entry.event, entry.salt, leaf, chosen)
        return entry

    def _named(self, entry: form.Entry) -> None:
        if form.STATEMENTS in self.members and entry.event is not None:
            digest = form.named_in(entry.event)
            if digest is not None:
                self.named.add(digest)

    def _remember(self, entry: form.Entry) -> None:
        if entry.event is None:
            return
        event = json.loads(entry.event)
        if event["kind"] in explaining.TELLING:
            time = int(json.loads(entry.leaf)["t"])
            self.happened.append(explaining.Happened(entry.index, time, event))

    def _statements(self) -> None:
        try:
            content = self._content(self.members[form.STATEMENTS])
        except NotABundle as error:
            self._found("statements", form.STATEMENTS, str(error), ends=True)
            raise
        lines = content.split(b"\n")
        end = lines.pop()
        held = {hashlib.sha256(line).hexdigest(): line for line in lines}
        if end or len(held) != len(lines) or set(held) != self.named:
            self._found("statements", form.STATEMENTS, "it does not hold what the events name")
        self.verdict.statements = held

    def _gap(self, expected: int, manifest: form.Manifest, index: int | None = None) -> None:
        after = manifest.filter.last + 1 if index is None else index
        if manifest.filter.first <= expected < after <= manifest.filter.last + 1:
            self._found("gap", expected, "it is missing, and all of the range were asked for")

    def _proven(self, entry: form.Entry, opened: Opened, note: str) -> None:
        checkpoint = opened.checkpoint
        try:
            proof = _proof_of(entry, note)
            verify_inclusion(
                leaf_hash(entry.leaf), proof.index, checkpoint.size, proof.path, checkpoint.root
            )
        except (Malformed, Unproven) as error:
            self._found("proof", entry.index, str(error))

    def _opened(
        self, index: int, event: bytes, salt: bytes, leaf: dict[str, str], chosen: form.Filter
    ) -> None:
        try:
            committed = from_b64(leaf["c"])
        except Malformed:
            committed = b""
        if not hmac.compare_digest(commitment_to(event, salt), committed):
            self._found("commitment", index, "the entry commits to another event")
        body = json.loads(event)
        if body["at"][:19] + "Z" != form.instant(int(leaf["t"])):
            self._found("time", index, "the event names another time than its entry")
        if chosen.state is not None and chosen.state not in body["states"]:
            self._found("filter", index, "it does not concern the State that was asked for")


def _manifest_of(members: list[archive.Member]) -> archive.Member:
    if not members or members[-1].name != form.MANIFEST:
        raise NotABundle("it has no manifest at its end")
    if members[-1].method != archive.STORED:
        raise NotABundle("its manifest is packed")
    return members[-1]


def _proof_of(entry: form.Entry, note: str) -> Proof:
    proof = Proof.parse(entry.proof)
    if proof.index != entry.index or proof.checkpoint != note or proof.extra is not None:
        raise Unproven("it is the proof of something else")
    if str(proof) != entry.proof:
        raise Malformed("a proof in another spelling")
    return proof
