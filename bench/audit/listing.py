"""What auditors search by, for events that were copied into their table: the sequencer's rows."""

from __future__ import annotations

from typing import Any

from audit import marks

CONCERNS = """
INSERT INTO audit_concern (entry_id, state, span, at, kind, actor, subject)
SELECT v.id, ascii(s.code) * 256 + ascii(right(s.code, 1)),
  floor(extract(epoch FROM v.at) / %s), v.at, k.mark, a.mark, b.mark
FROM audit_auditevent v
CROSS JOIN LATERAL regexp_split_to_table(v.states, ',') WITH ORDINALITY s (code, nth)
JOIN marks k ON k.name = v.kind JOIN marks a ON a.name = v.actor JOIN marks b ON b.name = v.subject
WHERE v.id > %s AND v.id <= %s ORDER BY v.id, s.nth
"""


def fill(cursor: Any, first: int, last: int) -> None:
    """List the events first+1..last, whose entries have their ids, for each State."""
    cursor.execute("CREATE TEMP TABLE marks (name text PRIMARY KEY, mark bigint)")
    for column in ("kind", "actor", "subject"):
        cursor.execute(
            f"SELECT DISTINCT {column} FROM audit_auditevent WHERE id > %s AND id <= %s",  # noqa: S608
            [first, last],
        )
        mark = marks.of_kind if column == "kind" else marks.of_id
        cursor.executemany(
            "INSERT INTO marks VALUES (%s, %s)",
            [(name, mark(name)) for (name,) in cursor.fetchall()],
        )
    cursor.execute(CONCERNS, [1 << marks.SPAN_BITS, first, last])
    cursor.execute("DROP TABLE marks")
