"""
Figures of this process, counted where things happen and told to whoever runs it.

They name acts, codes and nothing else: no id, no person, no address. `casehub.edge.metrics` tells
them on a port of its own; where there is none they are counted for nobody, which costs little.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from . import traces
from .errors import DomainError

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)  # memory, processor, open files
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
DONE, REFUSED, FAILED = "done", "refused", "failed"

acts = Counter(
    "casehub_acts", "Acts, by what became of them.", ["act", "outcome"], registry=REGISTRY
)
act_seconds = Histogram(
    "casehub_act_seconds", "How long acts took.", ["act"], buckets=SECONDS, registry=REGISTRY
)
refusals = Counter("casehub_refusals", "Refused acts, by code.", ["code"], registry=REGISTRY)
answers = Counter(
    "casehub_answers",
    "HTTP answers, by the first digit of their status.",
    ["status"],
    registry=REGISTRY,
)
answer_seconds = Histogram(
    "casehub_answer_seconds", "How long HTTP answers took.", buckets=SECONDS, registry=REGISTRY
)
doorbells = Counter(
    "casehub_doorbells",
    "Doorbells, by whether the layer took them; and those that came and say nothing.",
    ["outcome"],
    registry=REGISTRY,
)
rounds = Counter(
    "casehub_rounds", "Rounds of the clock, by what became of them.", ["outcome"], registry=REGISTRY
)


def judged(act: str, outcome: str, seconds: float, *, code: str = "") -> None:
    """Count one act."""
    acts.labels(act, outcome).inc()
    act_seconds.labels(act).observe(seconds)
    if code:
        refusals.labels(code).inc()


@contextmanager
def timed(act: str) -> Iterator[None]:
    """Count an act by how it ends: what it raises, if anything, goes on."""
    begun = time.monotonic()
    outcome, code = FAILED, ""
    with traces.span(act) as span:
        try:
            yield
            outcome = DONE
        except DomainError as error:
            outcome, code = REFUSED, error.code
            raise
        finally:
            judged(act, outcome, time.monotonic() - begun, code=code)
            span.say(outcome=outcome, **({"code": code} if code else {}))
