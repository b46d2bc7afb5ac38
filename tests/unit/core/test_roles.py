"""The table of acts: how it is read, and that it denies whatever it does not name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError

import casehub.core
from casehub.core import roles
from casehub.core.actor import Actor
from casehub.core.errors import NotAllowed

TEXT = (Path(casehub.core.__file__).parent / "roles.yaml").read_text(encoding="utf-8")
ACTS = sorted(roles.table())


def actor(*names: str) -> Actor:
    return Actor(id="a", account="a", state="SV", roles=frozenset(names), office="o", session="s")


def may(act: str, *names: str) -> bool:
    try:
        roles.require(act, actor(*names))
    except NotAllowed:
        return False
    return True


class TestParse:
    #  a row, and that it is refused
    BAD = [
        "a.b: {door: GET /x, who: [king], kind: read}",
        "a.b: {door: GET /x, needs: a wish, kind: read}",
        "a.b: {door: GET /x, kind: whim}",
        "a.b: {door: GET /x, kind: read, relation: cousin}",
        "a.b: {door: GET /x, kind: read, who: [liaison], exception: [coordinator]}",
        "a.b: {door: POST /x, kind: act}",
        "a.b: {door: GET /x, kind: read, event: a.b.c}",
        "a.b: {door: GET /x, kind: signal, event: a.b.c}",
        "a.b: {door: GET /x, kind: read, automatic: true}",
    ]

    @pytest.mark.parametrize("text", BAD)
    def test_refuses_a_row_that_makes_no_sense(self, text):
        with pytest.raises(ValueError, match=r"a\.b"):
            roles.parse(text)

    def test_refuses_an_act_that_has_two_rows(self):
        row = "a.b: {door: GET /x, kind: read}\n"
        with pytest.raises(YAMLError, match="duplicate"):
            roles.parse(row + row)

    def test_refuses_a_row_without_a_door(self):
        with pytest.raises(KeyError):
            roles.parse("a.b: {kind: read}")

    #  a kind, whether a program does it by itself, and whether it shows that somebody is there
    HUMAN = [("act", False, True), ("act", True, False), ("read", False, False)]

    @pytest.mark.parametrize(("kind", "automatic", "human"), HUMAN)
    def test_says_which_acts_show_that_somebody_is_there(self, kind, automatic, human):
        event = "event: a.b.c" if kind == "act" else "needs: full"
        by_itself = ", automatic: true" if automatic else ""
        text = f"a.b: {{door: GET /x, kind: {kind}, {event}{by_itself}}}"
        assert roles.parse(text)["a.b"].human is human

    def test_takes_a_row_without_roles_for_nobody(self):
        assert roles.parse("a.b: {door: GET /x, kind: read}")["a.b"].who == ()

    def test_lets_no_act_that_needs_a_full_session_be_without_roles(self):
        for act, row in roles.table().items():
            assert bool(row.who) == (row.needs == "full"), act


class TestDefaultDeny:
    def test_an_act_without_a_row_cannot_be_done(self):
        with pytest.raises(ImproperlyConfigured, match="has no row"):
            roles.require("cases.case.burn", actor(*roles.ROLES))

    @given(st.sampled_from(ACTS), st.sets(st.sampled_from(roles.ROLES)), st.data())
    def test_a_role_less_never_allows_more(self, act, names, data):
        if not names:
            return
        fewer = names - {data.draw(st.sampled_from(sorted(names)))}
        assert may(act, *fewer) <= may(act, *names)

    @given(st.sampled_from(ACTS), st.sampled_from(roles.ROLES), st.data())
    def test_a_mention_less_never_allows_more(self, act, name, data):
        table = roles.table()
        row = table[act]
        if not row.who:
            return
        without = replace(row, who=tuple(set(row.who) - {data.draw(st.sampled_from(row.who))}))
        before = may(act, name)
        table[act] = without
        try:
            assert may(act, name) <= before
        finally:
            table[act] = row

    @given(st.sampled_from(ACTS))
    def test_nobody_without_roles_does_what_is_not_everybodys(self, act):
        assert may(act) == ("*" in roles.table()[act].who)


class TestHowLongASessionLasts:
    def test_is_said_for_every_role(self):
        assert set(roles.sessions()) == set(roles.ROLES)

    @pytest.mark.parametrize(
        ("held", "idle", "whole"),
        [
            (("liaison",), 15, 12),
            (("ministry",), 10, 4),
            (("liaison", "coordinator"), 15, 8),
            ((), 15, 12),
        ],
    )
    def test_is_the_shortest_of_the_roles_that_one_has(self, held, idle, whole):
        found = roles.lasting(held)
        assert (found.idle.total_seconds() / 60, found.whole.total_seconds() / 3600) == (
            idle,
            whole,
        )

    def test_is_refused_for_a_table_that_leaves_a_role_out(self):
        with pytest.raises(ValueError, match="sessions"):
            roles.parse_sessions("sessions: {liaison: {idle: 15, whole: 12}}")
