"""What auditors leave in the log: each of their looks is an act that the audited State sees."""

from __future__ import annotations

from dataclasses import dataclass

from audit.events import Event


@dataclass(frozen=True, slots=True)
class LogQueried(Event):
    """
    An auditor searched their State's acts; `count` entries matched, at most 10 000 are counted.

    `person` is the pseudonym that was asked for; empty fields were left open.
    """

    kind = "oversight.log.queried"
    goes_on = True
    subject_field = "query"
    query: str
    acts: tuple[str, ...]
    person: str
    office: str
    case: str
    since: str
    until: str
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class EntryOpened(Event):
    """An auditor opened one entry: what its act said, and the chain behind whoever did it."""

    kind = "oversight.entry.opened"
    goes_on = True
    subject_field = "entry"
    entry: str


@dataclass(frozen=True, slots=True)
class LogExported(Event):
    """An auditor took the entries of a query away, as of the log's checkpoint of `size`."""

    kind = "oversight.log.exported"
    goes_on = True
    subject_field = "query"
    query: str
    export: str
    format: str
    log: str
    size: int
    count: int


@dataclass(frozen=True, slots=True)
class StatisticsRead(Event):
    """A regional auditor read one month's counts of all States; small ones are not told."""

    kind = "oversight.statistics.read"
    goes_on = True
    subject_field = ""
    month: str


@dataclass(frozen=True, slots=True)
class ViewSaved(Event):
    """An auditor kept a query under a name of their own; the name is sealed and not here."""

    kind = "oversight.view.saved"
    subject_field = "view"
    view: str


@dataclass(frozen=True, slots=True)
class ViewRemoved(Event):
    """An auditor gave up a query that they had kept."""

    kind = "oversight.view.removed"
    subject_field = "view"
    view: str


@dataclass(frozen=True, slots=True)
class UnmaskingAsked(Event):
    """An auditor asked to know who a pseudonym is: on which ground, under which reference."""

    kind = "oversight.unmasking.asked"
    subject_field = "unmasking"
    unmasking: str
    person: str
    ground: str
    reference: str


@dataclass(frozen=True, slots=True)
class UnmaskingAgreed(Event):
    """A second auditor of the State agreed: both see the name until it runs out."""

    kind = "oversight.unmasking.agreed"
    subject_field = "unmasking"
    unmasking: str
    person: str
    digest: str


@dataclass(frozen=True, slots=True)
class UnmaskingRefused(Event):
    """A second auditor of the State refused: the pseudonym stays."""

    kind = "oversight.unmasking.refused"
    subject_field = "unmasking"
    unmasking: str
    person: str


@dataclass(frozen=True, slots=True)
class UnmaskingTold(Event):
    """The person whose name was given read that it was, when, by which body and on what ground."""

    kind = "oversight.unmasking.told"
    subject_field = "unmasking"
    unmasking: str


@dataclass(frozen=True, slots=True)
class DeferralAsked(Event):
    """An auditor asked to tell that person only on a later day, as a court ordered."""

    kind = "oversight.deferral.asked"
    subject_field = "unmasking"
    unmasking: str
    deferral: str
    ground: str
    reference: str
    until: str


@dataclass(frozen=True, slots=True)
class DeferralAgreed(Event):
    """A second auditor of the State agreed: the person is told on that day."""

    kind = "oversight.deferral.agreed"
    subject_field = "unmasking"
    unmasking: str
    deferral: str
    digest: str


@dataclass(frozen=True, slots=True)
class DeferralRefused(Event):
    """A second auditor of the State refused: the person is told when they would have been."""

    kind = "oversight.deferral.refused"
    subject_field = "unmasking"
    unmasking: str
    deferral: str


@dataclass(frozen=True, slots=True)
class PairConsentGiven(Event):
    """A State lets regional auditors see, masked, what concerns it and `other`."""

    kind = "oversight.pair-consent.given"
    subject_field = "other"
    state: str
    other: str


@dataclass(frozen=True, slots=True)
class PairConsentWithdrawn(Event):
    """A State withdrew that: from this moment nobody of the region sees it any more."""

    kind = "oversight.pair-consent.withdrawn"
    goes_on = True
    subject_field = "other"
    state: str
    other: str


@dataclass(frozen=True, slots=True)
class PairViewAsked(Event):
    """A regional auditor asked to see a quarter's acts that concern two States: on what ground."""

    kind = "oversight.pair-view.asked"
    subject_field = "pair_view"
    pair_view: str
    quarter: str
    ground: str
    reference: str


@dataclass(frozen=True, slots=True)
class PairViewAgreed(Event):
    """A second regional auditor agreed: both see them, masked, until it runs out."""

    kind = "oversight.pair-view.agreed"
    subject_field = "pair_view"
    pair_view: str
    digest: str


@dataclass(frozen=True, slots=True)
class PairViewRefused(Event):
    """A second regional auditor refused."""

    kind = "oversight.pair-view.refused"
    subject_field = "pair_view"
    pair_view: str


@dataclass(frozen=True, slots=True)
class PairRead(Event):
    """A regional auditor read one page of them: how many acts, behind the first `skipped`."""

    kind = "oversight.pair.read"
    goes_on = True
    subject_field = "pair_view"
    pair_view: str
    skipped: int
    count: int
