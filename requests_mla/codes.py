"""
What is said in a move, in codes alone: which field each act needs, and what it may hold (pure).

Words travel encrypted or on paper, never here. Grounds are those of UNTOC article 18 and of the
Inter-American Convention of Nassau; `docs/requests.md` has them in words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from .states import Act, Side

GROUNDS: Final = tuple(f"R{number:02}" for number in range(1, 15))
DEFECTS: Final = tuple(f"D{number:02}" for number in range(1, 9))
POSTPONED: Final = ("P01",)
NO_LONGER: Final = ("no-longer-needed", "solved-informally", "obtained-otherwise", "new-request")
NOTHING_RECEIVED: Final = "nothing-received"
OUTCOMES: Final = ("useful", "partly-useful", "not-useful", NOTHING_RECEIVED)
LANGUAGES: Final = ("en", "es", "fr")
#  what came of considering on which terms and conditions help could be given, before a refusal;
#  whose conditions are accepted is helped, and so they can be for the rest alone
NOT_ON_TERMS: Final = ("none-possible", "not-accepted", "no-answer")
REST_ACCEPTED: Final = "rest-accepted"
TERMS: Final = (*NOT_ON_TERMS, REST_ACCEPTED)
#  what became of assets, as its closing says, each in one of four bands of US dollars: the next one
#  begins at ten thousand, a hundred thousand and a million; and of which measures that is asked
ASSETS: Final = ("traced", "frozen", "confiscated", "returned")
BANDS: Final = ("1", "2", "3", "4")
VALUES: Final = tuple(f"{kind}-{band}" for kind in ASSETS for band in BANDS)
ABOUT_ASSETS: Final = frozenset({"confiscate", "freeze_assets", "trace_assets"})
#  by which power somebody authorises: that of their office, given to them, or of whom they act for
POWERS: Final = ("statute", "delegation", "acting")
#  why nobody waits for a request any more, though it was neither answered nor withdrawn
BY_DEADLINE: Final = "deadline"
BY_LIMITATION: Final = "limitation"
PROCEEDING_ENDED: Final = "proceeding-ended"
LAPSED: Final = (BY_DEADLINE, BY_LIMITATION, PROCEEDING_ENDED)
#  of these the day itself is still in time: a step of the day after is the first that says so
IN_TIME_ON: Final = (BY_DEADLINE, BY_LIMITATION)
#  what the requested State attaches to its help: UNTOC 18(19), 18(20), 18(18); what has no code is
#  said in writing
CONDITIONS: Final = (
    "this-case-only",
    "confidential",
    "return-originals",
    "ask-before-other-use",
    "other-in-writing",
)
CHANNELS: Final = ("paper", "diplomatic", "electronic", "interpol", "oral", "network")
#  what both States agree to when it is urgent, and confirm in writing forthwith: UNTOC 18(13), (14)
BY_AGREEMENT: Final = frozenset({"interpol", "oral"})
#  the points of contact at all hours, for preservation, which waits for no request: Budapest 35
AT_ALL_HOURS: Final = "network"
#  what counts as a request in writing, and so as its confirmation: UNTOC 18(14)
IN_WRITING: Final = tuple(one for one in CHANNELS if one not in {*BY_AGREEMENT, AT_ALL_HOURS})
PRESERVES: Final = frozenset({"preserve_data"})
URGENT: Final = frozenset({"urgent", "danger_to_life"})
#  by what a measure is closed: it is answered, or refused while the others go on
CLOSES_MEASURES: Final = frozenset({Act.ANSWER_PART, Act.EXECUTE, Act.REFUSE_PART})
#  by what a measure was answered, and so what may say that force was used or hand something over
ANSWERS_MEASURES: Final = frozenset({Act.ANSWER_PART, Act.EXECUTE})
#  why a second person does not confirm a step; whoever proposed it takes it back by the last
Declined = Literal["not-done", "not-these-measures", "not-this-evidence", "not-these-conditions"]
TAKEN_BACK_FIRST: Final = "taken-back"
DECLINED: Final[tuple[str, ...]] = (*get_args(Declined), TAKEN_BACK_FIRST)
#  what a focal point is asked, informally; their answers are said in the circle alone
Question = Literal[
    "offence",
    "available",
    "nexus",
    "authority",
    "parallel",
    "assurance",
    "formalities",
    "without-request",
]
QUESTIONS: Final[tuple[str, ...]] = get_args(Question)
#  what came of a consultation: by its answer, by silence, by whoever asked
Answer = Literal["favourable", "with_changes", "unlikely"]
ANSWERS: Final[tuple[str, ...]] = get_args(Answer)
NOT_ANSWERED, TAKEN_BACK = "not_answered", "withdrawn"
#  for whom a letter about a request is: the people of both its States, or the requesting one's own
Audience = Literal["both", "home"]
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
BOTH: Final = "both"
HOME: Final = "home"


@dataclass(frozen=True, slots=True)
class Said:
    """
    What one move says besides its act, in codes, days (`YYYY-MM-DD`) and SHA-256 (hex).

    `measures` are places in the request's list of measures, `rules` ids of rules, `due` the day by
    which an answer or a review is due, `proof` of the document by which one State records the act
    of another, `keep_until` the day until which the file is kept, `terms` what came of discussing
    conditions before a refusal, `lapsed` why it expired, and `rests_on` the day that says so;
    `power` by which it was authorised; `assets` what became of them and in which band of value.
    """

    channel: str = ""
    language: str = ""
    agreed: bool = False
    codes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    measures: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    consulted: bool = False
    due: str = ""
    proof: str = ""
    keep_until: str = ""
    terms: str = ""
    lapsed: str = ""
    rests_on: str = ""
    power: str = ""
    assets: tuple[str, ...] = ()

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Said:
        """Return what was said, from how signed bytes or the wire hold it."""
        fields: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in told.items()
        }
        return cls(**fields)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept and sent: every field, lists as lists."""
        return {
            "channel": self.channel,
            "language": self.language,
            "agreed": self.agreed,
            "codes": list(self.codes),
            "rules": list(self.rules),
            "measures": list(self.measures),
            "evidence": list(self.evidence),
            "conditions": list(self.conditions),
            "consulted": self.consulted,
            "due": self.due,
            "proof": self.proof,
            "keep_until": self.keep_until,
            "terms": self.terms,
            "lapsed": self.lapsed,
            "rests_on": self.rests_on,
            "power": self.power,
            "assets": list(self.assets),
        }

    def given(self) -> set[str]:
        """Return the fields that say something."""
        return {name for name, value in self.as_json().items() if value}


@dataclass(frozen=True, slots=True)
class Asks:
    """
    Which fields an act needs, which it may have besides, and which codes it takes.

    `chosen` are fields that take one of some codes, and those; `besides` the field that one of
    these codes needs, and no other has.
    """

    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    besides: Mapping[str, str] = field(default_factory=dict)

    def needed_by(self, said: Said) -> set[str]:
        """Return the fields that are needed where it says this."""
        chosen = {getattr(said, name) for name in self.chosen}
        return {*self.needs, *(name for code, name in self.besides.items() if code in chosen)}


def _asks(
    *needs: str,
    may: Collection[str] = (),
    codes: tuple[str, ...] = (),
    besides: Mapping[str, str] | None = None,
    **chosen: tuple[str, ...],
) -> Asks:
    return Asks(frozenset({*needs, *chosen}), frozenset(may), codes, chosen, besides or {})


ASKS: Mapping[Act, Asks] = {
    Act.ASK_CHANGES: _asks("rules"),
    Act.AUTHORISE: _asks(power=POWERS),
    Act.TRANSMIT: _asks("channel", "language", may={"agreed"}),
    Act.CONFIRM: _asks("channel"),
    Act.ACKNOWLEDGE: _asks(may={"proof"}),
    Act.ASK_INFORMATION: _asks("due", may={"rules", "proof"}),
    Act.GIVE_INFORMATION: _asks(may={"evidence"}),
    Act.BEGIN: _asks(may={"due", "proof"}),
    Act.ANSWER_PART: _asks("measures", may={"evidence", "conditions", "proof"}),
    Act.EXECUTE: _asks("measures", may={"evidence", "conditions", "proof"}),
    Act.POSTPONE: _asks("codes", "consulted", "due", may={"proof", "conditions"}, codes=POSTPONED),
    Act.RESUME: _asks(may={"proof"}),
    Act.RETURN: _asks("codes", "rules", may={"proof"}, codes=DEFECTS),
    Act.REFUSE_PART: _asks(
        *("codes", "consulted", "measures"),
        may={"proof"},
        codes=GROUNDS,
        terms=TERMS,
        besides={REST_ACCEPTED: "conditions"},
    ),
    Act.REFUSE: _asks("codes", "consulted", may={"proof"}, codes=GROUNDS, terms=NOT_ON_TERMS),
    Act.WITHDRAW: _asks("codes", codes=NO_LONGER),
    Act.EXPIRE: _asks("rests_on", lapsed=LAPSED),
    Act.CLOSE: _asks("codes", "keep_until", may={"assets"}, codes=OUTCOMES),
}
#  of these one code is all that is said; of the others as many as there are grounds
ONE_CODE: Final = frozenset({Act.POSTPONE, Act.WITHDRAW, Act.CLOSE})


def flaws_of(act: Act, said: Said, *, rules: Collection[str], measures: int) -> list[str]:
    """
    Return the fields of a move that are missing, not for this act, or hold what is not known.

    `rules` are the ids of the rulebook, `measures` how many the request asks for.
    """
    asks, given = ASKS[act], said.given()
    needs = asks.needed_by(said)
    wrong = (needs - given) | (given - needs - asks.may)
    most = 1 if act in ONE_CODE else len(asks.codes)
    sound = {
        "channel": not said.channel or said.channel in CHANNELS,
        "language": not said.language or said.language in LANGUAGES,
        "codes": _once(said.codes, asks.codes) and len(said.codes) <= most,
        "rules": _once(said.rules, rules),
        "measures": _once(said.measures, range(measures)),
        "conditions": _once(said.conditions, CONDITIONS),
        "evidence": len(set(said.evidence)) == len(said.evidence),
        "assets": set(said.assets) <= set(VALUES) and _once(_kinds(said.assets), ASSETS),
    }
    for name, known in asks.chosen.items():
        sound[name] = getattr(said, name) in {"", *known}
    if act is Act.CONFIRM and said.channel not in IN_WRITING:
        sound["channel"] = False
    return sorted(wrong | {name for name, good in sound.items() if not good})


def _kinds(assets: Sequence[str]) -> list[str]:
    return [one.partition("-")[0] for one in assets]


def is_about_assets(types: Collection[str | None]) -> bool:
    """Say whether a request for measures of these types can have traced or taken anything."""
    return not ABOUT_ASSETS.isdisjoint(types)


def why_not_valued(said: Said, *, types: Collection[str | None], sent: bool) -> str | None:
    """
    Return why a closing does not say what became of assets, or None.

    It does of a request for measures of these `types` that can have traced or taken any, that was
    sent once at least, and of which it says that something came.
    """
    known = sent and is_about_assets(types) and NOTHING_RECEIVED not in said.codes
    return "move-without-assets" if said.assets and not known else None


def _once(said: Sequence[Any], known: Collection[Any]) -> bool:
    return len(set(said)) == len(said) and set(said) <= set(known)


def takes_two(
    act: Act,
    said: Said,
    *,
    side: Side,
    state: Side,
    types: Sequence[str | None],
    mild: Collection[str],
) -> bool:
    """
    Say whether a step takes a second hand: coercive measures executed, evidence handed over.

    It is done for `side` by somebody of the State on side `state`: what one State records of
    another has its proof instead, and there nobody who could be the second. `types` are those of
    the request's measures, `mild` the ones that never are coercive: of whatever else is not known
    to be one of them, whether force was used is not for one officer alone to say.
    """
    if act not in ANSWERS_MEASURES or side is not Side.REQUESTED or state is not Side.REQUESTED:
        return False
    return bool(said.evidence) or any(types[one] not in mild for one in said.measures)
