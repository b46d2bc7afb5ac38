"""
Whether auditors find each act that concerns their State, as what it is: for `audit verify`.

The search holds marks (audit.marks) instead of what the events say; the database makes them again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from .. import marks
from .rereading import rows

# Each act's entry, and the marks that its rows must have.
_ACTS = (
    "WITH act AS {materialized} (SELECT e.id AS entry, e.position, v.salt IS NULL AS erased, v.at,"
    " v.states, {span} AS span, {kind} AS kind, {actor} AS actor, {subject} AS subject"
    " FROM audit_logentry e JOIN audit_auditevent v ON v.id = e.event_id"
    " JOIN audit_log l ON l.id = e.log_id WHERE l.name = 'acts')"
)
_SAME = (
    "c.kind = a.kind AND c.actor = a.actor AND c.subject = a.subject AND c.at = a.at"
    " AND c.span = a.span AND {within}"
)
_HIDDEN = (
    "SELECT a.position FROM act a LEFT JOIN audit_concern c ON c.entry_id = a.entry"
    " AND (a.erased OR {same}) GROUP BY a.entry, a.position, a.states"
    " HAVING COUNT(c.entry_id) < CASE WHEN a.states = '' THEN 1"
    " ELSE LENGTH(a.states) - LENGTH(REPLACE(a.states, ',', '')) + 1 END"
    " ORDER BY a.entry LIMIT 20"
)
_PRETENDED = (
    "SELECT c.entry_id FROM audit_concern c LEFT JOIN act a ON a.entry = c.entry_id"
    " WHERE a.entry IS NULL OR (NOT a.erased AND NOT ({same}))"
    " OR (a.erased AND (c.kind <> 0 OR c.actor <> 0 OR c.subject <> 0"
    " OR c.at <> a.at OR c.span <> a.span)) ORDER BY c.entry_id LIMIT 20"
)
_LETTERS = {
    "sqlite": "char(c.state >> 8, c.state & 255)",
    "postgresql": "chr(c.state >> 8) || chr(c.state & 255)",
}
_WITHIN = {
    "sqlite": "instr(',' || a.states || ',', ',' || {state} || ',') > 0",
    "postgresql": "strpos(',' || a.states || ',', ',' || {state} || ',') > 0",
}
_MARK = {
    "sqlite": "audit_mark({text}, {size})",
    "postgresql": "CASE WHEN {text} = '' THEN 0 ELSE"
    " ('x' || left(encode(sha256(convert_to({text}, 'UTF8')), 'hex'), 2 * {size}))"
    "::bit({bits})::{type} END",
}
_SPAN = {
    "sqlite": "audit_span(v.at)",
    "postgresql": f"floor(extract(epoch FROM v.at) / {1 << marks.SPAN_BITS})",
}


def hidden(db: BaseDatabaseWrapper) -> list[int]:
    """Return the places of acts that are not listed for every State that they concern."""
    return _found(db, _HIDDEN)


def pretended(db: BaseDatabaseWrapper) -> list[int]:
    """Return the entries that are listed as what they are not, or for whom they do not concern."""
    return _found(db, _PRETENDED)


def _found(db: BaseDatabaseWrapper, sql: str) -> list[int]:
    vendor = db.vendor
    if vendor == "sqlite":
        _teach(db)
    state = f"CASE WHEN c.state = 0 THEN '' ELSE {_LETTERS[vendor]} END"
    mark = _MARK[vendor]
    acts = _ACTS.format(
        materialized="MATERIALIZED",
        span=_SPAN[vendor],
        kind=mark.format(text="v.kind", size=4, bits=32, type="int"),
        actor=mark.format(text="v.actor", size=8, bits=64, type="bigint"),
        subject=mark.format(text="v.subject", size=8, bits=64, type="bigint"),
    )
    same = _SAME.format(within=_WITHIN[vendor].format(state=state))
    return [one for (one,) in rows(db, f"{acts} {sql.format(same=same)}", [])]


def _teach(db: BaseDatabaseWrapper) -> None:
    """Let SQLite make marks: it knows no SHA-256 of its own."""

    def mark(text: str, size: int) -> int:
        return marks.of_kind(text) if size == 4 else marks.of_id(text)  # noqa: PLR2004 - bytes

    def span(at: str) -> int:
        return marks.span_of(datetime.fromisoformat(f"{at}+00:00" if "+" not in at else at))

    db.ensure_connection()
    connection: Any = db.connection
    connection.create_function("audit_mark", 2, mark, deterministic=True)
    connection.create_function("audit_span", 1, span, deterministic=True)
