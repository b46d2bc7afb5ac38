"""The one table, as text (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from .figures import Figure
from .goals import judged
from .results import PARTS, ROWS, Found, Run

_TITLE = 42  # columns of a row's title
_NONE = "-"


def cell(figure: Figure, places: int) -> str:
    """Return a median with its lowest and highest, where they differ as written."""
    if not figure.known:
        return _NONE
    middle, low, high = (f"{x:,.{places}f}" for x in (figure.middle, figure.low, figure.high))
    return middle if low == high else f"{middle} ({low}\u2013{high})"


def _part(part: str, run: Run, widths: list[int]) -> Iterator[str]:
    yield f"\n{PARTS[part]}"
    for row in ROWS:
        if row.part != part:
            continue
        cells = [
            "untold" if part in one.untold else cell(one.figure(part, row.figure), row.places)
            for one in run.found
        ]
        told = "".join(f"{c:>{w}}" for c, w in zip(cells, widths, strict=True))
        yield f"  {row.title:{_TITLE - 2}}{told}"


def _width(one: Found) -> int:
    cells = [cell(one.figure(row.part, row.figure), row.places) for row in ROWS]
    return 2 + max(len(one.name), *map(len, cells))


def _curves(run: Run) -> Iterator[str]:
    for title, points in run.curves.items():
        yield f"\n{title}"
        if not points:
            continue
        names = list(points[0])
        yield "  " + "".join(f"{name:>24}" for name in names)
        for point in points:
            yield "  " + "".join(f"{point[name]:>24,.4g}" for name in names)


def text(run: Run) -> str:
    """Return the table with its conditions, what was left out, the floor, curves and goals."""
    lines = [f"{name}: {value}" for name, value in run.conditions.items()]
    lines += [
        f"{one.name}: {one.versions}; load {one.load[0]:.1f} before, {one.load[1]:.1f} after"
        for one in run.found
    ]
    lines += [f"left out: {name}: {why}" for name, why in run.left_out.items()]
    lines += [
        f"not told: {one.name}, {PARTS[part]}: {why}"
        for one in run.found
        for part, why in one.untold.items()
    ]
    widths = [_width(one) for one in run.found]
    if run.found:
        heads = "".join(f"{f.name:>{w}}" for f, w in zip(run.found, widths, strict=True))
        lines += ["", " " * _TITLE + heads]
    for part in PARTS:
        if any(part in one.figures or part in one.untold for one in run.found):
            lines += _part(part, run, widths)
    if run.floor:
        lines += ["", "The floor"]
        lines += [f"  {name:{_TITLE + 8}}{cell(one, 1):>24}" for name, one in run.floor.items()]
    lines += _curves(run)
    notes = [f"{one.name}: {note}" for one in run.found for note in one.notes]
    lines += ["", *notes] if notes else []
    goals = judged(run)
    if goals:
        lines += ["", "Goals"]
    for goal, ratio, met in goals:
        bound = f">= {goal.least:g}" if goal.least else f"<= {goal.most:g}"
        lines.append(f"  {'met' if met else 'MISSED':7} {goal.title:48} {ratio:8.2f}  {bound}")
    return "\n".join(lines) + "\n"
