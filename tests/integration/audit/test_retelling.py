"""The log alone, exported, retells a request from its beginning to its end, in words."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from requests_mla import services as acts
from tests.headless import PROGRAM
from tests.integration.audit.test_command import audit as audit_command
from tests.integration.oversight.conftest import *  # noqa: F403 - its fixtures
from tests.integration.requests_mla.conftest import Draft, equipped
from tests.integration.requests_mla.consulting import answer, ask
from tests.integration.requests_mla.moving import HASH, Mover, official

VECTORS = Path(__file__).with_name("retold.json")
#  who does it, what, and what is said of it
STEPS = (
    ("bea", "authorise", {"power": "delegation"}),
    ("home", "transmit", {"channel": "paper", "language": "es"}),
    ("abroad", "acknowledge", {}),
    ("abroad", "ask-information", {"due": "2026-12-15", "rules": ("NO-HURRY",)}),
    ("home", "give-information", {}),
    ("abroad", "begin", {}),
    (
        "abroad",
        "refuse-part",
        {
            "codes": ("R02",),
            "consulted": True,
            "measures": (2,),
            "terms": "rest-accepted",
            "conditions": ("other-in-writing",),
        },
    ),
    ("abroad", "answer-part", {"measures": (1,)}),
    ("abroad", "execute", {"measures": (0,), "evidence": (HASH,), "conditions": ("confidential",)}),
    ("ana", "close", {"codes": ("useful",), "keep_until": "2031-11-24"}),
)


class Life:
    """A request of El Salvador to Mexico, each step ten seconds after another."""

    def __init__(self, desk):
        self.desk, self.region = desk, desk.region
        region = self.region
        self.ana, self.bea = equipped(region), equipped(region, "SV", "coordinator")
        self.focal = equipped(region, "MX")
        self.home, self.abroad = official(region, "SV"), official(region, "MX")
        self.second = official(region, "MX")
        region.end(self.second, name="Nadia Cruz")
        for one in (self.ana, self.bea):
            region.session(one)
        self.now = region.now
        case = region.case(self.ana, self.bea, self.focal)
        opened = acts.open_request(
            client_id=uuid4(),
            case=case,
            people=[self.bea.id],
            requested_state="MX",
            actor=self.ana.actor,
            now=self.now,
        )
        self.draft = Draft(opened, self.now)

    def later(self):
        self.now += timedelta(seconds=10)
        return self.now

    def write(self):
        asked = {"measures": ["bank_records"] * 3, "urgency": "urgent"}
        self.draft.take(self.ana, at=self.later())
        self.draft.save(self.ana, at=self.now, disclosed=asked)
        self.draft.attest(self.ana, at=self.now)

    def consult(self):
        about = {"questions": ["offence", "nexus"], "now": self.later()}
        asked = ask(self.draft.id, self.ana, self.focal, **about)
        answer(asked, self.focal, now=self.later())

    def carry(self):
        self.draft.attest(self.ana, at=self.later(), ready=True, overridden=["NO-HURRY"])
        mover = Mover(self.draft.id, self.now, second=lambda: self.second)
        for who, act, said in STEPS:
            mover.move(getattr(self, who), act, at=self.later(), **said)

    def export(self, file, *chosen):
        self.desk.sequence()
        audit_command("export", file, "--log", "acts-2026", "--by", "operator", *chosen)
        return file


@pytest.fixture
def life(desk, page, small_rulebook):
    life = Life(desk)
    life.write()
    life.consult()
    life.carry()
    return life


def checked(request, language, *files):
    """Return the exit code and all that is said of these bundles, line by line."""
    bundles = [part for file in files for part in ("--bundle", file)]
    told = [*bundles, "--story", request, "--language", language]
    done = subprocess.run(
        ["node", PROGRAM, *map(str, told)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout.splitlines()


def retold(file, request, language):
    """Return the exit code, the verdict and the lines of the story."""
    code, (first, *lines) = checked(request, language, file)
    return code, json.loads(first), lines


def plain(lines, life):
    """Return lines with names for the ids, which are others each time."""
    people = ("ana", "bea", "focal", "home", "abroad", "second")
    names = {str(getattr(life, n).id)[:8]: n for n in people}
    text = "\n".join(lines).replace(str(life.draft.id), "R")
    for id_, name in names.items():
        text = text.replace(id_, name)
    return re.sub(r"(entrada|entry|entrée) \d+", r"\1 #", text).splitlines()


@pytest.mark.once
class TestARequest:
    def test_is_retold_from_its_export_alone_and_only_if_that_is_what_was_signed(
        self, life, tmp_path
    ):
        file = life.export(tmp_path / "acts.zip")
        expected = json.loads(VECTORS.read_text("utf-8"))
        for language, lines in expected.items():
            code, verdict, told = retold(file, life.draft.id, language)
            assert (code, verdict["holds"], verdict["findings"]) == (0, True, [])
            assert plain(told, life) == lines
        times = [line.split(" · ")[0] for line in told[1:-1]]
        assert times == sorted(times)

        code, _, told = retold(file, uuid4(), "es")
        assert (code, told) == (2, [])

        #  of the State that was asked: from what was told to it, and without its beginning
        part = life.export(tmp_path / "part.zip", "--state", "MX")
        code, _, told = retold(part, life.draft.id, "es")
        assert (code, plain(told[:1], life)) == (0, ["Solicitud R: El Salvador → México"])
        assert not any("se guardó la versión" in line for line in told)
        assert any("se acusó recibo" in line for line in told)

        #  of several each is judged first, and each tells then of what it holds
        code, (first, second, *told) = checked("all", "es", file, part)
        assert (code, [json.loads(one)["holds"] for one in (first, second)]) == (0, [True, True])
        titles = [line for line in told if not line.startswith(" ")]
        assert len(titles) == 2
        assert [str(life.draft.id) in line for line in titles] == [True, True]

        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        code, verdict, told = retold(file, life.draft.id, "es")
        assert (code, verdict["holds"], told) == (1, False, [])
        #  where one is not as it was signed, the others tell nothing either
        code, lines = checked("all", "es", part, file)
        assert (code, [json.loads(one)["holds"] for one in lines]) == (1, [True, False])
