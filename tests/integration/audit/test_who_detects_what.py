"""
The table of who detects what: each cell has its test, and none is lost when a test is renamed.

The tests of this package run on both databases; those of clients and witnesses know none.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from tests.integration.audit.tampering import ATTEMPTS

ROOT = Path(__file__).resolve().parents[3]
TAMPERING = "test_tampering:TestTampering."
SEQUENCER = "test_sequencer:TestRefusingToSign."
WITNESSING = "test_witnessing:TestAWitnessThatRemembersMore."
POLLING = "tests.unit.witness.test_polling:TestAnotherHistory."
FORKED = "tests.browser.test_forked:TestASecondHistory."
WATCH = "frontend/tests/log/watch.test.ts"
COMPLAINT = (
    "frontend/tests/log/receipts.test.ts"
    " > without a proof is late, then a complaint that is the log's own signature"
)
FOLLOW = "frontend/src/verify/tlog/follow.test.ts"

# What is done -> by whom it is noticed (or not) -> rows of ATTEMPTS, tests of Python and browser.
# table: of independent verifiers Sigstore's checks proofs; the other one is the browser's own
ROWS = {
    "payload edited": {
        "verify": ["a payload is edited", "a payload is taken from another event, with its salt"],
        "a reader, on opening": [
            "test_promises:TestAReceipt.test_of_an_event_that_was_changed_is_the_leaf_alone",
            "frontend/src/verify/tlog/event.test.ts > is not another one's, nor with another salt",
        ],
    },
    "payload erased lawfully": {
        "nobody": [TAMPERING + "test_is_not_suspected_in_a_lawful_erasure"],
    },
    "leaf edited, row deleted": {
        "verify, an auditor with memory": [
            "a leaf is edited in event and entry", "an entry is deleted",
            "an entry and its event are deleted", "two entries are exchanged",
        ],
        "an independent verifier": [
            "test_foreign:TestAnotherVerifier.test_refuses_what_was_bent",
            FOLLOW + " > with one changed, or one missing, do not",
        ],
    },
    "edited, all tiles rebuilt, signed again": {
        "an auditor with memory": ["an event is dropped, and a newer one fills the number"],
        "any witness": [
            WITNESSING + "test_keeps_another_history_of_the_same_length_from_being_signed",
            "tests.unit.witness.test_answers:test_the_answer_is_the_specifications",
        ],
        "an independent verifier": [
            FOLLOW + " > that has other entries than before does not go on",
        ],
    },
    "tail cut, signed again": {
        "the anchor": ["the tail is cut, rebuilt and signed again"],
        "any witness": [
            WITNESSING + "test_stops_the_signing_while_it_runs_and_both_notes_are_kept",
            POLLING + "test_that_is_shorter_is_reported",
        ],
        "an auditor with newer memory": [
            WATCH + " > refuses a smaller log, remembers that after a reload, and lets nobody in",
        ],
    },
    "old cosigned checkpoint served": {
        "memory or age": [
            WATCH + " > under old cosignatures is not up to date, and lets nobody in a day later",
        ],
    },
    "backup restored, log goes on": {
        "the anchor": [SEQUENCER + "test_on_a_database_that_was_restored_from_before"],
        "any witness": [
            WITNESSING
            + "test_keeps_a_restored_database_from_being_signed_though_the_anchor_went_too",
        ],
        "an auditor with memory": [
            WATCH + " > has evidence for anybody once a log that went back has gone on otherwise",
        ],
    },
    "two views for two people": {
        "the second view gets no quorum": [
            POLLING + "test_of_the_same_size_is_a_fork_too",
            WATCH + " > are not both cosigned: who gets the other one lets nobody in",
        ],
        "who followed the first, by what the log alone has signed": [
            WATCH + " > that is smaller is a rollback, and becomes a contradiction as it grows",
            FORKED + "test_is_refused_whoever_saw_the_first_and_whoever_did_not",
        ],
        "who compares": [
            WATCH + " > are both believed by who asks for no witness, until the two compare",
        ],
    },
    "event removed before integration": {
        "verify, if only the place in the queue went": [
            "a new event's place in the queue disappears",
        ],
        "nobody but who has a promise": [
            "a new event disappears with its place in the queue",
            COMPLAINT,
        ],
    },
    "act without an event": {
        "the database": [
            "test_log:TestHeadRows.test_an_act_without_an_event_is_refused",
            "test_guarding:TestAnAct.test_with_the_number_of_no_event_is_refused",
        ],
        "verify": ["an act's event never was", "an act's event is another act's"],
    },
    "a row that a migration left behind": {
        "start": [SEQUENCER + "test_with_a_row_that_a_migration_left_behind"],
        "verify": ["an entry is deleted", "a tile is deleted"],
        "health": ["test_health:TestOneStrayRow.test_stops_the_signing_and_is_named_at_once"],
    },
}  # fmt: skip
CELLS = [
    pytest.param(one, id=f"{row}, {who}: {one}")
    for row, cells in ROWS.items()
    for who, found in cells.items()
    for one in found
]


@pytest.mark.parametrize("one", CELLS)
def test_a_cell_has_its_test(one):
    file, arrow, title = one.partition(" > ")
    if arrow:
        assert f'it("{title}' in (ROOT / file).read_text()
    elif ":" in one:
        module, _, path = one.partition(":")
        found = import_module(module if "." in module else f"{__package__}.{module}")
        for name in path.split("."):
            found = getattr(found, name)
        assert callable(found)
    else:
        assert one in {attempt.name for attempt in ATTEMPTS}
