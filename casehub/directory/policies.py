"""Why not, in the directory."""

from __future__ import annotations


def why_not_register(*, known: bool) -> str | None:
    """Return why a device may not be registered, or None: an id, serial or key serves once."""
    return "device-known" if known else None
