"""A rulebook of three States, four measures, two treaties and five rules."""

from __future__ import annotations

import json
from typing import Any

from requests_mla.rules import book as books

TOP = {
    "stage": "string",
    "law_date": "string",
    "measures_count": "int",
    "measures_type": "list",
    "urgency_level": "string",
    "facts_summary": "string",
}
ITEM = {"basis_in_force": "string"}
ALWAYS = {"from": "1990-01-01", "until": None}


def rule(
    id_: str,
    severity: str,
    test: str,
    *facts: str,
    overridable: bool = True,
    each: str | None = None,
    since: str = "1990-01-01",
    disclosed: bool = True,
) -> dict[str, Any]:
    return {
        "id": id_,
        "theme": "test",
        "severity": severity,
        "overridable": overridable,
        "needs": sorted(facts),
        "when": [],
        "test": [{"cel": test, "needs": sorted(facts)}],
        "in_force": {"from": since, "until": None},
        "disclosed": disclosed,
    } | ({"each": each} if each else {})


RULES = [
    rule(
        "BASIS-IN-FORCE",
        "blocks",
        "basis_in_force == 'yes'",
        "basis_in_force",
        overridable=False,
        each="legal_basis",
    ),
    rule("SOME-MEASURE", "blocks", "measures_count > 0", "measures_count"),
    rule("NO-HURRY", "should_fix", "urgency_level == 'normal'", "urgency_level"),
    rule(
        "NEW-LAW",
        "blocks",
        "!('search' in measures_type)",
        "measures_type",
        since="2026-11-01",
    ),
    rule("SUMMARY", "blocks", "facts_summary != ''", "facts_summary", disclosed=False),
]


def party(**of: str) -> dict[str, Any]:
    return {iso: {"party": answer} for iso, answer in of.items()}


def field(key: str, kind: str, *options: str) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "need": "required",
        "options": [{"value": value} for value in options],
    }


DOCUMENT: dict[str, Any] = {
    "format": books.FORMAT,
    "sections": [
        {"id": "facts", "fields": [field("summary", "text")]},
        {
            "id": "urgency",
            "fields": [
                field("level", "choice", "normal", "priority", "urgent", "danger_to_life"),
                field("deadline", "date"),
            ],
        },
        {"id": "measures", "item": "measure", "fields": [field("type", "choice")]},
        {"id": "legal_basis", "item": "basis", "fields": [field("instrument", "choice")]},
    ],
    "instruments": [
        {
            "id": "UNTOC-18",
            "kind": "multilateral",
            "class": "general",
            "in_force": ALWAYS,
            "parties": party(SV="yes", MX="yes", GT="unknown"),
        },
        {
            "id": "SV-GT",
            "kind": "bilateral",
            "class": "mla",
            "in_force": ALWAYS,
            "parties": party(SV="yes", GT="yes", MX="no"),
        },
    ],
    "states": [{"id": iso, "facts": {}} for iso in ("GT", "MX", "SV")],
    "measures": [
        {"id": type_, "coercive": coercive, "fields": []}
        for type_, coercive in (
            ("bank_records", "yes"),
            ("preserve_data", "depends"),
            ("search", "yes"),
            ("service", "no"),
        )
    ],
    "facts": {"top": TOP, "items": {"legal_basis": ITEM}},
    "rules": RULES,
}
SMALL = books.of_document(DOCUMENT, books.version(json.dumps(DOCUMENT).encode()))
