"""The pages of docs/reference, each made from the table that the code itself reads."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from audit.events import type_registry
from casehub.core import errors, roles
from casehub.designations import stages
from casehub.urls import api
from messaging.schemas import socket_schema
from requests_mla.rulebook import plain

Row = Iterable[str]


def _table(head: Row, rows: Iterable[Row]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in r] for r in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def permissions() -> str:
    """Return the table of acts: who may, on what, and what it leaves in the log."""
    rows = [
        (
            f"`{row.act}`",
            f"`{row.door}`",
            row.needs,
            ", ".join(row.who).replace("*", "everyone signed in") or "–",
            row.relation,
            f"{row.kind}, automatic" if row.automatic else row.kind,
            f"`{row.event}`" if row.event else "–",
            row.source or "–",
        )
        for row in roles.table().values()
    ]
    head = ("act", "door", "sign-in", "roles", "relation", "kind", "event", "source")
    return (
        "# Permissions\n\nPrinted from `casehub/core/roles.yaml`. `remover` is a member of the"
        " person's own State, or the owner of the case; `state` is a thing of one's own State,"
        " `second` one that somebody else of it asked for. `automatic` acts, reads and signals"
        " do not keep a session awake.\n\n" + _table(head, rows) + "\n"
    )


def events() -> str:
    """Return the vocabulary of the log."""
    rows = []
    for kind, event in sorted(type_registry.items()):
        names = [f"`{f.name}`" for f in fields(event) if f.name != "states"]
        says = (event.__doc__ or "").strip().splitlines()[0]
        rows.append((f"`{kind}`", ", ".join(names), says))
    return (
        "# Events\n\nPrinted from the `events` modules. Besides its own fields each event has its"
        " actor, its time and the States concerned.\n\n"
        + _table(("kind", "fields", "says"), rows)
        + "\n"
    )


def refusals() -> str:
    """Return every error code with its words."""
    rows = [
        (
            f"`{code}`",
            str(entry["status"]),
            *(f"{entry[lang]['message']} {entry[lang]['do']}" for lang in errors.LANGUAGES),
        )
        for code, entry in sorted(errors.catalogue().items())
    ]
    return (
        "# Refusals\n\nPrinted from `casehub/core/errors.json`.\n\n"
        + _table(("code", "status", "es", "en", "fr"), rows)
        + "\n"
    )


def socket() -> str:
    """Return the JSON Schema of the frames that a client may send."""
    return json.dumps(socket_schema(), indent=2, sort_keys=True) + "\n"


def openapi() -> str:
    """Return the HTTP API's OpenAPI document, from which the front end's types are made."""
    return json.dumps(api.get_openapi_schema(), indent=2, default=str) + "\n"


def request() -> str:
    """Return the JSON Schema of a request as plain JSON, made from the form."""
    return json.dumps(plain.schema(), indent=2, ensure_ascii=False) + "\n"


def acts() -> str:
    """Return which calls leave an event, so that a client misses a promise that does not come."""
    doors = {
        row.door.replace(" /api", " "): row.act
        for row in roles.table().values()
        if row.kind == "act" and row.needs == "full" and not row.door.startswith("SOCKET")
    }
    return json.dumps(doors, indent=2, sort_keys=True) + "\n"


def kinds() -> str:
    """Return the event that each act leaves, so that a client knows whose receipt it is given."""
    left = {row.act: row.event for row in roles.table().values() if row.kind == "act"}
    return json.dumps(left, indent=2, sort_keys=True) + "\n"


def browser_roles() -> str:
    """Return frontend/src/roles.ts: which roles may do which act, for what the page offers."""
    rows = [row for row in roles.table().values() if row.who and "*" not in row.who]

    def listed(name: str, of: dict[str, tuple[str, ...]]) -> list[str]:
        lines = [f'  "{act}": {json.dumps(list(who))},' for act, who in sorted(of.items())]
        return [f"export const {name} = {{", *lines, "} as const;"]

    return "\n".join(
        [
            "// Made from casehub/core/roles.yaml by `make fix`: a change here is undone.",
            "",
            "/** Roles that may do an act at all; the rest is the server's to check. */",
            *listed("MAY", {row.act: row.who for row in rows}),
            "",
            "/** Roles of whom it takes one to do an act against a rule that forbids it. */",
            *listed("EXCEPTION", {row.act: row.exception for row in rows if row.exception}),
            "",
        ]
    )


def designations() -> str:
    """Return the life of a designation: which act of whom leads from where to where."""
    head = ("act", "from", "to", "who", "when")
    return (
        "# The life of a designation\n\nPrinted from `casehub/designations/stages.py`. `clock` is"
        " the server's own round: it moves what nobody went on with in time. docs/directory.md says"
        " how long each stage may last.\n\n```mermaid\n"
        + stages.diagram()
        + "\n```\n\n"
        + _table(head, stages.rows())
        + "\n"
    )


PAGES = {
    "designations.md": designations,
    "permissions.md": permissions,
    "events.md": events,
    "refusals.md": refusals,
    "socket.schema.json": socket,
    "openapi.json": openapi,
    "request.schema.json": request,
}
# Made from the same tables, for programs instead of people: by their place in the project.
SOURCES = {
    "frontend/src/api/acts.json": acts,
    "frontend/src/api/kinds.json": kinds,
    "frontend/src/roles.ts": browser_roles,
}
