"""
Two thousand changes of a good bundle: each is refused, and the second implementation agrees.

Half are made by somebody who changes the file; half by a forger who writes a new archive whose
sums, manifest and table fit. What a forger may change unseen is what nobody signed: the pages for
people, and (of a selection) that there were more entries. Both are said to every reader.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections import Counter

import pytest

from audit.bundles import form
from audit.services import erase
from tests.headless import PROGRAM
from tests.integration.audit.bundling import (
    codes,
    contents,
    exported,
    lines_of,
    repacked,
    with_lines,
)

MUTATIONS, SHARED = 2000, 200


@pytest.fixture
def good(bench, page):
    """A whole log of nine entries, one of them erased."""
    bench.signed(6, directory=1)
    erase(origin="audit.localhost/2026", position=2, ground="LED 16(2)", actor="op", now=bench.now)
    bench.signed(1)
    return exported()


# ---------------------------------------------------------------- of the file


def flip(data, rng):
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]


def insert(data, rng):
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(rng.randrange(1, 9)) + data[at:]


def delete(data, rng):
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(1, 9) :]


def cut(data, rng):
    return data[: rng.randrange(len(data))]


def swap(data, rng):
    a, b, c, d = sorted(rng.sample(range(len(data)), 4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


# ---------------------------------------------------------------- of the archive


def drop_file(files, rng):
    names = [name for name in files if name != form.MANIFEST]
    gone = rng.choice(names)
    return repacked({name: text for name, text in files.items() if name != gone})


def add_file(files, rng):
    held = list(files.items())
    held.insert(rng.randrange(len(held)), (f"{rng.randrange(10**9)}.txt", rng.randbytes(9)))
    return repacked(dict(held))


def swap_files(files, rng):
    first, second = rng.sample([name for name in files if name != form.MANIFEST], 2)
    order = [{first: second, second: first}.get(name, name) for name in files]
    return repacked({name: files[name] for name in order})


def swap_contents(files, rng):
    checked = [form.POLICY, form.CHECKPOINT, form.TABLE, form.part(1)]
    first, second = rng.sample(checked, 2)
    return repacked({**files, first: files[second], second: files[first]})


def edit_text(files, rng):
    """One byte of what is checked, with all sums made to fit."""
    name = rng.choice([form.CHECKPOINT, form.TABLE, form.part(1)])
    return repacked({**files, name: flip(files[name], rng)})


def edit_manifest(files, rng):
    said = form.Manifest.parse(files[form.MANIFEST])
    chosen = said.filter
    other = rng.choice(
        [
            {"log": said.log + str(rng.randrange(99))},
            {"size": said.size + rng.randrange(1, 99)},
            {"entries": said.entries + rng.choice([-1, 1, 1000, 2000])},
            {"filter": form.Filter(chosen.first + 1, chosen.last)},
            {"filter": form.Filter(chosen.first, chosen.last - rng.randrange(1, 8))},
            {"filter": form.Filter(chosen.first, chosen.last, rng.choice(["HN", "GT"]))},
            {"filter": form.Filter(chosen.first, chosen.last, until=1700000000)},
            {"filter": form.Filter(chosen.first, chosen.last, since=1900000000)},
        ]
    )
    return repacked(files, other)


# ---------------------------------------------------------------- of lines; table and sums fit


def edited(lines):
    def mutation(files, rng):
        made = lines(lines_of(files), rng)
        return repacked(with_lines(files, made), {"entries": len(made)})

    mutation.__name__ = lines.__name__
    return mutation


@edited
def drop_line(lines, rng):
    at = rng.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


@edited
def repeat_line(lines, rng):
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return lines


@edited
def swap_lines(lines, rng):
    a, b = rng.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return lines


@edited
def edit_line(lines, rng):
    at = rng.randrange(len(lines))
    lines[at] = flip(lines[at], rng).replace(b"\n", b" ")
    return lines


def fields(change):
    """Change parsed lines; they are written out canonically again."""

    def mutation(lines, rng):
        parsed = [json.loads(line) for line in lines]
        change(parsed, rng)
        return [form.rfc8785.dumps(one) for one in parsed]

    mutation.__name__ = change.__name__
    return edited(mutation)


def opened_in(parsed, rng, count=1):
    return rng.sample([one for one in parsed if one["is"] == "opened"], count)


@fields
def another_actor(parsed, rng):
    (one,) = opened_in(parsed, rng)
    one["event"]["actor"] = f"boris-{rng.randrange(999)}"


@fields
def another_payload(parsed, rng):
    (one,) = opened_in(parsed, rng)
    key = rng.choice(list(one["event"]["payload"]))
    one["event"]["payload"][key] = f"other-{rng.randrange(999)}"


@fields
def another_time(parsed, rng):
    (one,) = opened_in(parsed, rng)
    one["leaf"]["t"] += rng.choice([-1, 1]) * rng.randrange(1, 10**6)


@fields
def another_index(parsed, rng):
    one = rng.choice(parsed)
    one["index"] = rng.choice([n for n in range(12) if n != one["index"]])


@fields
def others_proof(parsed, rng):
    one, other = rng.sample(parsed, 2)
    one["proof"] = other["proof"]


@fields
def others_event(parsed, rng):
    one, other = opened_in(parsed, rng, 2)
    one["event"], one["salt"] = other["event"], other["salt"]


@fields
def others_leaf(parsed, rng):
    one, other = rng.sample(parsed, 2)
    one["leaf"] = other["leaf"]


@fields
def others_act(parsed, rng):
    """Everything that is not the place."""
    one, other = opened_in(parsed, rng, 2)
    one.update({key: other[key] for key in ("event", "salt", "leaf")})


@fields
def another_hash(parsed, rng):
    one = rng.choice(parsed)
    head, blank, note = one["proof"].partition("\n\n")
    lines = head.split("\n")
    at = rng.randrange(2, len(lines))
    lines[at] = rng.choice(lines[2:at] + lines[at + 1 :] + [lines[at][:-2] + "A="])
    if "\n".join(lines) == head:
        lines.pop()
    one["proof"] = "\n".join(lines) + blank + note


@fields
def an_extra(parsed, rng):
    one = rng.choice(parsed)
    one["proof"] = one["proof"].replace(
        "\nindex", f"\nextra {'QUJD' * rng.randrange(1, 9)}\nindex", 1
    )


OF_BYTES = [flip, flip, flip, insert, delete, cut, swap]
OF_FILES = [
    drop_file, add_file, swap_files, swap_contents, edit_text, edit_manifest, drop_line,
    repeat_line, swap_lines, edit_line, another_actor, another_payload, another_time,
    another_index, others_proof, others_event, others_leaf, others_act, another_hash, an_extra,
]  # fmt: skip


def mutations(data, count, seed):
    """Return that many changed bundles, and who made each."""
    rng, files = random.Random(seed), contents(data)
    while count:
        if rng.random() < 0.5:
            make = rng.choice(OF_BYTES)
            made = make(data, rng)
        else:
            make = rng.choice(OF_FILES)
            made = make(dict(files), rng)
        if made != data:
            count -= 1
            yield make.__name__, made


def second_opinion(files):
    """Return what the implementation in TypeScript finds in each."""
    arguments = [part for file in files for part in ("--bundle", str(file))]
    done = subprocess.run(
        ["node", str(PROGRAM), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(files), done.stdout[-300:] + done.stderr[-300:]
    return done.returncode, [[tuple(one) for one in line["findings"]] for line in told]


@pytest.mark.once
class TestAChangedBundle:
    def test_is_refused_whatever_was_changed(self, good):
        assert codes(good) == []
        unseen, found = [], Counter()
        for number, (who, made) in enumerate(mutations(good, MUTATIONS, 20261126)):
            verdict = codes(made)
            found.update({code for code, _ in verdict})
            if not verdict:
                unseen.append((number, who))
        assert unseen == []
        # every kind of finding is somebody's
        assert set(found) == {
            "archive", "manifest", "files", "file", "policy", "checkpoint", "line", "order",
            "filter", "proof", "commitment", "time", "gap", "count", "table",
        }  # fmt: skip

    def test_is_refused_for_the_same_reasons_by_the_other_implementation(self, good, tmp_path):
        made = [data for _, data in mutations(good, SHARED, 7)]
        names = [tmp_path / f"{number}.zip" for number in range(SHARED + 1)]
        for name, data in zip(names, [*made, good], strict=True):
            name.write_bytes(data)
        code, theirs = second_opinion(names)
        assert code == 1
        assert theirs == [codes(data) for data in [*made, good]]
        assert theirs[-1] == []
