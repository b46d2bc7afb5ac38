"""Whether a statement counts at its own entry: one rule for each type, and what all share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ..functions import functions_of
from ..limits import PUBLIC_MINISTRY, READ_CASES
from ..statements import Statement, instant
from .records import PersonRecord, Root, Term
from .standing import COORDINATOR, Ledger, When, is_after, moment

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SKEW = timedelta(minutes=5)  # the signer's clock may be before the server's
#  What gives is entered soon after it was signed: a host must not keep it for the day on which it
#  serves. The root signs offline. What stops is never too old.
FRESH = {
    "state-root": 31 * DAY,
    "officer": 31 * DAY,
    "designation": 72 * HOUR,
    "binding": 72 * HOUR,
    "device": 72 * HOUR,
    "reinstatement": 72 * HOUR,
    "state-lift": 72 * HOUR,
}
FRESH_URGENT = 2 * HOUR
RENEWED_AS_IT_IS = ("serial", "state", "person", "device", "signature_key", "history_key")
LONGEST = {"officer": 366 * DAY, "designation": 366 * DAY, "device": 183 * DAY}
LONGEST_URGENT = 7 * DAY
LONGEST_FIRST = 185 * DAY  # six months of the calendar, and the hour that a clock may be set back
#  What a stopped State may still say: its root is above what is stopped, and what stops goes on.
GOES_ON = frozenset({"state-root", "officer", "revocation", "state-stop", "state-lift"})
#  What is never too old: it takes away.
STOPS = frozenset({"revocation", "state-stop"})
NOT_FOR_REMOVED = frozenset({"officer", "designation", "binding"})
TWO = 2  # people
AUDITOR = "national-auditor"
#  What a renewal by one officer says as the term before it did.
UNCHANGED = ("state", "person", "name", "post", "office", "agency")
UNCHANGED_SETS = ("roles", "scope", "languages")
UNCHANGED_LATER = ("region", "deputy")  # version 1 does not say these: as null
LIAISON = "liaison"


class Hands:
    """
    Who signed a statement with a key that counts at its entry; never whom it is about.

    Nor anybody who was stopped after its date, also if they are in again: what they signed before
    may have been signed by whoever was the reason.
    """

    def __init__(self, ledger: Ledger, statement: Statement, when: When) -> None:
        state, issued = statement.fields["state"], moment(statement, "issued")
        gives = statement.type not in STOPS

        def stands(person: str) -> bool:
            since = gives and ledger.stopped_since(state, person, issued, when.size)
            return person != statement.person and not since

        def signing(keys: dict[str, str]) -> set[str]:
            return {p for p, key in keys.items() if key in statement.signers and stands(p)}

        self.officers = signing(ledger.officers(state, when))
        self.coordinators = signing(ledger.coordinators(state, when))
        roots = ledger.states[state].roots
        self.root = bool(roots) and roots[-1].key in statement.signers
        self.weaker = bool(roots) and roots[-1].approval == "officer-and-coordinator"

    @property
    def people(self) -> set[str]:
        """Everybody who counts."""
        return self.officers | self.coordinators


def why_not(ledger: Ledger, statement: Statement, when: When, *, signed: bool = True) -> str | None:
    """Return why a statement has no effect at its entry; if not `signed` yet: whoever signs it."""
    kind, state = statement.type, statement.fields["state"]
    if state not in ledger.states:
        return "no-root"
    why = _why_not_now(ledger, statement, when)
    if why is not None:
        return why
    known = ledger.people.get(statement.person)
    if known is not None and known.state != state:
        return "person-of-another"
    if kind in NOT_FOR_REMOVED and _is_removed(ledger, statement, when):
        return "person-revoked"
    why = (RULES[kind] if signed else _designated)(ledger, statement, when)
    # Asked last: what nobody entitled has signed is just that, whatever happens to the State.
    if why is None and kind not in GOES_ON and _is_cut_off(ledger, statement, when):
        return "state-stopped"
    return why


def _is_cut_off(ledger: Ledger, statement: Statement, when: When) -> bool:
    """Say whether a statement's State is stopped, or was after its date: a lift gives none back."""
    state, issued = statement.fields["state"], moment(statement, "issued")
    return bool(ledger.state_stops(state, when)) or ledger.state_stopped_since(
        state, issued, when.size
    )


def _why_not_now(ledger: Ledger, statement: Statement, when: When) -> str | None:
    """Return what is against it by its serial and dates, whoever signed."""
    kind, fields = statement.type, statement.fields
    if (kind, fields["serial"]) in ledger.serials and not (
        _confirms(ledger, statement, when) or _renews(ledger, statement, when)
    ):
        return "serial-known"
    urgent = fields.get("urgent", False)
    issued, fresh = moment(statement, "issued"), FRESH_URGENT if urgent else FRESH.get(kind)
    if issued > when.now + SKEW:
        return "issued-early"
    if fresh is not None and issued < when.now - fresh:
        return "issued-late"
    longest = LONGEST_URGENT if urgent else LONGEST.get(kind)
    if longest is not None:
        term = moment(statement, "until") - moment(statement, "from")
        if not timedelta(0) < term <= longest or moment(statement, "until") <= when.now:
            return "term"
    return "term" if _is_long_for_first(ledger, statement, when) else None


def _is_long_for_first(ledger: Ledger, statement: Statement, when: When) -> bool:
    """
    Say whether a liaison's first term, the urgent one apart, is longer than six months.

    From version 2 on: what was signed before is judged as it was then.
    """
    fields = statement.fields
    if statement.type != "designation" or fields["v"] == 1 or LIAISON not in fields["roles"]:
        return False
    served = ledger.binding(statement.person, when.size) is not None and any(
        LIAISON in term.roles and not term.statement.fields["urgent"]
        for term in ledger.terms(statement.person, when.size)
    )
    return not served and moment(statement, "until") - moment(statement, "from") > LONGEST_FIRST


def _confirms(ledger: Ledger, statement: Statement, when: When) -> bool:
    """
    Say whether it is a known stop's own body once more: then it may bring the second hand.

    Only while that stop holds by itself: everybody can read the first hand in the log, and with one
    that is over a single person would stop a State for good.
    """
    if statement.type != "state-stop":
        return False
    fields = statement.fields
    stop = ledger.state_stops(fields["state"], when).get(fields["serial"])
    return stop is not None and stop.body == statement.body and stop.confirmed is None


def _renews(ledger: Ledger, statement: Statement, when: When) -> bool:
    """
    Say whether a device in force is named once more, for longer and else unchanged.

    Only while it still counts, and never across a stop: so no judgement of the past changes by it.
    """
    if statement.type != "device":
        return False
    fields, known = statement.fields, ledger.device_ids.get(statement.fields["device"])
    if known is None or not when.now < known.until < moment(statement, "until"):
        return False
    stops = ledger.states[fields["state"]].ended.get(statement.person, [])
    return (
        all(fields[name] == known.statement.fields[name] for name in RENEWED_AS_IT_IS)
        and not ledger.is_replaced(known, when.size)
        and all(stop.index < known.index for stop in stops)
    )


def _is_removed(ledger: Ledger, statement: Statement, when: When) -> bool:
    stops = ledger.stops_of(statement.fields["state"], statement.person, when.size)
    return any(stop.kind == "removed" for stop in stops)


def _is_key_taken(ledger: Ledger, key: str, owner: str) -> bool:
    return ledger.keys.get(key, owner) != owner


def _is_designated(record: PersonRecord | None, when: When) -> bool:
    return record is not None and any(term.until > when.now for term in record.terms)


def _is_officer(record: PersonRecord | None, when: When) -> bool:
    return record is not None and any(m.officer.until > when.now for m in record.mandates)


def _root(ledger: Ledger, statement: Statement, when: When) -> str | None:
    del when
    fields, state = statement.fields, statement.fields["state"]
    roots: list[Root] = ledger.states[state].roots
    key, previous = fields["key"], fields["previous"]
    current = roots[-1].key if roots else None
    if previous != current or key not in statement.signers:
        return "root-unsigned"
    if previous is not None and previous not in statement.signers:
        return "root-unsigned"
    if key != current and (_is_key_taken(ledger, key, state) or key in {r.key for r in roots}):
        return "key-known"
    return None


def _officer(ledger: Ledger, statement: Statement, when: When) -> str | None:
    roots = ledger.states[statement.fields["state"]].roots
    record = ledger.people.get(statement.person)
    if not roots or roots[-1].key not in statement.signers:
        return "officer-unsigned"
    if _is_designated(record, when):
        return "roles-incompatible"
    if _is_key_taken(ledger, statement.fields["key"], statement.person):
        return "key-known"
    if record and record.mandates and moment(statement, "issued") < record.mandates[-1].issued:
        return "superseded"
    return None


def _designation(ledger: Ledger, statement: Statement, when: When) -> str | None:
    fields, roles = statement.fields, set(statement.fields["roles"])
    hands = Hands(ledger, statement, when)
    nominated = LIAISON in roles and COORDINATOR not in roles
    second = bool(hands.coordinators) if nominated else hands.root
    # What goes on as it was takes one officer beside the coordinator: two approved just this.
    counting = ledger.terms(statement.person, when.size)
    fewer = hands.weaker or (nominated and _goes_on(counting, statement, when))
    enough = len(hands.officers) >= TWO or (fewer and second and bool(hands.officers))
    # In a hurry nobody waits for agencies, so a coordinator proposes, whomever it is for.
    if not enough or ((nominated or fields["urgent"]) and not hands.coordinators):
        return "designation-unsigned"
    return _designated(ledger, statement, when)


def _designated(ledger: Ledger, statement: Statement, when: When) -> str | None:
    """Return what is against a designation by what it says, whoever signed."""
    fields, roles = statement.fields, set(statement.fields["roles"])
    record = ledger.people.get(statement.person)
    if _is_officer(record, when) or (AUDITOR in roles and len(roles) > 1):
        return "roles-incompatible"
    if not _is_consulted(statement) and not fields["urgent"]:
        return "not-consulted"
    if record and record.terms and moment(statement, "issued") < record.terms[-1].issued:
        return "superseded"
    return None


def _is_consulted(statement: Statement) -> bool:
    """
    Say whether an agency other than the public ministry, which proposes, has answered by then.

    An objection is an answer, too, for the ministry to weigh. Days are those of the State's own
    clock, which may be ahead of UTC.
    """
    latest = moment(statement, "issued") + DAY
    return any(
        one["outcome"] != "no-answer"
        and one["agency_kind"] != PUBLIC_MINISTRY
        and instant(f"{one['date']}T00:00:00Z") <= latest
        for one in statement.fields["consultation"]
    )


def _goes_on(counting: list[Term], statement: Statement, when: When) -> bool:
    """
    Say whether a designation only prolongs the newest that counts: nothing new, no gap between.

    The key cannot be in it: another one takes the two hands of its own binding. An urgent term was
    approved in a hurry, so nothing goes on from it.
    """
    fields = statement.fields
    if not counting or fields["urgent"]:
        return False
    term = counting[-1]
    before = term.statement.fields
    if before["urgent"] or term.until <= when.now or moment(statement, "from") > term.until:
        return False
    same = all(fields[name] == before[name] for name in UNCHANGED)
    same = same and all(fields.get(name) == before.get(name) for name in UNCHANGED_LATER)
    same = same and functions_of(fields) == functions_of(before)
    return same and all(sorted(fields[name]) == sorted(before[name]) for name in UNCHANGED_SETS)


def _binding(ledger: Ledger, statement: Statement, when: When) -> str | None:
    fields, record = statement.fields, ledger.people.get(statement.person)
    terms = record.terms if record is not None else []
    if not terms or terms[-1].statement.fields["serial"] != fields["designation"]:
        return "no-designation"
    if terms[-1].until <= when.now:
        return "designation-expired"
    hands = Hands(ledger, statement, when)
    before = ledger.binding(statement.person, when.size)
    vouchers = hands.officers if COORDINATOR in terms[-1].roles else hands.coordinators
    replaces = before is not None and before.key != fields["key"]
    # Lost keys take a second hand: otherwise a coordinator alone could become anybody.
    if not vouchers or (replaces and not (hands.officers and len(hands.people) > 1)):
        return "binding-unsigned"
    if _is_key_taken(ledger, fields["key"], statement.person):
        return "key-known"
    if before is not None and moment(statement, "issued") < before.issued:
        return "superseded"
    # Whoever has found a key that was replaced, or stolen it, may have it still.
    had = replaces and fields["key"] in ledger.bound_keys(statement.person, when.size)
    return "key-known" if had else None


def _device(ledger: Ledger, statement: Statement, when: When) -> str | None:
    person = statement.person
    term, late = ledger.term(person, when)
    if term is None or late is not None:
        return late or "no-designation"
    binding = ledger.binding(person, when.size)
    if binding is None:
        return "no-binding"
    if binding.key not in statement.signers:
        return "device-unsigned"
    if term.roles.isdisjoint(READ_CASES):
        return "reads-nothing"
    return _why_not_named(ledger, statement, when)


def _why_not_named(ledger: Ledger, statement: Statement, when: When) -> str | None:
    """Return why its person may not name this device now, whose signature is good."""
    fields, person = statement.fields, statement.person
    state = ledger.states[fields["state"]]
    issued = moment(statement, "issued")
    if ledger.stops_of(fields["state"], person, when.size) or ledger.stopped_since(
        fields["state"], person, issued, when.size
    ):
        return "person-revoked"
    if (person, fields["device"]) in state.ended_devices:
        return "device-revoked"
    taken = (
        fields["device"] in ledger.device_ids
        or fields["signature_key"] in ledger.keys
        or _is_key_taken(ledger, fields["history_key"], person)
    )
    return "device-known" if taken and not _renews(ledger, statement, when) else None


def _revocation(ledger: Ledger, statement: Statement, when: When) -> str | None:
    record = ledger.people.get(statement.person)
    own: set[str] = set()
    if record is not None:
        binding = ledger.binding(statement.person, when.size)
        own = {m.officer.key for m in record.mandates[-1:]} | ({binding.key} if binding else set())
    if not Hands(ledger, statement, when).people and not own & statement.signers:
        return "revocation-unsigned"
    return None


def _reinstatement(ledger: Ledger, statement: Statement, when: When) -> str | None:
    fields, counting = statement.fields, ledger.terms(statement.person, when.size)
    hands = Hands(ledger, statement, when)
    coordinates = any(COORDINATOR in term.roles for term in counting[-1:])
    second = len(hands.people) > 1 if coordinates else bool(hands.coordinators)
    if not hands.officers or not second:
        return "reinstatement-unsigned"
    stops = ledger.stops_of(fields["state"], statement.person, when.size)
    lifted = [s for s in stops if s.digest == fields["revokes"] and s.kind == "suspended"]
    return None if lifted else "nothing-revoked"


def _stop(ledger: Ledger, statement: Statement, when: When) -> str | None:
    people = Hands(ledger, statement, when).people
    if not people or (_confirms(ledger, statement, when) and len(people) < TWO):
        return "stop-unsigned"
    return None


def _lift(ledger: Ledger, statement: Statement, when: When) -> str | None:
    hands = Hands(ledger, statement, when)
    if not hands.officers or len(hands.people) < TWO:
        return "lift-unsigned"
    stops = ledger.states[statement.fields["state"]].stops
    named = stops.get(statement.fields["stops"])
    if named is None or not named.lasts(when.size):
        return "nothing-stopped"
    # Of a hand that was put under one of these meanwhile whoever signed this knew nothing.
    lifted = (s for s in stops.values() if s.lasts(when.size) and s.index <= named.index)
    issued = moment(statement, "issued")
    return "superseded" if any(is_after(stop.said, issued) for stop in lifted) else None


RULES: dict[str, Callable[[Ledger, Statement, When], str | None]] = {
    "state-root": _root,
    "officer": _officer,
    "designation": _designation,
    "binding": _binding,
    "device": _device,
    "revocation": _revocation,
    "reinstatement": _reinstatement,
    "state-stop": _stop,
    "state-lift": _lift,
}
