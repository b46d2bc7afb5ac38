from __future__ import annotations

import pytest

from casehub.edge.limits import BODY_SECONDS, KIB, MIB, body_limit, body_seconds

SMALL = 64 * KIB
COMMIT = int(1.4 * MIB)
VERSION = int(1.4 * 512 * KIB)
THREAD = b"/api/threads/3f0e7a52-8f8b-4a9e-9a73-51b1e1e4ab01"
REQUEST = THREAD.replace(b"threads", b"requests")


class TestBodyLimit:
    @pytest.mark.parametrize(
        ("method", "target", "limit"),
        [
            (b"POST", b"/api/sign-in/password", SMALL),
            (b"POST", b"/", SMALL),
            (b"POST", THREAD, COMMIT),
            (b"POST", THREAD + b"/commits", COMMIT),
            (b"POST", THREAD + b"/commits?x=1", COMMIT),
            (b"GET", THREAD + b"/commits", SMALL),
            (b"PUT", THREAD, SMALL),
            (b"POST", THREAD + b"/commits/", SMALL),
            (b"POST", THREAD + b"/log", SMALL),
            (b"POST", THREAD[:-1], SMALL),
            (b"POST", b"/x" + THREAD, SMALL),
            (b"POST", THREAD.replace(b"3f", b"%33f"), SMALL),
            (b"POST", REQUEST + b"/versions", VERSION),
            (b"GET", REQUEST + b"/versions", SMALL),
            (b"POST", REQUEST + b"/versions/1", SMALL),
            (b"POST", REQUEST + b"/attestations", SMALL),
            (b"POST", REQUEST, SMALL),
            (b"POST", b"/api/key-packages", 512 * KIB),
            (b"POST", b"/api/key-packages/", SMALL),
        ],
    )
    def test_depends_on_the_door_exactly(self, method, target, limit):
        assert body_limit(method, target, default=SMALL) == limit


class TestBodySeconds:
    @pytest.mark.parametrize(
        ("received", "seconds"),
        [(0, 10), (1, 10), (1024, 10.0625), (SMALL, 14), (320 * KIB, 30), (COMMIT, 30)],
    )
    def test_rise_with_what_came_and_end(self, received, seconds):
        assert body_seconds(received) == pytest.approx(seconds, abs=0.001)

    def test_are_enough_for_whoever_sends_a_piece_of_a_file_in_all_of_them(self):
        rate = (MIB + 16) / BODY_SECONDS
        assert all(second < body_seconds(int(rate * second)) for second in range(BODY_SECONDS))
