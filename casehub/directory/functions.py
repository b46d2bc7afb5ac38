"""
What a designation lets a liaison or coordinator do besides: answer as focal point, sign (pure).

Others ask focal points of a State, and no others; a signatory authorises what another one wrote.
Statements say it from version 3 on (ADR 61). The earlier ones let their people do what they had
done until then: a liaison was asked, a coordinator was asked and signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

FOCAL_POINT, SIGNATORY = "focal-point", "signatory"
FUNCTIONS = (FOCAL_POINT, SIGNATORY)
CARRIERS = frozenset({"liaison", "coordinator"})
"""The roles that carry functions: the others carry none."""


def may_carry(roles: Collection[str], functions: Collection[str]) -> bool:
    """Say whether somebody in these roles may have these functions; none may anybody."""
    return not functions or not CARRIERS.isdisjoint(roles)


def carried_before(roles: Collection[str]) -> frozenset[str]:
    """Return the functions of whoever was designated in these roles before any was said."""
    if "coordinator" in roles:
        return frozenset(FUNCTIONS)
    return frozenset({FOCAL_POINT}) if "liaison" in roles else frozenset()


def functions_of(fields: Mapping[str, Any]) -> frozenset[str]:
    """Return the functions that the fields of a designation's statement give, of any version."""
    if "functions" in fields:
        return frozenset(fields["functions"])
    return carried_before(fields["roles"])
