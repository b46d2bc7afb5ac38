"""A small chart of the most deliveries a second, as SVG (pure)."""

from __future__ import annotations

import math
from html import escape

from .results import Run

_PARTS = ("S1", "S2", "S3")
_LEFT, _WIDE, _BAR, _GAP = 150, 420, 14, 12
_COLOURS = ("#1f5f8b", "#7a4f9a", "#b35c1e")
_LOWEST = 10.0  # deliveries a second at the left edge


def chart(run: Run) -> str:
    """Return bars on a logarithmic scale, a group for each server."""
    high = max(
        (one.figure(part, "deliveries/s").middle for one in run.found for part in _PARTS
         if one.figure(part, "deliveries/s").known),
        default=_LOWEST * 10,
    )  # fmt: skip
    decades = max(1, math.ceil(math.log10(high / _LOWEST)))
    group = _BAR * len(_PARTS) + _GAP
    height = group * len(run.found) + 60
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + 90} {height}"',
        'font-family="sans-serif" font-size="12" role="img">',
        "<title>Most deliveries a second, logarithmic scale</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for decade in range(decades + 1):
        x = _LEFT + _WIDE * decade / decades
        out.append(
            f'<path d="M{x:.0f} 8V{height - 44}" stroke="#d5d5d5"/>'
            f'<text x="{x:.0f}" y="{height - 30}" text-anchor="middle" fill="#444">'
            f"{_LOWEST * 10**decade:,.0f}</text>"
        )
    for number, one in enumerate(run.found):
        top = 10 + group * number
        out.append(
            f'<text x="{_LEFT - 8}" y="{top + 25}" text-anchor="end" fill="#222">'
            f"{escape(one.name)}</text>"
        )
        for place, part in enumerate(_PARTS):
            figure = one.figure(part, "deliveries/s")
            if not figure.known:
                continue
            share = max(0.0, math.log10(max(figure.middle, _LOWEST) / _LOWEST) / decades)
            y = top + _BAR * place
            out.append(
                f'<rect x="{_LEFT}" y="{y}" width="{_WIDE * share:.1f}" height="{_BAR - 2}" '
                f'fill="{_COLOURS[place]}"/>'
                f'<text x="{_LEFT + _WIDE * share + 5:.1f}" y="{y + 10}" font-size="10">'
                f"{part} {figure.middle:,.0f}</text>"
            )
    out.append(
        f'<text x="{_LEFT}" y="{height - 10}" fill="#444">deliveries a second, each to one member'
        "</text></svg>"
    )
    return "\n".join(out) + "\n"
