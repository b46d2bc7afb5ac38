"""What the matrix of permissions cannot bring about in its one setting, act by act."""

from __future__ import annotations

from typing import Any

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
    "oversight.unmasking.ask",
    "requests.request.open",
}
#  acts whose object of another State these roles see too, each as far as they are told of it
ABROAD = {
    "directory.card.open": frozenset(
        {"liaison", "coordinator", "ministry", "central-authority", "secretariat"}
    ),
    "directory.notice.acknowledge": frozenset({"liaison", "coordinator", "central-authority"}),
}
#  acts that find nothing to do in this setting, and so leave nothing: no turn is held
IDLE = {"requests.turn.give-back"}
#  acts whose own object cannot be there in this setting: a passkey that exists, a commit accepted,
#  a log that somebody sequenced, a name that was given a month ago
ALSO_ABSENT = {
    "designations.enrolment.read",
    "designations.key.offer",
    "accounts.passkey.remove",
    "messaging.commit.ask",
    "demo.identity-key.give",
    "demo.code.show",
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
    "messaging.key-packages.claim": "device-already-in-group",
    "messaging.group.start": "already-started",
    "messaging.commit.accept": "mls-refused",
    "requests.version.save": "turn-needed",
    "requests.attestation.make": "rulebook-behind",
    "requests.reader.add": "already-in",
    "oversight.notice.confirm": "not-found",
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
