"""A bundle from after a change of keys, read by somebody whose policy is from before it."""

from __future__ import annotations

import json
import subprocess

import pytest

from audit import keyring
from audit.bundles import form
from audit.queries import keys
from audit.tlog.note import Note
from audit.tlog.rotation import Rotation
from audit.tlog.text import to_b64
from tests.headless import PROGRAM
from tests.integration.audit.bundling import checked, codes, contents, exported, repacked
from tests.integration.audit.rotating import rotated, stranger

POLICY, CHECKPOINT = ("policy", form.POLICY), ("checkpoint", form.CHECKPOINT)


class Scene:
    """The directory's log after the old key's end, as a bundle, and the policy of before."""

    def __init__(self, going, bench):
        self.before = keys.served(bench.now)
        self.said = rotated("dir")
        going()
        going(31)
        self.data = exported("dir")
        self.files = contents(self.data)

    def saying(self, *lines):
        """Return the bundle with other statements in its policy, made to fit."""
        own = self.files[form.POLICY].decode()
        text = own.replace(f"{self.said.line()}\n", "".join(f"{line}\n" for line in lines))
        return repacked({**self.files, form.POLICY: text.encode()})


@pytest.fixture
def scene(going, bench, page):
    return Scene(going, bench)


def both(data, policy, folder):
    """Return what Python and the client's own checker find, which is the same."""
    (folder / "bundle").write_bytes(data)
    command = ["node", PROGRAM, "--bundle", folder / "bundle"]
    if policy is not None:
        (folder / "policy").write_text(policy)
        command += ["--policy", folder / "policy"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    theirs = [tuple(one) for one in json.loads(run.stdout)["findings"]]
    ours = codes(data, policy)
    assert ours == theirs
    return ours


def forged(said, *signers):
    """Return the line of a statement that only these have signed."""
    text = Note.parse(said.note).text
    whole = f"{text}\n{''.join(one.sign(text) for one in signers)}"
    return f"#casehub-log-rotation/1 {to_b64(whole.encode())}"


class TestABundle:
    def test_holds_for_who_believes_the_old_key_the_new_one_or_the_bundles_own(
        self, scene, tmp_path
    ):
        new = f"log {scene.said.new}\nquorum none\n"
        for policy in (scene.before, new, None):
            assert both(scene.data, policy, tmp_path) == []

    def test_holds_the_statement_as_an_entry_that_is_a_mark(self, scene):
        verdict = checked(scene.data, scene.before)
        assert verdict.conditions == {"opened": 3, "mark": 1}
        assert [key.id for key in verdict.signed] == [scene.said.new.id]

    def test_without_the_statement_is_of_a_key_that_its_reader_does_not_know(self, scene, tmp_path):
        assert both(scene.saying(), scene.before, tmp_path) == [CHECKPOINT]

    def test_with_a_statement_of_another_log_is_no_better(self, scene, tmp_path):
        one, two = stranger("dir.elsewhere"), stranger("dir.elsewhere")
        other = Rotation.make(one, two, start=1, end=2)
        assert both(scene.saying(other.line()), scene.before, tmp_path) == [CHECKPOINT]

    def test_with_a_statement_to_another_key_is_no_better(self, scene, tmp_path):

        old = keyring.key_of(scene.said.old)
        other = Rotation.make(old, stranger("dir.localhost"), start=1, end=2)
        assert both(scene.saying(other.line()), scene.before, tmp_path) == [CHECKPOINT]

    def test_with_a_forged_statement_is_none(self, scene, tmp_path):

        old, new = (keyring.key_of(key) for key in (scene.said.old, scene.said.new))
        for signers in ((new,), (old,), (new, old), (stranger("dir.localhost"), new)):
            line = forged(scene.said, *signers)
            assert both(scene.saying(line), scene.before, tmp_path) == [POLICY]

    def test_is_the_same_before_and_after_the_old_keys_end(self, going, bench, page):
        rotated("dir")
        going()
        before = exported("dir", size=3)
        going(31)
        assert exported("dir", size=3) == before
