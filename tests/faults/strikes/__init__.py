"""
The faults, by what they strike; `tests.faults.faults` is the table of them.

A trial names the text of its fault's module and of those of this folder which that one imports: a
change here makes older only the trials of what it changes (`bench.faults.results`).
"""
