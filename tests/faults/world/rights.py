"""I11 and I12: requests go on as the table says, and whoever acted was allowed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from requests_mla.states import ARROWS, Act, Stage

from .seen import Move, Violation, World

_LEGAL = {(str(one.act), str(one.before), str(one.after), str(one.side)) for one in ARROWS}
#  A version that is saved makes a draft of it, and is no step of its own.
_WRITTEN = {str(one.before) for one in ARROWS if one.act is Act.WRITE}


def legal_moves(world: World) -> Iterator[Violation]:
    """I11: each step is one of the table, begins where the last one ended, and has its event."""
    requests: dict[str, list[Move]] = defaultdict(list)
    for move in world.stored.moves:
        requests[move.request].append(move)
    for request, moves in requests.items():
        stage = str(Stage.IDEA)
        for number, move in enumerate(sorted(moves, key=lambda one: one.number), 1):
            where = f"{request} {move.number}"
            if move.number != number:
                yield Violation("I11", f"it is the step {number}", where)
            if (move.act, move.before, move.after, move.side) not in _LEGAL:
                yield Violation("I11", f"{move.act} from {move.before} to {move.after}", where)
            if move.before != stage and (move.before != Stage.DRAFT or stage not in _WRITTEN):
                yield Violation("I11", f"it begins at {move.before}, not at {stage}", where)
            if world.stored.events.get(move.event) != "requests.move.made":
                yield Violation("I11", "it has no event", where)
            stage = move.after


def entitled(world: World) -> Iterator[Violation]:
    """I12: whoever wrote into a circle read it at that moment."""
    spans = defaultdict(list)
    for one in world.stored.readings:
        spans[one.circle, one.person].append((one.since, one.until))
    for entry in world.stored.entries:
        mine = spans[entry.group, entry.person]
        if not any(since <= entry.at and (b is None or entry.at <= b) for since, b in mine):
            what = f"{entry.person} did not read the circle then"
            yield Violation("I12", what, f"{entry.group}#{entry.seq}")
