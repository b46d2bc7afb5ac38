"""Acts that change trust wait for their proof; those that take a right away wait for nothing."""

import pytest

import audit.events as log
from casehub.core import roles

ACTS = {act: row for act, row in roles.table().items() if row.kind == "act"}
# Both words of a pair, a hand under what somebody signed, a factor shown anew, an entry in the
# directory's log: that is how an act looks that changes who may read or act.
MARKS = {
    "directory": lambda row: log.type_registry[row.event].directory,
    "step-up": lambda row: row.step_up == "always",
    "second": lambda row: row.relation == "second",
    "reader": lambda row: row.event.endswith((".reader.added", ".person.added")),
    "another State": lambda row: row.event.startswith("cases.state."),
    "carried away": lambda row: row.event.endswith(".exported"),
}
TAKES = "takes a right away"
KEEPS = "keeps what would be deleted, and waits for nothing"
NOT_AWAITED = {
    "accounts.totp.offer": "counts only once it is confirmed",
    "directory.device.renew": "programs do it by themselves, for keys that count already",
    "accounts.kit.make": "gives nobody a right: it says which paper seals what one verified",
    "digests.setting.change": "gives nobody a right: it says where numbers are sent",
    "accounts.passkey.remove": TAKES,
    "accounts.account.close": TAKES,
    "directory.person.suspend": TAKES,
    "directory.person.remove": TAKES,
    "directory.device.revoke": TAKES,
    "directory.state.stop": TAKES,
    "cases.hold.place": KEEPS,
    "cases.hold.place-on-note": KEEPS,
    "cases.state.refuse": TAKES,
    "cases.state.withdraw": TAKES,
    "cases.state.object": TAKES,
    "oversight.unmasking.refuse": TAKES,
    "oversight.deferral.refuse": TAKES,
    "oversight.pair-view.refuse": TAKES,
    "custody.export.refuse": TAKES,
    "requests.proposal.decline": TAKES,
}
# Of a stop's confirmation the stop itself is long done; a file carried away is a read of many.
AWAITED_THOUGH_IT_GOES_ON = {
    "directory.state.confirm-stop",
    "oversight.bundle.export",
    "oversight.log.export",
}


def _looks_so(row):
    return sorted(mark for mark, has in MARKS.items() if has(row))


class TestAnActThatChangesTrust:
    @pytest.mark.parametrize("act", [act for act, row in ACTS.items() if _looks_so(row)])
    def test_is_awaited_or_stands_here_with_the_reason(self, act):
        assert ACTS[act].awaits_proof != (act in NOT_AWAITED), _looks_so(ACTS[act])

    def test_that_is_not_awaited_is_an_act_of_the_table(self):
        assert set(NOT_AWAITED) <= set(ACTS)

    def test_is_nothing_that_goes_on_while_the_log_stands_still(self):
        held = {act for act, row in ACTS.items() if row.awaits_proof}
        on = {act for act in held if log.type_registry[ACTS[act].event].goes_on}
        assert on == AWAITED_THOUGH_IT_GOES_ON


class TestTheTable:
    @pytest.mark.parametrize(
        "row",
        [
            "{door: GET /api/x, kind: read, proof: awaited}",
            "{door: POST /api/x, kind: act, event: a.b.c, proof: later}",
        ],
    )
    def test_awaits_the_proof_of_an_act_alone(self, row):
        with pytest.raises(ValueError, match="proof"):
            roles.parse(f"a.b: {row}")
