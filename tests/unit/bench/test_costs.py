"""From one thing's cost to a region's: by hand, and where it ends."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bench.costs import sums
from bench.costs.__main__ import LINE_BYTES, PROCESSES, costs_of, rows_of
from bench.costs.measured import Told
from bench.costs.sums import GIB, Costs, Habits, Region, ends, most, needed, slope
from tools.region import compose

NOTHING = Costs(**{one.name: 0.0 for one in fields(Costs)})
HABITS = Habits(
    online=0.5, messages=36, acts=36, files=2, sessions=1, threads=10, members=5, peak=2
)
REGION = Region(1000, 4, HABITS)


class TestARegion:
    def test_has_so_many_sockets_at_once_and_each_process_its_share(self):
        assert (REGION.sockets, REGION.sockets_each) == (500, 125)

    def test_has_as_many_threads_as_its_people_fill(self):
        assert REGION.threads == 1000 * 10 / 5

    def test_is_busiest_in_one_hour_of_eight(self):
        # 36,000 messages in 28,800 seconds, twice as many in the busiest hour
        assert REGION.a_second(36) == 2.5

    def test_fills_a_log_in_a_year_of_working_days(self):
        assert REGION.entries_a_year == 1000 * 72 * 230


class TestWhatItNeeds:
    def test_is_what_one_costs_as_often_as_there_are(self):
        found = needed(
            REGION, replace(NOTHING, message_bytes=GIB / 36_000, entry_bytes=GIB / 72_000)
        )
        assert found["messages, files' rows, sign-ins, GiB a year"] == pytest.approx(230)
        assert found["the log, GiB a year"] == pytest.approx(230)

    def test_counts_people_and_the_members_of_their_threads_once(self):
        each = replace(NOTHING, person_bytes=GIB, thread_bytes=GIB, member_bytes=GIB)
        found = needed(REGION, each)
        assert found["people, threads and their members, GiB"] == 1000 + 2000 + 2000 * 5

    def test_keeps_a_sign_in_for_ever_and_its_session_for_two_days(self):
        found = needed(REGION, replace(NOTHING, session_bytes=GIB, sign_in_bytes=GIB))
        assert found["sessions that have not gone again, GiB"] == 1000 * 1 * 2
        assert found["messages, files' rows, sign-ins, GiB a year"] == 1000 * 1 * 230

    def test_lets_a_heartbeat_cost_each_socket_its_own_threads_and_each_thread_a_look(self):
        found = needed(REGION, replace(NOTHING, beat_seconds=15e-6, heads_seconds=1e-3))
        # 125 lines of 10 threads, and the heads of all 2,000 threads
        name = "seconds of each web process for a heartbeat, each 15 s"
        assert found[name] == pytest.approx(125 * 10 * 15e-6 + 2)
        assert found["  of that to read heads"] == pytest.approx(2)

    def test_counts_what_a_process_holds_with_nobody_connected_once(self):
        found = needed(REGION, replace(NOTHING, base_bytes=GIB, line_bytes=GIB))
        assert found["memory of each web process, its own and its sockets', GiB"] == 1 + 125

    def test_lets_a_file_take_its_bytes_in_the_folder(self):
        found = needed(REGION, NOTHING)["the folder of files, GiB a year"]
        assert found == pytest.approx(1000 * 230 * 2 / 1024)


class TestEnds:
    def test_come_where_a_part_is_used_up(self):
        end = sums.ENDS["connections of a web process (4,000)"]
        assert most(end, REGION, NOTHING) == pytest.approx(32_000, abs=0.01)

    def test_of_memory_come_where_sockets_fill_what_the_process_itself_leaves(self):
        end = sums.ENDS["memory of a web process (1 GiB)"]
        costs = replace(NOTHING, base_bytes=512 << 20, line_bytes=1 << 20)
        assert most(end, REGION, costs) == pytest.approx(512 * 4 / 0.5, abs=0.01)

    def test_stand_for_what_compose_gives_a_web_process(self):
        web = compose.document()["services"]["web"]["deploy"]
        assert web["resources"]["limits"]["memory"] == f"{sums.MEMORY >> 30}G"
        assert web["replicas"] == PROCESSES[0]

    def test_leave_room_in_a_web_process_for_all_its_connections(self):
        # 161 MiB were its own (docs/scaling.md)
        assert (161 << 20) + sums.LINES * LINE_BYTES < sums.MEMORY

    def test_of_the_queue_come_before_what_signs_has_read_for_a_day(self):
        # 4,096 people leave 294,912 a day, 10.24 a second: in the 48,828.125 s that their log of a
        # year takes at 0.72 ms each (67,829,760 entries), that is 500,000 at the mean.
        costs = replace(NOTHING, again_seconds=48_828.125 / 67_829_760)
        mean = sums.ENDS["started in hours like the mean, its queue is full (refused)"]
        busy = sums.ENDS["started in the busiest hours, its queue is full first (refused)"]
        assert most(mean, REGION, costs) == pytest.approx(4096, abs=0.02)
        assert most(busy, REGION, costs) == pytest.approx(4096 / 2**0.5, abs=0.02)
        late = sums.ENDS["at a year's end it takes 24 hours (changes refused)"]
        assert most(late, REGION, costs) > 4096

    def test_of_what_costs_nothing_never_come(self):
        end = sums.ENDS["messages fill the web processes"]
        assert most(end, REGION, NOTHING) == float("inf")

    def test_of_heartbeats_come_later_with_more_processes(self):
        end = sums.ENDS["heartbeats fill a web process's one thread"]
        costs = replace(NOTHING, beat_seconds=1e-3)
        found = most(end, REGION, costs)
        assert found == pytest.approx(15 / 1e-3 / 10 * 4 / 0.5, abs=0.01)
        twice = most(end, replace(REGION, processes=8), costs)
        assert twice == pytest.approx(2 * found, abs=0.02)

    def test_are_told_in_the_order_in_which_they_come(self):
        found = ends(REGION, replace(NOTHING, again_seconds=1e-3, line_bytes=1 << 20))
        people = [count for _, count in found]
        assert people == sorted(people)
        assert len(found) == len(sums.ENDS)
        assert "10 minutes" in found[0][0]


class TestASlope:
    def test_is_what_one_more_costs(self):
        assert slope((4, 100), (24, 500)) == 20

    def test_takes_two_sizes(self):
        with pytest.raises(ValueError, match="two sizes"):
            slope((4, 100), (4, 500))


class TestWhatIsTold:
    def test_is_all_that_the_arithmetic_takes(self):
        names = {one.name for one in fields(Costs)} - {"line_bytes"}  # another bench's
        assert names <= {one.name for one in fields(Told)}
        assert costs_of(Told(entry_bytes=7), line_bytes=9).entry_bytes == 7

    def test_stands_beside_a_ratio_of_the_same_run(self):
        told = Told(work_seconds=0.5, message_seconds=2, message_bytes=2048)
        rows = {name: (figure, ratio) for name, figure, ratio in rows_of(told)}
        one = rows["message in a thread of 4, one in a transaction"]
        assert one == ("2,000,000.0 us", "4 x SHA-256 of 1 MiB")
        assert rows["message, without its entry"] == ("2,048 B", "2.00 x its ciphertext")
