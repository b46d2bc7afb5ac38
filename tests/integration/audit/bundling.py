"""Bundles of a test's own log, with witnesses; and how somebody might change one."""

from __future__ import annotations

import io

from audit.bundles import archive, checking, form
from audit.queries import exporting
from audit.tlog.note import CosigningKey
from tests.integration.audit.conftest import log_named
from tests.unit.audit.bundles import packed


def exported(slug="acts-2026", **wishes):
    return b"".join(exporting.bundle(exporting.select(log_named(slug), **wishes)))


def checked(data, policy=None):
    return checking.check(io.BytesIO(data), policy=policy)


def codes(data, policy=None):
    return [(one.code, one.at) for one in checked(data, policy).findings]


def contents(data):
    """Return the content of each file, in order."""
    file = io.BytesIO(data)
    return {
        member.name: b"".join(archive.unpacked(member, archive.packed_pieces(file, member)))
        for member in archive.members_of(file)
    }


def repacked(files, manifest=None):
    """
    Return a bundle of other contents whose manifest was made to fit, as a careful forger would.

    `manifest` changes the fields of the one that is there.
    """
    files = dict(files)
    said = form.Manifest.parse(files.pop(form.MANIFEST))
    fields = {name: getattr(said, name) for name in ("log", "size", "filter", "entries")}
    return packed(files.items(), **{**fields, **(manifest or {})})


def lines_of(files):
    """Return all lines of entries."""
    held = [content for name, content in files.items() if name.startswith("entries/")]
    return b"".join(held).split(b"\n")[:-1]


def with_lines(files, lines):
    """Return contents with these lines of entries, and the table that they make."""
    others = {name: text for name, text in files.items() if not name.startswith("entries/")}
    table = others.pop(form.TABLE)
    manifest = others.pop(form.MANIFEST)
    parts = {
        form.part(at // form.PART + 1): b"".join(
            line + b"\n" for line in lines[at : at + form.PART]
        )
        for at in range(0, len(lines), form.PART)
    }
    try:
        rows = [form.row(form.Entry.parse(line)) for line in lines]
        table = form.HEAD.encode() + b"".join(rows)
    except ValueError:
        pass  # a line that is none has no row: the table stays as it was
    return {**others, **parts, form.TABLE: table, form.MANIFEST: manifest}


def witness(number):
    return CosigningKey.from_seed(f"witness.example/{number}", bytes([number]) * 32)


def witnessed_policy(keys, log_key):
    """Return a policy of two of these witnesses."""
    names = " ".join(f"w{n}" for n, _ in enumerate(keys))
    lines = [f"witness w{n} {key.public}" for n, key in enumerate(keys)]
    return "\n".join([f"log {log_key}", *lines, f"group all 2 {names}", "quorum all", ""])
