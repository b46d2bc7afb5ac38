"""The pieces of sealed files: what lies in their folder, and what the database names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from casehub.core.piecestore import Kept, name_of
from messaging.models import Chunk
from requests_mla.models import EnclosurePiece

_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Also what keeps a name in a backup from being a path to elsewhere.
NAME: Final = re.compile(rf"(?:{Kept.ENCLOSURES})?{_UUID}/[0-9]{{5,9}}-([0-9a-f]{{64}})")


def digest_in(name: str) -> str | None:
    """Return the SHA-256 that a piece's name promises, None if it is no piece's."""
    found = NAME.fullmatch(name)
    return None if found is None else found[1]


def lying_in(folder: Path, closed: list[str]) -> Iterator[str]:
    """
    Return the name of every whole piece in a folder; what is half written is none.

    Folders in it that cannot be listed come into `closed`, but those that went away meanwhile.
    """

    def noted(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            closed.append(str(Path(error.filename).relative_to(folder)))

    for path, folders, files in os.walk(folder, onerror=noted):
        folders.sort()
        within = Path(path).relative_to(folder)
        yield from (name for one in sorted(files) if NAME.fullmatch(name := str(within / one)))


def named() -> Iterator[str]:
    """Return every piece that the database names."""
    for kept, model, field in (
        (Kept.ATTACHMENTS, Chunk, "attachment_id"),
        (Kept.ENCLOSURES, EnclosurePiece, "enclosure_id"),
    ):
        rows = model.objects.order_by("id").values_list(field, "index", "digest")
        for id_, index, digest in rows.iterator(2000):
            yield name_of(kept, id_, index, digest)


def missing_in(has: Callable[[str], bool]) -> int:
    """Return how many pieces that the database names are not among those that `has` knows."""
    return sum(not has(name) for name in named())
