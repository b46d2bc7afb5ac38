"""The log's public addresses: what a stranger needs to check all of it, and nothing unsigned."""

from __future__ import annotations

import pytest
from django.test import Client

from audit.queries import trees
from audit.tlog import merkle, tiles
from audit.tlog.policy import Policy
from casehub.core.rates import buckets
from casehub.edge.headers import FOREVER, NEVER, caching, protection
from tests.integration.audit.conftest import *  # noqa: F403 - its fixtures
from tests.integration.audit.conftest import log_named

PREFIX = "/api/log/acts-2026/"


def fetch(path):
    buckets.clear()
    return Client().get(PREFIX + path)


class TestAStranger:
    @pytest.mark.parametrize("size", [1, 256, 300])
    def test_can_check_the_whole_log_by_its_addresses(self, bench, size):
        bench.signed(size)
        (acts, _) = Client().get("/api/log").json()
        policy = Policy.parse(f"log {acts['key']}\nquorum none\n")
        answer = fetch("checkpoint")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        signed = policy.open(answer.content.decode()).checkpoint
        assert signed.size == acts["size"] == size
        files, tree = {}, merkle.Frontier()
        for level, number, width in tiles.tiles_of(signed.size):
            path = tiles.path_of(level, number, width)
            files[level, number] = fetch(path).content
            if level == 0:
                bundle = fetch(tiles.path_of(None, number, width))
                assert bundle.headers["content-type"] == "application/octet-stream"
                for entry in tiles.unbundle(bundle.content):
                    tree.append(merkle.leaf_hash(entry))
        assert tree.root() == signed.root
        node = tiles.node_reader(lambda *place: files[place])
        assert merkle.root(signed.size, node) == signed.root

    def test_gets_any_smaller_part_of_a_tile_that_was_ever_signed(self, bench):
        bench.signed(300)
        whole = fetch("tile/0/000").content
        assert fetch("tile/0/000.p/7").content == whole[: 7 * 32]
        assert fetch("tile/entries/000.p/7").status_code == 200

    @pytest.mark.parametrize("path", ["tile/0/000.p/3", "tile/entries/000.p/3"])
    def test_gets_files_that_no_browser_shows_and_that_anybody_may_keep(self, bench, path):
        bench.signed(3)
        answer = fetch(path)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"
        assert not answer.cookies
        assert caching(PREFIX + path, answer.status_code) == FOREVER
        assert (b"x-content-type-options", b"nosniff") in protection(secure=False)

    @pytest.mark.parametrize("path", ["tile/0/000.p/4", "checkpoint", "pending"])
    def test_keeps_nothing_that_will_be_another_tomorrow(self, bench, path):
        bench.signed(3)
        assert caching(PREFIX + path, fetch(path).status_code) == NEVER

    @pytest.mark.parametrize(
        "path",
        [
            *("tile/0/000", "tile/0/000.p/4", "tile/1/000.p/1", "tile/0/001.p/1", "tile/x/000"),
            *("tile/entries/000", "tile/entries/000.p/4", "tile/0/0", "tile/0/000.p/03", "other"),
            *("tile/64/000.p/1", f"tile/0/{'x999/' * 30}999.p/1", f"tile/{'9' * 30}/000.p/1"),
        ],
    )
    def test_is_told_of_nothing_beyond_the_signed_tree(self, bench, path):
        bench.signed(3)
        answer = fetch(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")

    def test_sees_nothing_that_is_not_signed_yet(self, bench):
        bench.signed(3)
        bench.record(4)

        class Stop(Exception):
            pass

        def passing(step):
            if step == "read again":
                raise Stop

        with pytest.raises(Stop):
            bench.sequencer(passing=passing).tick()
        assert log_named("acts-2026").size == 7
        assert trees.published_size(log_named("acts-2026")) == 3
        assert fetch("tile/0/000.p/3").status_code == 200
        assert fetch("tile/0/000.p/4").status_code == 404
        assert fetch("tile/entries/000.p/4").status_code == 404
