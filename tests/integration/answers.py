"""
What every act answers to every kind of caller: by the table, and what one setting cannot show.

`expected` derives the answer from `casehub/core/roles.yaml`; the lists above it name what the
matrix of permissions cannot bring about in its one setting, act by act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from casehub.core import roles
from casehub.directory.policies import REMOVERS, STOPPERS

TABLE = roles.table()
HTTP = {act: row for act, row in TABLE.items() if not row.door.startswith("SOCKET")}
SOCKET = {act: row for act, row in TABLE.items() if act not in HTTP}
ON_OBJECT = {act for act, row in HTTP.items() if "{" in row.door}

#  every role, and the State of whoever has it
ROLES = {
    "liaison": "SV",
    "coordinator": "SV",
    "ministry": "SV",
    "central-authority": "SV",
    "national-auditor": "SV",
    "regional-auditor": "",
    "secretariat": "",
}
#  acts whose object the body names, not the address
IN_BODY = {
    "designations.designation.draft",
    "directory.device.select",
    "directory.notices.acknowledge",
    "oversight.unmasking.ask",
    "requests.request.open",
}
#  acts of the socket whose frame names a thread
ON_THREAD = set(SOCKET) - {"messaging.socket.ping"}
#  relations that all of a State have to a thing of it, in its cases or not
OF_A_STATE = {"none", "state", "second", "reach"}
LEVELS = ["nothing", "password", "full"]
#  the doors that are shut before anything is looked at, each with its status
SHUT = {
    "sign-in-needed": 401,
    "not-allowed": 403,
    "state-stopped": 403,
    "designation-over": 403,
    "not-found": 404,
}
#  acts whose object of another State these roles see too, each as far as they are told of it
ABROAD = {
    "directory.card.open": frozenset(
        {"liaison", "coordinator", "ministry", "central-authority", "secretariat"}
    ),
    "directory.notice.acknowledge": frozenset({"liaison", "coordinator", "central-authority"}),
    "directory.notices.acknowledge": frozenset({"liaison", "coordinator", "central-authority"}),
}
#  acts whose own object is there for one role: a central authority has what was authorised, and may
#  attach a file for its own people, where the others' request is in writing
THERE = {"requests.enclosure.begin": frozenset({"central-authority"})}
#  acts that find nothing to do in this setting, and so leave nothing: no turn is held, nobody was
#  asked, and no other State has told of anything
IDLE = {
    "directory.notices.acknowledge",
    "requests.consultation.end",
    "requests.turn.give-back",
}
#  acts whose own object cannot be there in this setting: a passkey that exists, a commit accepted,
#  a log that somebody sequenced, a name that was given a month ago, a State that is stopped, and
#  letters about a request that was sent, and their files, and a step that waits for a second hand
ALSO_ABSENT = {
    "requests.proposal.confirm",
    "requests.proposal.decline",
    "requests.letters.list",
    "requests.letters.mark",
    "requests.letter.send",
    "requests.letters.share",
    "requests.enclosure.begin",
    "requests.enclosure.ask",
    "requests.enclosure.put",
    "requests.enclosure.complete",
    "requests.enclosure.remove",
    "requests.enclosure.open",
    "requests.enclosure.read",
    "designations.enrolment.read",
    "designations.key.offer",
    "accounts.passkey.remove",
    "messaging.commit.ask",
    "demo.identity-key.give",
    "demo.code.show",
    "directory.state.confirm-stop",
    "directory.state.lift",
    "oversight.bundle.export",
    "oversight.checkpoint.read",
    "oversight.cosignature.give",
    "oversight.entries.read",
    "oversight.entry.open",
    "oversight.notice.confirm",
    "oversight.pending.read",
    "oversight.tile.read",
}

#  acts that this setting cannot serve, and the code with which they are turned away:
#  test_serving.py has a setting for each, and looks for its event there
REFUSED_HERE = {
    "accounts.password.check": "wrong-credentials",
    "accounts.code.check": "wrong-code",
    "accounts.passkey.finish": "passkey-refused",
    "accounts.passkey.register-finish": "passkey-refused",
    "accounts.passkey.remove": "not-found",
    "accounts.totp.confirm": "totp-offer-over",
    "accounts.kit.prove": "kit-proof-other",
    "designations.code.make": "designation-stage",
    "designations.designation.approve": "designation-stage",
    "designations.designation.bind": "designation-stage",
    "designations.designation.consulted": "consultation-open",
    "designations.designation.nominate": "designation-stage",
    "designations.designation.renew": "designation-stage",
    "designations.enrolment.finish": "enrolment-refused",
    "designations.key.offer": "not-found",
    "designations.person.reinstate": "chain-broken",
    "designations.standing.confirm": "standing-changed",
    "directory.device.register": "chain-broken",
    "directory.device.renew": "chain-broken",
    "directory.device.ask": "device-request-open",
    "directory.device.name": "chain-broken",
    "cases.person.add": "already-in",
    "cases.reader.add": "already-in",
    "cases.state.object": "joining-not-yours",
    "cases.case.reopen": "case-open",
    "custody.export.ask": "export-range",
    "custody.export.agree": "export-signature",
    "messaging.key-packages.claim": "device-already-in-group",
    "messaging.group.start": "already-started",
    "messaging.commit.accept": "mls-refused",
    "requests.version.save": "turn-needed",
    "requests.attestation.make": "rulebook-behind",
    "requests.consultation.ask": "consultation-stage",
    "requests.move.make": "move-version-behind",
    "requests.proposal.make": "move-version-behind",
    "requests.proposal.confirm": "not-found",
    "requests.proposal.decline": "not-found",
    "requests.letter.send": "not-found",
    "requests.letters.share": "not-found",
    "requests.enclosure.begin": "not-found",
    "requests.enclosure.complete": "not-found",
    "requests.enclosure.remove": "not-found",
    "requests.enclosure.open": "not-found",
    "requests.reader.add": "already-in",
    "oversight.notice.confirm": "not-found",
    "papers.documents.make": "documents-not-ready",
    "papers.letterhead.change": "letterhead-behind",
    "demo.identity-key.give": "not-found",
}


#  what else an act leaves that completes a statement or begins an account
LEAVES_TOO = {
    "designations.designation.bind": {"directory.statement.entered"},
    "designations.enrolment.finish": {
        "accounts.account.opened",
        "accounts.passkey.added",
        "accounts.sign-in.completed",
        "directory.person.entered",
    },
}


#  what stops people and devices and takes an empty body; what is done to a State's stop
STOPS = (
    "directory.person.suspend",
    "directory.person.remove",
    "directory.device.revoke",
    "directory.state.stop",
)
OF_A_STOP = ("directory.state.confirm-stop", "directory.state.lift")
#  what the secretariat does to people and States of any kind, and others to their own
ON_ANYBODY = {"directory.person.devices", "directory.person.suspend"}
ON_ANY_STATE = {"directory.state.access", "directory.state.stop"}


def reached(act: str, held: frozenset[str], which: str) -> str | None:
    """Return how an act that may reach beyond one's own State is answered, or None for others."""
    anybody = "secretariat" in held and which != "none"
    if act in ON_ANYBODY:
        own = bool(held & STOPPERS) and which in {"own", "same"}
        return "served" if own or anybody else "not-found"
    return "served" if act in ON_ANY_STATE and anybody else None


@dataclass(frozen=True)
class Caller:
    """
    Who knocks: signed in how far, in which roles, and whether their State is stopped.

    `week`: their designation is over, and they read for a week more.
    """

    level: str = "full"
    roles: frozenset[str] = frozenset()
    stopped: bool = False
    week: bool = False

    @property
    def decides(self) -> frozenset[str]:
        """The roles by which they decide about others."""
        return frozenset() if self.week else self.roles


def expected(act: str, caller: Caller, which: str) -> str:
    """
    Return what the table says: `served`, or the code of the door that is shut.

    `which` objects the act names: the caller's `own`, the `same` State's in which they are nothing,
    `foreign` ones, or `none` that there are.
    """
    row, held = TABLE[act], caller.roles
    level = "nothing" if caller.stopped and act in SOCKET else caller.level
    if LEVELS.index(level) < LEVELS.index(row.needs):
        return "sign-in-needed"
    if row.needs == "full" and "*" not in row.who and not held & set(row.who):
        return "not-allowed"
    if row.needs == "full" and caller.stopped and not row.stopped:
        return "state-stopped"
    if row.needs == "full" and caller.week and not (row.kind == "read" or row.week):
        return "designation-over"
    stops = TABLE[act].relation == "stopper"
    return _of_objects(act, caller.decides if stops else held, which)


def _of_objects(act: str, held: frozenset[str], which: str) -> str:
    if (reach := reached(act, held, which)) is not None:
        return reach
    beside = {"own": THERE, "foreign": ABROAD}.get(which, {})
    if held & beside.get(act, frozenset()):
        return "served"
    if act in ALSO_ABSENT:
        return "not-found"
    if which == "own" or act not in ON_OBJECT | IN_BODY | ON_THREAD:
        return "served"
    if which == "same" and TABLE[act].relation == "stopper":
        return "served" if held & REMOVERS else "not-found"  # devices
    return "served" if which == "same" and TABLE[act].relation in OF_A_STATE else "not-found"


def hidden(act: str, caller: Caller, answer: str) -> bool:
    """
    Say whether what is foreign has to answer as what is not there: all that is not served.

    States are no secret to the secretariat, which may stop any of them: that one is not stopped is
    another matter than that there is none.
    """
    on_any_state = act in OF_A_STOP and "secretariat" in caller.roles
    return act in ON_OBJECT | IN_BODY | ON_THREAD and answer != "served" and not on_any_state


def kind_of(answer: Any) -> str:
    """Return which door was shut: by sign-in, by role, by what is not visible, or none."""
    if answer.status_code < 400:
        return "served"
    code: str = answer.json()["code"]
    return code if SHUT.get(code) == answer.status_code else "served"


def disclosed(state: str) -> dict[str, Any]:
    """Return the disclosed facts of a draft that says nothing yet."""
    return {
        "requesting_state": state,
        "requested_state": "",
        "law_date": "2026-11-24",
        "measures": [],
        "instruments": [],
        "urgency": "",
        "deadline": "",
    }
