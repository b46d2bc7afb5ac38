"""
A witness of logs: a program that somebody else than the log's operator runs.

It remembers the largest tree that each log has shown, and signs ("cosigns") only what extends it.
Of the project it knows the formats in `audit.tlog` and nothing else; of packages only
`cryptography`. How one is run: docs/witness.md.
"""
