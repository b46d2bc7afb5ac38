"""Each liaison's chain told link by link, over the same logs as both languages replay."""

from __future__ import annotations

import pytest

from casehub.core.frames import from_b64u
from casehub.directory.chain import judging
from casehub.directory.chain.proving import LINKS, prove
from casehub.directory.statements import instant
from tests.unit.directory.test_chain_vectors import VECTORS, entries_of, replayed

CASES = {case["name"]: case for case in VECTORS["cases"]}
#  What somebody bent -> whom it is about, and the links that are then missing of hers.
BENT = {
    "the root is not the pinned one": ("ana", "root officers nomination approvals binding"),
    "one bit of each signature of the officer olga is changed": (
        "ana",
        "nomination approvals binding",
    ),
    "officers of another State": ("ana", "officers approvals binding"),
    "an officer whose term has not begun": ("ana", "nomination approvals binding"),
    "consulted with nobody who answered": ("ana", "consultation binding"),
    "consulted with the public ministry alone": ("ana", "consultation binding"),
    "an answer of two days after it was signed": ("ana", "consultation binding"),
    "urgent and for longer": ("ana", "consultation binding"),
    "two officers without a nomination": ("ana", "nomination binding"),
    "nominated by oneself": ("ana", "nomination binding"),
    "nominated by another State's coordinator": ("ana", "nomination binding"),
    "one officer": ("ana", "approvals binding"),
    "an officer and the root": ("ana", "approvals binding"),
    "one officer with two keys": ("eva", "approvals binding"),
    "two officers approve, one of whom was stopped after signing and is in again": (
        "eva",
        "approvals binding",
    ),
    "one bit of each signature of the designation ana is changed": (
        "ana",
        "officers nomination approvals binding",
    ),
    "no binding": ("ana", "binding"),
    "a binding by nobody": ("ana", "binding"),
    "a binding by oneself": ("ana", "binding"),
    "a liaison's binding by an officer": ("ana", "binding"),
    "a binding by the coordinator of another State": ("ana", "binding"),
    "a binding that names another designation": ("ana", "binding"),
    "one bit of each signature of the binding ana is changed": ("ana", "binding"),
}
#  Those of them that a replay with its rules switched off would let through.
LAX = {
    "officers of another State": "officers approvals",
    "consulted with nobody who answered": "consultation",
    "consulted with the public ministry alone": "consultation",
    "an answer of two days after it was signed": "consultation",
    "two officers without a nomination": "nomination",
    "nominated by oneself": "nomination",
    "nominated by another State's coordinator": "nomination",
    "one officer": "approvals",
    "an officer and the root": "approvals",
    "a binding by nobody": "binding",
    "a binding by oneself": "binding",
    "a liaison's binding by an officer": "binding",
    "a binding by the coordinator of another State": "binding",
    "one bit of each signature of the binding ana is changed": "binding",
}


def proofs_of(case):
    roots = {state: from_b64u(key, most=32) for state, key in case["roots"].items()}
    return prove(entries_of(case), roots=roots, now=instant(case["now"]))


def proof_of(case, name):
    (found,) = [one for one in proofs_of(case) if one.name == name]
    return found


class TestAProof:
    def test_names_every_link_of_a_whole_chain_with_its_entries_and_hands(self):
        case = CASES["a liaison's device, bound by the coordinator"]
        proof = proof_of(case, "ana")
        assert (proof.active, proof.missing) == (True, ())
        assert tuple(link.name for link in proof.links) == LINKS
        said = {link.name: link for link in proof.links}
        assert [len(said[name].people) for name in ("nomination", "approvals", "binding")] == [
            1, 2, 1,
        ]  # fmt: skip
        assert said["consultation"].said == "police 2026-11-01 no-objection"
        assert said["approvals"].said.startswith("sha256 ")
        assert all(len(said[name].entries) == 1 for name in ("root", "binding", "devices"))
        kinds = {at: e.statement.type for at, e in enumerate(entries_of(case)) if e.statement}
        assert {kinds[at] for at in said["officers"].entries} == {"officer"}
        assert {kinds[at] for at in said["devices"].entries} == {"device"}

    @pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
    def test_of_everybody_who_is_active_misses_nothing(self, case):
        """Two implementations of one rule: what one lets through, the other finds whole."""
        chain, now = replayed(case), instant(case["now"])
        for proof in proofs_of(case):
            if proof.active:
                assert proof.missing == ()
                assert "liaison" in chain.person(proof.person, now=now).roles

    def test_of_a_log_without_liaisons_is_none(self):
        assert prove([], roots={}, now=instant("2026-11-24T12:00:00Z")) == []


class TestABentChain:
    @pytest.mark.parametrize("name", BENT)
    def test_is_refused_and_says_what_is_missing(self, name):
        person, missing = BENT[name]
        proof = proof_of(CASES[name], person)
        assert (proof.active, " ".join(proof.missing)) == (False, missing)

    @pytest.mark.parametrize("name", LAX)
    def test_is_found_although_the_replay_would_let_it_through(self, name, monkeypatch):
        """Each link is looked for among the statements, without the replay's verdict on it."""
        for kind in ("designation", "binding"):
            monkeypatch.setitem(judging.RULES, kind, lambda *_: None)
        proof = proof_of(CASES[name], "ana")
        assert (proof.active, set(LAX[name].split()) <= set(proof.missing)) == (True, True)
