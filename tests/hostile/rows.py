"""What somebody with the database does to the directory's rows, past every rule of the program."""

from __future__ import annotations

from tests.servers.casehub_server import Place

_AS_THEY_LIKE = """
from django.db import connection
from uuid import UUID, uuid4
db = connection.cursor()
postgres = connection.vendor == "postgresql"
if postgres:
    db.execute("ALTER TABLE directory_person DISABLE TRIGGER USER")
of = (lambda text: text) if postgres else (lambda text: UUID(text).hex)
{change}
if postgres:
    db.execute("ALTER TABLE directory_person ENABLE TRIGGER USER")
"""

_ADDED = """
new = str(uuid4())
columns = ("state_id, office_id, name, post, roles, languages, scope, valid_until, suspended_at, "
           "removed_at, fictional, functions")
db.execute("SELECT min(id) FROM audit_auditevent WHERE id NOT IN "
           "(SELECT audit_event_id FROM directory_person)")
event = db.fetchone()[0]
db.execute(f"INSERT INTO directory_person (id, audit_event_id, {{columns}}) "
           f"SELECT %s, %s, {{columns}} FROM directory_person WHERE id = %s",
           [of(new), event, of({like!r})])
db.execute("UPDATE directory_person SET name = %s WHERE id = %s", ["Fiscal Inventada", of(new)])
print(new)
"""

_RENAMED = """
db.execute("UPDATE directory_person SET name = %s WHERE id = %s", [{name!r}, of({person!r})])
"""


def add_liaison(place: Place, *, like: str) -> str:
    """Insert a liaison who is like another, and whom nobody designated; return her id."""
    change = _ADDED.format(like=like)
    code = _AS_THEY_LIKE.format(change=change)
    return place.manage("shell", "-v", "0", "-c", code, **place.owner).split()[-1]


def rename(place: Place, *, person: str, name: str) -> None:
    """Give somebody's row another name than was signed."""
    change = _RENAMED.format(person=person, name=name)
    place.manage("shell", "-v", "0", "-c", _AS_THEY_LIKE.format(change=change), **place.owner)
