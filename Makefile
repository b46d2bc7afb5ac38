# Every task is one word. Bare `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run region secrets test check fix reset witness bench-screening bench-oversight bench-audit bench-client bench-costs bench-cutoff bench-files bench-foreign bench-peers bench-recovery bench-search bench-soak load-audit faults

PYTHON ?= python3
TASK = @command -v $(PYTHON) >/dev/null 2>&1 \
	|| { echo "$(PYTHON) is not installed: CaseHub needs Python 3.11 or newer." >&2; exit 1; }; \
	exec $(PYTHON) -m tools.make

help:
	@echo "make run      set up what is missing, then serve on http://localhost:8000 (PORT=8001 moves it)"
	@echo "make region   the full configuration without containers: nginx, two web processes, PostgreSQL, Redis (TLS=1: https)"
	@echo "make secrets  make the files of secrets/ that compose.yaml asks for and that are missing (docs/operations.md)"
	@echo "make test     everything: checks, unit, integration and browser tests, on both configurations"
	@echo "make check    the quick part: style, types, module borders, unit tests"
	@echo "make fix      put right what a machine can (style, compiled rulebook, reference), and say what"
	@echo "make setup    install and build everything, serve nothing"
	@echo "make witness  write var/casehub-witness.pyz, with which others watch the log (docs/witness.md)"
	@echo "make bench-screening   how well and how fast drafts are screened"
	@echo "make bench-oversight   how long an auditor waits for a filter over a million entries"
	@echo "make bench-audit  what the log costs, beside two others; proofs and verify at a million entries"
	@echo "make bench-client  what the client costs in a browser: bytes, ready, rates, long threads"
	@echo "make bench-costs  what a person, message, entry, file and session cost, and where it ends"
	@echo "make bench-cutoff how long until somebody who is stopped hears nothing more, doorbells or none"
	@echo "make bench-recovery    how long a region takes from nothing but a backup to its first answer"
	@echo "make bench-search      how long a word takes to be found in ten thousand messages on a device"
	@echo "make bench-soak        what forty minutes of traffic leave in the memory of the full region"
	@echo "make bench-files       what a file of 2 GiB costs the memory of a browser, beside one of 512 MiB"
	@echo "make bench-foreign whether the time of an answer tells another State's things from none at all"
	@echo "make bench-peers       everybody under one load: ours, Synapse, Prosody, ejabberd, naive Channels"
	@echo "make load-audit   20,000 acts by twelve people at once: does the log keep up? (ACTS=2000: fewer)"
	@echo "make faults   strike the full region again and again, check everything after each (SLICE=10: for ten minutes; REPORT=1: docs/reliability.md alone)"
	@echo "make reset    delete the demo's database, keys and log; the next run begins anew"

setup run region secrets test check fix reset witness bench-screening bench-oversight bench-audit bench-client bench-costs bench-cutoff bench-files bench-foreign bench-peers bench-recovery bench-search bench-soak load-audit faults:
	$(TASK) $@
