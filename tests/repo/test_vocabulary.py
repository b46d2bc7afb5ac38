"""Errors, events and services: every one complete, of one shape."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from django.conf import settings

from audit.events import Event, type_registry
from casehub.core.errors import LANGUAGES, DomainError, catalogue
from requests_mla.states import Stage
from tests.repo.conftest import ROOT

APPS = [
    "casehub.accounts",
    "casehub.cases",
    "casehub.deadlines",
    "casehub.demo",
    "casehub.designations",
    "casehub.digests",
    "casehub.directory",
    "casehub.indicators",
    "casehub.custody",
    "casehub.notes",
    "casehub.oversight",
    "casehub.papers",
    "messaging",
    "requests_mla",
]
PACKAGES = ["audit", "casehub", "messaging", "requests_mla"]
STAGES_THERE = ROOT / "frontend" / "src" / "effects" / "requests" / "stages.ts"
KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")
KIND = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
# Steps that are no acts: what is written there says nothing about what anybody did.
NO_ACT = {
    "accept_password": "a step before the sign-in, which is the act",
    "bind_device": "part of the directory's act, in whose transaction it runs",
    "issue_ticket": "a step before a socket opens",
    "keep_ceremony": "a step before a passkey signs",
    "open_session": "nobody is known yet",
    "redeem_ticket": "a step before a socket opens",
    "take_ceremony": "a step before a passkey is checked",
    "take_turn": "which process goes round; what it finds to do is the act",
    "touch": "a signal: somebody is still there",
}
# What several services share: no act by itself, and it opens no transaction.
PARTS = {
    "waiting_for_code": "reads and holds a row",
    "cut_off": "writes in the transaction of the stop whose event it is given",
    "about_key": "reckons",
    "begin": "holds the request in which a step is signed, and knows one that was done",
    "begin_reinstating": "part of the act of a reinstatement's first hand",
    "code_for": "part of an invitation, under its event",
    "complete": "part of the act that stops once more, with its event",
    "void_lift": "changes the row that the calling act saves under its event",
    "begin_enrolling": "writes in the transaction of the act that recorded the event",
    "concerned": "which States an account's events name",
    "cut": "does messaging's part of the act whose event it is given",
    "due": "reckons",
    "event_of": "reckons the event that the calling act records",
    "invited": "a row of an invitation, which the calling act saves under its event",
    "keep_move": "writes a step that is done in the transaction of the act that did it",
    "row_of": "reckons",
    "dismiss": "writes in the transaction of the act whose event it is given",
    "end_sessions": "ends sessions in the transaction of the act that follows",
    "end_access": "ends sessions in the transaction of the act that follows",
    "end_stops": "part of the act that lets somebody in again",
    "end_try": "a part of the act that ends a ceremony, or begins it again",
    "end_with": "a part of the move with which a consultation ends",
    "explain": "a part of the stop, or of the word after it, that says why",
    "endings": "the events of sessions that end; the caller records them",
    "erase": "writes in the transaction of the deletion whose circles it is given",
    "enter_stage": "writes in the transaction of the act whose event it is given",
    "forget_nomination": "changes a row that the act saves",
    "forget_unlock_shares": "part of the act that removes somebody",
    "note_reason": "a part of the act that says why somebody was stopped",
    "require_urgent": "asks",
    "give": "a notice shares the event of the act that it tells of",
    "held_person": "reads, and locks",
    "hold_hands": "locks",
    "keep_opening": "writes in the transaction of the act that recorded the event",
    "keep_statement": "writes in the transaction of the act that recorded the event",
    "known_device": "looks a leaf's device up",
    "let_go": "a part of the act that ends a ceremony, or begins it again",
    "lift_payload": "reckons",
    "mark_ended": "writes in the transaction of the act that recorded the endings",
    "nomination_due": "reckons",
    "open_sign_ins": "reads",
    "own_account": "reads, and locks",
    "recovery_hash": "reckons",
    "remember_entry": "writes in the transaction of the act that recorded the event",
    "require_fresh": "reads",
    "require_step": "asks a policy",
    "signed_by": "compares keys",
    "stop_unused": "the stop of the clock's own step, in whose transaction it runs",
    "succeed": "writes in the transaction of the act whose event it is given",
    "tell": "rings after the commit",
    "tell_case": "rings after the commit",
    "void_access": "writes in the transaction of the act whose event it is given",
    "vouched": "reads a signature",
    "vouched_for_state": "reads a signature",
}
# Acts whose actor is not known, or not one.
NO_ACTOR = {
    "accept_messages": "a batch: every post brings its own actor",
    "complete_sign_in": "who it is, is its result",
    "erase_case": "the clock's own: nobody's act",
    "refuse_sign_in": "nobody was let in",
}


def modules(app):
    """Import and return every module of an app, without its migrations."""
    package = importlib.import_module(app)
    names = [info.name for info in pkgutil.walk_packages(package.__path__, f"{app}.")]
    inside = [n for n in names if "migrations" not in n and "management" not in n]
    return [package, *map(importlib.import_module, inside)]


def services():
    """Return every public function of the apps' `services`, in whichever of its modules."""
    for app in APPS:
        for module in modules(app):
            if not f"{module.__name__}.".startswith(f"{app}.services."):
                continue
            for name, value in vars(module).items():
                own = getattr(value, "__module__", "") == module.__name__
                if own and inspect.isfunction(value) and not name.startswith("_"):
                    yield value


def subclasses(kind):
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def takes_a_code(thing):
    """Return whether calling `thing` with a string makes an error of that code."""
    ours = isinstance(thing, type) and issubclass(thing, DomainError)
    return ours and thing.__init__ is DomainError.__init__


# Every package of the server, so that a code of a new app is looked at from its first day.
ALL_MODULES = [module for app in PACKAGES for module in modules(app)]
SERVICES = list(services())
ACTS = [service for service in SERVICES if service.__name__ not in {*NO_ACT, *PARTS}]


class TestServices:
    @pytest.mark.parametrize("service", ACTS, ids=lambda service: service.__qualname__)
    def test_are_one_audited_transaction(self, service):
        source = inspect.getsource(service)
        # What it hands on to a part of its own module is its own doing.
        for part in set(re.findall(r"(?<![\w.])(_\w+)\(", source)):
            found = getattr(inspect.getmodule(service), part, None)
            source += inspect.getsource(found) if inspect.isfunction(found) else ""
        arguments = inspect.getfullargspec(inspect.unwrap(service))
        wanted = {"now"} if service.__name__ in NO_ACTOR else {"actor", "now"}
        assert wanted <= set(arguments.kwonlyargs)
        assert arguments.args == []
        assert source.startswith("@transaction.atomic")
        assert re.search(r"\baudit\.services\.record(_many)?\(|\brecord(_many)?\(", source)
        assert inspect.getdoc(service)

    def test_are_many(self):
        assert len(ACTS) > 20

    def test_have_no_exception_that_is_gone(self):
        names = {service.__name__ for service in SERVICES}
        assert set(NO_ACT) | set(NO_ACTOR) | set(PARTS) <= names


class TestEvents:
    @pytest.mark.parametrize("event", type_registry.values(), ids=lambda event: event.kind)
    def test_are_named_for_what_happened_and_whom_it_concerns(self, event):
        fields = {field.name for field in dataclasses.fields(event)}
        assert KIND.fullmatch(event.kind)
        assert "states" in fields
        assert not event.subject_field or event.subject_field in fields
        assert inspect.getdoc(event)
        assert event.__dataclass_params__.frozen

    def test_all_have_a_kind(self):
        assert [child.__qualname__ for child in subclasses(Event) if not child.kind] == []


def answers(node):
    """Return the texts that an expression may come to: of each branch, not of its conditions."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return answers(body) | answers(orelse)
        case ast.BoolOp(values=values):
            return set().union(*map(answers, values))
    return set()


class TestErrors:
    @pytest.mark.parametrize(("code", "entry"), catalogue().items(), ids=list(catalogue()))
    def test_have_words_in_three_languages(self, code, entry):
        assert KEBAB.fullmatch(code)
        assert 400 <= entry["status"] < 600
        places = [
            set(re.findall(r"\{(\w+)\}", entry[language][part]))
            for language in LANGUAGES
            for part in ("message", "do")
            if entry[language][part].strip()
        ]
        assert len(places) == 2 * len(LANGUAGES)
        by_language = [places[i] | places[i + 1] for i in range(0, len(places), 2)]
        assert by_language[0] == by_language[1] == by_language[2]

    def test_that_the_code_raises_are_all_in_the_catalogue(self):
        used = {kind.code for kind in (DomainError, *subclasses(DomainError))}
        for module in ALL_MODULES:
            for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    called = vars(module).get(node.func.id)
                    if takes_a_code(called) and node.args:
                        code = node.args[0]
                        used |= {code.value} if isinstance(code, ast.Constant) else set()
        assert used - set(catalogue()) == set()

    def test_are_looked_for_in_every_installed_app(self):
        ours = {
            name for name in settings.INSTALLED_APPS if (ROOT / name.replace(".", "/")).is_dir()
        }
        looked_at = {module.__name__ for module in ALL_MODULES}
        assert {"casehub.edge", "casehub.oversight", "requests_mla", *ours} <= looked_at

    def test_that_a_policy_answers_are_all_in_the_catalogue(self):
        answered = {
            code
            for module in ALL_MODULES
            if module.__name__.endswith(".policies")
            for function in ast.walk(ast.parse(Path(str(module.__file__)).read_text()))
            if isinstance(function, ast.FunctionDef) and function.name.startswith("why_not")
            for node in ast.walk(function)
            if isinstance(node, ast.Return)
            for code in answers(node.value)
        }
        assert {"stage-closed", "turn-needed", "turn-taken", "drafter-stays"} <= answered
        assert answered - set(catalogue()) == set()

    def test_are_the_ones_the_front_end_imports(self):
        taken = ROOT / "frontend" / "patches" / "words.mjs"
        assert "../casehub/core/errors.json" in taken.read_text(encoding="utf-8")


class TestTheStagesOfARequest:
    def test_are_the_same_to_the_browser(self):
        listed = STAGES_THERE.read_text(encoding="utf-8").split("STAGES = [")[1].split("]")[0]
        assert re.findall(r'"([a-z_]+)"', listed) == [stage.value for stage in Stage]
