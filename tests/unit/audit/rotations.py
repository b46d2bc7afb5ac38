"""
Changes of a log's key that both languages judge: tests/vectors/audit/rotation.json.

`python -m tests.unit.audit.rotations` writes it: signatures of Ed25519 have one spelling, so it is
the same each time.
"""

from __future__ import annotations

import json
from pathlib import Path

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.note import CosigningKey, SigningKey, signed_note
from audit.tlog.rotation import HEADER, Rotation

FILE = Path(__file__).parent.parent.parent / "vectors" / "audit" / "rotation.json"
ORIGIN = "dir.example"
START = 1_795_618_800
END = START + 30 * 86_400

# Of a log whose key is trusted no more: which takes over.
SUCCESSORS = {
    "audit.example/2026": "audit.example/2026-2",
    "audit.example/2026-2": "audit.example/2026-3",
    "audit.example/2026-9": "audit.example/2026-10",
    "dir.example": "dir.example/2",
    "dir.example/2": "dir.example/3",
}


def key(number, name=ORIGIN):
    return SigningKey.from_seed(name, bytes([number]) * 32)


A, B, C, STRANGER, OTHER = key(1), key(2), key(3), key(9), key(4, "audit.example/2026")
WITNESS = CosigningKey.from_seed("witness.example/de", bytes([20]) * 32)
FIRST = Rotation.make(A, B, start=START, end=END)
SECOND = Rotation.make(B, C, start=END + 1, end=END + 2)


def text(old=A, new=B, *, origin=ORIGIN, start=START, end=END, header=HEADER):
    return f"{header}\n{origin}\n{old.public}\n{new.public}\n{start}\n{end}\n"


def note(said, *signers):
    return signed_note(said, [one.sign(said) for one in signers])


MALFORMED = {
    "of another log than its keys": note(text(origin="dir.other"), A, B),
    "between keys of two logs": note(text(new=OTHER), A, OTHER),
    "to the same key": note(text(new=A), A, A),
    "that ends as it begins": note(text(end=START), A, B),
    "without a beginning": note(text(start=0), A, B),
    "with a line more": note(text() + "more\n", A, B),
    "with a line less": note(text().rpartition("\n")[0].rpartition("\n")[0] + "\n", A, B),
    "under another heading": note(text(header="casehub-log-rotation/2"), A, B),
    "that is a checkpoint": Checkpoint(ORIGIN, 1, bytes(32)).signed(A, B),
    "in another spelling": note(text().replace(str(START), f"0{START}"), A, B),
}
UNPROVEN = {
    "that only the new key signed": note(text(), B),
    "that only the old key signed": note(text(), A),
    "that a stranger signed for the old key": note(text(), STRANGER, B),
    "that a stranger signed for the new key": note(text(), A, STRANGER),
    "that both signed the other way round": note(text(), B, A),
    "that the old key signed twice": note(text(), A, A),
    "with a third signature": note(text(), A, B, STRANGER),
    "of which the end was changed": FIRST.note.replace(str(END), str(END + 1)),
    "of which the new key was changed": FIRST.note.replace(str(B.public), str(C.public)),
}


def vector():
    """Return what the file holds."""
    head = Checkpoint(ORIGIN, 7, bytes(range(32)))
    return {
        "origin": ORIGIN,
        "start": START,
        "end": END,
        "keys": {"a": str(A.public), "b": str(B.public), "c": str(C.public)},
        "witness": str(WITNESS.public),
        "first": FIRST.note,
        "line": FIRST.line(),
        "second": SECOND.note,
        "second_line": SECOND.line(),
        "rival_line": Rotation.make(A, STRANGER, start=START, end=END).line(),
        "stranger": str(STRANGER.public),
        "other_line": Rotation.make(OTHER, key(5, OTHER.name), start=START, end=END).line(),
        "circle_line": Rotation.make(B, A, start=START, end=END).line(),
        "successors": SUCCESSORS,
        "malformed": MALFORMED,
        "unproven": UNPROVEN,
        "checkpoint": {
            name: head.signed(*signers)
            for name, signers in {"a": [A], "ab": [A, B], "b": [B], "c": [C]}.items()
        },
        "cosigned": {
            "in time": head.signed(A) + WITNESS.sign(head.text(), END - 1),
            "late": head.signed(A) + WITNESS.sign(head.text(), END),
            "late, by the new key": head.signed(B) + WITNESS.sign(head.text(), END),
        },
    }


def main():
    """Write it."""
    FILE.write_text(json.dumps(vector(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
