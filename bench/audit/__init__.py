"""
What the log costs and how fast it proves: `make bench-audit`.

Four parts, each in a process of its own, on a PostgreSQL that syncs to its disk (the tests' does
not): acts a second with the log and without (`acts`), a million entries (`million`), from the act
to the witnesses in the demo (`cosigned`). `__main__` prints conditions and goals.

SECONDS=n (of one turn of writers, 3), ROUNDS=n (2), ENTRIES=n (1000000), WATCH=n (seconds of the
demo, 60); a list of parts as arguments runs only those.
"""
