"""Bundles without a database: logs at random, and whatever a filter might choose of them."""

from __future__ import annotations

import hashlib
import io
import json
import random
import sys
from datetime import UTC, datetime
from functools import cache

import rfc8785

from audit import commitments
from audit.bundles import archive, checking, form
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.merkle import inclusion_path, leaf_hash, node_hash, root
from audit.tlog.note import CosigningKey, SigningKey
from audit.tlog.proof import Proof
from audit.tlog.text import to_b64

ORIGIN = "audit.example/2026"
START = 1795618800
STATES = ("GT", "HN", "MX", "SV")


def event(rng, time):
    body = {
        "v": 1,
        "kind": rng.choice(["cases.case.opened", "core.act.refused", "messaging.message.accepted"]),
        "actor": rng.choice(["ana", "=1+1", 'á "b", c', rng.randbytes(8).hex()]),
        "at": datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{rng.randrange(10**6):06d}Z",
        "states": sorted(rng.sample(STATES, rng.randrange(3))),
        "payload": {"code": rng.choice(["no", "ñ\n\t", "\u2028"]), "n": rng.randrange(10**9)},
    }
    return body, rfc8785.dumps(body)


class Log:
    """A log of `size` events, half a minute from one to the next; the first may be a mark."""

    def __init__(self, rng, size, *, witnesses=3):
        self.rng = rng
        self.key = SigningKey.from_seed(ORIGIN, rng.randbytes(32))
        self.witnesses = [
            CosigningKey.from_seed(f"witness.example/{n}", rng.randbytes(32))
            for n in range(witnesses)
        ]
        self.held = []
        for index in range(size):
            time = START + 30 * index
            if index == 0 and rng.random() < 0.5:
                self.held.append((commitments.opening_leaf(time=time, before="x"), None, None))
                continue
            body, data = event(rng, time)
            salt = rng.randbytes(32)
            leaf = commitments.leaf_of(
                data, salt=salt, states=body["states"], time=time, secret=bytes(32)
            )
            self.held.append((leaf, (body, data), salt))
        self.sign()

    def sign(self):
        """Make the tree of what is held, and have the log and its witnesses sign it."""
        hashes = [leaf_hash(leaf) for leaf, _, _ in self.held]

        @cache
        def node(height, index):
            if height == 0:
                return hashes[index]
            return node_hash(node(height - 1, 2 * index), node(height - 1, 2 * index + 1))

        self.node, self.size = node, len(hashes)
        checkpoint = Checkpoint(ORIGIN, self.size, root(self.size, node))
        lines = (
            key.sign(checkpoint.text(), START + 10**6 + n) for n, key in enumerate(self.witnesses)
        )
        self.note = checkpoint.signed(self.key) + "".join(lines)

    @property
    def policy(self):
        if not self.witnesses:
            return f"log {self.key.public}\nquorum none\n"
        lines = [f"witness w{n} {key.public}" for n, key in enumerate(self.witnesses)]
        names = " ".join(f"w{n}" for n in range(len(lines)))
        group = f"group all any {names}"
        return "\n".join([f"log {self.key.public}", *lines, group, "quorum all", ""])

    def entry(self, index, condition=form.OPENED):
        leaf, said, salt = self.held[index]
        proof = Proof(index, tuple(inclusion_path(index, self.size, self.node)), self.note)
        if said is None:
            condition = form.MARK
        opened = condition == form.OPENED
        return form.Entry(
            index,
            condition,
            leaf,
            str(proof),
            said[1] if opened else None,
            salt if opened else None,
        )

    def chosen(self, filter_):
        """Return the entries that a filter chooses; some are closed or erased."""
        found = []
        for index, (_, said, _) in enumerate(self.held):
            if filter_.why_not(index, START + 30 * index) is not None:
                continue
            if filter_.state is not None and (
                said is None or filter_.state not in said[0]["states"]
            ):
                continue
            others = [form.OPENED] * 8 + [form.ERASED, form.CLOSED]
            found.append(self.entry(index, self.rng.choice(others)))
        return found

    def bundle(self, filter_=None, *, page=b"<!doctype html>\n"):
        filter_ = filter_ or form.Filter(0, self.size - 1)
        return self.whole(self.chosen(filter_), filter_=filter_, page=page)

    def whole(self, entries, statements=None, *, filter_=None, page=b"<!doctype html>\n"):
        """Return a bundle of these entries, and of lines of statements if it holds any."""
        filter_ = filter_ or form.Filter(0, self.size - 1)
        texts = [(form.readme(one), one.encode()) for one in form.LANGUAGES]
        parts = [
            (form.part(at // form.PART + 1), b"".join(map(bytes, entries[at : at + form.PART])))
            for at in range(0, len(entries), form.PART)
        ]
        table = form.HEAD.encode() + b"".join(map(form.row, entries))
        contents = [
            *texts,
            (form.PAGE, page),
            (form.POLICY, self.policy.encode()),
            (form.CHECKPOINT, self.note.encode()),
            *parts,
            (form.TABLE, table),
            *([] if statements is None else [(form.STATEMENTS, statements)]),
        ]
        return packed(contents, log=ORIGIN, size=self.size, filter=filter_, entries=len(entries))


def packed(contents, **said):
    """Return the archive of these names and contents, under a manifest that fits and says this."""
    writer, out, files = archive.Writer(), [], []
    for name, content in contents:
        head, *data = writer.add(name, content)
        out += [head, *data]
        digests = [hashlib.sha256(one).hexdigest() for one in (content, b"".join(data))]
        files.append(form.File(name, len(content), *digests))
    manifest = form.Manifest(**{**said, "files": tuple(files)})
    out += [*writer.add(form.MANIFEST, bytes(manifest), method=archive.STORED), writer.end()]
    return b"".join(out)


def filters(rng, size):
    """Return a filter at random."""
    first, last = sorted((rng.randrange(size), rng.randrange(size)))
    moment = START + 30 * rng.randrange(size)
    return rng.choice(
        [
            form.Filter(0, size - 1),
            form.Filter(first, last),
            form.Filter(first, last, rng.choice(STATES)),
            form.Filter(0, size - 1, since=moment),
            form.Filter(0, size - 1, until=moment),
            form.Filter(0, size - 1, rng.choice(STATES), moment, moment + 3000),
        ]
    )


def vector():
    """
    Return a bundle, two hundred changes of it, and what is found in each: for both programs.

    A change is where, how many bytes go, and what comes instead; `python -m
    tests.unit.audit.bundles > tests/vectors/audit/bundle.json` writes it anew.
    """
    rng = random.Random(20261126)
    log = Log(rng, 6)
    good = log.bundle(form.Filter(0, 5))
    changes = []
    while len(changes) < 200:
        at, gone = rng.randrange(len(good)), rng.choice([0, 1, 1, 1, 1, rng.randrange(40)])
        new = rng.randbytes(rng.choice([0, 1, 1, 1, rng.randrange(9)]))
        changed = good[:at] + new + good[at + gone :]
        if changed != good:
            found = checking.check(io.BytesIO(changed)).findings
            changes.append([at, gone, to_b64(new), [[one.code, one.at] for one in found]])
    return {"bundle": to_b64(good), "policy": log.policy, "changes": changes}


def with_statements(lines, named):
    """
    Return a bundle whose `lines` are its statements and whose events name these, and its policy.

    One event names each of `named` by its SHA-256, and one more has a digest that names nothing.
    """
    log = Log(random.Random(20261126), 0)
    for at, one in enumerate([*named, None]):
        body, _ = event(log.rng, START + at)
        body["payload"] = {"digest": "" if one is None else hashlib.sha256(one).hexdigest()}
        data, salt = rfc8785.dumps(body), log.rng.randbytes(32)
        leaf = commitments.leaf_of(
            data, salt=salt, states=body["states"], time=START + at, secret=bytes(32)
        )
        log.held.append((leaf, (body, data), salt))
    log.sign()
    return log.whole([log.entry(index) for index in range(log.size)], lines), log.policy


def with_chains(told, *, page=b"<!doctype html>\n"):
    """Return a bundle of a whole log that says one case of bundle-chains.json, and its policy."""
    log = Log(random.Random(20261126), 0)
    for one in told["opened"]:
        body, _ = event(log.rng, one["time"])
        body |= one["event"]
        data, salt = rfc8785.dumps(body), log.rng.randbytes(32)
        leaf = commitments.leaf_of(
            data, salt=salt, states=body["states"], time=one["time"], secret=bytes(32)
        )
        log.held.append((leaf, (body, data), salt))
    log.sign()
    lines = b"".join(line.encode() + b"\n" for line in told["statements"])
    entries = [log.entry(index) for index in range(log.size)]
    return log.whole(entries, lines, page=page), log.policy


def statements_vector():
    """
    Return bundles with statements, and what is found in each: for both programs.

    `python -m tests.unit.audit.bundles statements > tests/vectors/audit/bundle-statements.json`.
    """
    one, other = b'{"type":"a"}', b'{"type":"b"}'
    said = b"".join(line + b"\n" for line in (one, other))
    cases = {
        "just what the events name": said,
        "in another order": other + b"\n" + one + b"\n",
        "one that is not there": one + b"\n",
        "none": b"",
        "one twice": said + one + b"\n",
        "one that no event names": said + b"{}\n",
        "one in other words": said.replace(b"b", b"c"),
        "a last one without its end": said[:-1],
    }
    made = []
    for name, lines in cases.items():
        data, _ = with_statements(lines, [one, other])
        found = checking.check(io.BytesIO(data)).findings
        findings = [[one.code, one.at] for one in found]
        made.append({"name": name, "bundle": to_b64(data), "findings": findings})
    return made


if __name__ == "__main__":
    made = statements_vector() if sys.argv[1:] == ["statements"] else vector()
    sys.stdout.write(json.dumps(made, indent=None, separators=(",", ":")) + "\n")
