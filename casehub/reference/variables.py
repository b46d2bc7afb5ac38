"""The table of variables in docs/operations.md, printed from their declaration."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from casehub.variables import VARIABLES, Variable

FIRST: Final = "<!-- printed from casehub/variables.py by `make fix` -->\n"
LAST: Final = "<!-- the end of what is printed -->\n"


def _default(one: Variable) -> str:
    return one.told or one.default


def operations() -> str:
    """Return docs/operations.md as it stands, with the table of today in it."""
    text: str = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(FIRST)
    _, _, after = rest.partition(LAST)
    rows = [f"| `{one.name}` | {one.meaning} | {_default(one)} |\n" for one in VARIABLES]
    head = "| Variable | Meaning | Default |\n|---|---|---|\n"
    return "".join([before, FIRST, head, *rows, LAST, after])
