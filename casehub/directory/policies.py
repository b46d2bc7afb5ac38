"""Why not, in the directory."""

from __future__ import annotations


def why_not_register(*, known: bool) -> str | None:
    """Return why a device may not be registered, or None: an id, serial or key serves once."""
    return "device-known" if known else None


def why_not_ask(*, known: bool, another_asks: bool) -> str | None:
    """
    Return why a browser may not ask to be named now, or None.

    One at a time: whoever is asked by two at once confirms the wrong one.
    """
    if known:
        return "device-known"
    return "device-request-open" if another_asks else None


def why_not_answer(*, is_open: bool) -> str | None:
    """Return why a request of a browser may not be answered any more, or None."""
    return None if is_open else "device-request-over"


def why_not_name(*, same_keys: bool, known: bool) -> str | None:
    """Return why a statement does not answer a request, or None: it names what asked."""
    if not same_keys:
        return "device-not-as-asked"
    return why_not_register(known=known)


def why_not_renew(*, same: bool, later: bool) -> str | None:
    """Return why a statement does not renew a device, or None: the same one, for longer."""
    if not same:
        return "device-not-as-asked"
    return None if later else "device-known"
