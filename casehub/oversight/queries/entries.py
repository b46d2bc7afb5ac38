"""Entries as auditors see them: a page, one opened, a piece of a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audit import witnesses
from audit.queries import concerns, integrity, receipts, trees
from audit.queries.concerns import Found, Place, Search
from audit.tlog.errors import Unproven
from audit.tlog.merkle import leaf_hash

from . import chains
from .knowing import Known, Mask, looked_up, values_in
from .searching import cursor_of, outcome_of

Shape = dict[str, Any]
CSV_HEAD = (
    "log", "position", "at", "act", "outcome", "actor", "actor_state", "actor_office", "about",
    "states", "fields",
)  # fmt: skip
# By this, spreadsheets know that it is UTF-8; the bundle's table begins so too.
BOM = "\ufeff"
# A cell that begins so would be taken for a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Sealed:
    """How far each log of acts is signed and cosigned, read once for many entries."""

    def __init__(self) -> None:
        self._sizes: dict[str, tuple[int, int]] = {}

    def of(self, row: Found) -> str:
        """Return how far an entry's proof has come: recorded, sealed or cosigned."""
        if row.log not in self._sizes:
            log = trees.log_of(row.log)
            assert log is not None  # noqa: S101 - the entry stands in it
            self._sizes[row.log] = (trees.published_size(log), trees.signed_size(log))
        published, signed = self._sizes[row.log]
        if row.position < published:
            return "cosigned"
        return "sealed" if row.position < signed else "recorded"


def page(search: Search, *, mask: Mask, after: Place | None, most: int) -> Shape:
    """Return up to `most` entries and where the next page begins."""
    found = concerns.page(search, after=after, most=most + 1)
    shown = found[:most]
    known = looked_up(_ids(shown))
    sealed = Sealed()
    return {
        "entries": [row_of(row, known, mask, sealed) for row in shown],
        "next": cursor_of(shown[-1].place) if len(found) > most else None,
    }


def _ids(rows: Iterable[Found]) -> list[str]:
    return [value for row in rows for value in (row.actor, row.subject)]


def row_of(row: Found, known: Known, mask: Mask, sealed: Sealed) -> Shape:
    """Return one entry in short."""
    about = mask.thing(row.subject, known, row.at, kind=row.kind) if row.subject else None
    return {
        "log": row.log,
        "position": row.position,
        "at": row.at,
        "kind": row.kind,
        "outcome": outcome_of(row.kind),
        "actor": mask.person(row.actor, known, row.at),
        "subject": about,
        "proof": sealed.of(row),
    }


def payload_of(row: Found) -> Mapping[str, Any] | None:
    """Return the fields of an entry's act, None if there are none to read."""
    if row.payload is None:
        return None
    body: Mapping[str, Any] = json.loads(row.payload)["payload"]
    return body


def opened(row: Found, *, mask: Mask, reader: str) -> Shape:
    """Return an entry with all that its act said, its proof, and the chain behind its actor."""
    payload = payload_of(row) or {}
    known = looked_up([*_ids([row]), *values_in(payload)])
    return {
        **row_of(row, known, mask, Sealed()),
        "states": [state for state in row.states if state],
        "fields": mask.fields(payload, known, row.at, kind=row.kind),
        "unread": row.payload is None and not row.erased,
        "chain": chains.behind(known.owners.get(row.actor, row.actor), reader=reader),
        **_proof(row),
    }


def _proof(row: Found) -> Shape:
    """Return the checkpoint that proves an entry, who cosigned it, and the proof as a file."""
    log = trees.log_of(row.log)
    assert log is not None  # noqa: S101 - the entry stands in it
    leaf = trees.entry(log, row.position) or b""
    note, policy = trees.newest_published(log), witnesses.configured()
    cosigned: Mapping[str, int] = {}
    if note is not None and policy is not None:
        try:
            cosigned = policy.open(note).cosigned
        except Unproven:  # published under another policy: the file still says by whom
            cosigned = {}
    return {
        "size": trees.published_size(log),
        "needed": policy.needed if policy else 0,
        "cosigned": [
            {"witness": name, "at": integrity.moment(time)}
            for name, time in sorted(cosigned.items())
        ],
        "proof_text": receipts.proof_of(log, row.position, note),
        "leaf_hash": leaf_hash(leaf).hex(),
    }


def piece(
    search: Search, *, form: str, mask: Mask, after: Place | None, most: int
) -> tuple[str, int, str | None]:
    """
    Return a piece of a file, how many entries are in it, and where the next begins.

    The same search gives the same bytes each time, whatever the pieces: nothing in a line depends
    on the clock, on who asks, or on how far the proof has come since.
    """
    found = concerns.page(search, after=after, most=most + 1, opened=True)
    shown = found[:most]
    payloads = [payload_of(row) or {} for row in shown]
    known = looked_up([*_ids(shown), *(v for one in payloads for v in values_in(one))])
    lines = [_line(row, payload, known, mask) for row, payload in zip(shown, payloads, strict=True)]
    if form == "jsonl":
        text = "".join(f"{_json(line)}\n" for line in lines)
    else:
        text = _csv([], lines) if after else BOM + _csv([CSV_HEAD], lines)
    return text, len(shown), cursor_of(shown[-1].place) if len(found) > most else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _line(row: Found, payload: Mapping[str, Any], known: Known, mask: Mask) -> Shape:
    actor = mask.person(row.actor, known, row.at)
    about = mask.thing(row.subject, known, row.at, kind=row.kind) if row.subject else None
    fields = mask.fields(payload, known, row.at, kind=row.kind)
    return {
        "log": row.log,
        "position": row.position,
        "at": row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "act": row.kind,
        "outcome": outcome_of(row.kind),
        "actor": actor["pseudonym"] if actor else "",
        "actor_state": actor["state"] if actor else "",
        "actor_office": (actor["office"] or "") if actor else "",
        "about": about["text"] if about else "",
        "states": [state for state in row.states if state],
        "fields": {one["name"]: [value["text"] for value in one["values"]] for one in fields},
    }


def _csv(heads: Sequence[Sequence[str]], lines: Sequence[Shape]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(heads)
    for line in lines:
        cells = {**line, "states": " ".join(line["states"]), "fields": _json(line["fields"])}
        writer.writerow(_cell(cells[name]) for name in CSV_HEAD)
    return out.getvalue()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
